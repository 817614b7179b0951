// The timeline of a large source: records the scan reads the careful way are judged, and speak for every line of their shape.
import type { OnProgress } from '../build.ts';
import { APART_MS, type Judged } from '../collapse.ts';
import { createDerivation, isEveryday } from '../derive.ts';
import { recognise } from '../formats/recognise.ts';
import { describe } from '../meaning/describe.ts';
import type { TimedRecord } from '../read.ts';
import { receiptCounter, type Tally } from '../receipt.ts';
import type { LogRecord } from '../record.ts';
import type { OrderVote } from '../stamp/resolve.ts';
import { createTemplateMiner } from '../template/miner.ts';
import type { Entities, OwnAssets, ReadOptions, Timeline } from '../types.ts';
import { addressTable } from './address-table.ts';
import type { LineShape } from './line-shape.ts';
import { type SingleLine, scan } from './scan.ts';
import { type Span, spanEnd, spanOf, spanStart } from './span.ts';
import type { WindowSource } from './window.ts';
import { wordTable } from './word-table.ts';

/** From so many addresses on, everyday records are no longer told apart by theirs. */
const CROWD = 10_000;

type Name = 'srcIp' | 'dstIp' | 'user' | 'host';
const NAMES: readonly Name[] = ['srcIp', 'dstIp', 'user', 'host'];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What the lines of one shape have in common, and where they differ. */
interface Kept {
  readonly judged: Judged;
  readonly names: Mutable<Entities>;
  readonly line: LineRecord;
  readonly tally: Tally;
  readonly varying: readonly { readonly name: Name; readonly span: Span }[];
  /** Set for everyday records: what came since the last of them was handed on. */
  readonly run: OpenRun | null;
}

interface OpenRun {
  sample: Judged | null;
  readonly hasAddress: boolean;
  readonly host: Span | null;
  count: number;
  firstMs: number;
  lastMs: number;
  lines: number[];
}

/** The record of a known line. Its text is only made when somebody asks for it, and its fields are then read the careful way. */
class LineRecord implements LogRecord {
  line = 0;
  timeMs: number | null = null;
  readonly format: string;
  private bytes: Uint8Array | null = null;
  private start = 0;
  private end = 0;

  constructor(format: string) {
    this.format = format;
  }

  /** A record of its own for what is shown, that lasts. */
  held(): LineRecord {
    const copy = new LineRecord(this.format);
    copy.show(
      this.line,
      this.timeMs as number,
      Uint8Array.from(this.bytes?.subarray(this.start, this.end) ?? []),
      0,
      this.end - this.start,
    );
    return copy;
  }

  show(line: number, timeMs: number, bytes: Uint8Array, start: number, end: number): void {
    this.line = line;
    this.timeMs = timeMs;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  get text(): string {
    return this.bytes === null ? '' : textOf(this.bytes, this.start, this.end);
  }

  get message(): string {
    return recognise(this.text).message;
  }

  get fields(): Readonly<Record<string, string>> {
    return recognise(this.text).fields;
  }
}

/** Reads a source of any size and derives its timeline. `open` gives the source from its start, and again when a second reading is needed. */
export function deriveLarge(
  open: (isFirst: boolean) => WindowSource,
  options: ReadOptions,
  own: OwnAssets | undefined,
  onProgress: OnProgress | undefined,
): Timeline {
  const first = deriveOnce(open(true), options, null, own, onProgress);
  // Dates whose order the numbers leave open follow the clear ones of the same source.
  return first.vote !== null && first.isOrderOpen
    ? deriveOnce(open(false), options, first.vote, own, onProgress).timeline
    : first.timeline;
}

function deriveOnce(
  source: WindowSource,
  options: ReadOptions,
  vote: OrderVote,
  own: OwnAssets | undefined,
  onProgress: OnProgress | undefined,
): { timeline: Timeline; vote: OrderVote; isOrderOpen: boolean } {
  const miner = createTemplateMiner();
  const derivation = createDerivation(own);
  const counter = receiptCounter();
  const addresses = addressTable();
  const words = wordTable();
  const settled = new Set<OrderVote>();
  let isOrderOpen = false;
  const runs: OpenRun[] = [];
  const flush = (run: OpenRun): void => {
    if (run.count > 0 && run.sample !== null)
      derivation.addRun(run.sample, { ...run, isManyAddresses: run.hasAddress });
    run.count = 0;
    run.lines = [];
  };
  const nameAll = (kept: Kept, from: Uint8Array, start: number, shape: LineShape): void => {
    for (const { name, span } of kept.varying) {
      const begin = spanStart(span, shape, start);
      const end = spanEnd(span, shape, start);
      const isAddress = name === 'srcIp' || name === 'dstIp';
      // Addresses beyond the table come once each: remembering them would only push out the names.
      kept.names[name] = isAddress
        ? (addresses.at(from, begin, end) ?? textOf(from, begin, end))
        : words.at(from, begin, end);
    }
  };
  const { lines, bytes } = scan<Kept>(source, options, vote, {
    ...(onProgress ? { progress: onProgress } : {}),
    record(timed, single) {
      counter.add(timed);
      if (timed.settledOrder) settled.add(timed.settledOrder);
      if (timed.isOrderOpen) isOrderOpen = true;
      if (!timed.isEntry) return null;
      const judged: Judged = {
        ...timed.time,
        record: timed.record,
        flags: timed.flags,
        meaning: describe(timed.record),
        group: miner.add(timed.record),
      };
      derivation.add(judged);
      return single === null ? null : keep(timed, judged, counter.tallyOf(timed), single);
    },
    known(kept, line, timeMs, from, start, shape) {
      kept.tally.entries++;
      counter.seeTime(timeMs);
      const { run } = kept;
      if (run !== null && (!run.hasAddress || addresses.size() >= CROWD)) {
        if (run.count > 0 && Math.abs(timeMs - run.lastMs) > APART_MS) flush(run);
        const host =
          run.host === null
            ? (kept.names.host ?? '')
            : words.at(from, spanStart(run.host, shape, start), spanEnd(run.host, shape, start));
        derivation.tick(kept.line.format, host, line + 1, timeMs);
        if (run.sample === null) {
          kept.line.show(line + 1, timeMs, from, start, shape.end);
          nameAll(kept, from, start, shape);
          const { meaning } = kept.judged;
          run.sample = {
            ...kept.judged,
            record: kept.line.held(),
            meaning: { ...meaning, entities: { ...kept.names } },
          };
          runs.push(run);
        }
        if (run.count++ === 0) run.firstMs = run.lastMs = timeMs;
        else if (timeMs < run.firstMs) run.firstMs = timeMs;
        if (timeMs > run.lastMs) run.lastMs = timeMs;
        if (run.lines.length < 20) run.lines.push(line + 1);
        return;
      }
      kept.line.show(line + 1, timeMs, from, start, shape.end);
      nameAll(kept, from, start, shape);
      derivation.add(kept.judged);
    },
  });
  for (const run of runs) flush(run);
  miner.settle();
  const { receipt, ...derived } = derivation.finish(miner);
  const [only] = settled;
  return {
    timeline: { receipt: { ...counter.finish(lines, bytes), ...receipt }, ...derived },
    vote: settled.size === 1 && only ? only : null,
    isOrderOpen,
  };
}

/** Bytes known to be ASCII as text. */
function textOf(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > 24) return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}

function keep(timed: TimedRecord, judged: Judged, tally: Tally, { bytes, start, shape }: SingleLine): Kept | null {
  const varying: { name: Name; span: Span }[] = [];
  const text = textOf(bytes, start, shape.end);
  for (const name of NAMES) {
    const value = judged.meaning.entities[name];
    if (value === undefined) continue;
    const at = text.indexOf(value);
    const span = at === -1 ? null : spanOf(shape, start, start + at, start + at + value.length);
    if (span === null) return null;
    if (!span.isConstant) varying.push({ name, span });
  }
  const line = new LineRecord(timed.record.format);
  const names: Mutable<Entities> = { ...judged.meaning.entities };
  const varies = (name: Name): Span | null => varying.find((one) => one.name === name)?.span ?? null;
  const canRun = isEveryday(judged) && varies('user') === null;
  const run = canRun
    ? {
        sample: null,
        hasAddress: varies('srcIp') !== null,
        host: varies('host'),
        count: 0,
        firstMs: 0,
        lastMs: 0,
        lines: [],
      }
    : null;
  return {
    judged: { ...judged, record: line, meaning: { ...judged.meaning, entities: names } },
    names,
    line,
    tally,
    varying,
    run,
  };
}
