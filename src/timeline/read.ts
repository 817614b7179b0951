// From bytes to judged records and entries: one object a line, every byte accounted for.

import type { LogRecord } from './record.ts';
import { lineStarts } from './split/lines.ts';
import { type ReadRecord, readRecords } from './split/records.ts';
import { orderVotes } from './stamp/order-vote.ts';
import { type OrderVote, type ResolvedTime, resolveStamp } from './stamp/resolve.ts';
import type { EntryFlag, ReadOptions } from './types.ts';

/** One record with its time resolved. Line indices are 0-based; `reading` facts are in `record`. */
export interface TimedRecord {
  readonly first: number;
  readonly last: number;
  readonly isEntry: boolean;
  readonly record: LogRecord;
  readonly time: ResolvedTime;
  readonly flags: readonly EntryFlag[];
  readonly level: string | null;
  /** The order of its date's numbers is open. */
  readonly isOrderOpen: boolean;
  /** The order that its numbers alone prove. */
  readonly settledOrder: OrderVote;
  /** Only a time of day is written. */
  readonly isTimeOnly: boolean;
  /** Its time is of a record inside a carrier. */
  readonly hasCarrier: boolean;
}

/** Characters of a line that are read; what lies behind is kept and counted. */
export const LONGEST_LINE = 65_536;
const NO_TIME: ResolvedTime = { timeMs: null, precision: 's', zoneBasis: 'none', assumed: [] };

/** The lines of a source and its records in order. Deterministic; never throws on any bytes. */
export function readSource(bytes: Uint8Array, options: ReadOptions): { starts: Uint32Array; records: TimedRecord[] } {
  const starts = lineStarts(bytes);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cache: string[] = [];
  let cachedFrom = 0;
  const textOf = (i: number): string => {
    if (i < cachedFrom || i - cachedFrom >= 4096) {
      cache.length = 0;
      cachedFrom = i;
    }
    const known = cache[i - cachedFrom];
    if (known !== undefined) return known;
    const start = starts[i] as number;
    let end = starts[i + 1] as number;
    if (end > start && buffer[end - 1] === 10) end--;
    if (end > start && buffer[end - 1] === 13) end--;
    const text = buffer.toString('utf8', start, Math.min(end, start + LONGEST_LINE));
    cache[i - cachedFrom] = text;
    return text;
  };
  const read = [...readRecords({ has: (i) => i < starts.length - 1, textOf })];
  const votes = orderVotes();
  for (const one of read) votes.add(one);
  const vote = votes.result();
  const records = read.map((one) =>
    timed(one, options, vote, (starts[one.first + 1] as number) - (starts[one.first] as number)),
  );
  return { starts, records };
}

/** Completes a record's time. `lineBytes` is the length of its first line. */
export function timed(one: ReadRecord, options: ReadOptions, vote: OrderVote, lineBytes: number): TimedRecord {
  const { reading } = one;
  const flags: EntryFlag[] = [];
  if (reading?.isUptimeOnly) flags.push('uptime-only');
  if (lineBytes > LONGEST_LINE) flags.push('overlong');
  if (one.text.includes('\0') || one.text.includes('\ufffd')) flags.push('binary');
  let time = NO_TIME;
  if (reading?.stamp) {
    time = resolveStamp(reading.stamp, options, vote);
    // A carrier's time is better than an inner one that lies in the future.
    if (reading.carrier && (time.timeMs === null || time.timeMs > options.now + 86_400_000)) {
      const carrier = resolveStamp(reading.carrier, options, vote);
      if (carrier.timeMs !== null && carrier.timeMs <= options.now + 86_400_000) time = carrier;
    }
  }
  const record: LogRecord = {
    line: one.first + 1,
    format: reading?.format ?? 'text',
    text: one.text,
    message: reading?.message ?? one.text,
    fields: reading?.fields ?? {},
    timeMs: time.timeMs,
  };
  return {
    first: one.first,
    last: one.last,
    isEntry: one.isEntry,
    record,
    time,
    flags,
    level: reading?.fields['level'] ?? null,
    isOrderOpen: reading?.stamp?.numbers != null,
    settledOrder: reading?.stamp?.settledOrder ?? null,
    isTimeOnly: reading?.stamp?.timeOnly === true,
    hasCarrier: reading?.carrier !== undefined,
  };
}
