// The timeline of a large source: records the scan reads the careful way are judged, and speak for every line of their shape.
import type { OnProgress } from '../build.ts';
import { createDerivation, type KnownLine, type LineKind } from '../derive.ts';
import type { Judged } from '../kind.ts';
import { describe } from '../meaning/describe.ts';
import { asciiText, NONE } from '../names.ts';
import type { TimedRecord } from '../read.ts';
import { receiptCounter, type Tally } from '../receipt.ts';
import type { OrderVote } from '../stamp/resolve.ts';
import { createTemplateMiner } from '../template/miner.ts';
import type { OwnAssets, ReadOptions, Timeline } from '../types.ts';
import { firstAddresses, type NamePlan, planNames, readNames, settledNames } from './line-names.ts';
import { type SingleLine, scan } from './scan.ts';
import { spanOf } from './span.ts';
import type { WindowSource } from './window.ts';

/** What the lines of one shape have in common. */
interface Kept {
  readonly lines: LineKind;
  readonly tally: Tally;
  readonly plan: NamePlan;
}

/** Reads a source of any size and derives its timeline. `open` gives the source from its start, and again when a second reading is needed. */
export function deriveLarge(
  open: () => WindowSource,
  options: ReadOptions,
  own: OwnAssets | undefined,
  onProgress: OnProgress | undefined,
): Timeline {
  const first = deriveOnce(open(), options, null, own, onProgress);
  // Dates whose order the numbers leave open follow the clear ones of the same source.
  return first.vote !== null && first.isOrderOpen
    ? deriveOnce(open(), options, first.vote, own, onProgress).timeline
    : first.timeline;
}

function deriveOnce(
  source: WindowSource,
  options: ReadOptions,
  vote: OrderVote,
  own: OwnAssets | undefined,
  onProgress: OnProgress | undefined,
): { timeline: Timeline; vote: OrderVote; isOrderOpen: boolean } {
  const miner = createTemplateMiner();
  const derivation = createDerivation(own);
  const { names } = derivation;
  const counter = receiptCounter();
  const settled = new Set<OrderVote>();
  let isOrderOpen = false;
  let [heldBytes, heldFrom, heldTo]: [Uint8Array, number, number] = [new Uint8Array(0), 0, 0];
  const at: KnownLine = {
    line: 0,
    timeMs: 0,
    src: NONE,
    dst: NONE,
    user: NONE,
    host: NONE,
    process: NONE,
    addresses: [],
    text: () => asciiText(heldBytes, heldFrom, heldTo),
  };
  const keep = (timed: TimedRecord, judged: Judged, { bytes, start, shape }: SingleLine): Kept | null => {
    const isSame = (from: number, to: number): boolean =>
      spanOf(shape, start, start + from, start + to)?.isConstant ?? false;
    const lines = derivation.learn(judged, isSame);
    const line = asciiText(bytes, start, shape.end);
    const plan = planNames(judged.meaning.entities, lines.plan.addresses, { line, bytes, start, shape }, names);
    return plan === null ? null : { lines, tally: counter.tallyOf(timed), plan };
  };
  const { lines, bytes } = scan<Kept>(source, options, vote, {
    ...(onProgress ? { progress: onProgress } : {}),
    record(timed, single) {
      counter.add(timed);
      if (timed.settledOrder) settled.add(timed.settledOrder);
      if (timed.isOrderOpen) isOrderOpen = true;
      if (!timed.isEntry) return null;
      const judged: Judged = {
        ...timed.time,
        record: timed.record,
        flags: timed.flags,
        meaning: describe(timed.record),
        group: miner.add(timed.record),
      };
      derivation.add(judged);
      return single === null ? null : keep(timed, judged, single);
    },
    alike: (kept, from, start, shape) => ({ ...kept, plan: settledNames(kept.plan, names, from, start, shape) }),
    addressesOf: ({ plan }) => firstAddresses(plan),
    known(kept, line, timeMs, from, start, shape) {
      if (!readNames(kept.plan, names, from, start, shape, at)) return false;
      heldBytes = from;
      heldFrom = start;
      heldTo = shape.end;
      at.line = line + 1;
      at.timeMs = timeMs;
      kept.tally.entries++;
      counter.seeTime(timeMs);
      derivation.known(kept.lines, at);
      return true;
    },
  });
  miner.settle();
  const { receipt, ...derived } = derivation.finish(miner);
  const [only] = settled;
  return {
    timeline: { receipt: { ...counter.finish(lines, bytes), ...receipt }, ...derived },
    vote: settled.size === 1 && only ? only : null,
    isOrderOpen,
  };
}
