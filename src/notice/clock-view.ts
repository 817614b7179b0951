// The clock board: what is owed to whom by when, who started it, and on what grounds. Configuration; counsel confirms.
import { said } from '../finding/said.ts';
import {
  actions,
  notice as banner,
  button,
  context,
  fields,
  heading,
  prose,
  strong,
  table,
  text,
  time,
  view,
} from '../view/build.ts';
import type { Element, Form, Prose, View } from '../view/types.ts';
import { type ClockLine, clockLines } from './clocks/board.ts';
import { ALL_REGIMES } from './clocks/regimes.ts';
import type { ClockRule, ClockState, Computation, Regime, RegimeMark } from './clocks/types.ts';
import { utcAndLocal } from './facts.ts';

type NameOf = (key: string) => string;

const STANDING: Readonly<Record<ClockLine['standing'], string>> = {
  waiting: 'waits for what starts it',
  running: 'RUNNING',
  owed: 'OWED without undue delay',
  overdue: 'OVERDUE',
  met: 'met',
  'met-late': 'met LATE',
  'not-applicable': 'does not apply',
  uncountable: 'CANNOT BE COUNTED',
};

export const MARK_WORDS: Readonly<Record<RegimeMark, string>> = {
  applies: 'applies',
  'does-not-apply': 'does not apply',
  unknown: 'not known yet, keeps ticking',
};

const iso = (ms: number): string => new Date(ms).toISOString();

/** How long a rule gives, in words. */
export function periodWords(computation: Computation): string {
  switch (computation.kind) {
    case 'hours':
      return `within ${computation.hours} hours`;
    case 'cappedHours':
      return `within ${computation.hours} hours, at latest ${computation.cap.hours} hours after "${computation.cap.from}"`;
    case 'days':
      return `within ${computation.days} days`;
    case 'months':
      return computation.months === 1 ? 'within one month' : `within ${computation.months} months`;
    case 'businessDays':
      return `within ${computation.days} business days`;
    case 'daysAfterYear':
      return `within ${computation.days} days after the end of the year`;
    case 'prompt':
      return 'without undue delay';
  }
}

function lineElements(l: ClockLine, incident: string, zone: string, nameOf: NameOf): readonly Element[] {
  const isLive = ['running', 'owed', 'overdue', 'uncountable'].includes(l.standing);
  return [
    text(strong(`${l.regime.name} \u2192 ${l.rule.to}: ${STANDING[l.standing]}`)),
    fields({
      What: `${l.rule.what}${l.rule.onlyIf ? ` (${l.rule.onlyIf})` : ''}`,
      Due: l.dueAt === null ? null : utcAndLocal(iso(l.dueAt), zone),
      'Counted as':
        l.deadline.kind === 'due' ? l.deadline.basis : l.deadline.kind === 'unknown' ? l.deadline.why : null,
      'Started by': l.trigger
        ? prose(
            `${nameOf(l.trigger.by)}, from ${utcAndLocal(iso(l.trigger.at), zone)}`,
            ...(l.trigger.reason ? [': ', said(l.trigger.reason)] : []),
          )
        : null,
      'Earlier time once set': l.earliest
        ? `${utcAndLocal(iso(l.earliest.trigger.at), zone)}${l.earliest.dueAt === null ? '' : `, which would mean ${utcAndLocal(iso(l.earliest.dueAt), zone)}`}`
        : null,
      Submitted: l.submittedAt === null ? null : utcAndLocal(iso(l.submittedAt), zone),
      'Put off by': l.deferredBasis === null ? null : said(l.deferredBasis),
    }),
    ...(l.isStale
      ? [banner('warning', 'This rule has not been checked for long: ask counsel whether it still holds.')]
      : []),
    context(`${l.regime.reference}. Counsel reads this rule again before ${l.regime.expiresOn}.`),
    ...(isLive
      ? [
          actions(
            button('Record the submission', 'notice clock-submit', { incident, rule: l.rule.id }),
            ...(l.trigger
              ? [button('Correct its start', 'notice clock', { incident, action: 'start', regime: l.regime.id })]
              : []),
            ...(l.rule.deferral && l.dueAt !== null
              ? [button('Record a deferral', 'notice clock-defer', { incident, rule: l.rule.id })]
              : []),
          ),
        ]
      : []),
  ];
}

/** Every clock somebody touched, the next one due first. */
export function clockBoard(state: ClockState, incident: string, nowMs: number, zone: string, nameOf: NameOf): View {
  const lines = clockLines(state, nowMs);
  const marks = Object.entries(state.marks);
  return view(
    `Clocks of ${incident}: ${lines.filter((l) => l.standing === 'running').length} running, ${lines.filter((l) => l.standing === 'overdue').length} overdue`,
    [
      heading(`Clocks of ${incident}`),
      ...(lines.length === 0
        ? [text('No clock was started. A person starts each one; nothing here starts by itself.')]
        : []),
      ...lines.flatMap((l) => lineElements(l, incident, zone, nameOf)),
      ...(marks.length > 0
        ? [
            text(strong('Which rules apply, as people said')),
            ...marks.map(([id, m]) =>
              text(
                `${ALL_REGIMES.find((r) => r.id === id)?.name ?? id}: ${MARK_WORDS[m.mark]} (${nameOf(m.by)}: `,
                said(m.reason),
                ')',
              ),
            ),
          ]
        : []),
      actions(
        button('Start a clock', 'notice clock', { incident, action: 'start' }, { style: 'primary' }),
        button('Say what applies', 'notice clock', { incident, action: 'mark' }),
        button('All rules', 'notice clock', { incident, action: 'rules' }),
      ),
      context('These times help you remember. Counsel confirms which rules apply and when each began.'),
    ],
  );
}

/** What the pinned card says of clocks; nothing while none runs. */
export function clockSection(state: ClockState, nowMs: number): readonly Element[] {
  const live = clockLines(state, nowMs).filter((l) =>
    ['running', 'overdue', 'owed', 'uncountable'].includes(l.standing),
  );
  if (live.length === 0) return [];
  const words = live.slice(0, 3).map((l): Prose => {
    const name = `${l.regime.name}, ${l.rule.to}`;
    if (l.standing === 'overdue') return prose(strong('OVERDUE '), name);
    return l.dueAt === null
      ? prose(`${name}: ${STANDING[l.standing].toLowerCase()}`)
      : prose(`${name} by `, time(iso(l.dueAt)));
  });
  return [
    fields({
      Clocks: [
        ...words.flatMap((w, i) => (i > 0 ? [...prose('; '), ...w] : [...w])),
        ...(live.length > 3 ? prose(`; ${live.length - 3} more`) : []),
      ],
    }),
  ];
}

/** Clocks in a line each, for legal readers and the handover. */
export const clockSentences = (state: ClockState, nowMs: number, zone: string, nameOf: NameOf): readonly string[] =>
  clockLines(state, nowMs)
    .filter((l) => ['running', 'overdue', 'owed', 'uncountable', 'met', 'met-late'].includes(l.standing))
    .map(
      (l) =>
        `${l.regime.name}, ${l.rule.to}: ${STANDING[l.standing].toLowerCase()}${l.dueAt === null ? '' : `, due ${utcAndLocal(iso(l.dueAt), zone)}`}${l.trigger ? `; started by ${nameOf(l.trigger.by)}, counted from ${utcAndLocal(iso(l.trigger.at), zone)}` : ''}.`,
    );

/** Which regime, when none was named; those a playbook suggests stand first. */
export function regimeForm(
  incident: string,
  action: 'start' | 'mark',
  regimes: readonly Regime[],
  suggested: ReadonlySet<string>,
): Form {
  const isSuggested = (r: Regime): boolean => r.rules.some((rule) => suggested.has(rule.id));
  return {
    title: action === 'start' ? 'Start a clock' : 'Say what applies',
    submitLabel: 'Go on',
    intent: { verb: 'notice clock', args: { incident, action } },
    intro: [],
    fields: [
      {
        kind: 'choice',
        name: 'regime',
        label: 'Which rule',
        isRequired: true,
        choices: [...regimes.filter(isSuggested), ...regimes.filter((r) => !isSuggested(r))].map((r) => ({
          value: r.id,
          label: isSuggested(r) ? `${r.name} (suggested by the playbook)` : r.name,
        })),
      },
    ],
  };
}

const STATUS_WORDS: Readonly<Record<Regime['status'], string>> = {
  ready: 'on',
  confirm: 'off: counsel confirms it first',
  'not-in-force': 'off: not in force',
};

/** The clock table itself: every row with its reference, whether it is on, and when it has to be looked at again. */
export function clockTable(enabled: ReadonlySet<string>, nowMs: number): View {
  return view(`${ALL_REGIMES.length} rules that clocks are made from`, [
    heading('Rules that clocks are made from'),
    table(
      'Configuration, not advice',
      ['rule', 'what it sets running', 'state', 'read again before', 'reference'],
      ALL_REGIMES.map((r) => [
        `${r.name} (${r.id})`,
        r.rules.map((rule) => `${rule.to}: ${periodWords(rule.computation)}`).join('; '),
        r.status !== 'ready' && enabled.has(r.id) ? 'on, by your countersign.yml' : STATUS_WORDS[r.status],
        `${r.expiresOn}${nowMs >= Date.parse(r.expiresOn) ? ' PAST: ask counsel' : ''}`,
        r.reference,
      ]),
    ),
    context('A row that is off is switched on with "clocks:" in countersign.yml, once counsel has confirmed it.'),
  ]);
}

/** Records a deferral that a statute allows; what it rests on is asked, because a request alone defers nothing. */
export const deferForm = (incident: string, rule: ClockRule, regime: Regime, zone: string): Form => ({
  title: 'Record a deferral',
  submitLabel: 'Put on record',
  intent: { verb: 'notice clock-defer', args: { incident, rule: rule.id } },
  intro: [
    text(`${regime.name}, ${rule.to}: ${rule.what}`),
    banner('warning', strong('Only this defers it. '), rule.deferral ?? ''),
  ],
  fields: [
    {
      kind: 'line',
      name: 'until',
      label: 'Deferred until',
      hint: `2026-12-20T17:00Z, 2026-12-20 17:00 (${zone}) or +30d`,
      isRequired: true,
      maxLength: 40,
    },
    {
      kind: 'paragraph',
      name: 'basis',
      label: 'On what it rests: who decided it, when, and where that is written',
      isRequired: true,
      maxLength: 2000,
    },
  ],
});

/** Starts or corrects a clock: first what it sets running. */
export const startForm = (incident: string, regime: Regime, zone: string, isCorrection: boolean): Form => ({
  title: `Clock: ${regime.name}`,
  submitLabel: isCorrection ? 'Correct it' : 'Start it',
  intent: { verb: 'notice clock-start', args: { incident, regime: regime.id } },
  intro: [
    text(strong('This sets running')),
    ...regime.rules.map((r) =>
      text(
        `${r.to}: ${r.what}, ${periodWords(r.computation)} after "${r.computation.from}"${r.onlyIf ? `, ${r.onlyIf}` : ''}.`,
      ),
    ),
    ...(regime.note ? [context(regime.note)] : []),
    context(`${regime.reference}. Your name goes on record as the one who started it.`),
  ],
  fields: [
    {
      kind: 'choice',
      name: 'anchor',
      label: 'What happened',
      isRequired: true,
      value: regime.anchors[0]?.id ?? '',
      choices: regime.anchors.map((a) => ({ value: a.id, label: a.ask })),
    },
    {
      kind: 'line',
      name: 'when',
      label: 'When',
      hint: `2026-11-20T08:15Z, 14:05 (${zone}) or -15m`,
      isRequired: true,
      maxLength: 40,
    },
    { kind: 'line', name: 'zone', label: 'Time zone where it counts', isRequired: true, maxLength: 60, value: zone },
    {
      kind: 'paragraph',
      name: 'reason',
      label: isCorrection ? 'Why is it corrected' : 'On what grounds',
      isRequired: isCorrection,
      maxLength: 2000,
    },
  ],
});

export const markForm = (incident: string, regime: Regime): Form => ({
  title: `Does it apply: ${regime.name}`,
  submitLabel: 'Put on record',
  intent: { verb: 'notice clock-mark', args: { incident, regime: regime.id } },
  intro: [context(regime.reference)],
  fields: [
    {
      kind: 'choice',
      name: 'mark',
      label: 'Does it apply',
      isRequired: true,
      choices: Object.entries(MARK_WORDS).map(([value, label]) => ({ value, label })),
    },
    { kind: 'paragraph', name: 'reason', label: 'Why', isRequired: true, maxLength: 2000 },
  ],
});

export const submitForm = (incident: string, rule: string, what: string, zone: string): Form => ({
  title: 'Record a submission',
  submitLabel: 'Put on record',
  intent: { verb: 'notice clock-submit', args: { incident, rule } },
  intro: [text(what)],
  fields: [
    {
      kind: 'line',
      name: 'when',
      label: 'When was it submitted',
      hint: `14:05 (${zone}), 14:05Z or -15m`,
      isRequired: true,
      maxLength: 40,
    },
    { kind: 'line', name: 'reference', label: 'Reference, or how and to whom', isRequired: true, maxLength: 300 },
  ],
});
