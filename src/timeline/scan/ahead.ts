// A large file with a second thread that reads ahead: the shapes of lines come from there, everything else stays here.
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { AheadData } from './ahead-thread.ts';
import {
  NEXT,
  newStretch,
  partsOf,
  READY,
  readInto,
  STOPPED,
  STRETCH_BYTES,
  STRETCHES,
  type Stretch,
  shapesOf,
  shareMemory,
  WANTED,
} from './shape-columns.ts';
import { tellingNumbers } from './telling-numbers.ts';
import { fileWindow, newKeys, type Window, type WindowSource } from './window.ts';

// The compiled thread: Node 20 cannot run the source itself, so tests need a build.
const THREAD = import.meta.url.endsWith('.ts')
  ? new URL('../../../dist/src/timeline/scan/ahead-thread.js', import.meta.url)
  : new URL('./ahead-thread.js', import.meta.url);

/** Smaller files are read before a thread has started. */
const WORTH_A_THREAD = 8 * 1024 * 1024;
/** A thread that takes longer for a stretch is gone. */
const PATIENCE_MS = 5000;

/** A file read ahead by a thread of its own. It needs no answer from that thread: what is not ready is read here. */
export function fileAhead(path: string): WindowSource {
  const keys = newKeys();
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  const memory = shareMemory();
  const { control, stretches } = partsOf(memory);
  const data: AheadData = { memory, path, size, keys, telling: tellingNumbers() };
  const worker = new Worker(THREAD, { workerData: data });
  worker.unref();
  // Without the thread everything is read here.
  worker.on('error', () => {});
  let plain: WindowSource | null = null;
  let own: Stretch | null = null;
  let current = -1;
  let position = 0;

  const stop = (): void => {
    Atomics.store(control, STOPPED, 1);
    Atomics.notify(control, WANTED);
  };
  /** The stretch when the thread has it, or will have it soon. */
  const ready = (number: number): Stretch | null => {
    const place = number % STRETCHES;
    Atomics.store(control, WANTED, number);
    Atomics.notify(control, WANTED);
    for (;;) {
      const next = Atomics.load(control, NEXT);
      if (next > number) break;
      // Not begun there: it is ours.
      if (Atomics.compareExchange(control, NEXT, next, number + 1) === next) return null;
    }
    for (;;) {
      const seen = Atomics.load(control, READY + place);
      if (seen === number + 1) return stretches[place] as Stretch;
      if (Atomics.wait(control, READY + place, seen, PATIENCE_MS) === 'timed-out') return null;
    }
  };
  const ownStretch = (number: number): Stretch => {
    own ??= newStretch();
    own.head[0] = readInto(file, own.bytes, number * STRETCH_BYTES);
    return own;
  };
  const readPlainly = (keepFrom: number): Window => {
    if (plain !== null) return plain.next(keepFrom);
    stop();
    plain = fileWindow(path, position + keepFrom, keys);
    return plain.next(0);
  };
  return {
    size,
    keys,
    next(keepFrom) {
      const wanted = position + keepFrom;
      const number = Math.floor(wanted / STRETCH_BYTES);
      // A line longer than what is at hand behind a stretch: the rest is read here.
      if (plain !== null || number === current) return readPlainly(keepFrom);
      const stretch = ready(number) ?? ownStretch(number);
      current = number;
      position = number * STRETCH_BYTES;
      const filled = stretch.head[0] as number;
      return {
        bytes: stretch.bytes.subarray(0, filled),
        offset: position,
        at: wanted - position,
        isLast: filled < stretch.bytes.length || position + filled >= size,
        shapeAt: shapesOf(stretch),
      };
    },
    close() {
      stop();
      plain?.close();
      closeSync(file);
    },
  };
}

/** A file of any size: with a second thread where that is worth it. Throws when it cannot be opened. */
export const windowOfFile = (path: string): WindowSource =>
  statSync(path).size < WORTH_A_THREAD ? fileWindow(path) : fileAhead(path);
