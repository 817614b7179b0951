// The line-by-line answer: one LogEntry an input line, in input order.
import { readFileSync, statSync } from 'node:fs';
import type { OnProgress } from './build.ts';
import { judgeAll } from './judge.ts';
import { type Description, describe } from './meaning/describe.ts';
import { readSource, type TimedRecord, timed } from './read.ts';
import { type LineFile, lineFile } from './split/line-file.ts';
import { type ReadRecord, readRecords } from './split/records.ts';
import { orderVotes } from './stamp/order-vote.ts';
import { createTemplateMiner } from './template/miner.ts';
import type { LogEntry, ReadOptions } from './types.ts';

/** Files up to this size are read at once, which asks every record but once. */
const SMALL_BYTES = 4 * 1024 * 1024;

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** What is known of an entry beyond its record. */
interface Judgement {
  readonly meaning: Description;
  readonly templateId: string;
  readonly template: string;
}

/**
 * Reads a source into one entry a line. Byte ranges are of the bytes as received: they hold the whole line with its line end.
 * `source` names it in every entry.
 */
export function readEntries(bytes: Uint8Array, options: ReadOptions, source?: string): LogEntry[] {
  const { starts, records } = readSource(bytes, options);
  const { judged } = judgeAll(records);
  const startOf = (i: number): number => starts[i] as number;
  return records.flatMap((one, i) => [...entriesOf(one, judged[i] ?? null, startOf, source)]);
}

/**
 * The same of a file of any size, entry by entry. Templates are settled over the whole file before the first entry, so it is
 * read twice; memory grows with templates, and four bytes with every entry. Throws when the file cannot be read.
 */
export function* readEntriesOfFile(
  path: string,
  options: ReadOptions,
  source?: string,
  onProgress?: OnProgress,
): Generator<LogEntry> {
  if (statSync(path).size <= SMALL_BYTES) {
    yield* readEntries(readFileSync(path), options, source);
    return;
  }
  const miner = createTemplateMiner();
  const votes = orderVotes();
  const groups = column();
  const lines = lineFile(path);
  let count = 0;
  for (const one of recordsOf(lines)) {
    votes.add(one);
    if (one.isEntry) groups.push(miner.add(timed(one, options, null, bytesOf(lines, one)).record));
    count = one.last + 1;
    onProgress?.(lines.startOf(one.first) / 2, count);
  }
  lines.close();
  miner.settle();
  const vote = votes.result();
  const again = lineFile(path, lines.size);
  let entry = 0;
  for (const one of recordsOf(again)) {
    const record = timed(one, options, vote, bytesOf(again, one));
    let judged: Judgement | null = null;
    if (one.isEntry) {
      const group = groups.at(entry++);
      judged = { meaning: describe(record.record), templateId: miner.idOf(group), template: miner.templateOf(group) };
    }
    yield* entriesOf(record, judged, again.startOf, source);
    onProgress?.((lines.size + again.startOf(one.first)) / 2, count);
  }
  again.close();
}

const bytesOf = (lines: LineFile, { first }: ReadRecord): number => lines.startOf(first + 1) - lines.startOf(first);

function* recordsOf(lines: LineFile): Generator<ReadRecord> {
  for (const one of readRecords(lines)) {
    yield one;
    lines.release(one.last + 1);
  }
}

/** Whole numbers, four bytes each. */
function column(): { readonly push: (value: number) => void; readonly at: (index: number) => number } {
  let values = new Int32Array(65_536);
  let size = 0;
  return {
    push(value) {
      if (size === values.length) {
        const more = new Int32Array(size * 2);
        more.set(values);
        values = more;
      }
      values[size++] = value;
    },
    at: (index) => values[index] as number,
  };
}

function* entriesOf(
  one: TimedRecord,
  judged: Judgement | null,
  startOf: (line: number) => number,
  source: string | undefined,
): Generator<LogEntry> {
  const named = source === undefined ? {} : { source };
  for (let i = one.first; i <= one.last; i++) {
    const range = { ...named, line: i + 1, byteStart: startOf(i), byteEnd: startOf(i + 1) };
    if (judged && i === one.first) {
      const { time, record } = one;
      yield {
        ...range,
        kind: 'entry',
        occurredAt: time.timeMs === null ? null : isoOf(time.timeMs),
        precision: time.timeMs === null ? null : time.precision,
        zoneBasis: time.zoneBasis,
        assumed: time.assumed,
        format: record.format,
        level: one.level,
        severity: judged.meaning.severity,
        templateId: judged.templateId,
        template: judged.template,
        entities: judged.meaning.entities,
        techniques: judged.meaning.techniques,
        flags: [...new Set([...one.flags, ...judged.meaning.flags])],
      };
    } else
      yield {
        ...range,
        ...(one.isEntry ? ({ kind: 'continuation', of: one.first + 1 } as const) : ({ kind: 'unparsed' } as const)),
        ...NOTHING,
      };
  }
}

const NOTHING = {
  occurredAt: null,
  precision: null,
  zoneBasis: 'none',
  assumed: [],
  format: null,
  level: null,
  severity: 0,
  templateId: null,
  template: null,
  entities: {},
  techniques: [],
  flags: [],
} as const;
