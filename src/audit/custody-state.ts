// What custody stands at: a pure fold over an incident's records.
import type { EvidenceRecord } from '../evidence/types.ts';
import type { TimelineRecord } from '../timeline/event.ts';
import type { PersonRef } from '../view/types.ts';
import type { CustodyRecord } from './custody.ts';
import type { TextCommitted } from './erasure.ts';
import type { Actor, LedgerRecord } from './record.ts';

/** One line of the chain, in order. */
interface CustodyLine {
  readonly seq: number;
  readonly at: string;
  readonly by: Actor;
  /** What happened, in plain words; contains what people wrote and is untrusted text. */
  readonly what: string;
  /** A hash that was taken then, and whether it was the one collected; null when none was taken. */
  readonly isIntact: boolean | null;
}

export interface CustodyItem {
  readonly key: string;
  readonly sha256: string;
  /** Who holds it; null while it is only in this system's own store. */
  readonly holder: PersonRef | null;
  readonly isForensicOriginal: boolean;
  readonly isHeld: boolean;
  readonly retainUntil: string | null;
  readonly isDisposed: boolean;
  /** What the holder hands over and the other has not received yet. */
  readonly offered: Extract<CustodyRecord, { type: 'custody.offered' }>['body'] | null;
  /** Who asks that it is disposed of, and why. */
  readonly disposal: { readonly by: PersonRef; readonly human: string; readonly reason: string } | null;
  /** Names of the blobs of this system that hold it or were made from it. */
  readonly blobs: readonly string[];
  readonly lines: readonly CustodyLine[];
}

export type CustodyState = ReadonlyMap<string, CustodyItem>;

/** Folds one record; a paste or upload becomes an item too, as the copy it is. Records of other nouns leave the state as it is. */
function evolveCustody(state: CustodyState, stored: LedgerRecord): CustodyState {
  const change = stored as unknown as CustodyRecord | EvidenceRecord | TextCommitted | TimelineRecord;
  const put = (
    key: string,
    item: Omit<CustodyItem, 'key' | 'lines'>,
    what: string,
    isIntact: boolean | null = null,
  ) => {
    const line: CustodyLine = { seq: stored.seq, at: stored.ts, by: stored.actor, what, isIntact };
    return new Map(state).set(key, { key, ...item, lines: [...(state.get(key)?.lines ?? []), line] });
  };
  const fresh = {
    holder: null,
    isHeld: false,
    retainUntil: null,
    isDisposed: false,
    offered: null,
    disposal: null,
    blobs: [],
  };
  if (change.type === 'evidence.received') {
    const { key, sha256, deliveredSha256, how, name, message, derivedFrom } = change.body;
    const blobs = deliveredSha256 ? [sha256, deliveredSha256] : [sha256];
    const what = `received as a copy (${how}), not a forensic original: ${name}${message ? `, from message ${message}` : ''}${derivedFrom ? `, unpacked from ${derivedFrom}` : ''}`;
    return put(key, { ...fresh, sha256, isForensicOriginal: false, blobs }, what);
  }
  if (change.type === 'text.committed') {
    const { key, commitment, about } = change.body;
    const item = { ...fresh, sha256: commitment, isForensicOriginal: false, blobs: [commitment] };
    return put(key, item, `a text kept so that it can be erased: ${about}`);
  }
  if (change.type === 'custody.collected') {
    const { key, sha256, description, source, collectedBy, collectedAt, method, authority } = change.body;
    const what = `collected by ${collectedBy.label} at ${collectedAt} from ${source.system} by ${method}, authority: ${authority}: ${description}`;
    return put(key, { ...fresh, sha256, holder: collectedBy, isForensicOriginal: true }, what, true);
  }
  if (change.type === 'custody.derived') {
    const { key, from, transform, version, sha256 } = change.body;
    return put(key, { ...fresh, sha256, isForensicOriginal: false }, `derived from ${from} by ${transform} ${version}`);
  }
  const made = (key: string, blob: string): CustodyState => {
    const item = state.get(key);
    return item ? new Map(state).set(key, { ...item, blobs: [...new Set([...item.blobs, blob])] }) : state;
  };
  // The rows of an import, and every reading of it since, hold its words.
  if (change.type === 'timeline.imported' || change.type === 'timeline.restamped')
    return made(change.body.evidence, change.body.result);
  const key = (change.body as { readonly key?: string } | null)?.key;
  const item = key === undefined ? undefined : state.get(key);
  if (!item) return state;
  switch (change.type) {
    case 'evidence.source-changed':
      return put(item.key, item, `the message it came from was ${change.body.change}`);
    case 'custody.transferred': {
      const { releasedBy, receivedBy, purpose, condition, isIntact } = change.body;
      const what = `handed by ${releasedBy.label} to ${receivedBy.label} for ${purpose}, condition: ${condition}${isIntact ? '' : '. THE HASH DIFFERED'}`;
      return put(item.key, { ...item, holder: receivedBy, offered: null }, what, isIntact);
    }
    case 'custody.accessed':
      return put(item.key, item, `accessed by ${change.body.by.label} for ${change.body.purpose}`);
    case 'custody.exported':
      return put(item.key, item, `exported by ${change.body.by.label} to ${change.body.to} for ${change.body.purpose}`);
    case 'custody.held':
      return put(item.key, { ...item, isHeld: true }, `legal hold: ${change.body.reason} (${change.body.authority})`);
    case 'custody.released':
      return put(item.key, { ...item, isHeld: false }, `hold ended: ${change.body.reason} (${change.body.authority})`);
    case 'custody.retained':
      return put(
        item.key,
        { ...item, retainUntil: change.body.until },
        `kept until ${change.body.until}: ${change.body.reason}`,
      );
    case 'custody.offered': {
      const { releasedBy, to, purpose } = change.body;
      const what = `handed over by ${releasedBy.label}, to be received by ${to.label}, for ${purpose}`;
      return put(item.key, { ...item, offered: change.body }, what);
    }
    case 'custody.disposal-asked': {
      const { by, human, reason } = change.body;
      return put(
        item.key,
        { ...item, disposal: { by, human, reason } },
        `${by.label} asks to dispose of it: ${reason}`,
      );
    }
    case 'custody.disposal-declined':
      return put(item.key, { ...item, disposal: null }, `${change.body.by.label} keeps it: ${change.body.reason}`);
    case 'custody.disposed':
      return put(
        item.key,
        { ...item, isDisposed: true, disposal: null },
        `disposed of by ${change.body.method}: ${change.body.reason} (${change.body.authority})`,
      );
    case 'evidence.read':
      // No line: it is the program that read it, and its own record says so.
      return made(item.key, change.body.reading.result);
    case 'evidence.unreadable':
    case 'indicator.confirmed':
      return state;
  }
  return state;
}

/** The state of custody over an incident's records. */
export const custodyOf = (records: Iterable<LedgerRecord>): CustodyState => {
  let state: CustodyState = new Map();
  for (const stored of records) state = evolveCustody(state, stored);
  return state;
};
