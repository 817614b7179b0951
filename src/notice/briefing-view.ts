// Briefings as managers read them, and as the person who posts them does.
import { defangText } from '../evidence/defang.ts';
import { said } from '../finding/said.ts';
import type { Dossier } from '../incident/dossier.ts';
import { displayName } from '../incident/view.ts';
import type { Organisation } from '../organisation/schema.ts';
import { isRefusal } from '../refusal.ts';
import { readDue } from '../schedule/due-at.ts';
import {
  actions,
  notice as banner,
  button,
  context,
  fields,
  heading,
  list,
  prose,
  strong,
  text,
  time,
  view,
} from '../view/build.ts';
import { reveal } from '../view/escape.ts';
import type { Element, Form, Prose, View } from '../view/types.ts';
import { briefingDueAt } from './briefing.ts';
import { SNOOZE_MINUTES } from './decide-briefing.ts';
import { recordedLines, utcAndLocal } from './facts.ts';
import { groundsOf, splitCites } from './lines.ts';
import type { Briefing, BriefingBody } from './types.ts';

/** A line as managers see it: no citation, and marked where it names a finding nobody verified. */
function line(written: string, dossier: Dossier, recorded: ReadonlySet<string>): Prose {
  const { words, cites } = splitCites(written);
  const isClaim = cites.some((c) => /^(FI|TE|EV)-/.test(c));
  const grounds = isClaim ? groundsOf(written, dossier.finding.findings, recorded) : 'recorded';
  const mark =
    grounds === 'unverified' ? [strong('Not verified: ')] : grounds === 'refuted' ? [strong('Refuted: ')] : [];
  return prose(...mark, said(words));
}

/** The briefing of an incident: what changed, what it means, what is done, what is asked, when the next word comes. */
export function briefingElements(body: BriefingBody, dossier: Dossier, org: Organisation): readonly Element[] {
  const zone = dossier.incident.zone ?? org.zone;
  const recorded = recordedLines(dossier, org);
  const lines = (written: readonly string[]): Element => list(written.map((l) => line(l, dossier, recorded)));
  return [
    ...(dossier.incident.kind === 'exercise' ? [banner('info', strong('EXERCISE'), ' Nothing here is real.')] : []),
    text(said(body.state)),
    heading('What changed'),
    lines(body.changed),
    heading('What it means'),
    text(said(body.impact)),
    heading('What we are doing'),
    lines(body.actions),
    heading('Decisions we need from you'),
    text(said(body.decisions)),
    fields({
      'Next update': body.nextUpdateAt
        ? utcAndLocal(body.nextUpdateAt, zone)
        : prose('none is planned: ', said(body.noReminder)),
    }),
  ];
}

/** A posted briefing. */
export const briefingView = (briefing: Briefing, dossier: Dossier, org: Organisation): View =>
  view(
    `Briefing ${dossier.incident.key}: ${reveal(defangText(briefing.body.state))}`,
    [
      heading(`Briefing \u00b7 ${dossier.incident.key} ${displayName(dossier.incident)}`),
      ...briefingElements(briefing.body, dossier, org),
      context(`${briefing.key}, posted by ${briefing.by.label} at `, time(briefing.at)),
    ],
    'info',
  );

/** The card that says a briefing is due, with its draft; once it is posted, that it was. */
export function briefingCard(dossier: Dossier, org: Organisation): View | null {
  const { incident, notice } = dossier;
  const draft = notice.briefingDraft;
  const last = notice.briefings.at(-1);
  if (!draft) {
    if (notice.reminder.snoozedUntilAt)
      return view(`The briefing of ${incident.key} was put off`, [
        banner('info', 'The briefing was put off until ', time(notice.reminder.snoozedUntilAt), '.'),
      ]);
    return last
      ? view(`Briefing ${last.key} was posted`, [banner('good', `${last.key} was posted by ${last.by.label}.`)], 'good')
      : view(`${incident.key} needs no briefing now`, [text('No briefing is due.')]);
  }
  const args = { incident: incident.key };
  return view(
    `The briefing of ${incident.key} is due. Read the draft and post it.`,
    [
      heading(`Briefing due \u00b7 ${incident.key}`),
      banner(
        'warning',
        strong('DRAFT, not posted.'),
        ' Written from what is on record. Read it, change what is wrong, post it.',
      ),
      ...briefingElements(draft, dossier, org),
      actions(
        button('Read and post', 'notice brief', args, { style: 'primary' }),
        ...SNOOZE_MINUTES.map((m) => button(`Wait ${m} min`, 'notice snooze', { ...args, minutes: String(m) })),
      ),
    ],
    'warning',
  );
}

/** The form a briefing is posted with, filled from its draft. */
export const briefingForm = (incident: string, draft: BriefingBody, cadence: number, zone: string): Form => ({
  title: `Briefing ${incident}`,
  submitLabel: 'Post it',
  intent: { verb: 'notice brief', args: { incident } },
  intro: [
    context(
      'For readers who were not there: what happened, what it means, what you need from them, when the next word comes.',
    ),
  ],
  fields: [
    {
      kind: 'line',
      name: 'state',
      label: 'Where we stand, in one line',
      isRequired: true,
      maxLength: 300,
      value: draft.state,
    },
    {
      kind: 'paragraph',
      name: 'changed',
      label: 'What changed since the last one',
      hint: 'One a line',
      isRequired: true,
      maxLength: 3000,
      value: draft.changed.join('\n'),
    },
    {
      kind: 'paragraph',
      name: 'impact',
      label: 'What it means',
      hint: 'What does not work, for whom, since when',
      isRequired: true,
      maxLength: 1500,
      value: draft.impact,
    },
    {
      kind: 'paragraph',
      name: 'actions',
      label: 'What we are doing',
      hint: 'One a line',
      isRequired: true,
      maxLength: 3000,
      value: draft.actions.join('\n'),
    },
    {
      kind: 'paragraph',
      name: 'decisions',
      label: 'Decisions we need, and by when',
      isRequired: true,
      maxLength: 1500,
      value: draft.decisions,
    },
    {
      kind: 'line',
      name: 'next',
      label: 'Next update at',
      hint: `+${cadence}m, 16:00 (${zone}) or 16:00Z; "none" if none comes`,
      isRequired: true,
      maxLength: 40,
      value: `+${cadence}m`,
    },
    { kind: 'line', name: 'noReminder', label: 'If none comes: why', isRequired: false, maxLength: 300 },
  ],
});

type Values = Readonly<Record<string, string | readonly string[]>>;

/** Reads a filled-in briefing; errors by field. */
export function readBriefing(
  values: Values,
  when: { readonly nowAt: string; readonly zone: string },
): BriefingBody | { readonly errors: Readonly<Record<string, string>> } {
  const get = (name: string, max: number): string =>
    String(values[name] ?? '')
      .trim()
      .slice(0, max);
  const lines = (name: string): readonly string[] =>
    get(name, 3000)
      .split('\n')
      .map((l) => l.trim().replace(/^[-*\u2022]\s+/, ''))
      .filter(Boolean);
  const errors: Record<string, string> = {};
  const typed = get('next', 40);
  const isNone = typed.toLowerCase() === 'none';
  const next = typed === '' || isNone ? null : readDue(typed, when);
  if (isRefusal(next)) errors['next'] = next.message;
  if (typed === '') errors['next'] = 'Say when the next update comes, such as +30m; or "none", and why.';
  if (isNone && get('noReminder', 300) === '') errors['noReminder'] = 'Say why no update follows: readers rely on it.';
  for (const name of ['state', 'changed', 'impact', 'actions', 'decisions'])
    if (get(name, 3000) === '') errors[name] = 'Fill this in; "None now." or "Not known yet." is an answer.';
  if (Object.keys(errors).length > 0 || isRefusal(next)) return { errors };
  return {
    state: get('state', 300).replace(/\s+/g, ' '),
    changed: lines('changed'),
    impact: get('impact', 1500),
    actions: lines('actions'),
    decisions: get('decisions', 1500),
    nextUpdateAt: next,
    noReminder: isNone ? get('noReminder', 300) : '',
  };
}

export const snoozeForm = (incident: string, minutes: string): Form => ({
  title: 'Put the briefing off',
  submitLabel: 'Put off',
  intent: { verb: 'notice snooze', args: { incident } },
  intro: [text('Managers were promised a time. The reason goes on record.')],
  fields: [
    {
      kind: 'choice',
      name: 'minutes',
      label: 'For how long',
      isRequired: true,
      value: minutes || '15',
      choices: SNOOZE_MINUTES.map((m) => ({ value: String(m), label: `${m} minutes` })),
    },
    { kind: 'line', name: 'reason', label: 'Why', isRequired: true, maxLength: 300 },
  ],
});

/** What the pinned card says of the next briefing. */
export function briefingSection(dossier: Dossier, org: Organisation, nowMs: number): readonly Element[] {
  const dueAt = briefingDueAt(dossier, org);
  if (dueAt === null) return [];
  const isOverdue = Date.parse(dueAt) <= nowMs;
  return [fields({ 'Next briefing': isOverdue ? prose(strong('overdue'), ', due at ', time(dueAt)) : time(dueAt) })];
}
