// Gives each record its meaning and its template.
import { type Description, describe } from './meaning/describe.ts';
import type { TimedRecord } from './read.ts';
import { createTemplateMiner, type TemplateMiner } from './template/miner.ts';

/** A record with what it means and the template it belongs to. */
export interface JudgedRecord {
  readonly timed: TimedRecord;
  readonly meaning: Description;
  readonly group: number;
  readonly templateId: string;
  readonly template: string;
}

/** Everything known of a source before its timeline is derived. */
export interface JudgedSource {
  readonly judged: readonly (JudgedRecord | null)[];
  readonly miner: TemplateMiner;
}

/** Judges the records of one source; null for what is no entry. Templates are settled over the whole source. */
export function judgeAll(records: readonly TimedRecord[]): JudgedSource {
  const miner = createTemplateMiner();
  const first = records.map((timed) =>
    timed.isEntry ? { timed, meaning: describe(timed.record), group: miner.add(timed.record) } : null,
  );
  miner.settle();
  const judged = first.map(
    (one) => one && { ...one, templateId: miner.idOf(one.group), template: miner.templateOf(one.group) },
  );
  return { judged, miner };
}
