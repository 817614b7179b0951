// The store port: small enough that a second database can stand behind it without its callers knowing.
import type { Actor, NewRecord, StoredRecord } from '../audit/record.ts';
import type { Arrivals } from '../chat/arrivals.ts';

/** Records for one stream, with the version its writer saw. */
export interface Append {
  readonly stream: string;
  /** Version of the last record the writer has seen; 0 for a new stream. */
  readonly expectedVersion: number;
  readonly incident: string | null;
  readonly actor: Actor;
  readonly records: readonly NewRecord[];
  /** Small named values that are set in the same transaction. */
  readonly notes?: Readonly<Record<string, string>>;
}

/** A message that must reach people; committed together with the decision it tells of. */
export interface OutboxEntry {
  /** Same key, same message: enqueuing it again changes nothing. */
  readonly key: string;
  /** Decisions never queue behind traffic. */
  readonly lane: 'decision' | 'traffic';
  /** What to deliver, as JSON; the outbox's own vocabulary (src/chat/outbox.ts). */
  readonly payload: string;
  /** A later entry with the same fold replaces an unsent one: repeated edits of a card. */
  readonly fold?: string;
}

export interface QueuedEntry extends OutboxEntry {
  readonly id: number;
  readonly attempts: number;
}

/** What a button or form token stands for. Only its SHA-256 is stored. */
export interface TokenGrant {
  readonly tokenHash: string;
  /** JSON of the intent. */
  readonly intent: string;
  /** Conversation the token was given to, as `platform/tenant/id`. */
  readonly place: string;
  /** Principal it was given to alone, as `platform/tenant/id`; null for anyone who can see the message. */
  readonly holder: string | null;
  /** Name of the message it stands on; editing the message revokes it. */
  readonly card: string | null;
  /** Its message was drawn again since. */
  readonly isRevoked?: boolean;
}

/** Another writer was first: the caller reads again and decides again. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
}

/** The database cannot take records now: nothing was written. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}

/** A record is larger than a ledger entry can be: nothing was written. Large content is kept as a blob, and the record names it. */
export class RecordTooLarge extends Error {
  override readonly name = 'RecordTooLarge';
}

export interface RecordFilter {
  readonly incident?: string;
  readonly stream?: string;
  readonly typePrefix?: string;
  readonly fromSeq?: number;
  readonly newestFirst?: boolean;
  readonly limit?: number;
}

/** Blobs that no record names because they can be made again: the pictures of an incident. */
export interface Drawn {
  /** Notes that a blob was drawn for an incident, or drawn again, and how many records there were then. */
  note(blob: string, incident: string): Promise<void>;
  of(incident: string): Promise<readonly string[]>;
  /** How many records there were when a blob was drawn last; null when it was not drawn. */
  drawnAt(blob: string): Promise<number | null>;
  forget(blob: string): Promise<void>;
}

export interface Store {
  /**
   * Appends all of it and queues the messages in one transaction, and notes it as the work of a claimed event when one is
   * named. Throws VersionConflict, LedgerUnavailable or RecordTooLarge.
   */
  append(appends: readonly Append[], outbox?: readonly OutboxEntry[], cause?: string): Promise<readonly StoredRecord[]>;
  /** Records of a stream after a version, in order. */
  readStream(stream: string, afterVersion: number): Promise<readonly StoredRecord[]>;
  find(filter: RecordFilter): Promise<readonly StoredRecord[]>;
  streams(): Promise<readonly string[]>;
  /** Number of records in the whole ledger. */
  size(): Promise<number>;
  leafHashes(fromSeq: number, toSeq: number): Promise<readonly Uint8Array[]>;

  /** All signed checkpoints, smallest first. */
  checkpoints(): Promise<readonly string[]>;
  newestCheckpoint(): Promise<string | null>;
  /** Keeps the note unless there is one of this size already; gives the note that is kept for the size. Atomic. */
  keepCheckpoint(size: number, note: string): Promise<string>;

  enqueue(entries: readonly OutboxEntry[]): Promise<void>;
  /** Unsent entries that are due, decisions first, then in order; at most `limit`, of one lane when it is named. */
  dueOutbox(nowMs: number, limit: number, lane?: OutboxEntry['lane']): Promise<readonly QueuedEntry[]>;
  markSent(id: number): Promise<void>;
  /** Not before that time again. `failures` are added to the tries that failed: none when the platform merely asked to wait. */
  retryLater(id: number, atMs: number, error: string, failures?: 0 | 1): Promise<void>;

  /** True when this event id is new; false when it was handled before. */
  claimEvent(eventId: string, nowMs: number): Promise<boolean>;
  /** The records that a claimed event wrote, in order; null when nobody claimed it. */
  workOf(eventId: string): Promise<readonly StoredRecord[] | null>;

  /** What platforms delivered and is kept before it is acknowledged. */
  readonly arrivals: Arrivals;

  readonly drawn: Drawn;

  grant(tokens: readonly TokenGrant[]): Promise<void>;
  token(tokenHash: string): Promise<TokenGrant | null>;
  revokeCard(card: string): Promise<void>;
  /** Forgets what the buttons of a verb in an incident stand for: pressing one says that it is not there any more. */
  ungrant(incident: string, verb: string): Promise<void>;

  /** Small named values: message references, checkpoints, settings that survive a restart. */
  note(name: string): Promise<string | null>;
  setNote(name: string, value: string): Promise<void>;

  /** Answers whether a write would be taken now, and the durability settings as the database reports them. */
  health(): Promise<{ readonly isWritable: boolean; readonly settings: Readonly<Record<string, string>> }>;
  /** Empties the journal beside the database, where what was deleted from it would stand for a while. */
  dropTraces(): Promise<void>;
  close(): Promise<void>;
}
