// A thread that reads a file ahead of the one that derives, and takes down the shapes of its lines.
import { closeSync, openSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { ReadOptions } from '../types.ts';
import { classTable } from './class-table.ts';
import { shapeReader } from './line-shape.ts';
import {
  type LineReading,
  NEXT,
  partsOf,
  readStretch,
  type SharedStretches,
  STOPPED,
  STRETCH_BYTES,
  STRETCHES,
  WANTED,
} from './shape-columns.ts';
import { stampClock } from './stamp-clock.ts';
import type { TellingNumbers } from './telling-numbers.ts';

/** What the thread is given. */
export interface AheadData {
  readonly memory: SharedArrayBuffer;
  readonly path: string;
  readonly size: number;
  readonly keys: readonly [number, number];
  readonly telling: TellingNumbers;
  readonly classes: SharedArrayBuffer;
  readonly options: ReadOptions;
}

function readAhead({ memory, path, size, keys, telling, classes, options }: AheadData): void {
  const { control, stretches }: SharedStretches = partsOf(memory);
  const reading: LineReading = {
    readShape: shapeReader(keys[0], keys[1], { telling }),
    classes: classTable(classes),
    clock: stampClock(options),
  };
  const file = openSync(path, 'r');
  while (Atomics.load(control, STOPPED) === 0) {
    const number = Atomics.load(control, NEXT);
    if (number * STRETCH_BYTES >= size) break;
    const wanted = Atomics.load(control, WANTED);
    if (number >= wanted + STRETCHES) {
      Atomics.wait(control, WANTED, wanted, 1000);
      continue;
    }
    if (Atomics.compareExchange(control, NEXT, number, number + 1) !== number) continue;
    readStretch(file, number, reading, stretches, control);
  }
  closeSync(file);
}

readAhead(workerData as AheadData);
