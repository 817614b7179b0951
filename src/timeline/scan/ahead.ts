// A large file with a second thread that reads ahead: the shapes of lines come from there, everything else stays here.
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { ReadOptions } from '../types.ts';
import type { AheadData } from './ahead-thread.ts';
import { classTable } from './class-table.ts';
import { shapeReader } from './line-shape.ts';
import {
  type LineReading,
  NEXT,
  partsOf,
  READY,
  readStretch,
  STOPPED,
  STRETCH_BYTES,
  STRETCHES,
  type Stretch,
  shapesOf,
  shareMemory,
  WANTED,
} from './shape-columns.ts';
import { stampClock } from './stamp-clock.ts';
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

/**
 * A file read ahead by a thread of its own. It needs no answer from that thread: while a stretch is not ready, the next one
 * that nobody has begun is read here.
 */
export function fileAhead(path: string, options: ReadOptions): WindowSource {
  const keys = newKeys();
  const classes = classTable();
  const telling = tellingNumbers();
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  const memory = shareMemory();
  const { control, stretches } = partsOf(memory);
  const data: AheadData = { memory, path, size, keys, telling, classes: classes.memory, options };
  const reading: LineReading = {
    readShape: shapeReader(keys[0], keys[1], { telling }),
    classes,
    clock: stampClock(options),
  };
  const worker = new Worker(THREAD, { workerData: data });
  worker.unref();
  // Without the thread everything is read here.
  worker.on('error', () => {});
  let plain: WindowSource | null = null;
  let current = -1;
  let position = 0;

  const stop = (): void => {
    Atomics.store(control, STOPPED, 1);
    Atomics.notify(control, WANTED);
  };
  /** The stretch, once somebody has read it. */
  const ready = (number: number): Stretch => {
    const place = number % STRETCHES;
    Atomics.store(control, WANTED, number);
    Atomics.notify(control, WANTED);
    for (;;) {
      const seen = Atomics.load(control, READY + place);
      if (seen === number + 1) break;
      const next = Atomics.load(control, NEXT);
      if (next < number + STRETCHES && next * STRETCH_BYTES < size) {
        if (Atomics.compareExchange(control, NEXT, next, next + 1) === next)
          readStretch(file, next, reading, stretches, control);
      } else if (Atomics.wait(control, READY + place, seen, PATIENCE_MS) === 'timed-out') {
        readStretch(file, number, reading, stretches, control);
      }
    }
    return stretches[place] as Stretch;
  };
  const readPlainly = (keepFrom: number): Window => {
    if (plain !== null) return plain.next(keepFrom);
    stop();
    plain = fileWindow(path, position + keepFrom, keys, classes);
    return plain.next(0);
  };
  return {
    size,
    keys,
    classes,
    next(keepFrom) {
      const wanted = position + keepFrom;
      const number = Math.floor(wanted / STRETCH_BYTES);
      // A line longer than what is at hand behind a stretch: the rest is read here.
      if (plain !== null || number === current) return readPlainly(keepFrom);
      const stretch = ready(number);
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
export const windowOfFile = (path: string, options: ReadOptions): WindowSource =>
  statSync(path).size < WORTH_A_THREAD ? fileWindow(path) : fileAhead(path, options);
