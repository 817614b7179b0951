// Signed notes (C2SP signed-note v1.0.0), Ed25519 only: text that anybody with a verifier key can check.
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { fromBase64, toBase64 } from './base64.ts';
import { AuditError } from './errors.ts';

/** A public key that signatures are checked with. (name, id) is its identity in a note. */
export interface VerifierKey {
  readonly name: string;
  /** Four bytes as eight lower-case hex digits. */
  readonly id: string;
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array;
}

/** A key that signs, with the public half that checks it. */
export interface SigningKey {
  readonly verifier: VerifierKey;
  readonly secret: KeyObject;
}

/** A note that at least one known key signed: its text, and who signed. */
export interface OpenedNote {
  /** Text with its final newline, exactly what was signed. */
  readonly text: string;
  readonly signedBy: readonly VerifierKey[];
}

const ED25519 = 0x01;
const MAX_NOTE_CHARS = 1_000_000;
const MAX_SIGNATURES = 100;
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const FORBIDDEN_CONTROLS = /[\u0000-\u0009\u000b-\u001f]/;
const SPACE_OR_PLUS = /[\s+]/u;

/** Builds a verifier key from a name and 32 raw public bytes; the id is SHA-256(name, LF, 0x01, public key)[:4]. */
export function verifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  if (name === '' || SPACE_OR_PLUS.test(name) || FORBIDDEN_CONTROLS.test(name)) {
    throw new AuditError('bad-key', `the key name "${name}" is empty or has a space, a plus or a control character`);
  }
  if (publicKey.length !== 32) throw new AuditError('bad-key', 'an Ed25519 public key has 32 bytes');
  return { name, id: keyId(name, publicKey), publicKey };
}

/** `name+id+base64(0x01, public key)`: the text of a verifier key, as Go's sumdb/note writes it. */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${key.id}+${toBase64(typed(key.publicKey))}`;
}

export const isSameKey = (a: VerifierKey, b: VerifierKey): boolean => formatVerifierKey(a) === formatVerifierKey(b);

/** Reads a verifier key; surrounding white space is ignored. Throws AuditError `bad-key` when it is damaged or not Ed25519. */
export function parseVerifierKey(text: string): VerifierKey {
  const parts = text.trim().split('+');
  // Base64 may contain a plus itself, so everything after the second one belongs together.
  const [name, id] = parts;
  const encoded = parts.slice(2).join('+');
  if (!name || !id || !encoded) throw new AuditError('bad-key', 'a verifier key has the form name+id+base64');
  const bytes = fromBase64(encoded, 'bad-key', 'the verifier key');
  if (bytes[0] !== ED25519) throw new AuditError('bad-key', 'the verifier key is not an Ed25519 key (type 0x01)');
  const key = verifierKey(name, bytes.subarray(1));
  if (key.id !== id) throw new AuditError('bad-key', `the verifier key says id ${id} but its bytes give ${key.id}`);
  return key;
}

/** Signs text, which must end in a newline and hold no other control character, with every key given, in order. */
export function signNote(text: string, keys: readonly SigningKey[]): string {
  const problem = textProblem(text);
  if (problem) throw new AuditError('bad-note', problem);
  const lines = keys.map(({ verifier, secret }) => {
    const signature = sign(null, Buffer.from(text, 'utf8'), secret);
    return `\u2014 ${verifier.name} ${toBase64(Buffer.concat([Buffer.from(verifier.id, 'hex'), signature]))}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * Opens a note. Signatures of unknown keys are ignored, which leaves room for witnesses; a wrong signature of a known
 * key, or none of a known key, throws AuditError `bad-signature`; anything malformed throws `bad-note`.
 */
export function openNote(note: string, known: readonly VerifierKey[]): OpenedNote {
  const { text, signatures } = splitNote(note);
  const signedBy: VerifierKey[] = [];
  for (const { name, id, signature } of signatures) {
    const key = known.find((candidate) => candidate.name === name && candidate.id === id);
    if (!key || signedBy.includes(key)) continue;
    if (!isSignedBy(text, signature, key)) {
      throw new AuditError('bad-signature', `the signature of ${name} (key ${id}) does not fit the text`);
    }
    signedBy.push(key);
  }
  if (signedBy.length === 0) {
    const found = signatures.map(({ name, id }) => `${name} (${id})`).join(', ');
    const wanted = known.map(({ name, id }) => `${name} (${id})`).join(', ');
    throw new AuditError('bad-signature', `signed by ${found}, not by the key you trust: ${wanted}`);
  }
  return { text, signedBy };
}

interface Signature {
  readonly name: string;
  readonly id: string;
  readonly signature: Uint8Array;
}

function splitNote(note: string): { text: string; signatures: readonly Signature[] } {
  if (note.length > MAX_NOTE_CHARS) throw new AuditError('bad-note', 'the note is over a million characters');
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) {
    throw new AuditError(
      'bad-note',
      'a signed note is text, an empty line and signature lines, each ending in a newline',
    );
  }
  const text = note.slice(0, end + 1);
  const problem = textProblem(text);
  if (problem) throw new AuditError('bad-note', problem);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new AuditError('bad-note', `the note has over ${MAX_SIGNATURES} signatures`);
  return { text, signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): Signature {
  const [dash, name, encoded, ...rest] = line.split(' ');
  if (dash !== '\u2014' || !name || !encoded || rest.length > 0 || SPACE_OR_PLUS.test(name)) {
    throw new AuditError('bad-note', `"${line.slice(0, 80)}" is not a signature line`);
  }
  const bytes = fromBase64(encoded, 'bad-note', 'a signature');
  if (bytes.length < 5) throw new AuditError('bad-note', 'a signature is too short');
  return { name, id: Buffer.from(bytes.subarray(0, 4)).toString('hex'), signature: bytes.subarray(4) };
}

function textProblem(text: string): string | null {
  if (!text.endsWith('\n')) return 'the text of a note ends in a newline';
  if (FORBIDDEN_CONTROLS.test(text)) return 'the text of a note has no control characters but newlines';
  return /\p{Surrogate}/u.test(text) ? 'the text of a note is not valid Unicode' : null;
}

function isSignedBy(text: string, signature: Uint8Array, key: VerifierKey): boolean {
  const spki = Buffer.concat([SPKI_ED25519, key.publicKey]);
  return verify(
    null,
    Buffer.from(text, 'utf8'),
    createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    signature,
  );
}

function typed(publicKey: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(ED25519), publicKey]);
}

function keyId(name: string, publicKey: Uint8Array): string {
  return createHash('sha256').update(`${name}\n`).update(typed(publicKey)).digest('hex').slice(0, 8);
}
