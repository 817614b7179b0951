// A map from up to three 32-bit numbers to a small one: open addressing over typed arrays, nothing allocated for a lookup.
import { randomBytes } from 'node:crypto';

/** Numbers by number keys. Values are 0 or more. */
export interface IntTable {
  /** The value of a key, or -1. */
  readonly get: (a: number, b: number, c: number) => number;
  /** The value of a key; a key that is not there gets one, and -1 is the answer. */
  readonly getOrAdd: (a: number, b: number, c: number, value: number) => number;
  /** Gives a key its value, in place of the one it had. */
  readonly set: (a: number, b: number, c: number, value: number) => void;
  readonly clear: () => void;
}

const FIRST_SLOTS = 64;

/** An empty table. The hash is keyed anew for each, so that nobody can choose addresses that collide. */
export function intTable(): IntTable {
  const seed = randomBytes(12);
  const k1 = seed.readInt32LE(0) | 1;
  const k2 = seed.readInt32LE(4) | 1;
  const k3 = seed.readInt32LE(8) | 1;
  let slots = FIRST_SLOTS;
  let shift = 26;
  let size = 0;
  // The hashes stand by themselves: nearly every key that is not there is told by one look into little memory.
  let hashes = new Int32Array(slots);
  let cells = new Int32Array(slots * 4);

  /** Never 0, which says that a slot is empty. */
  const hashOf = (a: number, b: number, c: number): number => {
    const h = Math.imul(a, k1) + Math.imul(b, k2) + Math.imul(c, k3);
    return Math.imul(h ^ (h >>> 15), k2) | 1;
  };
  /** The slot of a key, or the free one where it belongs. */
  const slotOf = (hash: number, a: number, b: number, c: number): number => {
    for (let slot = hash >>> shift; ; slot = (slot + 1) & (slots - 1)) {
      const there = hashes[slot];
      if (there === 0) return slot;
      const at = slot * 4;
      if (there === hash && cells[at] === a && cells[at + 1] === b && cells[at + 2] === c) return slot;
    }
  };
  const grow = (): void => {
    const [oldHashes, oldCells] = [hashes, cells];
    slots *= 2;
    shift--;
    hashes = new Int32Array(slots);
    cells = new Int32Array(slots * 4);
    for (let from = 0; from < oldHashes.length; from++) {
      const hash = oldHashes[from] as number;
      if (hash === 0) continue;
      let slot = hash >>> shift;
      while (hashes[slot] !== 0) slot = (slot + 1) & (slots - 1);
      hashes[slot] = hash;
      for (let i = 0; i < 4; i++) cells[slot * 4 + i] = oldCells[from * 4 + i] as number;
    }
  };
  const add = (free: number, hash: number, a: number, b: number, c: number, value: number): void => {
    let slot = free;
    if (++size * 2 > slots) {
      grow();
      slot = slotOf(hash, a, b, c);
    }
    hashes[slot] = hash;
    const at = slot * 4;
    cells[at] = a;
    cells[at + 1] = b;
    cells[at + 2] = c;
    cells[at + 3] = value;
  };
  return {
    get(a, b, c) {
      const slot = slotOf(hashOf(a, b, c), a, b, c);
      return hashes[slot] === 0 ? -1 : (cells[slot * 4 + 3] as number);
    },
    getOrAdd(a, b, c, value) {
      const hash = hashOf(a, b, c);
      const slot = slotOf(hash, a, b, c);
      if (hashes[slot] !== 0) return cells[slot * 4 + 3] as number;
      add(slot, hash, a, b, c, value);
      return -1;
    },
    set(a, b, c, value) {
      const hash = hashOf(a, b, c);
      const slot = slotOf(hash, a, b, c);
      if (hashes[slot] === 0) add(slot, hash, a, b, c, value);
      else cells[slot * 4 + 3] = value;
    },
    clear() {
      size = 0;
      hashes.fill(0);
    },
  };
}
