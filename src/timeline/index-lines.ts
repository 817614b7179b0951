// Time, level, format, template and place of every record of a source, in columns: the first tier, before anything is judged.
import type { TimedRecord } from './read.ts';
import { scan } from './scan/scan.ts';
import type { WindowSource } from './scan/window.ts';
import { createTemplateMiner } from './template/miner.ts';
import type { ReadOptions } from './types.ts';

/** What records of one kind have in common. */
export interface IndexedKind {
  readonly format: string;
  readonly level: string | null;
  readonly templateId: string;
  readonly template: string;
}

/** Records in input order; the columns are used again for the next block, so take what is to be kept. */
export interface IndexBlock {
  readonly count: number;
  /** First line of each, from 1. */
  readonly line: Uint32Array;
  /** Where it begins in the source, as received. */
  readonly start: Float64Array;
  /** UTC milliseconds, NaN where no time is written. */
  readonly timeMs: Float64Array;
  /** A place in the list of kinds, -1 for what is no entry. */
  readonly kind: Int32Array;
}

/** What indexing found. Templates are settled over the whole source, so kinds are known at its end. */
export interface LineIndex {
  readonly lines: number;
  readonly bytes: number;
  readonly kinds: readonly IndexedKind[];
}

const BLOCK = 65_536;
const NO_ENTRY = -1;

/** Reads a source and hands on its records in blocks; memory grows with kinds, not with records. */
export function indexLines(
  source: WindowSource,
  options: ReadOptions,
  onBlock: (block: IndexBlock) => void,
): LineIndex {
  const miner = createTemplateMiner();
  const numbers = new Map<string, number>();
  const kinds: { readonly format: string; readonly level: string | null; readonly group: number }[] = [];
  const line = new Uint32Array(BLOCK);
  const start = new Float64Array(BLOCK);
  const timeMs = new Float64Array(BLOCK);
  const kind = new Int32Array(BLOCK);
  let count = 0;

  const kindOf = ({ record, level }: TimedRecord): number => {
    const group = miner.add(record);
    const key = `${group} ${record.format} ${level ?? ''}`;
    let number = numbers.get(key);
    if (number === undefined) {
      numbers.set(key, (number = kinds.length));
      kinds.push({ format: record.format, level, group });
    }
    return number;
  };
  const put = (ofLine: number, at: number, ms: number, ofKind: number): void => {
    line[count] = ofLine + 1;
    start[count] = at;
    timeMs[count] = ms;
    kind[count] = ofKind;
    if (++count < BLOCK) return;
    onBlock({ count, line, start, timeMs, kind });
    count = 0;
  };
  const { lines, bytes } = scan<number>(source, options, null, {
    record(timed, _single, offset) {
      const number = timed.isEntry ? kindOf(timed) : NO_ENTRY;
      put(timed.first, offset, timed.time.timeMs ?? Number.NaN, number);
      return timed.isEntry ? number : null;
    },
    known(number, ofLine, ms, _bytes, _start, _shape, offset) {
      put(ofLine, offset, ms, number);
      return true;
    },
  });
  if (count > 0) onBlock({ count, line, start, timeMs, kind });
  miner.settle();
  return {
    lines,
    bytes,
    kinds: kinds.map(({ format, level, group }) => ({
      format,
      level,
      templateId: miner.idOf(group),
      template: miner.templateOf(group),
    })),
  };
}
