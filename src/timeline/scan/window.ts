// A large source seen through a window: the whole of it when it is in memory, pieces of a file otherwise.
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { type ClassTable, classTable } from './class-table.ts';
import type { LineShape } from './line-shape.ts';
import { readInto } from './shape-columns.ts';

/** Bytes from `offset` on; `isLast` when the source ends with them. */
export interface Window {
  readonly bytes: Uint8Array;
  readonly offset: number;
  /** Where the byte stands that was to be kept. */
  readonly at: number;
  readonly isLast: boolean;
  /** Gives the shape of the line at a place, where another thread has read it already. Places never go back. */
  readonly shapeAt?: (start: number, into: LineShape) => boolean;
}

/** A source of windows. `next` keeps the bytes from `keepFrom` on (an index into the present window) and adds more behind them. */
export interface WindowSource {
  readonly size: number;
  /** The keys of the hashes that shapes are told by. */
  readonly keys: readonly [number, number];
  /** The classes of lines, for whoever reads them ahead. */
  readonly classes: ClassTable;
  readonly next: (keepFrom: number) => Window;
  readonly close: () => void;
}

/** Keys that a line's author cannot know. */
export function newKeys(): [number, number] {
  const seeds = randomBytes(8);
  return [seeds.readInt32LE(0), seeds.readInt32LE(4)];
}

/** Bytes in memory: one window. */
export function memoryWindow(bytes: Uint8Array): WindowSource {
  return {
    size: bytes.length,
    keys: newKeys(),
    classes: classTable(),
    next: (keepFrom) => ({ bytes, offset: 0, at: keepFrom, isLast: true }),
    close: () => {},
  };
}

const WINDOW_BYTES = 8 * 1024 * 1024;

/** A file from an offset on, eight megabytes at a time; the window grows only for a line that is longer. Throws when it cannot be opened. */
export function fileWindow(path: string, from = 0, keys = newKeys(), classes = classTable()): WindowSource {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  let buffer = new Uint8Array(0);
  let filled = 0;
  let offset = from;
  return {
    size,
    keys,
    classes,
    next(keepFrom) {
      if (buffer.length === 0) buffer = new Uint8Array(WINDOW_BYTES);
      buffer.copyWithin(0, keepFrom, filled);
      filled -= keepFrom;
      offset += keepFrom;
      if (filled > buffer.length / 2) {
        const grown = new Uint8Array(buffer.length * 2);
        grown.set(buffer.subarray(0, filled));
        buffer = grown;
      }
      filled += readInto(file, buffer.subarray(filled), offset + filled);
      const isLast = filled < buffer.length;
      return { bytes: buffer.subarray(0, filled), offset, at: 0, isLast };
    },
    close: () => closeSync(file),
  };
}
