// A large source seen through a window: the whole of it when it is in memory, pieces of a file otherwise.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes from `offset` on; `isLast` when the source ends with them. */
export interface Window {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly isLast: boolean;
}

/** A source of windows. `next` keeps the bytes from `keepFrom` on (an index into the present window) and adds more behind them. */
export interface WindowSource {
  readonly size: number;
  readonly next: (keepFrom: number) => Window;
  readonly close: () => void;
}

/** Bytes in memory: one window. */
export function memoryWindow(bytes: Uint8Array): WindowSource {
  return { size: bytes.length, next: () => ({ bytes, offset: 0, isLast: true }), close: () => {} };
}

const WINDOW_BYTES = 8 * 1024 * 1024;

/** A file, eight megabytes at a time; the window grows only for a line that is longer. Throws when it cannot be opened. */
export function fileWindow(path: string): WindowSource {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  let buffer = new Uint8Array(WINDOW_BYTES);
  let filled = 0;
  let offset = 0;
  return {
    size,
    next(keepFrom) {
      buffer.copyWithin(0, keepFrom, filled);
      filled -= keepFrom;
      offset += keepFrom;
      if (filled > buffer.length / 2) {
        const grown = new Uint8Array(buffer.length * 2);
        grown.set(buffer.subarray(0, filled));
        buffer = grown;
      }
      let isLast = false;
      while (filled < buffer.length && !isLast) {
        const read = readSync(file, buffer, filled, buffer.length - filled, null);
        filled += read;
        isLast = read === 0;
      }
      return { bytes: buffer.subarray(0, filled), offset, isLast };
    },
    close: () => closeSync(file),
  };
}
