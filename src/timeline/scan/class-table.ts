// Line classes by the two hashes of their shape: open addressing over typed arrays, bounded. One thread writes; another may
// read at the same time, and finds a class only when all that belongs to it is there.

/** What is read from the bytes of every line of a class: its stamp, and up to two addresses of four masked parts. */
export interface ClassPlan {
  /** A number of a stamp parser. */
  readonly stamp: number;
  /** The masked part at which the stamp stands. */
  readonly mask: number;
  /** The first of the four masked parts of an address, or -1. */
  readonly addresses: readonly [number, number];
}

/** A bounded map from a pair of 32-bit hashes to the number of a class. */
export interface ClassTable {
  readonly memory: SharedArrayBuffer;
  /** The class of a shape, or -1. */
  readonly get: (hash1: number, hash2: number) => number;
  /** Remembers a class; false when the table is full. Its plan is there already. */
  readonly set: (hash1: number, hash2: number, value: number) => boolean;
  readonly setPlan: (value: number, plan: ClassPlan) => void;
  /** Four numbers for each class: stamp, mask, and two addresses. */
  readonly plans: Int32Array;
}

const SLOTS = 1 << 17;
const MOST = 60_000;
export const PLAN_WIDTH = 4;

/** A table for at most 60,000 shapes: empty, or the one of another thread. */
export function classTable(
  memory = new SharedArrayBuffer((3 * SLOTS + MOST * PLAN_WIDTH) * Int32Array.BYTES_PER_ELEMENT),
): ClassTable {
  const part = (at: number, length: number): Int32Array =>
    new Int32Array(memory, at * Int32Array.BYTES_PER_ELEMENT, length);
  const keys1 = part(0, SLOTS);
  const keys2 = part(SLOTS, SLOTS);
  // One more than the class, so that 0 says that a slot is free.
  const values = part(2 * SLOTS, SLOTS);
  const plans = part(3 * SLOTS, MOST * PLAN_WIDTH);
  let count = 0;
  return {
    memory,
    plans,
    get(hash1, hash2) {
      for (let slot = (hash1 ^ (hash2 << 7)) & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
        const value = Atomics.load(values, slot);
        if (value === 0 || (keys1[slot] === hash1 && keys2[slot] === hash2)) return value - 1;
      }
    },
    set(hash1, hash2, value) {
      for (let slot = (hash1 ^ (hash2 << 7)) & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
        const there = values[slot] as number;
        if (there !== 0 && !(keys1[slot] === hash1 && keys2[slot] === hash2)) continue;
        if (there === 0 && count === MOST) return false;
        if (there === 0) count++;
        keys1[slot] = hash1;
        keys2[slot] = hash2;
        Atomics.store(values, slot, value + 1);
        return true;
      }
    },
    setPlan(value, { stamp, mask, addresses: [first, second] }) {
      if (value < MOST) plans.set([stamp, mask, first, second], value * PLAN_WIDTH);
    },
  };
}
