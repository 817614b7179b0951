// From the bytes of one source to its timeline and receipt.
import { readFileSync, statSync } from 'node:fs';
import { createDerivation } from './derive.ts';
import { judgeAll } from './judge.ts';
import { readSource } from './read.ts';
import { receiptCounter } from './receipt.ts';
import { windowOfFile } from './scan/ahead.ts';
import { deriveLarge } from './scan/derive-large.ts';
import { memoryWindow } from './scan/window.ts';
import type { OwnAssets, ReadOptions, Timeline } from './types.ts';

/** Sources up to this size are read record by record; larger ones by the shapes of their lines. */
const SMALL_BYTES = 256 * 1024;

/** How far reading has come. */
export type OnProgress = (bytesRead: number, linesRead: number) => void;

/** Reads one source and derives its timeline. Deterministic for the same bytes and options. */
export function buildTimeline(
  bytes: Uint8Array,
  options: ReadOptions,
  own?: OwnAssets,
  onProgress?: OnProgress,
): Timeline {
  return bytes.length > SMALL_BYTES
    ? deriveLarge(() => memoryWindow(bytes), options, own, onProgress)
    : buildCarefully(bytes, options, own);
}

/** Reads a file of any size with flat memory and derives its timeline; throws when it cannot be opened. */
export function buildTimelineOfFile(
  path: string,
  options: ReadOptions,
  own?: OwnAssets,
  onProgress?: OnProgress,
): Timeline {
  const { size } = statSync(path);
  if (size <= SMALL_BYTES) return buildCarefully(readFileSync(path), options, own);
  return deriveLarge(() => windowOfFile(path), options, own, onProgress);
}

/** Reads every record with care, as small sources are read: what reading by shapes must agree with. Holds the whole source in memory. */
export function buildCarefully(bytes: Uint8Array, options: ReadOptions, own?: OwnAssets): Timeline {
  const { starts, records } = readSource(bytes, options);
  const { judged, miner } = judgeAll(records);
  const derivation = createDerivation(own);
  const counter = receiptCounter();
  for (const record of records) counter.add(record);
  for (const one of judged) {
    if (one === null) continue;
    const { timed, meaning, group } = one;
    derivation.add({ ...timed.time, record: timed.record, flags: timed.flags, meaning, group });
  }
  const { receipt, ...derived } = derivation.finish(miner);
  return { receipt: { ...counter.finish(starts.length - 1, bytes.length), ...receipt }, ...derived };
}
