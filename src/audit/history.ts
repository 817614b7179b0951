import type { Checkpoint } from './checkpoint.ts';
import { AuditError } from './errors.ts';
import { isSameHash, type MerkleTree } from './merkle.ts';

/**
 * Compares past checkpoints, in any order, with the tree. Throws AuditError `record-missing` when the tree is shorter than
 * one, `record-changed` naming the first record of the smallest range that must hold the change.
 */
export function checkHistory(tree: Pick<MerkleTree, 'size' | 'root'>, past: readonly Checkpoint[]): void {
  let proven = 0;
  for (const { size, root } of [...past].sort((a, b) => a.size - b.size)) {
    if (size > tree.size) {
      const why = `the log ends after ${tree.size} records, but its checkpoint covers ${size}: the tail was cut`;
      throw new AuditError('record-missing', why, tree.size);
    }
    if (!isSameHash(tree.root(size), root)) {
      const why = `records ${proven} to ${size - 1}: at least one was changed, removed or reordered after it was signed`;
      throw new AuditError('record-changed', why, proven);
    }
    proven = size;
  }
}
