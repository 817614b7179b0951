// The shapes of a stretch of a file as columns in shared memory: one thread reads ahead and fills them, another takes them.
import { readSync } from 'node:fs';
import type { ClassTable } from './class-table.ts';
import { PLAN_WIDTH } from './class-table.ts';
import { fourAt } from './four.ts';
import { type LineShape, MASK_ROOM, maskStart, newShape, type ShapeReader } from './line-shape.ts';
import { PARSERS, type StampClock, type StampParser } from './stamp-plan.ts';

/** Lines that begin in so many bytes belong to one stretch. */
export const STRETCH_BYTES = 2 * 1024 * 1024;
/** So many bytes behind it are at hand as well. */
export const BEHIND_BYTES = 512 * 1024;
/** Stretches that are in memory at a time. */
export const STRETCHES = 4;

const MOST_LINES = STRETCH_BYTES / 32;
const MOST_MASKS = STRETCH_BYTES / 8;
const LINE_WIDTH = 10;
const BUFFER_BYTES = STRETCH_BYTES + BEHIND_BYTES;
const HEAD_WORDS = 4;

// Places in the control words; behind them stands, for each stretch in memory, the number of the one that is ready, plus one.
export const NEXT = 0;
export const WANTED = 1;
export const STOPPED = 2;
export const READY = 3;

/** What both threads see. */
export interface SharedStretches {
  readonly control: Int32Array;
  readonly stretches: readonly Stretch[];
}

/** One stretch: its bytes, and the shapes of the lines that begin in it as far as there was room. */
export interface Stretch {
  /** Bytes read, and lines with a shape. */
  readonly head: Int32Array;
  readonly bytes: Uint8Array;
  readonly lines: Int32Array;
  readonly masks: Int32Array;
  /** The time of each line whose class was known. */
  readonly times: Float64Array;
}

const SIZES = [HEAD_WORDS * 4, BUFFER_BYTES, MOST_LINES * LINE_WIDTH * 4, MOST_MASKS * 2 * 4, MOST_LINES * 8];
const CONTROL_BYTES = Math.ceil(((READY + STRETCHES) * 4) / 8) * 8;
const WHOLE = SIZES.reduce((a, b) => a + b, 0);

/** The memory that both threads share. */
export const shareMemory = (): SharedArrayBuffer => new SharedArrayBuffer(CONTROL_BYTES + STRETCHES * WHOLE);

/** The parts of shared memory. */
export function partsOf(memory: SharedArrayBuffer): SharedStretches {
  let at = CONTROL_BYTES;
  const next = (size: number): number => {
    at += size;
    return at - size;
  };
  const [headSize, byteSize, lineSize, maskSize, timeSize] = SIZES as [number, number, number, number, number];
  return {
    control: new Int32Array(memory, 0, READY + STRETCHES),
    stretches: Array.from({ length: STRETCHES }, () => ({
      head: new Int32Array(memory, next(headSize), HEAD_WORDS),
      bytes: new Uint8Array(memory, next(byteSize), BUFFER_BYTES),
      lines: new Int32Array(memory, next(lineSize), MOST_LINES * LINE_WIDTH),
      masks: new Int32Array(memory, next(maskSize), MOST_MASKS * 2),
      times: new Float64Array(memory, next(timeSize), MOST_LINES),
    })),
  };
}

/** Reads from an offset of a file until the buffer is full or the file ends; answers the number of bytes. */
export function readInto(file: number, bytes: Uint8Array, offset: number): number {
  let filled = 0;
  for (let read = 1; read > 0 && filled < bytes.length; filled += read)
    read = readSync(file, bytes, filled, bytes.length - filled, offset + filled);
  return filled;
}

/** What lines are read with. */
export interface LineReading {
  readonly readShape: ShapeReader;
  readonly classes: ClassTable;
  readonly clock: StampClock;
}

/** Reads a stretch of a file into its place, and says that it is ready. */
export function readStretch(
  file: number,
  number: number,
  reading: LineReading,
  stretches: readonly Stretch[],
  control: Int32Array,
): void {
  const place = number % STRETCHES;
  const stretch = stretches[place] as Stretch;
  const filled = readInto(file, stretch.bytes, number * STRETCH_BYTES);
  fillShapes(stretch, number === 0, filled, reading);
  Atomics.store(control, READY + place, number + 1);
  Atomics.notify(control, READY + place);
}

/** Fills the columns of a stretch whose first bytes are in place. Of all but the first one, the line that it begins in is another's. */
function fillShapes(stretch: Stretch, isFirst: boolean, size: number, reading: LineReading): void {
  const { readShape, classes, clock } = reading;
  const { head, bytes, lines, masks, times } = stretch;
  const { plans } = classes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = newShape(masks);
  let at = 0;
  if (!isFirst) {
    const lf = bytes.indexOf(10);
    at = lf === -1 ? size : lf + 1;
  }
  const end = Math.min(size, STRETCH_BYTES);
  const lastMask = masks.length - MASK_ROOM;
  let line = 0;
  let maskAt = 0;
  while (at < end && line < MOST_LINES && maskAt <= lastMask) {
    shape.maskAt = maskAt;
    readShape(bytes, view, at, size, shape);
    // What reaches the end may be only the beginning of a line.
    if (shape.next >= size) break;
    const base = line * LINE_WIDTH;
    lines[base] = at;
    lines[base + 1] = shape.end;
    lines[base + 2] = shape.next;
    lines[base + 3] = shape.hash1;
    lines[base + 4] = shape.hash2;
    lines[base + 5] = shape.isPlain ? shape.maskCount : -1;
    lines[base + 6] = maskAt;
    const known = shape.isPlain ? classes.get(shape.hash1, shape.hash2) : -1;
    lines[base + 7] = known;
    if (known !== -1) {
      const plan = known * PLAN_WIDTH;
      const parse = PARSERS[plans[plan] as number] as StampParser;
      times[line] = parse(bytes, maskStart(shape, plans[plan + 1] as number), clock);
      lines[base + 8] = (plans[plan + 2] as number) === -1 ? -1 : fourAt(bytes, shape, plans[plan + 2] as number);
      lines[base + 9] = (plans[plan + 3] as number) === -1 ? -1 : fourAt(bytes, shape, plans[plan + 3] as number);
    }
    line++;
    maskAt += 2 * shape.maskCount;
    at = shape.next;
  }
  head[0] = size;
  head[1] = line;
}

/** Gives the shapes of a stretch to who goes through its lines in order; skipping is allowed, going back is not. */
export function shapesOf({ head, lines, masks, times }: Stretch): (start: number, into: LineShape) => boolean {
  const count = head[1] as number;
  let line = 0;
  return (start, into) => {
    while (line < count && (lines[line * LINE_WIDTH] as number) < start) line++;
    const base = line * LINE_WIDTH;
    if (line >= count || lines[base] !== start) return false;
    const masked = lines[base + 5] as number;
    into.end = lines[base + 1] as number;
    into.next = lines[base + 2] as number;
    into.hash1 = lines[base + 3] as number;
    into.hash2 = lines[base + 4] as number;
    into.isPlain = masked !== -1;
    into.maskCount = masked === -1 ? 0 : masked;
    into.masks = masks;
    into.maskAt = lines[base + 6] as number;
    into.known = lines[base + 7] as number;
    into.timeMs = times[line] as number;
    into.address1 = lines[base + 8] as number;
    into.address2 = lines[base + 9] as number;
    return true;
  };
}
