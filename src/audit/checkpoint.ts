// Checkpoints (C2SP tlog-checkpoint): a signed statement of how long the log is and what its tree hashes to.
import { fromBase64, toBase64 } from './base64.ts';
import { AuditError } from './errors.ts';
import { openNote, type SigningKey, signNote, type VerifierKey } from './note.ts';

/** What a checkpoint states. Nothing may be concluded from it before its signature has been checked. */
export interface Checkpoint {
  /** Name of the log; equals the name of the key that signs it. */
  readonly origin: string;
  readonly size: number;
  /** RFC 6962 root over the first `size` records, 32 bytes. */
  readonly root: Uint8Array;
}

/** A checkpoint whose signature was checked, with its note and the key that signed. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: string;
  readonly signedBy: VerifierKey;
}

/** Three lines: origin, size, base64 root. */
function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Reads the text of a checkpoint; extension lines are allowed and ignored. Throws AuditError `bad-checkpoint`. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, ...rest] = text.split('\n');
  if (!origin || size === undefined || root === undefined || rest.pop() !== '' || rest.includes('')) {
    throw new AuditError('bad-checkpoint', 'a checkpoint has an origin, a size and a root, one on each line');
  }
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) {
    throw new AuditError('bad-checkpoint', `"${size.slice(0, 40)}" is not a tree size`);
  }
  const hash = fromBase64(root, 'bad-checkpoint', 'the root hash');
  if (hash.length !== 32) throw new AuditError('bad-checkpoint', 'the root hash of a checkpoint has 32 bytes');
  return { origin, size: Number(size), root: hash };
}

/** Signs a tree head. Whoever calls this must have proven consistency with every head signed before. */
export function signCheckpoint(size: number, root: Uint8Array, key: SigningKey): SignedCheckpoint {
  const origin = key.verifier.name;
  return {
    origin,
    size,
    root,
    note: signNote(formatCheckpoint({ origin, size, root }), [key]),
    signedBy: key.verifier,
  };
}

/**
 * Opens a signed checkpoint with the keys that are trusted, the origin being the name of the one that signed. Throws
 * AuditError `bad-note`, `bad-signature` or `bad-checkpoint`.
 */
export function openCheckpoint(note: string, known: readonly VerifierKey[]): SignedCheckpoint {
  const { text, signedBy } = openNote(note, known);
  const checkpoint = parseCheckpoint(text);
  const signer = signedBy.find((key) => key.name === checkpoint.origin);
  if (!signer) {
    throw new AuditError('bad-checkpoint', `the checkpoint is of the log "${checkpoint.origin}", the key of another`);
  }
  return { ...checkpoint, note, signedBy: signer };
}
