// Erasing bytes: the record first, then the file, and never a file that something else on record still needs.
import type { EvidenceBlobs } from '../evidence/blobs.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import type { Store } from '../store/types.ts';
import { type CustodyItem, custodyOf } from './custody-state.ts';
import { blobReferences, eraseTexts, type TextErased } from './erasure.ts';
import type { LedgerRecord } from './record.ts';

export interface DisposalParts {
  readonly store: Pick<Store, 'find' | 'readStream' | 'drawn'>;
  readonly blobs: Pick<EvidenceBlobs, 'erase' | 'has'>;
  readonly incidentKeys: () => Promise<readonly string[]>;
}

/** What goes when an item is disposed of. */
export interface Doomed {
  /** Names of its own blobs that no other item in custody has, in any incident: under a legal hold or not, what is shared stays. */
  readonly own: readonly string[];
  /** Names of what was made from evidence and quotes it: exported timelines, what a model was sent and gave back, pictures. */
  readonly made: readonly string[];
}

// A question on record names this many of its events (src/commands/assist-ask.ts).
const EVENTS_NAMED = 500;
// A record holds 64 KB, a name 67 bytes of it.
const NAMES_A_RECORD = 500;

/** The blobs that a disposal takes away; of a private text only its own. */
export async function doomedBy(
  { store, blobs, incidentKeys }: DisposalParts,
  incident: string,
  item: CustodyItem,
): Promise<Doomed> {
  const needed = new Set<string>();
  for (const key of await incidentKeys()) {
    const items = custodyOf((await store.readStream(key, 0)).map(({ record }) => record));
    for (const other of items.values())
      if (!other.isDisposed && !(key === incident && other.key === item.key))
        for (const blob of other.blobs) needed.add(blob);
  }
  const own = item.blobs.filter((blob) => !needed.has(blob));
  if (!item.key.startsWith('EV-')) return { own, made: [] };
  const records = (await store.readStream(incident, 0)).map(({ record }) => record);
  const made: string[] = [];
  for (const blob of new Set([...quoting(records, item.key), ...(await store.drawn.of(incident))]))
    if (!needed.has(blob) && !own.includes(blob) && (await blobs.has(blob))) made.push(blob);
  return { own, made };
}

/** Blobs on record that quote a piece of evidence: timelines exported since it came, and prompts and answers with its events. */
function quoting(records: readonly LedgerRecord[], evidence: string): readonly string[] {
  const found: string[] = [];
  const answers = new Set<string>();
  let isHere = false;
  for (const { type, body } of records) {
    const { key, events } = body as { readonly key?: string; readonly events?: unknown };
    if (type === 'evidence.received' && key === evidence) isHere = true;
    if (type === 'timeline.exported' && isHere) found.push(...blobReferences({ type, body }));
    if (type === 'assistant.asked' && key !== undefined && Array.isArray(events)) {
      // A list that is cut may have had it.
      const names = events.length >= EVENTS_NAMED || events.some((e) => String(e).startsWith(`${evidence}:`));
      if (names) answers.add(key);
    }
    if (type.startsWith('assistant.') && key !== undefined && answers.has(key))
      found.push(...blobReferences({ type, body }));
  }
  return found;
}

/** The records to commit before anything is deleted; several where there are many names. Refused like `eraseTexts`. */
export function erasureOf(
  { own, made }: Doomed,
  reason: string,
  authority: string,
): readonly TextErased[] | Refusal<'reason-missing' | 'authority-missing' | 'not-a-commitment'> {
  const names = [...own, ...made];
  const records: TextErased[] = [];
  for (let at = 0; at < names.length; at += NAMES_A_RECORD) {
    const record = eraseTexts(names.slice(at, at + NAMES_A_RECORD), reason, authority);
    if (isRefusal(record)) return record;
    records.push(record);
  }
  return records;
}

/**
 * Takes away the files of every erasure on record that are still there: after the record was committed, and at start, when a
 * crash came between. What was received or drawn again since stays. Gives the names of what it took away.
 */
export async function finishErasures({
  store,
  blobs,
}: Omit<DisposalParts, 'incidentKeys'>): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const { record } of await store.find({ typePrefix: 'text.erased' })) {
    const left: string[] = [];
    for (const blob of (record as unknown as TextErased).body.commitments)
      if ((await blobs.has(blob)) && ((await store.drawn.drawnAt(blob)) ?? 0) <= record.seq) left.push(blob);
    if (left.length === 0) continue;
    const later = await referencedFrom(store, record.seq + 1);
    for (const blob of left.filter((name) => !later.has(name))) {
      await blobs.erase(blob);
      await store.drawn.forget(blob);
      gone.push(blob);
    }
  }
  return gone;
}

async function referencedFrom(store: Pick<Store, 'find'>, fromSeq: number): Promise<ReadonlySet<string>> {
  const records: readonly LedgerRecord[] = (await store.find({ fromSeq })).map(({ record }) => record);
  return new Set(records.flatMap(blobReferences));
}
