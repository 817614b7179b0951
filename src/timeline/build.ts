// From the bytes of one source to its timeline and receipt.
import { judgeAll } from './judge.ts';
import { readSource, type TimedRecord } from './read.ts';
import type { Assumption, DerivedEvent, ReadOptions, Receipt, Timeline } from './types.ts';

/** The version of the reading rules, part of every receipt: the same bytes and engine give the same timeline. */
export const ENGINE = 'countersign-timeline/1';

/** Reads one source and derives its timeline. Deterministic for the same bytes and options. */
export function buildTimeline(bytes: Uint8Array, options: ReadOptions): Timeline {
  const { starts, records } = readSource(bytes, options);
  const judged = judgeAll(records).filter((one) => one !== null);
  const events: DerivedEvent[] = [];
  const byKey = new Map<string, DerivedEvent & { lines: number[]; count: number; lastAt: string }>();
  for (const { timed, meaning, templateId } of judged) {
    if (timed.time.timeMs === null) continue;
    const at = new Date(timed.time.timeMs).toISOString();
    const key = `${templateId} ${meaning.entities.srcIp ?? ''}`;
    const known = byKey.get(key);
    if (known) {
      known.count++;
      if (at > known.lastAt) known.lastAt = at;
      if (known.lines.length < 20) known.lines.push(timed.first + 1);
      continue;
    }
    const event = {
      occurredAt: at,
      lastAt: at,
      precision: timed.time.precision,
      zoneBasis: timed.time.zoneBasis,
      assumed: timed.time.assumed,
      count: 1,
      lines: [timed.first + 1],
      message: timed.record.message.slice(0, 400),
      format: timed.record.format,
      severity: meaning.severity,
      score: meaning.severity,
      reasons: [],
      templateId,
      entities: meaning.entities,
      techniques: meaning.techniques,
      flags: meaning.flags,
    };
    byKey.set(key, event);
    events.push(event);
  }
  events.sort((a, b) => b.score - a.score || (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
  return {
    receipt: receiptOf(starts, records),
    events,
    indicators: [],
    attackers: [],
    initialAccess: [],
    scope: { hosts: [], users: [], addresses: [], how: '' },
  };
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
