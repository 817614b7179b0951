// Reads a large source. A line whose shape is known, and whose next line surely begins a record of its own, is read from its
// bytes; every other line goes the careful way, and teaches its shape. Both ways give the same, and samples check that they do.
import { LONGEST_LINE, type TimedRecord, timed } from '../read.ts';
import { type RecordReader, recordReader } from '../split/records.ts';
import { daysInMonth, utcMs } from '../stamp/calendar.ts';
import type { OrderVote } from '../stamp/resolve.ts';
import { zoneClock } from '../stamp/zone.ts';
import type { ReadOptions } from '../types.ts';
import { undoDamage } from '../undo/undo.ts';
import { classTable } from './class-table.ts';
import { type LineShape, newShape, shapeReader } from './line-shape.ts';
import { PARSERS, planFor, type StampClock, type StampParser, type StampPlan } from './stamp-plan.ts';
import { standsAlone } from './stands-alone.ts';
import type { WindowSource } from './window.ts';

/** Where a record of one plain line stands. */
export interface SingleLine {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly shape: LineShape;
}

/** Who takes what is read, in input order. */
export interface ScanSink<Kept> {
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

interface LineClass<Kept> {
  readonly kept: Kept;
  readonly parse: StampParser;
  /** The masked part at which the stamp stands. */
  readonly mask: number;
  readonly latestMs: number;
}

const DAY_MS = 86_400_000;
const FURTHEST_ZONE_MS = 15 * 3_600_000;
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
  const table = classTable();
  const classes: LineClass<Kept>[] = [];
  const clock = stampClock(options);
  const lineStarts: number[] = [];
  let firstLine = 0;
  let window = source.next(0);
  let limit = window.bytes.length;
  let view = viewOf(window.bytes);
  const learned = newShape();
  let line = 0;
  let at = window.at;

  const shapeOf = (start: number, into: LineShape): void => {
    if (window.shapeAt === undefined || !window.shapeAt(start, into)) readShape(window.bytes, view, start, limit, into);
  };
  const hasLine = (index: number): boolean => {
    while (lineStarts.length <= index - firstLine) {
      const last = lineStarts[lineStarts.length - 1] as number;
      const lf = window.bytes.indexOf(10, last);
      if (lf === -1 || lf + 1 >= limit) return false;
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
    const lf = window.bytes.indexOf(10, start);
    let end = lf === -1 ? limit : lf;
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

  const classOf = (shape: LineShape): number =>
    shape.isPlain ? table.get(shape.hash1 ^ reader.tableNumber(), shape.hash2) : -1;
  const timeBy = ({ parse, mask }: LineClass<Kept>, shape: LineShape): number =>
    parse(window.bytes, shape.maskStart[mask] as number, clock);
  /** The plan that reads the time of the line just read with care, and of every line of its shape. */
  const planOf = (record: TimedRecord, text: string): StampPlan | null =>
    standsAlone(record, text)
      ? planFor(window.bytes, learned.maskStart, learned.maskCount, clock, record.time.timeMs as number)
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
      const end = hasLine(one.first + 1) ? (lineStarts[one.first + 1 - firstLine] as number) : limit;
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
      if (isAsWritten) readShape(window.bytes, view, start, limit, learned);
      const isKnowable = isAsWritten && learned.isPlain;
      const which = isKnowable ? classOf(learned) : -1;
      const known = which === -1 ? null : (classes[which] as LineClass<Kept>);
      // Its shape is known, and only its neighbours were in doubt: reading it both ways checks the plan.
      if (
        known !== null &&
        timeBy(known, learned) === record.time.timeMs &&
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
      if (table.set(learned.hash1 ^ reader.tableNumber(), learned.hash2, classes.length))
        classes.push({ kept, parse: PARSERS[plan.kind], mask: plan.mask, latestMs });
    }
    for (let i = line; i < next; i++) cache.delete(i);
    at = hasLine(next) ? (lineStarts[next - firstLine] as number) : limit;
    line = next;
  };

  const nextWindow = (): void => {
    window = source.next(at);
    limit = window.bytes.length;
    view = viewOf(window.bytes);
    at = window.at;
    lineStarts.length = 0;
    firstLine = -1;
    cache = new Map();
  };
  let shape = newShape();
  let nextShape = newShape();
  let reportAt = 0;
  for (;;) {
    if (!window.isLast && limit - at < LOOK_AHEAD) nextWindow();
    if (at >= limit) break;
    if (sink.progress && window.offset + at >= reportAt) {
      reportAt = window.offset + at + 1_048_576;
      sink.progress(window.offset + at, line);
    }
    shapeOf(at, shape);
    // The line is longer than the window.
    while (shape.next >= limit && !window.isLast) {
      nextWindow();
      shapeOf(at, shape);
    }
    let which = classOf(shape);
    if (which === -1) {
      careful();
      continue;
    }
    // Known lines one after another, each kept while the next is looked at.
    for (;;) {
      const start = at;
      const known = classes[which] as LineClass<Kept>;
      const timeMs = timeBy(known, shape);
      const isNextHere = shape.next < limit;
      if (isNextHere) shapeOf(shape.next, nextShape);
      const nextClass = isNextHere ? classOf(nextShape) : -1;
      const isAlone = nextClass !== -1 || (isNextHere ? nextShape.end === shape.next : window.isLast);
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
      if (which === -1 || limit - at < LOOK_AHEAD) break;
    }
  }
  sink.progress?.(window.offset + limit, line);
  source.close();
  return { lines: line, bytes: window.offset + limit };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function stampClock(options: ReadOptions): StampClock {
  const zone = zoneClock(options.zone);
  const isUtc = zone === zoneClock('UTC');
  const years = new Float64Array(13 * 32);
  for (let month = 1; month <= 12; month++)
    for (let day = 1; day <= 31; day++) years[month * 32 + day] = yearOf(month, day, options);
  return {
    zone: isUtc ? null : zone,
    offsetMs: options.overrides?.clockOffsetMs ?? 0,
    yearOf: (month, day) => years[month * 32 + day] as number,
  };
}

/**
 * The year of a year-less date: the last in which a part of that day, in any zone, may be past. A time of it that is not past
 * after all shows by itself, and is read the careful way.
 */
function yearOf(month: number, day: number, options: ReadOptions): number {
  if (options.overrides?.year !== undefined) return options.overrides.year;
  const latest = options.now + DAY_MS;
  for (let year = new Date(latest).getUTCFullYear() + 1, i = 0; i < 10; i++, year--) {
    if (day > daysInMonth(year, month)) continue;
    const start = utcMs(year, month, day, 0, 0, 0);
    if (start - FURTHEST_ZONE_MS <= latest) return year;
  }
  return Number.NaN;
}
