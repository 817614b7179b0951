// Small reminders that are given once each: no commander, a step or a question past its time. The record is what keeps them single.
import type { LedgerRecord, NewRecord } from '../audit/record.ts';

export interface Nudges {
  /** What was nudged about: `commander/5`, `step/<run>/<step>`, `question/QU-1`. */
  readonly given: readonly string[];
}

export const noNudges: Nudges = { given: [] };

export type NudgeRecord = NewRecord<'nudge.given', { readonly about: readonly string[] }>;

/** Folds one record; records of other nouns leave it as it is. */
export const evolveNudges = (nudges: Nudges, stored: LedgerRecord): Nudges =>
  stored.type === 'nudge.given'
    ? { given: [...nudges.given, ...(stored as unknown as NudgeRecord).body.about] }
    : nudges;
