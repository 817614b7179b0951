// A thread that reads a file ahead of the one that derives, and takes down the shapes of its lines.
import { closeSync, openSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { newShape, shapeReader } from './line-shape.ts';
import {
  fillShapes,
  NEXT,
  partsOf,
  READY,
  readInto,
  type SharedStretches,
  STOPPED,
  STRETCH_BYTES,
  STRETCHES,
  type Stretch,
  WANTED,
} from './shape-columns.ts';
import type { TellingNumbers } from './telling-numbers.ts';

/** What the thread is given. */
export interface AheadData {
  readonly memory: SharedArrayBuffer;
  readonly path: string;
  readonly size: number;
  readonly keys: readonly [number, number];
  readonly telling: TellingNumbers;
}

function readAhead({ memory, path, size, keys, telling }: AheadData): void {
  const { control, stretches }: SharedStretches = partsOf(memory);
  const readShape = shapeReader(keys[0], keys[1], telling);
  const shape = newShape();
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
    const place = number % STRETCHES;
    const stretch = stretches[place] as Stretch;
    const filled = readInto(file, stretch.bytes, number * STRETCH_BYTES);
    fillShapes(stretch, number === 0, filled, readShape, shape);
    Atomics.store(control, READY + place, number + 1);
    Atomics.notify(control, READY + place);
  }
  closeSync(file);
}

readAhead(workerData as AheadData);
