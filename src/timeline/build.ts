// From the bytes of one source to its timeline and receipt.
import { readFileSync, statSync } from 'node:fs';
import { createDerivation } from './derive.ts';
import { judgeAll } from './judge.ts';
import { readSource } from './read.ts';
import { receiptCounter } from './receipt.ts';
import { windowOfFile } from './scan/ahead.ts';
import { deriveLarge } from './scan/derive-large.ts';
import { memoryWindow } from './scan/window.ts';
import { beginsDelivery, type Delivery, partDelivery } from './split/delivery.ts';
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
  const delivery = partDelivery(bytes);
  if (delivery) return deliveredTimeline(bytes, delivery, options, own);
  return built(bytes, options, own, onProgress);
}

function built(bytes: Uint8Array, options: ReadOptions, own?: OwnAssets, onProgress?: OnProgress): Timeline {
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
  if (size <= SMALL_BYTES || beginsDelivery(path)) return buildTimeline(readFileSync(path), options, own, onProgress);
  return deriveLarge(() => windowOfFile(path, options), options, own, onProgress);
}

/** The events of records that share lines; every line is accounted for as one. */
function deliveredTimeline(
  bytes: Uint8Array,
  { bytes: parted, lineOf, partOf }: Delivery,
  options: ReadOptions,
  own: OwnAssets | undefined,
): Timeline {
  const { receipt: whole } = built(bytes, options, own);
  const { receipt, events, indicators, attackers, initialAccess, scope } = built(parted, options, own);
  const at = (piece: number): number => lineOf[piece - 1] ?? piece;
  const onLines = <T extends { readonly lines: readonly number[] }>(one: T): T => ({
    ...one,
    lines: [...new Set(one.lines.map(at))],
  });
  return {
    receipt: {
      ...whole,
      records: receipt.entries,
      formats: receipt.formats,
      assumed: receipt.assumed,
      undated: receipt.undated,
      firstAt: receipt.firstAt,
      lastAt: receipt.lastAt,
      duplicatesCollapsed: receipt.duplicatesCollapsed,
      manipulationLines: [...new Set(receipt.manipulationLines.map(at))],
      clock: receipt.clock.map((one) => ({ ...one, afterLine: at(one.afterLine), beforeLine: at(one.beforeLine) })),
    },
    events: events.map((event) => {
      const part = partOf[(event.lines[0] ?? 1) - 1] ?? 0;
      // The first piece of a parted line is what stands before its first record.
      return { ...onLines(event), ...(part === 0 ? {} : { part: part - 1 }) };
    }),
    indicators: indicators.map(onLines),
    attackers: attackers.map(onLines),
    initialAccess: initialAccess.map((one) => ({ ...one, line: at(one.line) })),
    scope,
  };
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
