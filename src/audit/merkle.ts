// The RFC 6962 Merkle tree: grown one leaf at a time, roots and proofs at any size it ever had.
import { createHash } from 'node:crypto';

const HASH_BYTES = 32;
const NODE_PREFIX = Uint8Array.of(1);

/** Root of the tree without leaves: SHA-256 of nothing (RFC 6962, 2.1). */
export const EMPTY_ROOT: Uint8Array = createHash('sha256').digest();

/**
 * An append-only tree of 32-byte leaf hashes, in memory at 64 bytes a leaf. Sizes and indices are integers; asking for
 * a size or index the tree does not have throws RangeError, which is a bug of the caller.
 */
export class MerkleTree {
  /** levels[l] holds the hashes of all complete subtrees of 2^l leaves, left to right. */
  readonly #levels: HashList[] = [new HashList()];

  get size(): number {
    return this.#levels[0]!.length;
  }

  /** Adds one leaf hash; O(log n) worst, O(1) on average. */
  append(leaf: Uint8Array): void {
    if (leaf.length !== HASH_BYTES) throw new RangeError(`a leaf hash has 32 bytes, not ${leaf.length}`);
    let hash = leaf;
    for (let level = 0; ; level++) {
      const list = (this.#levels[level] ??= new HashList());
      list.push(hash);
      if (list.length % 2 === 1) return;
      hash = nodeHash(list.at(list.length - 2), hash);
    }
  }

  /** Root over the first `size` leaves. */
  root(size = this.size): Uint8Array {
    this.#mustHave(size, this.size);
    return size === 0 ? EMPTY_ROOT : this.#rangeRoot(0, size);
  }

  /** Audit path of leaf `index` in the tree of `size` leaves, sibling of the leaf first (RFC 6962, 2.1.1). */
  inclusionProof(index: number, size = this.size): Uint8Array[] {
    this.#mustHave(size, this.size);
    this.#mustHave(index, size - 1);
    const path: Uint8Array[] = [];
    let start = 0;
    let end = size;
    while (end - start > 1) {
      const middle = start + splitPoint(end - start);
      path.push(index < middle ? this.#rangeRoot(middle, end) : this.#rangeRoot(start, middle));
      if (index < middle) end = middle;
      else start = middle;
    }
    return path.reverse();
  }

  /** Proof that the tree of `size1` leaves is a prefix of the one of `size2`, 0 < size1 <= size2 (RFC 6962, 2.1.2). */
  consistencyProof(size1: number, size2 = this.size): Uint8Array[] {
    this.#mustHave(size2, this.size);
    this.#mustHave(size1, size2);
    if (size1 === 0) throw new RangeError('there is no consistency proof from the empty tree');
    const path: Uint8Array[] = [];
    let start = 0;
    let end = size2;
    let isWhole = true;
    while (end !== size1) {
      const middle = start + splitPoint(end - start);
      if (size1 <= middle) {
        path.push(this.#rangeRoot(middle, end));
        end = middle;
      } else {
        path.push(this.#rangeRoot(start, middle));
        start = middle;
        isWhole = false;
      }
    }
    if (!isWhole) path.push(this.#rangeRoot(start, end));
    return path.reverse();
  }

  /** Concatenated hashes `from` (inclusive) to `to` (exclusive) of the complete subtrees of 2^level leaves: what a tile holds. */
  nodes(level: number, from: number, to: number): Uint8Array {
    const list = this.#levels[level];
    if (!list || to > list.length || from > to) throw new RangeError(`no nodes ${from} to ${to} at level ${level}`);
    return list.slice(from, to);
  }

  /** Leaf hash at `index`. */
  leaf(index: number): Uint8Array {
    this.#mustHave(index, this.size - 1);
    return this.#levels[0]!.at(index);
  }

  #rangeRoot(start: number, end: number): Uint8Array {
    const width = end - start;
    const level = Math.floor(Math.log2(width));
    if (2 ** level === width) return this.#levels[level]!.at(start / width);
    const middle = start + splitPoint(width);
    return nodeHash(this.#rangeRoot(start, middle), this.#rangeRoot(middle, end));
  }

  #mustHave(value: number, limit: number): void {
    if (!Number.isSafeInteger(value) || value < 0 || value > limit)
      throw new RangeError(`${value} is outside 0 to ${limit}`);
  }
}

/** Root that an inclusion proof leads to, or null when index, size, hash or proof lengths cannot belong together. */
function rootFromInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
): Uint8Array | null {
  if (!isCount(index) || !isCount(size) || index >= size) return null;
  if (leaf.length !== HASH_BYTES || proof.some((hash) => hash.length !== HASH_BYTES)) return null;
  const { inner, border } = proofShape(BigInt(index), BigInt(size));
  if (proof.length !== inner + border) return null;
  return chainBorder(chainInner(leaf, proof.slice(0, inner), BigInt(index)), proof.slice(inner));
}

/** True when `proof` shows that the leaf hash stands at `index` in the tree of `size` leaves with this root (RFC 9162, 2.1.3.2). */
export function verifyInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  const found = rootFromInclusion(index, size, leaf, proof);
  return found !== null && isSameHash(found, root);
}

/**
 * True when `proof` shows that the tree of size1 is a prefix of the tree of size2 (RFC 9162, 2.1.4.2). Nothing can be
 * proven from size1 = 0, which is false unless both sizes are 0.
 */
export function verifyConsistency(
  size1: number,
  size2: number,
  proof: readonly Uint8Array[],
  root1: Uint8Array,
  root2: Uint8Array,
): boolean {
  if (!isCount(size1) || !isCount(size2) || size2 < size1) return false;
  if (root1.length !== HASH_BYTES || proof.some((hash) => hash.length !== HASH_BYTES)) return false;
  if (size1 === size2) return proof.length === 0 && isSameHash(root1, root2);
  if (size1 === 0 || proof.length === 0) return false;
  const first = BigInt(size1);
  const shift = trailingZeros(first);
  const shape = proofShape(first - 1n, BigInt(size2));
  const inner = shape.inner - shift;
  // A complete subtree of 2^shift leaves is its own seed; otherwise the proof starts with one.
  const isOwnSeed = first === 1n << BigInt(shift);
  const seed = isOwnSeed ? root1 : proof[0]!;
  const rest = isOwnSeed ? proof : proof.slice(1);
  if (rest.length !== inner + shape.border) return false;
  const mask = (first - 1n) >> BigInt(shift);
  const low = rest.slice(0, inner);
  const high = rest.slice(inner);
  const before = chainBorder(chainInner(seed, low, mask, true), high);
  const after = chainBorder(chainInner(seed, low, mask), high);
  return isSameHash(before, root1) && isSameHash(after, root2);
}

/** RFC 6962 interior node: SHA-256 over 0x01, left, right. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return createHash('sha256').update(NODE_PREFIX).update(left).update(right).digest();
}

/** True when two hashes are equal; lengths may differ. Not constant-time: every hash here is public. */
export function isSameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** The largest power of two below `width`, for width > 1. */
function splitPoint(width: number): number {
  return 2 ** (Math.ceil(Math.log2(width)) - 1);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** How many hashes of an inclusion proof lie inside the last incomplete subtree, and how many on the border to its left. */
function proofShape(index: bigint, size: bigint): { inner: number; border: number } {
  const inner = bitLength(index ^ (size - 1n));
  return { inner, border: (index >> BigInt(inner)).toString(2).replaceAll('0', '').length };
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

function trailingZeros(value: bigint): number {
  const bits = value.toString(2);
  return bits.length - 1 - bits.lastIndexOf('1');
}

function chainInner(seed: Uint8Array, proof: readonly Uint8Array[], index: bigint, onlyLeft = false): Uint8Array {
  return proof.reduce((hash, sibling, i) => {
    if ((index >> BigInt(i)) & 1n) return nodeHash(sibling, hash);
    return onlyLeft ? hash : nodeHash(hash, sibling);
  }, seed);
}

function chainBorder(seed: Uint8Array, proof: readonly Uint8Array[]): Uint8Array {
  return proof.reduce((hash, sibling) => nodeHash(sibling, hash), seed);
}

/** Hashes side by side in one growing buffer: a million small arrays would cost four times the memory. */
class HashList {
  #bytes = new Uint8Array(HASH_BYTES * 16);
  length = 0;

  push(hash: Uint8Array): void {
    const at = this.length * HASH_BYTES;
    if (at === this.#bytes.length) {
      const bigger = new Uint8Array(at * 2);
      bigger.set(this.#bytes);
      this.#bytes = bigger;
    }
    this.#bytes.set(hash, at);
    this.length += 1;
  }

  at(index: number): Uint8Array {
    return this.slice(index, index + 1);
  }

  slice(from: number, to: number): Uint8Array {
    return this.#bytes.slice(from * HASH_BYTES, to * HASH_BYTES);
  }
}
