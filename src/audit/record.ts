// The ledger's line: what every noun's decisions become and what is hashed, kept and exported.

/** JSON as it can be canonicalised: no undefined, no NaN. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Who caused a record. `label` is a name for readers and never a key; (platform, tenant, id) is. */
export interface Actor {
  readonly kind: 'human' | 'bot' | 'system';
  readonly platform: string;
  readonly tenant: string;
  readonly id: string;
  readonly label: string;
}

/** A record a decision wants to append; the ledger adds place, time and actor. `type` is noun.past-verb. */
export interface NewRecord<Type extends string = string, Body = unknown> {
  readonly type: Type;
  readonly body: Body;
  /** Short key of what it is about (`EV-7`, `CA-3`), or null. */
  readonly subject?: string;
}

/** A committed record. The canonical bytes of exactly these fields are what the leaf hash covers. */
export interface LedgerRecord {
  /** 0-based, contiguous over the whole ledger. */
  readonly seq: number;
  /** Server UTC, ISO 8601 with milliseconds. */
  readonly ts: string;
  readonly type: string;
  /** Stream it belongs to: an incident's key, or `workspace`. */
  readonly stream: string;
  /** 1-based, contiguous within the stream. */
  readonly version: number;
  readonly actor: Actor;
  readonly incident: string | null;
  readonly subject: string | null;
  readonly body: Json;
}

/** A record with the bytes that were hashed. */
export interface StoredRecord {
  readonly record: LedgerRecord;
  /** RFC 8785 canonical bytes, as kept. */
  readonly bytes: Uint8Array;
  /** RFC 6962 leaf hash of `bytes`, 32 bytes. */
  readonly leafHash: Uint8Array;
}
