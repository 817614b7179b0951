// Gives each record its meaning and its template.
import { describe, TemplateMiner } from './interim.ts';
import type { TimedRecord } from './read.ts';
import type { Meaning } from './record.ts';

/** A record with what it means and the template it belongs to. */
export interface JudgedRecord {
  readonly timed: TimedRecord;
  readonly meaning: Meaning;
  readonly templateId: string;
  readonly template: string;
}

/** A judge for one source: templates are learned in the order of the records. */
export function judge(): (timed: TimedRecord) => JudgedRecord {
  const miner = new TemplateMiner();
  return (timed) => {
    const { id, template } = miner.add(timed.record);
    return { timed, meaning: describe(timed.record), templateId: id, template };
  };
}
