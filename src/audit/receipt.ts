// Receipts (C2SP tlog-proof v1): one record, proven to be in the log, checkable offline with nothing but the public key.
import { fromBase64, toBase64 } from './base64.ts';
import { leafHash } from './canonical.ts';
import { openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { AuditError } from './errors.ts';
import { type MerkleTree, verifyInclusion } from './merkle.ts';
import type { VerifierKey } from './note.ts';

/** The parts of a tlog-proof. `checkpoint` is the signed note, verbatim and unchecked. */
export interface Receipt {
  /** 0-based place of the record in the log. */
  readonly index: number;
  /** Audit path, sibling of the leaf first. */
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: string;
  /** The record's bytes, when they are sent along. Not authenticated before the proof has been checked over them. */
  readonly extra?: Uint8Array;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_PROOF_HASHES = 64;

/** The text of a receipt, to be kept as a `.tlog-proof` file. */
export function formatReceipt({ index, proof, checkpoint, extra }: Receipt): string {
  const lines = [HEADER, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...proof.map(toBase64)];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** The receipt of record `seq` with its bytes, from a tree that holds at least the head's records. */
export function receiptOf(tree: MerkleTree, seq: number, bytes: Uint8Array, head: SignedCheckpoint): string {
  return formatReceipt({ index: seq, proof: tree.inclusionProof(seq, head.size), checkpoint: head.note, extra: bytes });
}

/** Reads a receipt without believing it. Throws AuditError `bad-receipt`. */
export function parseReceipt(text: string): Receipt {
  const end = text.indexOf('\n\n');
  if (end < 0) throw new AuditError('bad-receipt', 'a receipt is a proof, an empty line and a checkpoint');
  const lines = text.slice(0, end).split('\n');
  if (lines.shift() !== HEADER) throw new AuditError('bad-receipt', `a receipt starts with ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') ? lines.shift()!.slice('extra '.length) : null;
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined || !Number.isSafeInteger(Number(index))) {
    throw new AuditError('bad-receipt', 'a receipt has an index line with a whole number');
  }
  if (lines.length > MAX_PROOF_HASHES)
    throw new AuditError('bad-receipt', 'the proof has more hashes than a tree has levels');
  const proof = lines.map((line) => {
    const hash = fromBase64(line, 'bad-receipt', 'a hash of the proof');
    if (hash.length !== 32) throw new AuditError('bad-receipt', 'a hash of the proof has 32 bytes');
    return hash;
  });
  const checkpoint = text.slice(end + 2);
  return extra === null
    ? { index: Number(index), proof, checkpoint }
    : { index: Number(index), proof, checkpoint, extra: fromBase64(extra, 'bad-receipt', 'the extra data') };
}

/**
 * Checks that a record stands at the receipt's index in a log whose head a trusted key signed; gives index, bytes and
 * checkpoint. The bytes are those given, or those the receipt brings along, which the proof then makes trustworthy.
 * Throws AuditError `bad-receipt`, `bad-note`, `bad-signature`, `bad-checkpoint` or `bad-proof`.
 */
export function verifyReceipt(
  text: string,
  known: readonly VerifierKey[],
  record?: Uint8Array,
): { readonly seq: number; readonly bytes: Uint8Array; readonly checkpoint: SignedCheckpoint } {
  const { index, proof, checkpoint: note, extra } = parseReceipt(text);
  const bytes = record ?? extra;
  if (!bytes) throw new AuditError('bad-receipt', 'the receipt does not bring its record along: give the bytes');
  const checkpoint = openCheckpoint(note, known);
  if (!verifyInclusion(index, checkpoint.size, leafHash(bytes), proof, checkpoint.root)) {
    throw new AuditError('bad-proof', `the receipt does not prove these bytes at index ${index}`, index);
  }
  return { seq: index, bytes, checkpoint };
}
