// What the clock board shows and when it reminds, from the state alone.
import { deadlineOf } from './compute.ts';
import { ALL_REGIMES } from './regimes.ts';
import type { Anchor, AnchorId, ClockRule, ClockState, Deadline, Regime, RegimeMark, Trigger } from './types.ts';

/** Where one deadline stands. `switched-off` never shows: a row that is off has no trigger. */
type ClockStanding = 'waiting' | 'running' | 'owed' | 'overdue' | 'met' | 'met-late' | 'not-applicable' | 'uncountable';

/** One line of the clock board. Times are epoch milliseconds. */
export interface ClockLine {
  readonly regime: Regime;
  readonly rule: ClockRule;
  readonly mark: RegimeMark;
  readonly markReason: string | null;
  readonly standing: ClockStanding;
  readonly deadline: Deadline;
  readonly dueAt: number | null;
  /** The trigger that counts, who set it and why. */
  readonly trigger: Trigger | null;
  /** An earlier time that was once set as the trigger, and the deadline it would mean: shown beside the chosen one. */
  readonly earliest: { readonly trigger: Trigger; readonly dueAt: number | null } | null;
  readonly submittedAt: number | null;
  readonly deferredBasis: string | null;
  /** The row is past its expiry: the law may have changed, so counsel must confirm the deadline. */
  readonly isStale: boolean;
}

/** When a running clock speaks up. */
type ReminderKind = 'half' | 'three-quarters' | 'nine-tenths' | 'due';

/** One reminder of one deadline; `id` is stable, so it can be claimed once. `at` is epoch milliseconds. */
export interface ClockReminder {
  readonly id: string;
  readonly rule: string;
  readonly kind: ReminderKind;
  readonly at: number;
}

const MOMENTS: readonly (readonly [ReminderKind, number])[] = [
  ['half', 0.5],
  ['three-quarters', 0.75],
  ['nine-tenths', 0.9],
  ['due', 1],
];

/** The anchors of a regime that are set: the triggers that count, and the submissions that later rules start from. */
export function anchorsOf(state: ClockState, regime: Regime): Readonly<Record<AnchorId, Anchor>> {
  const anchors: Record<AnchorId, Anchor> = {};
  for (const [id, triggers] of Object.entries(state.triggers[regime.id] ?? {})) {
    const last = triggers.at(-1);
    if (last) anchors[id] = last;
  }
  for (const rule of regime.rules) {
    const submission = state.submissions[rule.id];
    if (submission) anchors[`submitted:${rule.id}`] = submission;
  }
  return anchors;
}

/** The clock board at `now`: every deadline of every regime somebody touched, the next one due first. */
export function clockLines(state: ClockState, now: number): readonly ClockLine[] {
  return ALL_REGIMES.filter((regime) => state.marks[regime.id] || state.triggers[regime.id])
    .flatMap((regime) => regime.rules.map((rule) => lineOf(state, regime, rule, now)))
    .sort((a, b) => (a.dueAt ?? Number.POSITIVE_INFINITY) - (b.dueAt ?? Number.POSITIVE_INFINITY));
}

function lineOf(state: ClockState, regime: Regime, rule: ClockRule, now: number): ClockLine {
  const anchors = anchorsOf(state, regime);
  const deadline = deadlineOf(rule.computation, anchors);
  const deferral = state.deferrals[rule.id];
  const computed = deadline.kind === 'due' ? deadline.dueAt : null;
  const dueAt = computed === null ? null : Math.max(computed, deferral?.until ?? computed);
  const triggers = state.triggers[regime.id]?.[rule.computation.from] ?? [];
  const chosen = triggers.at(-1) ?? null;
  const first = triggers.reduce<Trigger | null>((a, b) => (a === null || b.at < a.at ? b : a), null);
  const isEarlier = first !== null && chosen !== null && first.at < chosen.at;
  const alternative = isEarlier ? deadlineOf(rule.computation, { ...anchors, [rule.computation.from]: first }) : null;
  const submittedAt = state.submissions[rule.id]?.at ?? null;
  const mark = state.marks[regime.id];
  return {
    regime,
    rule,
    mark: mark?.mark ?? 'unknown',
    markReason: mark?.reason ?? null,
    standing: standingOf(mark?.mark ?? 'unknown', deadline, dueAt, submittedAt, now),
    deadline,
    dueAt,
    trigger: chosen,
    earliest: isEarlier ? { trigger: first, dueAt: alternative?.kind === 'due' ? alternative.dueAt : null } : null,
    submittedAt,
    deferredBasis: deferral?.basis ?? null,
    isStale: now >= Date.parse(regime.expiresOn),
  };
}

function standingOf(
  mark: RegimeMark,
  deadline: Deadline,
  dueAt: number | null,
  submittedAt: number | null,
  now: number,
): ClockStanding {
  if (submittedAt !== null) return dueAt !== null && submittedAt > dueAt ? 'met-late' : 'met';
  if (mark === 'does-not-apply') return 'not-applicable';
  switch (deadline.kind) {
    case 'waiting':
      return 'waiting';
    case 'prompt':
      return 'owed';
    case 'unknown':
      return 'uncountable';
    case 'due':
      return now > (dueAt ?? deadline.dueAt) ? 'overdue' : 'running';
  }
}

/** The reminders of all running and overdue clocks, in order of time: at half, 75 %, 90 % of the period and when due. */
export function remindersOf(state: ClockState, now: number): readonly ClockReminder[] {
  return clockLines(state, now)
    .filter((line) => line.standing === 'running' || line.standing === 'overdue')
    .flatMap((line) => {
      const since = line.deadline.kind === 'due' ? line.deadline.since : 0;
      return MOMENTS.map(([kind, share]) => ({
        id: `${line.rule.id}:${line.dueAt}:${kind}`,
        rule: line.rule.id,
        kind,
        at: Math.round(since + (line.dueAt! - since) * share),
      }));
    })
    .sort((a, b) => a.at - b.at);
}

/** The clocks that stand in the way of closing an incident: running, overdue, owed or not countable. */
export function openClocks(state: ClockState, now: number): readonly ClockLine[] {
  return clockLines(state, now).filter((line) => ['running', 'overdue', 'owed', 'uncountable'].includes(line.standing));
}
