// A map from up to three 32-bit numbers to a small one: open addressing over typed arrays, nothing allocated for a lookup.
import { randomBytes } from 'node:crypto';

/** Numbers by number keys. Values are 0 or more. */
export interface IntTable {
  /** The value of a key, or -1. */
  readonly get: (a: number, b: number, c: number) => number;
  /** Gives a key its value, in place of the one it had. */
  readonly set: (a: number, b: number, c: number, value: number) => void;
  readonly clear: () => void;
}

const FIRST_SLOTS = 64;
const WORDS = 4;

/** An empty table. The hash is keyed anew for each, so that nobody can choose addresses that collide. */
export function intTable(): IntTable {
  const seed = randomBytes(12);
  const k1 = seed.readInt32LE(0) | 1;
  const k2 = seed.readInt32LE(4) | 1;
  const k3 = seed.readInt32LE(8) | 1;
  let slots = FIRST_SLOTS;
  let shift = 26;
  let size = 0;
  // Four numbers a slot: the key, and the value plus one, so that 0 says empty.
  let cells = new Int32Array(slots * WORDS);

  const slotOf = (a: number, b: number, c: number): number => {
    const h = Math.imul(a, k1) + Math.imul(b, k2) + Math.imul(c, k3);
    return Math.imul(h ^ (h >>> 15), k2) >>> shift;
  };
  /** The cell of a key, or the free one where it belongs. */
  const cellOf = (a: number, b: number, c: number): number => {
    const mask = slots * WORDS - 1;
    let at = slotOf(a, b, c) * WORDS;
    while (cells[at + 3] !== 0 && !(cells[at] === a && cells[at + 1] === b && cells[at + 2] === c))
      at = (at + WORDS) & mask;
    return at;
  };
  const grow = (): void => {
    const old = cells;
    slots *= 2;
    shift--;
    cells = new Int32Array(slots * WORDS);
    for (let from = 0; from < old.length; from += WORDS) {
      if (old[from + 3] === 0) continue;
      const to = cellOf(old[from] as number, old[from + 1] as number, old[from + 2] as number);
      for (let i = 0; i < WORDS; i++) cells[to + i] = old[from + i] as number;
    }
  };
  return {
    get: (a, b, c) => (cells[cellOf(a, b, c) + 3] as number) - 1,
    set(a, b, c, value) {
      let at = cellOf(a, b, c);
      if (cells[at + 3] === 0) {
        if (++size * 2 > slots) {
          grow();
          at = cellOf(a, b, c);
        }
        cells[at] = a;
        cells[at + 1] = b;
        cells[at + 2] = c;
      }
      cells[at + 3] = value + 1;
    },
    clear() {
      size = 0;
      cells.fill(0);
    },
  };
}
