// The key that signs checkpoints: a file of its own, outside the database, that only the ledger reads.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, linkSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { fromBase64, toBase64 } from './base64.ts';
import { AuditError } from './errors.ts';
import {
  formatVerifierKey,
  isSameKey,
  openNote,
  parseVerifierKey,
  type SigningKey,
  signNote,
  type VerifierKey,
  verifierKey,
} from './note.ts';
import { placeNew } from './whole-file.ts';

const PREFIX = 'PRIVATE+KEY';
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const ROTATION_HEADER = 'countersign key rotation v1';

/** A new Ed25519 key under this name; the name is the log's origin and should be a schema-less URL. */
export function generateKey(name: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return signingKey(name, privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32));
}

/**
 * Opens the key file, making it (mode 0600) when there is none and the log is new; without a name the log is called
 * `countersign.local/` and random digits for ever. Throws AuditError `bad-key` when the
 * file is missing for a log that has checkpoints, is damaged, is of another log, or can be read by other users of the machine.
 */
export function openKeyFile(path: string, name: string | null, isNewLog: boolean): SigningKey {
  if (!existsSync(path)) {
    // A silent new key would turn a lost or stolen key into an unexplained one.
    if (!isNewLog) throw new AuditError('bad-key', `the signing key ${path} is missing: restore it from your backup`);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Another process may be starting on the same folder: whoever comes second takes the first one's key.
    writeKeyFile(path, generateKey(name ?? `countersign.local/${randomBytes(6).toString('hex')}`));
  }
  const key = readKeyFile(path);
  if (name !== null && key.verifier.name !== name) {
    throw new AuditError('bad-key', `${path} is the key of the log "${key.verifier.name}", not of "${name}"`);
  }
  return key;
}

/** What a rotation leaves: the key to sign with from now on, and a note signed by both keys for the record and the export. */
export interface Rotation {
  readonly key: SigningKey;
  readonly note: string;
}

/**
 * First half of a rotation: makes the next key beside the file (`path.next`) and the note that binds both, at this size of
 * the log. Append a record with the note, then call finishRotation; an unfinished one is begun again and harms nothing.
 */
export function beginRotation(path: string, current: SigningKey, size: number): Rotation {
  const nextPath = `${path}.next`;
  if (!existsSync(nextPath)) writeKeyFile(nextPath, generateKey(current.verifier.name));
  const key = readKeyFile(nextPath);
  const keys = [formatVerifierKey(current.verifier), formatVerifierKey(key.verifier)];
  const text = `${[ROTATION_HEADER, current.verifier.name, size, ...keys].join('\n')}\n`;
  return { key, note: signNote(text, [current, key]) };
}

/** Second half, after the record is committed: the next key takes the file's place, the old one is kept as `path.<id>`. */
export function finishRotation(path: string): SigningKey {
  const old = readKeyFile(path);
  const next = readKeyFile(`${path}.next`);
  // Linked first, so that no crash leaves the log without a key file.
  const kept = `${path}.${old.verifier.id}`;
  if (!existsSync(kept)) linkSync(path, kept);
  renameSync(`${path}.next`, path);
  return next;
}

/** At start: finishes a rotation whose record was committed before the process died. True when it did. */
export function settleRotation(path: string, notes: readonly string[]): boolean {
  const nextPath = `${path}.next`;
  if (!existsSync(nextPath)) return false;
  const next = readKeyFile(nextPath).verifier;
  if (!notes.some((note) => isSameKey(openRotation(note).to, next))) return false;
  finishRotation(path);
  return true;
}

/**
 * The keys reachable from one trusted key through rotation notes, the trusted one first. A note counts only when both of
 * its keys signed it; one that does not open throws AuditError `bad-note` or `bad-signature`.
 */
export function trustThroughRotations(trusted: VerifierKey, notes: readonly string[]): readonly VerifierKey[] {
  const rotations = notes.map(openRotation);
  const known = [trusted];
  for (let grew = true; grew; ) {
    grew = false;
    for (const { from, to } of rotations) {
      const isKnown = (key: VerifierKey) => known.some((other) => isSameKey(other, key));
      if (isKnown(from) === isKnown(to)) continue;
      known.push(isKnown(from) ? to : from);
      grew = true;
    }
  }
  return known;
}

/** Reads and checks a rotation note by the two keys it names, which by itself makes neither trusted. */
export function openRotation(note: string): {
  readonly from: VerifierKey;
  readonly to: VerifierKey;
  readonly size: number;
} {
  const [header, origin, size, oldKey, newKey] = note.split('\n');
  if (header !== ROTATION_HEADER || !oldKey || !newKey)
    throw new AuditError('bad-note', 'this is not a key rotation note');
  const from = parseVerifierKey(oldKey);
  const to = parseVerifierKey(newKey);
  const { signedBy } = openNote(note, [from, to]);
  if (signedBy.length !== 2 || from.name !== origin || to.name !== origin) {
    throw new AuditError('bad-signature', 'a key rotation must be signed by the old and the new key of one log');
  }
  return { from, to, size: Number(size) };
}

function signingKey(name: string, seed: Uint8Array): SigningKey {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { verifier: verifierKey(name, new Uint8Array(raw)), secret };
}

/** The line Go's sumdb/note reads too: PRIVATE+KEY+name+id+base64(0x01, seed). */
function writeKeyFile(path: string, { verifier, secret }: SigningKey): void {
  const seed = secret.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const line = `${PREFIX}+${verifier.name}+${verifier.id}+${toBase64(Buffer.concat([Uint8Array.of(1), seed]))}\n`;
  placeNew(path, line, 0o600);
}

function readKeyFile(path: string): SigningKey {
  const file = openSync(path, 'r');
  try {
    // Windows has no such mode bits; there the folder's access list has to protect the file.
    if (process.platform !== 'win32' && (fstatSync(file).mode & 0o077) !== 0) {
      throw new AuditError('bad-key', `${path} can be read by other users of this machine: run chmod 600 on it`);
    }
    return parseKeyLine(readFileSync(file, 'utf8').trim(), path);
  } finally {
    closeSync(file);
  }
}

function parseKeyLine(line: string, path: string): SigningKey {
  const parts = line.slice(PREFIX.length + 1).split('+');
  const [name, id] = parts;
  if (!line.startsWith(`${PREFIX}+`) || !name) {
    throw new AuditError('bad-key', `${path} is not a signing key; restore it from your backup`);
  }
  const bytes = fromBase64(parts.slice(2).join('+'), 'bad-key', path);
  if (bytes.length !== 33 || bytes[0] !== 1) throw new AuditError('bad-key', `${path} is not an Ed25519 signing key`);
  const key = signingKey(name, bytes.subarray(1));
  if (key.verifier.id !== id) throw new AuditError('bad-key', `${path} is damaged: its id does not fit its bytes`);
  return key;
}
