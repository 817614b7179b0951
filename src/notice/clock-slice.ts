// The clocks of an incident and which of their reminders were given. Started by people only; reminded of by the schedule.
import type { LedgerRecord, NewRecord } from '../audit/record.ts';
import { type ClockReminder, remindersOf } from './clocks/board.ts';
import { evolveClocks, noClocks } from './clocks/evolve.ts';
import type { ClockRecord, ClockState } from './clocks/types.ts';

export interface Clocks {
  readonly state: ClockState;
  /** Ids of reminders that were given, or passed over because a later one was due as well. */
  readonly reminded: readonly string[];
}

export const noClockSlice: Clocks = { state: noClocks, reminded: [] };

export type ClockReminderRecord = NewRecord<
  'clock.reminded',
  { readonly rule: string; readonly kind: ClockReminder['kind']; readonly passed: readonly string[] }
>;

/** Folds one record; records of other nouns leave it as it is. */
export function evolveClockSlice(clocks: Clocks, stored: LedgerRecord): Clocks {
  if (stored.type === 'clock.reminded') {
    const { passed } = (stored as unknown as ClockReminderRecord).body;
    return { ...clocks, reminded: [...clocks.reminded, ...passed] };
  }
  if (!stored.type.startsWith('clock.')) return clocks;
  return { ...clocks, state: evolveClocks(clocks.state, stored as unknown as ClockRecord) };
}

export interface DueReminder {
  readonly reminder: ClockReminder;
  /** Ids that are settled with it: its own, and earlier ones of the same deadline. */
  readonly passed: readonly string[];
}

/** The reminder to give now for each clock: the latest whose time has come, and none that was given. */
export function clockRemindersDue(clocks: Clocks, nowMs: number): readonly DueReminder[] {
  const given = new Set(clocks.reminded);
  const come = remindersOf(clocks.state, nowMs).filter((r) => r.at <= nowMs && !given.has(r.id));
  const latest = new Map<string, DueReminder>();
  for (const reminder of come) {
    const passed = [...(latest.get(reminder.rule)?.passed ?? []), reminder.id];
    latest.set(reminder.rule, { reminder, passed });
  }
  return [...latest.values()];
}
