// Reads a large source. A line whose shape is known, and whose next line surely begins a record of its own, is read from its
// bytes; every other line goes the careful way, and teaches its shape. Both ways give the same, and samples check that they do.
import { asciiText } from '../names.ts';
import { LONGEST_LINE, type TimedRecord, timed } from '../read.ts';
import { type RecordReader, recordReader } from '../split/records.ts';
import type { OrderVote } from '../stamp/resolve.ts';
import type { ReadOptions, ZoneBasis } from '../types.ts';
import { undoDamage } from '../undo/undo.ts';
import { type Bytes, type Keeper, lineClasses } from './line-classes.ts';
import { type LineShape, maskEnd, maskStart, newShape, shapeReader } from './line-shape.ts';
import { stampClock } from './stamp-clock.ts';
import { planFor, type StampPlan } from './stamp-plan.ts';
import { beginsAnywhere, standsAlone } from './stands-alone.ts';
import type { WindowSource } from './window.ts';

/** Where a record of one plain line stands. */
export interface SingleLine {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly shape: LineShape;
}

/** Who takes what is read, in input order. */
export interface ScanSink<Kept> extends Keeper<Kept> {
  /** A record that was read the careful way. What it answers is given back with every later line of the same shape; null: never skip. */
  readonly record: (record: TimedRecord, single: SingleLine | null, offset: number) => Kept | null;
  /** A line of a known shape. False when it has to be read the careful way after all. */
  readonly known: (
    kept: Kept,
    line: number,
    timeMs: number,
    bytes: Uint8Array,
    start: number,
    shape: LineShape,
    offset: number,
  ) => boolean;
  readonly progress?: (bytesRead: number, lines: number) => void;
}

const DAY_MS = 86_400_000;
/** How far behind the last line of a window a record may reach. */
const LOOK_AHEAD = 512 * 1024;
/** Every so manyth known line is read the careful way as well. */
const SAMPLE = 4096;

/** Reads a whole source into a sink. Answers the number of lines and bytes. */
export function scan<Kept>(
  source: WindowSource,
  options: ReadOptions,
  vote: OrderVote,
  sink: ScanSink<Kept>,
): { lines: number; bytes: number } {
  const readShape = shapeReader(source.keys[0], source.keys[1]);
  const clock = stampClock(options);
  const lineStarts: number[] = [];
  let firstLine = 0;
  let window = source.next(0);
  const here: Bytes = { bytes: window.bytes, view: viewOf(window.bytes), limit: window.bytes.length };
  const learned = newShape();
  let line = 0;
  let at = window.at;

  const shapeOf = (start: number, into: LineShape): void => {
    if (window.shapeAt?.(start, into)) return;
    into.masks = into.room;
    into.maskAt = 0;
    readShape(here.bytes, here.view, start, here.limit, into);
  };
  const hasLine = (index: number): boolean => {
    while (lineStarts.length <= index - firstLine) {
      const last = lineStarts[lineStarts.length - 1] as number;
      const lf = here.bytes.indexOf(10, last);
      if (lf === -1 || lf + 1 >= here.limit) return false;
      lineStarts.push(lf + 1);
    }
    return true;
  };
  let cache = new Map<number, string>();
  const textOf = (index: number): string => {
    const known = cache.get(index);
    if (known !== undefined) return known;
    hasLine(index);
    const start = lineStarts[index - firstLine] as number;
    const lf = here.bytes.indexOf(10, start);
    let end = lf === -1 ? here.limit : lf;
    if (end > start && window.bytes[end - 1] === 13) end--;
    const text = Buffer.from(
      window.bytes.buffer,
      window.bytes.byteOffset + start,
      Math.min(end - start, LONGEST_LINE),
    ).toString('utf8');
    cache.set(index, text);
    return text;
  };
  const reader: RecordReader = recordReader({ has: hasLine, textOf });

  const classes = lineClasses(source, here, clock, reader.tableNumber, sink);

  /** The plan that reads the time of the line just read with care, and of every line of its shape. */
  const planOf = (record: TimedRecord, text: string): StampPlan | null =>
    standsAlone(record, text)
      ? planFor(here.bytes, learned, clock, record.time.timeMs as number, isWritten(record.time.zoneBasis))
      : null;

  const careful = (): void => {
    if (firstLine !== line || lineStarts[0] !== at) {
      const from = line - firstLine;
      if (firstLine >= 0 && from > 0 && lineStarts[from] === at) lineStarts.splice(0, from);
      else {
        lineStarts.length = 0;
        lineStarts.push(at);
      }
      firstLine = line;
      if (cache.size > 4096) cache = new Map();
    }
    const { records, next } = reader.step(line);
    for (const one of records) {
      const start = lineStarts[one.first - firstLine] as number;
      const end = hasLine(one.first + 1) ? (lineStarts[one.first + 1 - firstLine] as number) : here.limit;
      const record = timed(one, options, vote, end - start);
      const raw =
        record.isEntry && record.first === record.last && record.time.timeMs !== null ? textOf(one.first) : null;
      const isAsWritten =
        raw !== null &&
        raw.length === one.text.length &&
        raw === undoDamage(raw) &&
        !record.isOrderOpen &&
        !record.isTimeOnly &&
        record.settledOrder === null;
      if (isAsWritten) readShape(here.bytes, here.view, start, here.limit, learned);
      const isKnowable = isAsWritten && learned.isPlain && hasNamesAside(record, raw as string, learned, start);
      const which = isKnowable ? classes.of(learned) : -1;
      const known = which === -1 ? null : classes.get(which);
      // Its shape is known, and only its neighbours were in doubt: reading it both ways checks the plan.
      if (
        known !== null &&
        classes.timeOf(known, learned) === record.time.timeMs &&
        standsAlone(record, raw as string) &&
        sink.known(
          known.kept,
          one.first,
          record.time.timeMs as number,
          window.bytes,
          start,
          learned,
          window.offset + start,
        )
      )
        continue;
      const plan = isKnowable && which === -1 ? planOf(record, raw as string) : null;
      const kept = sink.record(
        record,
        plan === null ? null : { bytes: window.bytes, start, shape: learned },
        window.offset + start,
      );
      if (plan === null || kept === null) continue;
      const isYearless = (plan.kind === 'month-day' || plan.kind === 'glog') && options.overrides?.year === undefined;
      const latestMs =
        record.hasCarrier || isYearless ? options.now + DAY_MS + Math.min(0, clock.offsetMs) : Number.POSITIVE_INFINITY;
      classes.learn(start, learned, { kept, parser: plan.parser, mask: plan.mask, latestMs });
    }
    for (let i = line; i < next; i++) cache.delete(i);
    at = hasLine(next) ? (lineStarts[next - firstLine] as number) : here.limit;
    line = next;
  };

  const nextWindow = (): void => {
    window = source.next(at);
    here.bytes = window.bytes;
    here.view = viewOf(window.bytes);
    here.limit = window.bytes.length;
    at = window.at;
    lineStarts.length = 0;
    firstLine = -1;
    cache = new Map();
  };
  /** Whether a line of no known shape is empty or begins a record of its own. */
  const isOwnLine = (start: number, { end, next, isPlain }: LineShape): boolean => {
    if (end === start) return true;
    if (!isPlain || next >= here.limit) return false;
    const text = asciiText(window.bytes, start, end);
    return text === undoDamage(text) && beginsAnywhere(text);
  };
  let shape = newShape();
  let nextShape = newShape();
  let reportAt = 0;
  for (;;) {
    if (!window.isLast && here.limit - at < LOOK_AHEAD) nextWindow();
    if (at >= here.limit) break;
    if (sink.progress && window.offset + at >= reportAt) {
      reportAt = window.offset + at + 1_048_576;
      sink.progress(window.offset + at, line);
    }
    shapeOf(at, shape);
    // The line is longer than the window.
    while (shape.next >= here.limit && !window.isLast) {
      nextWindow();
      shapeOf(at, shape);
    }
    let which = classes.at(at, shape);
    if (which === -1) {
      careful();
      continue;
    }
    // Known lines one after another, each kept while the next is looked at.
    for (;;) {
      const start = at;
      const known = classes.get(which);
      const timeMs = classes.timeOf(known, shape);
      const isNextHere = shape.next < here.limit;
      if (isNextHere) shapeOf(shape.next, nextShape);
      const nextClass = isNextHere ? classes.at(shape.next, nextShape) : -1;
      const isAlone = nextClass !== -1 || (isNextHere ? isOwnLine(shape.next, nextShape) : window.isLast);
      if (
        !(timeMs <= known.latestMs) ||
        !isAlone ||
        line % SAMPLE === SAMPLE - 1 ||
        !sink.known(known.kept, line, timeMs, window.bytes, start, shape, window.offset + start)
      ) {
        careful();
        break;
      }
      line++;
      at = shape.next;
      which = nextClass;
      const used = shape;
      shape = nextShape;
      nextShape = used;
      if (which === -1 || here.limit - at < LOOK_AHEAD) break;
    }
  }
  sink.progress?.(window.offset + here.limit, line);
  source.close();
  return { lines: line, bytes: window.offset + here.limit };
}

/** Whether a record's template is learned from other parts of it than the names of users. */
const hasNamesAside = ({ record }: TimedRecord, text: string, shape: LineShape, start: number): boolean => {
  for (let i = 0; i < shape.doubtCount; i++) {
    const mask = shape.doubtMask[i] as number;
    const part = text.slice(maskStart(shape, mask) - start, maskEnd(shape, mask) - start);
    if (/^\d/.test(part) || record.fields['method'] !== undefined) continue;
    const isByFields = /^\s*[{[]/.test(record.message) && Object.keys(record.fields).length > 2;
    if (!isByFields && record.message.includes(`"${part}"`)) return false;
  }
  return true;
};

const isWritten = (basis: ZoneBasis): boolean => basis === 'stated' || basis === 'source';

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
