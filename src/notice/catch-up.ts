// The catch-up for somebody who comes in late: what is verified first, then what is only said, then what nobody knows.
import { defangText } from '../evidence/defang.ts';
import { openChallenges } from '../finding/confidence.ts';
import { claimed, said } from '../finding/said.ts';
import type { Finding } from '../finding/types.ts';
import { questionProse } from '../finding/view.ts';
import type { Dossier } from '../incident/dossier.ts';
import { displayName, exerciseBanner } from '../incident/view.ts';
import type { Organisation } from '../organisation/schema.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import {
  actions,
  button,
  context,
  fields,
  heading,
  list,
  notice,
  person,
  prose,
  text,
  time,
  untrusted,
  view,
} from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { Element, Prose, View } from '../view/types.ts';
import { briefingDueAt } from './briefing.ts';
import { statusLine } from './facts.ts';
import { handoverLines } from './handover.ts';
import { highlights } from './highlights.ts';

const MOST_EVENTS = 7;

export interface CatchUp {
  readonly org: Organisation;
  readonly events: readonly TimelineEvent[];
  /** Only what came after; null: everything. UTC ISO 8601. */
  readonly sinceAt: string | null;
  readonly nowAt: string;
  /** For readers who are not technical: no log lines, no addresses, no citations. */
  readonly isPlain: boolean;
  readonly nameOf: (key: string) => string;
}

const movedAt = (f: Finding): string => f.refutation?.at ?? f.verification?.confirmedAt ?? f.verification?.at ?? f.at;

const cites = (f: Finding): string => {
  const all = [...new Set([...(f.verification?.cites ?? []), ...f.cites])];
  return all.length > 0 ? ` [${f.key}: ${all.slice(0, 4).join(', ')}]` : ` [${f.key}: nothing cited]`;
};

const claimProse = (f: Finding, isPlain: boolean): Prose =>
  prose(
    claimed(f, (isPlain ? f.plain : null) ?? f.claim),
    isPlain ? '' : cites(f),
    openChallenges(f).length > 0 ? ' \u2014 CHALLENGED, not settled' : '',
  );

const part = (title: string, items: readonly Prose[]): readonly Element[] =>
  items.length > 0 ? [heading(title), list(items)] : [];

const eventProse = (e: TimelineEvent): Prose =>
  prose(
    time(e.occurredAt),
    ' ',
    untrusted(defangText(clip(e.text, 200))),
    ` [${e.key}]`,
    e.count > 1 ? ` (${e.count} times)` : '',
  );

/** Everything a late joiner needs, only for them. Written by code from the record. */
export function catchUpView(dossier: Dossier, c: CatchUp): View {
  const { incident, finding, notice: notices } = dossier;
  const isNew = (at: string): boolean => c.sinceAt === null || at > c.sinceAt;
  const moved = finding.findings.filter((f) => isNew(movedAt(f)));
  const verified = moved.filter((f) => f.state === 'verified');
  const unverified = moved.filter((f) => f.state === 'unverified');
  const events = c.events.filter((e) => !e.isRetracted && isNew(e.occurredAt));
  const shown = c.isPlain ? [] : highlights(events, MOST_EVENTS);
  const open = finding.questions.filter((q) => q.answer === null);
  const done = notices.milestones.filter((m) => isNew(m.at)).slice(-6);
  const commander = incident.roles.commander?.[0];
  const dueAt = briefingDueAt(dossier, c.org);
  const args = { incident: incident.key };
  const waiting = c.isPlain ? [] : handoverLines(dossier, c.org, c.nowAt, c.nameOf).filter((l) => l.isWork);
  return view(
    `Catch-up ${incident.key}: ${statusLine(incident, c.org)}`,
    [
      ...exerciseBanner(incident),
      heading(`Catch-up \u00b7 ${incident.key} ${displayName(incident)}`),
      text(statusLine(incident, c.org)),
      ...(c.sinceAt ? [text('Since ', time(c.sinceAt), ':')] : []),
      fields({
        Commander: commander ? prose(person(commander)) : 'nobody yet',
        Opened: incident.declaredAt ? time(incident.declaredAt) : null,
        'Next briefing': dueAt === null ? null : dueAt <= c.nowAt ? prose('overdue since ', time(dueAt)) : time(dueAt),
      }),
      ...(verified.length > 0
        ? part(
            '\u2713 Verified by a person',
            verified.map((f) => claimProse(f, c.isPlain)),
          )
        : [notice('info', c.sinceAt ? 'Nothing new has been verified since then.' : 'Nothing has been verified yet.')]),
      ...part(
        '\u25cb Proposed by the assistant, NOT verified',
        unverified.filter((f) => f.origin === 'assistant').map((f) => claimProse(f, c.isPlain)),
      ),
      ...part(
        '\u25cb Said by people, NOT verified',
        unverified.filter((f) => f.origin === 'person').map((f) => claimProse(f, c.isPlain)),
      ),
      ...part(
        '\u2717 Not so, do not repeat it',
        moved.filter((f) => f.state === 'refuted').map((f) => claimProse(f, c.isPlain)),
      ),
      ...part('Nobody knows yet', open.map(questionProse)),
      ...part(
        'What the response did',
        done.map((m) => prose(time(m.at), ' ', said(m.text))),
      ),
      ...(shown.length > 0
        ? [
            ...part('Worth reading on the timeline', shown.map(eventProse)),
            context(
              `${shown.length} of ${events.length} events${c.sinceAt ? ' since then' : ''}: starred by people, or severe. "timeline" shows all.`,
            ),
          ]
        : []),
      ...part(
        'Waiting',
        waiting.map((l) => l.prose),
      ),
      actions(
        button('Status', 'status', args),
        ...(c.isPlain
          ? [button('Latest briefing', 'notice latest', args)]
          : [
              button('Timeline', 'timeline', args),
              button('Current step', 'step', args),
              button('Ask the assistant', 'finding menu', args),
            ]),
      ),
      context('Written by code from what is on record. No assistant has summarised it.'),
    ],
    'info',
  );
}
