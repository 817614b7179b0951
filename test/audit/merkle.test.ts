import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from '../../src/audit/canonical.ts';
import { EMPTY_ROOT, MerkleTree, nodeHash, verifyConsistency, verifyInclusion } from '../../src/audit/merkle.ts';
import { CONSISTENCIES, INCLUSIONS, LEAVES, ROOTS } from './merkle-vectors.ts';

const SOME_HASH = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
const WRONG_LENGTH = new TextEncoder().encode('WrongRoot');
const NOTHING = new Uint8Array();

function treeOf(leaves: readonly Uint8Array[]): MerkleTree {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leafHash(leaf));
  return tree;
}

function flip(proof: readonly Uint8Array[], at: number, bit: number): Uint8Array[] {
  return proof.map((hash, i) => (i === at ? hash.map((byte, j) => (j === 0 ? byte ^ bit : byte)) : hash));
}

/** The definition of RFC 6962, 2.1, word for word: what the incremental tree is measured against. */
function plainRoot(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return EMPTY_ROOT;
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return nodeHash(plainRoot(hashes.slice(0, k)), plainRoot(hashes.slice(k)));
}

describe('the tree, against the public vectors', () => {
  const tree = treeOf(LEAVES);

  it('has the reference root at every size', () => {
    expect(ROOTS.map((_, i) => hex(tree.root(i + 1)))).toEqual(ROOTS.map(hex));
    expect(Buffer.from(tree.root(0)).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it.each(INCLUSIONS)(
    'inclusion of $index in $size: makes the proof, accepts it, refuses every corruption',
    ({ index, size, proof }) => {
      const leaf = leafHash(LEAVES[index]!);
      const root = ROOTS[size - 1]!;
      expect(tree.inclusionProof(index, size).map(hex)).toEqual(proof.map(hex));
      expect(verifyInclusion(index, size, leaf, proof, root)).toBe(true);
      const corrupt: [string, boolean][] = [
        ['index - 1', verifyInclusion(index - 1, size, leaf, proof, root)],
        ['index + 1', verifyInclusion(index + 1, size, leaf, proof, root)],
        ['index ^ 2', verifyInclusion(index ^ 2, size, leaf, proof, root)],
        ['size * 2', verifyInclusion(index, size * 2, leaf, proof, root)],
        ['size / 2', verifyInclusion(index, Math.floor(size / 2), leaf, proof, root)],
        ['wrong leaf', verifyInclusion(index, size, WRONG_LENGTH, proof, root)],
        ['empty root', verifyInclusion(index, size, leaf, proof, EMPTY_ROOT)],
        ['random root', verifyInclusion(index, size, leaf, proof, SOME_HASH)],
        ['trailing garbage', verifyInclusion(index, size, leaf, [...proof, NOTHING], root)],
        ['trailing root', verifyInclusion(index, size, leaf, [...proof, root], root)],
        ['preceding garbage', verifyInclusion(index, size, leaf, [NOTHING, ...proof], root)],
        ['preceding root', verifyInclusion(index, size, leaf, [root, ...proof], root)],
        ...proof.map((_, i): [string, boolean] => [
          `bit of ${i}`,
          verifyInclusion(index, size, leaf, flip(proof, i, 8), root),
        ]),
      ];
      if (proof.length > 0) corrupt.push(['removed', verifyInclusion(index, size, leaf, proof.slice(0, -1), root)]);
      if (proof.length > 1)
        corrupt.push(['inserted', verifyInclusion(index, size, leaf, [proof[0]!, SOME_HASH, ...proof.slice(1)], root)]);
      expect(corrupt.filter(([, accepted]) => accepted)).toEqual([]);
    },
  );

  it.each(CONSISTENCIES)(
    'consistency of $size1 with $size2: makes the proof, accepts it, refuses every corruption',
    ({ size1, size2, proof }) => {
      const root1 = ROOTS[size1 - 1]!;
      const root2 = ROOTS[size2 - 1]!;
      expect(tree.consistencyProof(size1, size2).map(hex)).toEqual(proof.map(hex));
      expect(verifyConsistency(size1, size2, proof, root1, root2)).toBe(true);
      if (proof.length === 0) return;
      const corrupt: [string, boolean][] = [
        ['size1 - 1', verifyConsistency(size1 - 1, size2, proof, root1, root2)],
        ['size1 + 1', verifyConsistency(size1 + 1, size2, proof, root1, root2)],
        ['size1 ^ 2', verifyConsistency(size1 ^ 2, size2, proof, root1, root2)],
        ['size2 * 2', verifyConsistency(size1, size2 * 2, proof, root1, root2)],
        ['size2 / 2', verifyConsistency(size1, Math.floor(size2 / 2), proof, root1, root2)],
        ['wrong root1', verifyConsistency(size1, size2, proof, WRONG_LENGTH, root2)],
        ['wrong root2', verifyConsistency(size1, size2, proof, root1, WRONG_LENGTH)],
        ['swapped roots', verifyConsistency(size1, size2, proof, root2, root1)],
        ['empty proof', verifyConsistency(size1, size2, [], root1, root2)],
        ['trailing garbage', verifyConsistency(size1, size2, [...proof, NOTHING], root1, root2)],
        ['trailing root1', verifyConsistency(size1, size2, [...proof, root1], root1, root2)],
        ['trailing root2', verifyConsistency(size1, size2, [...proof, root2], root1, root2)],
        ['preceding garbage', verifyConsistency(size1, size2, [NOTHING, ...proof], root1, root2)],
        ['preceding root1', verifyConsistency(size1, size2, [root1, ...proof], root1, root2)],
        ['preceding root2', verifyConsistency(size1, size2, [root2, ...proof], root1, root2)],
        ['preceding proof[0]', verifyConsistency(size1, size2, [proof[0]!, ...proof], root1, root2)],
        ['truncated', verifyConsistency(size1, size2, proof.slice(0, -1), root1, root2)],
        ...proof.map((_, i): [string, boolean] => [
          `bit of ${i}`,
          verifyConsistency(size1, size2, flip(proof, i, 16), root1, root2),
        ]),
      ];
      expect(corrupt.filter(([, accepted]) => accepted)).toEqual([]);
    },
  );

  it.each([
    ['0 to 0, other roots', 0, 0, SOME_HASH, EMPTY_ROOT, [], false],
    ['0 to 0', 0, 0, EMPTY_ROOT, EMPTY_ROOT, [], true],
    ['0 to 1: nothing can be proven from the empty tree', 0, 1, EMPTY_ROOT, ROOTS[0]!, [], false],
    ['0 to 1 with a proof', 0, 1, EMPTY_ROOT, EMPTY_ROOT, [EMPTY_ROOT], false],
    ['back in time', 2, 1, SOME_HASH, SOME_HASH, [], false],
    ['1 to 2 without proof', 1, 2, SOME_HASH, SOME_HASH, [], false],
    ['equal sizes with a proof', 1, 1, EMPTY_ROOT, EMPTY_ROOT, [EMPTY_ROOT], false],
    ['a size that is no integer', 0.5, 1, EMPTY_ROOT, EMPTY_ROOT, [], false],
  ])('consistency edge: %s', (_name, size1, size2, root1, root2, proof, accepted) => {
    expect(verifyConsistency(size1, size2, proof, root1, root2)).toBe(accepted);
  });

  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [-1, 1],
  ])('inclusion of %i in %i is refused', (index, size) => {
    expect(verifyInclusion(index, size, SOME_HASH, [], SOME_HASH)).toBe(false);
  });
});

describe('the tree, against the definition', () => {
  const leaves = Array.from({ length: 600 }, (_, i) => new TextEncoder().encode(`leaf ${i}`));
  const hashes = leaves.map(leafHash);
  const tree = treeOf(leaves);

  it('every proof it makes is accepted, and every root is that of the definition', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.nat(), fc.nat(), (size, i, j) => {
        const index = i % size;
        const old = (j % size) + 1;
        expect(hex(tree.root(size))).toBe(hex(plainRoot(hashes.slice(0, size))));
        expect(verifyInclusion(index, size, hashes[index]!, tree.inclusionProof(index, size), tree.root(size))).toBe(
          true,
        );
        expect(verifyConsistency(old, size, tree.consistencyProof(old, size), tree.root(old), tree.root(size))).toBe(
          true,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('gives a tile the hashes of complete subtrees', () => {
    expect(hex(tree.nodes(8, 0, 2))).toBe(
      hex(plainRoot(hashes.slice(0, 256))) + hex(plainRoot(hashes.slice(256, 512))),
    );
    expect(() => tree.nodes(8, 0, 3)).toThrow(RangeError);
  });

  it('throws on a size it does not have', () => {
    expect(() => tree.root(601)).toThrow(RangeError);
    expect(() => tree.inclusionProof(5, 5)).toThrow(RangeError);
    expect(() => tree.consistencyProof(0, 5)).toThrow(RangeError);
    expect(() => tree.append(new Uint8Array(31))).toThrow(RangeError);
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
