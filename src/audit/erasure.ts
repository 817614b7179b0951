// Erasure: text about people is in a record only as a salted commitment. Text and salt are in a blob; when the blob goes,
// the record and its proof stay, and nobody can find the text again by guessing.

import { type Refusal, refuse } from '../refusal.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { canonicalBytes, sanitise, sha256Hex } from './canonical.ts';
import { AuditError } from './errors.ts';
import type { NewRecord } from './record.ts';

/** What a record holds instead of the text: the SHA-256 of the blob, in hex. */
export interface Commitment {
  readonly commitment: string;
}

/** The record that a text is kept apart, so that it can be erased: who wrote it and what it is about stay. */
export type TextCommitted = NewRecord<'text.committed', Commitment & { readonly key: string; readonly about: string }>;

/** The record that a text was erased; the verifier tells erased blobs from lost ones by it. */
export type TextErased = NewRecord<
  'text.erased',
  { readonly commitments: readonly string[]; readonly reason: string; readonly authority: string }
>;

const SALT_BYTES = 32;
const KIND = 'countersign-text-v1';
const HEX_64 = /^[0-9a-f]{64}$/;

/** Commits to a text; `salt` is 32 random bytes used for nothing else. Keep the blob under its SHA-256, put the rest in the record. */
export function commitText(text: string, salt: Uint8Array): Commitment & { readonly blob: Uint8Array } {
  if (salt.length !== SALT_BYTES) throw new RangeError(`a salt has ${SALT_BYTES} bytes`);
  const blob = canonicalBytes(sanitise({ kind: KIND, salt: toBase64(salt), text }));
  return { commitment: sha256Hex(blob), blob };
}

/** The text a record commits to. Throws AuditError `bad-record` when the blob is not the one committed to. */
export function openCommitment({ commitment }: Commitment, blob: Uint8Array): string {
  if (sha256Hex(blob) !== commitment) throw new AuditError('bad-record', 'the kept text is not the one in the record');
  const value = JSON.parse(Buffer.from(blob).toString('utf8')) as { kind?: unknown; salt?: unknown; text?: unknown };
  const isText = value.kind === KIND && typeof value.salt === 'string' && typeof value.text === 'string';
  if (!isText || fromBase64(value.salt as string, 'bad-record', 'the salt').length !== SALT_BYTES) {
    throw new AuditError('bad-record', 'the kept bytes are not a committed text');
  }
  return value.text as string;
}

/** The record to commit before the blobs are deleted. Refused without a reason and somebody's authority, or with a bad commitment. */
export function eraseTexts(
  commitments: readonly string[],
  reason: string,
  authority: string,
): TextErased | Refusal<'reason-missing' | 'authority-missing' | 'not-a-commitment'> {
  if (reason.trim() === '')
    return refuse('reason-missing', 'Say why the text is erased, for example the request it answers.');
  if (authority.trim() === '')
    return refuse('authority-missing', 'Say who decided it, for example the privacy officer.');
  if (commitments.length === 0 || !commitments.every((commitment) => HEX_64.test(commitment))) {
    return refuse('not-a-commitment', 'Name the texts by the 64-digit commitments in their records.');
  }
  return { type: 'text.erased', body: { commitments: [...new Set(commitments)], reason, authority } };
}

/** Keys that hold a blob's SHA-256 in records. A new one belongs here, or exports leave its blobs out. */
const BLOB_KEYS = new Set(['sha256', 'deliveredSha256', 'result', 'blob', 'commitment']);
const MAX_REFERENCES = 10_000;

/**
 * The blobs a record refers to: every value of 64 hex digits under one of the keys that name blobs, at any depth. The
 * record of an erasure refers to none.
 */
export function blobReferences(record: { readonly type: string; readonly body: unknown }): readonly string[] {
  if (record.type === 'text.erased') return [];
  const found = new Set<string>();
  const queue: unknown[] = [record.body];
  for (let value = queue.pop(); value !== undefined && found.size < MAX_REFERENCES; value = queue.pop()) {
    if (value === null || typeof value !== 'object') continue;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'object') queue.push(inner);
      if (BLOB_KEYS.has(key) && typeof inner === 'string' && HEX_64.test(inner)) found.add(inner);
    }
  }
  return [...found];
}
