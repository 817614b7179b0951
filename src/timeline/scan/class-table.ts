// Line classes by the two hashes of their shape: open addressing over typed arrays, bounded.

/** A bounded map from a pair of 32-bit hashes to a small number. */
export interface ClassTable {
  /** The class of a shape, or -1. */
  readonly get: (hash1: number, hash2: number) => number;
  /** Remembers a class; false when the table is full. */
  readonly set: (hash1: number, hash2: number, value: number) => boolean;
}

const SLOTS = 1 << 17;
const MOST = 60_000;

/** An empty table for at most 60,000 shapes. */
export function classTable(): ClassTable {
  const keys1 = new Int32Array(SLOTS);
  const keys2 = new Int32Array(SLOTS);
  const values = new Int32Array(SLOTS).fill(-1);
  let count = 0;
  return {
    get(hash1, hash2) {
      for (let slot = (hash1 ^ (hash2 << 7)) & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
        const value = values[slot] as number;
        if (value === -1 || (keys1[slot] === hash1 && keys2[slot] === hash2)) return value;
      }
    },
    set(hash1, hash2, value) {
      for (let slot = (hash1 ^ (hash2 << 7)) & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
        if (values[slot] !== -1 && !(keys1[slot] === hash1 && keys2[slot] === hash2)) continue;
        if (values[slot] === -1 && ++count > MOST) {
          count--;
          return false;
        }
        keys1[slot] = hash1;
        keys2[slot] = hash2;
        values[slot] = value;
        return true;
      }
    },
  };
}
