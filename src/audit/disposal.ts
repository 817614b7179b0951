// Erasing bytes: the record first, then the file, and never a file that something else on record still needs.
import type { EvidenceBlobs } from '../evidence/blobs.ts';
import type { Store } from '../store/types.ts';
import { type CustodyItem, custodyOf } from './custody-state.ts';
import { blobReferences, type TextErased } from './erasure.ts';
import type { LedgerRecord } from './record.ts';

export interface DisposalParts {
  readonly store: Pick<Store, 'find' | 'readStream'>;
  readonly blobs: Pick<EvidenceBlobs, 'erase' | 'has'>;
  readonly incidentKeys: () => Promise<readonly string[]>;
}

/** Blobs of an item that no other item in custody has, in any incident: under a legal hold or not, what is shared stays. */
export async function blobsOnlyOf(
  { store, incidentKeys }: Omit<DisposalParts, 'blobs'>,
  incident: string,
  item: CustodyItem,
): Promise<readonly string[]> {
  const needed = new Set<string>();
  for (const key of await incidentKeys()) {
    const items = custodyOf((await store.readStream(key, 0)).map(({ record }) => record));
    for (const other of items.values())
      if (!other.isDisposed && !(key === incident && other.key === item.key))
        for (const blob of other.blobs) needed.add(blob);
  }
  return item.blobs.filter((blob) => !needed.has(blob));
}

/**
 * Takes away the files of every erasure on record that are still there: after the record was committed, and at start, when a
 * crash came between. What was received again since stays. Gives the names of what it took away.
 */
export async function finishErasures({
  store,
  blobs,
}: Omit<DisposalParts, 'incidentKeys'>): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const { record } of await store.find({ typePrefix: 'text.erased' })) {
    const left: string[] = [];
    for (const blob of (record as unknown as TextErased).body.commitments) if (await blobs.has(blob)) left.push(blob);
    if (left.length === 0) continue;
    const later = await referencedFrom(store, record.seq + 1);
    for (const blob of left.filter((name) => !later.has(name))) {
      await blobs.erase(blob);
      gone.push(blob);
    }
  }
  return gone;
}

async function referencedFrom(store: Pick<Store, 'find'>, fromSeq: number): Promise<ReadonlySet<string>> {
  const records: readonly LedgerRecord[] = (await store.find({ fromSeq })).map(({ record }) => record);
  return new Set(records.flatMap(blobReferences));
}
