// Counts what reading did with every line. lines = entries + continuations + unparsed, always.
import type { TimedRecord } from './read.ts';
import type { Assumption, Receipt } from './types.ts';

/** The version of the reading rules, part of every receipt: the same bytes and engine give the same timeline. */
export const ENGINE = 'countersign-timeline/1';

const UNPARSED_LINES_KEPT = 200;

/** The parts of a receipt that reading knows. */
export type ReadingReceipt = Omit<Receipt, 'duplicatesCollapsed' | 'manipulationLines' | 'clock'>;

/** What the entries of one kind add to the receipt: counted by reference, so that a million alike cost nothing. */
export interface Tally {
  readonly format: string;
  readonly assumed: readonly Assumption[];
  entries: number;
}

/** Counts records in any order; `finish` once. */
export interface ReceiptCounter {
  readonly add: (record: TimedRecord) => void;
  /** A tally to count further entries of the kind of a record on. */
  readonly tallyOf: (record: TimedRecord) => Tally;
  /** Widens the span of times. */
  readonly seeTime: (timeMs: number) => void;
  readonly finish: (lines: number, bytes: number) => ReadingReceipt;
}

/** A counter with nothing counted. */
export function receiptCounter(): ReceiptCounter {
  const tallies = new Map<string, Tally>();
  const unparsedLines: number[] = [];
  let continuations = 0;
  let unparsed = 0;
  let undated = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const tallyOf = ({ record, time }: TimedRecord): Tally => {
    const key = `${record.format} ${time.assumed.join()}`;
    let tally = tallies.get(key);
    if (!tally) {
      tally = { format: record.format, assumed: time.assumed, entries: 0 };
      tallies.set(key, tally);
    }
    return tally;
  };
  const seeTime = (timeMs: number): void => {
    if (timeMs < first) first = timeMs;
    if (timeMs > last) last = timeMs;
  };
  return {
    tallyOf,
    seeTime,
    add(one) {
      if (!one.isEntry) {
        unparsed += one.last - one.first + 1;
        for (let i = one.first; i <= one.last && unparsedLines.length < UNPARSED_LINES_KEPT; i++)
          unparsedLines.push(i + 1);
        return;
      }
      tallyOf(one).entries++;
      continuations += one.last - one.first;
      if (one.time.timeMs === null) undated++;
      else seeTime(one.time.timeMs);
    },
    finish(lines, bytes) {
      const formats = new Map<string, number>();
      const assumed: Record<Assumption, number> = { year: 0, zone: 0, dayMonthOrder: 0, date: 0 };
      let entries = 0;
      for (const tally of tallies.values()) {
        entries += tally.entries;
        formats.set(tally.format, (formats.get(tally.format) ?? 0) + tally.entries);
        for (const one of tally.assumed) assumed[one] += tally.entries;
      }
      return {
        lines,
        entries,
        continuations,
        unparsed,
        bytes,
        firstAt: Number.isFinite(first) ? new Date(first).toISOString() : null,
        lastAt: Number.isFinite(last) ? new Date(last).toISOString() : null,
        formats: [...formats]
          .map(([format, n]) => ({ format, entries: n }))
          .sort((a, b) => b.entries - a.entries || (a.format < b.format ? -1 : 1)),
        assumed,
        undated,
        unparsedLines,
        engine: ENGINE,
      };
    },
  };
}
