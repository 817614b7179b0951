// Gives each record its meaning and its template.
import { type Description, describe } from './meaning/describe.ts';
import type { TimedRecord } from './read.ts';
import { createTemplateMiner } from './template/miner.ts';

/** A record with what it means and the template it belongs to. */
export interface JudgedRecord {
  readonly timed: TimedRecord;
  readonly meaning: Description;
  readonly templateId: string;
  readonly template: string;
}

/** Judges the records of one source; null for what is no entry. Templates are settled over the whole source. */
export function judgeAll(records: readonly TimedRecord[]): (JudgedRecord | null)[] {
  const miner = createTemplateMiner();
  const judged = records.map((timed) =>
    timed.isEntry ? { timed, meaning: describe(timed.record), group: miner.add(timed.record) } : null,
  );
  miner.settle();
  return judged.map(
    (one) =>
      one && {
        timed: one.timed,
        meaning: one.meaning,
        templateId: miner.idOf(one.group),
        template: miner.templateOf(one.group),
      },
  );
}
