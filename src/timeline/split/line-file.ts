// The lines of a file as they are needed: what lies behind is let go, so that memory holds a record and not a file.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { LONGEST_LINE } from '../read.ts';
import type { LineSource } from './records.ts';

const CHUNK = 4 * 1024 * 1024;
const FORGOTTEN_AT_ONCE = 4096;

/** Lines by index from the front to the back. Only lines from the last released one on may be asked for. */
export interface LineFile extends LineSource {
  /** Offset of the first byte of a line; of the line behind the last one, the size of the file. */
  readonly startOf: (index: number) => number;
  /** Lets go of everything before a line. */
  readonly release: (index: number) => void;
  readonly close: () => void;
}

/** Opens a file for reading line by line, `chunk` bytes at a time; `upTo` leaves out what was added since. Throws when it cannot be opened. */
export function lineFile(
  path: string,
  upTo = Number.POSITIVE_INFINITY,
  chunk = CHUNK,
): LineFile & { readonly size: number } {
  const file = openSync(path, 'r');
  const size = Math.min(fstatSync(file).size, upTo);
  let buffer = Buffer.alloc(chunk);
  let filled = 0;
  let offset = 0;
  /** Starts of the lines from `first` on; the last of them may be the end of what is read so far. */
  let starts: number[] = [0];
  let first = 0;
  /** Lines before this one are let go, and forgotten many at a time. */
  let released = 0;
  let texts = new Map<number, string>();
  /** Bytes of the buffer that were looked through for line ends. */
  let searched = 0;

  const isAllRead = (): boolean => offset + filled >= size;
  const more = (): void => {
    const keepFrom = (starts[released - first] as number) - offset;
    if (keepFrom > 0) {
      buffer.copyWithin(0, keepFrom, filled);
      filled -= keepFrom;
      searched -= keepFrom;
      offset += keepFrom;
    }
    if (filled === buffer.length) {
      const grown = Buffer.alloc(buffer.length * 2);
      buffer.copy(grown, 0, 0, filled);
      buffer = grown;
    }
    const read = readSync(
      file,
      buffer,
      filled,
      Math.min(buffer.length - filled, size - offset - filled),
      offset + filled,
    );
    if (read === 0) throw new Error('the file became shorter while it was read');
    filled += read;
  };
  /** Finds starts up to that of the line behind `index`; false when the file has no such line. */
  const reach = (index: number): boolean => {
    while (starts.length <= index - first + 1) {
      const lf = buffer.subarray(0, filled).indexOf(10, searched);
      if (lf !== -1) {
        searched = lf + 1;
        starts.push(offset + searched);
      } else if (isAllRead()) {
        searched = filled;
        // What follows the last line end is a line when it is not empty.
        if ((starts[starts.length - 1] as number) < size) starts.push(size);
        return starts.length > index - first + 1;
      } else {
        searched = filled;
        more();
      }
    }
    return true;
  };

  return {
    size,
    has: reach,
    startOf: (index) => {
      reach(index);
      return starts[index - first] ?? size;
    },
    textOf(index) {
      const known = texts.get(index);
      if (known !== undefined) return known;
      reach(index);
      const start = (starts[index - first] as number) - offset;
      let end = (starts[index - first + 1] as number) - offset;
      if (end > start && buffer[end - 1] === 10) end--;
      if (end > start && buffer[end - 1] === 13) end--;
      const text = buffer.toString('utf8', start, Math.min(end, start + LONGEST_LINE));
      texts.set(index, text);
      return text;
    },
    release(index) {
      if (index <= released) return;
      reach(index - 1);
      released = index;
      texts.delete(index - 1);
      if (released - first < FORGOTTEN_AT_ONCE) return;
      starts = starts.slice(released - first);
      first = released;
      texts = new Map([...texts].filter(([line]) => line >= released));
    },
    close: () => closeSync(file),
  };
}
