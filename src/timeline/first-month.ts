// In which month a source begins, when its lines state no year.
import { lineFile } from './split/line-file.ts';
import { readRecords } from './split/records.ts';
import { resolveStamp } from './stamp/resolve.ts';
import type { ReadOptions } from './types.ts';

const RECORDS_LOOKED_AT = 2_000;

/** The month (1 to 12) of the first line of a file whose date has no year, as it is written; null when there is none near the top. Throws when the file cannot be read. */
export function firstMonthOf(path: string, { now, overrides }: ReadOptions): number | null {
  const order = overrides?.dayMonthOrder;
  // As it is written: no zone moves it into another month.
  const options: ReadOptions = { now, zone: 'UTC', ...(order ? { overrides: { dayMonthOrder: order } } : {}) };
  const lines = lineFile(path);
  try {
    let left = RECORDS_LOOKED_AT;
    for (const { reading, last } of readRecords(lines)) {
      if (reading?.stamp && reading.stamp.year === null) {
        const { timeMs, assumed } = resolveStamp({ ...reading.stamp, offsetMinutes: 0 }, options);
        if (timeMs !== null && assumed.includes('year')) return new Date(timeMs).getUTCMonth() + 1;
      }
      left -= 1;
      if (left === 0) return null;
      lines.release(last + 1);
    }
    return null;
  } finally {
    lines.close();
  }
}
