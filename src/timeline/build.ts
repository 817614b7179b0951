// From the bytes of one source to its timeline and receipt.
import { createDerivation } from './derive.ts';
import { judgeAll } from './judge.ts';
import { readSource, type TimedRecord } from './read.ts';
import type { Assumption, OwnAssets, ReadOptions, Receipt, Timeline } from './types.ts';

/** The version of the reading rules, part of every receipt: the same bytes and engine give the same timeline. */
export const ENGINE = 'countersign-timeline/1';

/** Reads one source and derives its timeline. Deterministic for the same bytes and options. */
export function buildTimeline(bytes: Uint8Array, options: ReadOptions, own?: OwnAssets): Timeline {
  const { starts, records } = readSource(bytes, options);
  const { judged, miner } = judgeAll(records);
  const derivation = createDerivation(own);
  for (const one of judged) {
    if (one === null) continue;
    const { timed, meaning, group } = one;
    derivation.add({ ...timed.time, record: timed.record, flags: timed.flags, meaning, group });
  }
  const { receipt, ...derived } = derivation.finish(miner);
  return { receipt: { ...receiptOf(starts, records), ...receipt }, ...derived };
}

function receiptOf(starts: Uint32Array, records: readonly TimedRecord[]): Receipt {
  const formats = new Map<string, number>();
  const assumed: Record<Assumption, number> = { year: 0, zone: 0, dayMonthOrder: 0, date: 0, clock: 0 };
  const unparsedLines: number[] = [];
  let entries = 0;
  let continuations = 0;
  let unparsed = 0;
  let undated = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { isEntry, first: from, last: to, record, time } of records) {
    if (!isEntry) {
      unparsed += to - from + 1;
      for (let i = from; i <= to && unparsedLines.length < 200; i++) unparsedLines.push(i + 1);
      continue;
    }
    entries++;
    continuations += to - from;
    formats.set(record.format, (formats.get(record.format) ?? 0) + 1);
    for (const a of time.assumed) assumed[a]++;
    if (time.timeMs === null) undated++;
    else {
      first = Math.min(first, time.timeMs);
      last = Math.max(last, time.timeMs);
    }
  }
  const lines = starts.length - 1;
  return {
    lines,
    entries,
    continuations,
    unparsed,
    bytes: starts[lines] as number,
    firstAt: first === Number.POSITIVE_INFINITY ? null : new Date(first).toISOString(),
    lastAt: last === Number.NEGATIVE_INFINITY ? null : new Date(last).toISOString(),
    formats: [...formats]
      .map(([format, n]) => ({ format, entries: n }))
      .sort((a, b) => b.entries - a.entries || (a.format < b.format ? -1 : 1)),
    assumed,
    undated,
    unparsedLines,
    duplicatesCollapsed: 0,
    manipulationLines: [],
    clock: [],
    engine: ENGINE,
  };
}
