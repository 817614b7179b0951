// What stands on a containment's card, complete: what runs, on what, what breaks, how it is undone, who decides, until when.

import type { Findings } from '../finding/types.ts';
import { laneOf } from '../finding/view.ts';
import type { Incident } from '../incident/types.ts';
import { accountOf } from '../organisation/people.ts';
import type { Organisation } from '../organisation/schema.ts';
import { code, fields, list, notice, person, prose, strong, text, time, untrusted } from '../view/build.ts';
import type { Element, Inline, PersonRef, Prose } from '../view/types.ts';
import { apartOf } from './decide.ts';
import { eligibleFor, hoursText, listFor } from './policy.ts';
import { cardTargets } from './request.ts';
import { showAll } from './show-all.ts';
import { type Containment, type Reversibility, shortDigest, type Target } from './types.ts';

/** What a card is drawn from besides the request. */
export interface Shown {
  readonly org: Organisation;
  readonly incident: Incident;
  readonly finding: Findings;
}

const CLASS: Readonly<Record<Reversibility, string>> = {
  reversible: 'Can be undone by us',
  externally_reversible: 'Can be undone only with help from outside',
  irreversible: 'CANNOT BE UNDONE',
};

/** Names somebody typed or a log brought: every character that could deceive is shown as what it is. */
const name = (words: string): Inline => untrusted(showAll(words));

/** A value: a sentence stays readable, anything without a space is an identifier and is spelled out. */
const shownValue = (words: string): Inline => (/\s/.test(words) ? untrusted(words) : name(words));

/** `Isolate host`, or the action's key when it is no longer declared. */
export const titleOf = (org: Organisation, c: Containment): string =>
  org.actions[c.request.action]?.title ?? c.request.action;

/** What a button or a line calls it: "isolate host web-01", or with the number of targets. */
export function shortName(org: Organisation, c: Containment): string {
  const title = titleOf(org, c);
  const what =
    c.request.targets.length === 1 ? showAll(c.request.targets[0]?.name ?? '') : `${c.request.targets.length} targets`;
  return `${title.charAt(0).toLowerCase()}${title.slice(1)} ${what.length > 40 ? `${what.slice(0, 39)}\u2026` : what}`;
}

const targetLine = (t: Target): Prose => [
  name(t.name),
  ...(t.addresses.length > 0 ? prose(' (', name(t.addresses.join(', ')), ')') : []),
  ...(t.isListed ? [] : prose(" - not in the organisation's file")),
];

/** Where the request stands, who brought it there. */
export function stateNotice({ org }: Shown, c: Containment): Element {
  const by = c.votes.flatMap((v, i) => (i > 0 ? [', ', person(v.person)] : [person(v.person)]));
  const ended = (words: string, tone: 'info' | 'warning'): Element =>
    notice(
      tone,
      strong(words),
      ...(c.ending?.by ? [' by ', person(c.ending.by)] : []),
      ...(c.ending ? [' at ', time(c.ending.at, 'time')] : []),
      ...(c.ending?.reason ? [': ', untrusted(c.ending.reason)] : []),
    );
  switch (c.state) {
    case 'pending':
      return notice(
        'warning',
        strong(`Waiting: ${c.votes.length} of ${c.quorum} approvals. `),
        ...(by.length > 0 ? ['Given by ', ...by, '. '] : []),
        'Nothing has run. It expires at ',
        time(c.request.expiresAt, 'time'),
        '.',
      );
    case 'granted':
      return c.grant?.brokenGlass
        ? notice(
            'danger',
            strong('Glass broken by '),
            person(c.grant.brokenGlass.by),
            ': ',
            untrusted(c.grant.brokenGlass.reason),
            ' Not started yet.',
          )
        : notice(
            'info',
            strong('Approved by '),
            ...by,
            '. Not started yet; it must start by ',
            time(c.grant?.startBy ?? '', 'time'),
            '.',
          );
    case 'executing':
      return notice(
        'warning',
        strong('Started'),
        ...(c.run?.by ? [' by ', person(c.run.by)] : []),
        ' at ',
        time(c.run?.at ?? '', 'time'),
        '. No outcome yet.',
      );
    case 'executed':
      return notice('good', strong('Done'), ...outcomeWords(c));
    case 'failed':
      return notice('danger', strong('Failed'), ...outcomeWords(c));
    case 'unknown':
      return notice(
        'danger',
        strong('NOBODY KNOWS whether it ran. '),
        untrusted(c.outcome?.summary ?? ''),
        ' It will not be tried again by itself.',
      );
    case 'denied':
      return ended('Denied', 'info');
    case 'withdrawn':
      return ended('Withdrawn', 'info');
    case 'superseded':
      return ended('Made void', 'info');
    case 'expired':
      return notice(
        'info',
        strong('Expired without a decision'),
        ' at ',
        time(c.request.expiresAt, 'time'),
        '. Nobody denied it; nothing ran.',
      );
    case 'lapsed':
      return notice(
        'info',
        strong('Approved, but not started in time'),
        '; it had to start by ',
        time(c.grant?.startBy ?? '', 'time'),
        '. Nothing ran.',
      );
    case 'disputed':
      return notice(
        'danger',
        strong('Disputed'),
        ' by ',
        ...(c.ending?.by ? [person(c.ending.by)] : [org.name]),
        ', who says the approval was wrong: ',
        untrusted(c.ending?.reason ?? ''),
        ' Nothing ran.',
      );
  }
}

const outcomeWords = (c: Containment): readonly (string | Inline)[] => [
  ' at ',
  time(c.outcome?.at ?? '', 'time'),
  ...(c.outcome?.by ? [', as ', person(c.outcome.by), ' attests: '] : [', the executor answered: ']),
  untrusted(c.outcome?.summary ?? ''),
  ...(c.outcome && c.outcome.evidence.length > 0 ? [` (${c.outcome.evidence.join(', ')})`] : []),
];

/** The accounts of those who may approve it, where the incident lives. */
export function approverAccounts({ org, incident }: Shown, c: Containment): readonly PersonRef[] {
  const rule = listFor(org, c.request.action, c.request.reversibility);
  return eligibleFor(org, rule, apartOf({ org, incident }, c)).flatMap((p) => {
    const account = accountOf(p, incident.conversation?.platform ?? '');
    return account ? [{ ...account, label: p.name }] : [];
  });
}

function approversProse({ org, incident }: Shown, c: Containment): Prose {
  const rule = listFor(org, c.request.action, c.request.reversibility);
  const people = eligibleFor(org, rule, apartOf({ org, incident }, c));
  if (!rule || people.length === 0) return prose('nobody');
  const platform = incident.conversation?.platform ?? '';
  return [
    ...prose(
      ...people.flatMap((p, i): (string | Inline)[] => {
        const account = accountOf(p, platform);
        return [...(i > 0 ? [', '] : []), account ? person({ ...account, label: p.name }) : p.name];
      }),
    ),
    ...prose(
      rule.needs_role ? `; one of them ${rule.needs_role}` : '',
      rule.hours.length > 0 ? `; only ${hoursText(rule)}` : '',
    ).filter((run) => run.kind !== 'plain' || run.text !== ''),
  ];
}

/** A finding never stands without the lane it is in: who decides has to know what was verified. */
function groundWords({ finding }: Shown, key: string): string {
  const found = finding.findings.find((f) => f.key === key);
  return found ? `${key}: ${laneOf(found)}` : key;
}

/** What would run, on what, what it breaks, how it is undone, who decides, until when. */
export function bodyOf(shown: Shown, c: Containment, isFull: boolean): readonly Element[] {
  const { org } = shown;
  const action = org.actions[c.request.action];
  const r = c.request;
  const targets = isFull ? r.targets : r.targets.slice(0, cardTargets);
  const hidden = r.targets.length - targets.length;
  const parameters = Object.entries(r.parameters).map(
    ([key, value]) =>
      [
        action?.parameters[key]?.label ?? key,
        shownValue(
          !isFull && String(value).length > 200
            ? `${String(value).slice(0, 200)}\u2026 (more in the full text)`
            : String(value),
        ),
      ] as const,
  );
  return [
    text(
      strong(
        `${titleOf(org, c)}, ${r.targets.length === 1 ? 'one target' : `${r.targets.length} targets`} (${r.targets[0]?.kind}):`,
      ),
    ),
    list([...targets.map(targetLine), ...(hidden > 0 ? [`and ${hidden} more, listed in the full text`] : [])]),
    ...(parameters.length > 0 ? [fields(Object.fromEntries(parameters))] : []),
    fields({
      'What happens': action?.does ?? 'The action is no longer declared.',
      'Can it be undone': prose(strong(CLASS[r.reversibility]), `. ${action?.undo ?? ''}`),
      'Carried out by':
        r.executor.kind === 'webhook'
          ? `webhook ${r.executor.webhook}`
          : (org.people.find((p) => p.key === (r.executor as { person: string }).person)?.name ?? r.executor.person),
    }),
    ...(c.blast.length > 0
      ? [text(strong('What else it touches')), list(c.blast.map((line) => [untrusted(line)]))]
      : []),
    text(
      strong('Why: '),
      untrusted(c.reason),
      c.evidence.length > 0
        ? ` (${c.evidence.map((key) => groundWords(shown, key)).join('; ')})`
        : ' (no evidence named)',
    ),
    ...(c.preservation.length > 0
      ? [
          text(strong('Evidence it would destroy')),
          list(
            c.preservation.map((p) =>
              prose(`${p.question} `, strong(p.answer === 'kept' ? 'Kept: ' : 'NOT KEPT: '), untrusted(p.note)),
            ),
          ),
        ]
      : []),
    ...(c.challenge
      ? [
          notice(
            'info',
            strong(c.challenge.isWaived ? 'Challenge waived by ' : 'Challenged by '),
            person(c.challenge.by),
            ': ',
            untrusted(c.challenge.text),
          ),
        ]
      : []),
    ...c.changesAsked
      .slice(-3)
      .map((asked) => notice('info', person(asked.by), ' asks for changes: ', untrusted(asked.text))),
    fields({
      'Proposed by': prose(person(c.proposer), ', ', time(c.proposedAt, 'time')),
      Source:
        r.source.kind === 'person'
          ? 'a person, no playbook'
          : `playbook ${r.source.playbook} ${r.source.version}, step ${r.source.step}`,
      'May approve': approversProse(shown, c),
      Approvals: `${c.votes.length} of ${c.quorum}`,
      Expires: c.state === 'pending' ? time(r.expiresAt) : null,
      Undoes: c.rollbackOf,
      Replaces: c.supersedes,
      Digest: code(shortDigest(c.digest)),
    }),
  ];
}
