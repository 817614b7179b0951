// The audit log: follows the committed records with a tree, signs its heads, anchors them, and stops at the first contradiction.
import { type Anchor, type AnchorFinding, checkAgainstAnchors } from './anchors.ts';
import { leafHash } from './canonical.ts';
import { openCheckpoint, type SignedCheckpoint, signCheckpoint } from './checkpoint.ts';
import { AuditError } from './errors.ts';
import { isSameHash, MerkleTree, verifyConsistency } from './merkle.ts';
import type { SigningKey, VerifierKey } from './note.ts';
import { formatReceipt } from './receipt.ts';

/** The committed records, as the store has them. seq runs from 0 to size() - 1 without gaps. */
export interface RecordSource {
  size(): number;
  /** Leaf hashes of records `from` (inclusive) to `to` (exclusive), in order. */
  leaves(from: number, to: number): Iterable<Uint8Array>;
  /** The canonical bytes as kept. */
  bytes(seq: number): Uint8Array;
}

/** Where past checkpoints are kept for ever, in the order of their sizes. */
export interface CheckpointStore {
  all(): readonly string[];
  newest(): string | null;
  /** Keeps the note unless there is one of this size already; gives the note that is kept for the size. Atomic. */
  keep(size: number, note: string): string;
}

/** What the log works with. `retiredKeys` are the verifier keys of before a rotation. */
export interface AuditLogParts {
  readonly source: RecordSource;
  readonly checkpoints: CheckpointStore;
  readonly key: SigningKey;
  readonly retiredKeys?: readonly VerifierKey[];
  readonly anchors?: readonly Anchor[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly everyRecords?: number;
  readonly everyMs?: number;
  /** Whether a record of this type is signed at once: decisions and execution outcomes by default. */
  readonly isSignedAtOnce?: (type: string) => boolean;
}

/** How one anchor stands. */
export interface AnchorStatus {
  readonly name: string;
  /** Records it vouches for. */
  readonly size: number;
  readonly failure: string | null;
}

/** How the log stands. Records from `anchoredSize` on could be lost unnoticed; from `signedSize` on they are not even signed. */
export interface AuditStatus {
  readonly size: number;
  readonly signedSize: number;
  readonly anchoredSize: number;
  readonly newest: SignedCheckpoint | null;
  readonly anchors: readonly AnchorStatus[];
  /** Why nothing is signed any more, or null. */
  readonly halted: string | null;
}

interface AnchorState {
  readonly anchor: Anchor;
  size: number;
  failure: string | null;
  wanted: SignedCheckpoint | null;
  running: Promise<void> | null;
}

const EVERY_RECORDS = 25;
const EVERY_MS = 10 * 60_000;
const SIGNED_AT_ONCE =
  /^(approval|execution|attestation|break-glass|incident)\.|^containment\.(executed|failed|unknown)/;

/** One a process. Two processes on one store may both have one: the checkpoint store keeps their heads from forking. */
export class AuditLog {
  readonly #parts: AuditLogParts;
  readonly #tree = new MerkleTree();
  readonly #anchors: readonly AnchorState[];
  #key: SigningKey;
  #known: readonly VerifierKey[];
  #newest: SignedCheckpoint | null = null;
  #signedAtMs: number;
  #halted: AuditError | null = null;

  private constructor(parts: AuditLogParts) {
    this.#parts = parts;
    this.#key = parts.key;
    this.#known = [parts.key.verifier, ...(parts.retiredKeys ?? [])];
    this.#signedAtMs = parts.now();
    this.#anchors = (parts.anchors ?? []).map((anchor) => ({
      anchor,
      size: 0,
      failure: null,
      wanted: null,
      running: null,
    }));
  }

  /**
   * Reads the store, checks every record's bytes against its leaf hash, every past checkpoint and every anchor against the
   * tree, and signs. Throws AuditError when anything contradicts: the server must not start then.
   */
  static async open(parts: AuditLogParts): Promise<{ log: AuditLog; anchors: readonly AnchorFinding[] }> {
    const log = new AuditLog(parts);
    log.check();
    const findings = await checkAgainstAnchors(log.#tree, log.#known, parts.anchors ?? []);
    for (const [i, { size, state, why }] of findings.entries()) {
      log.#anchors[i]!.size = size;
      log.#anchors[i]!.failure = state === 'unreachable' ? (why ?? 'unreachable') : null;
    }
    log.sign();
    return { log, anchors: findings };
  }

  /** Tells the log what was just committed; signs when a decision or outcome is among it, or enough records are waiting. */
  appended(types: readonly string[]): SignedCheckpoint | null {
    this.#catchUp();
    const isSignedAtOnce = this.#parts.isSignedAtOnce ?? ((type) => SIGNED_AT_ONCE.test(type));
    const isFull = this.#unsigned() >= (this.#parts.everyRecords ?? EVERY_RECORDS);
    return isFull || types.some(isSignedAtOnce) ? this.sign() : null;
  }

  /** To be called every minute or so: signs what has waited too long and tries failed anchors again. */
  tick(): SignedCheckpoint | null {
    this.#catchUp();
    const isDue = this.#parts.now() - this.#signedAtMs >= (this.#parts.everyMs ?? EVERY_MS);
    const signed = isDue && this.#unsigned() > 0 ? this.sign() : null;
    if (!signed && this.#newest) this.#anchor(this.#newest);
    return signed;
  }

  /**
   * Signs the head over all committed records, at open, close, export and shutdown too; the same head is not signed twice.
   * Null when there is no record yet. Throws AuditError `forked-head` or `inconsistent`, and from then on always.
   */
  sign(): SignedCheckpoint | null {
    if (this.#halted) throw this.#halted;
    this.#catchUp();
    const size = this.#tree.size;
    if (size === 0) return null;
    const last = this.#lastKept();
    if (last) this.#mustExtend(last);
    const signed = last?.size === size ? last : this.#keep(signCheckpoint(size, this.#tree.root(), this.#key));
    this.#newest = signed;
    this.#signedAtMs = this.#parts.now();
    this.#anchor(signed);
    return signed;
  }

  /** A tlog-proof of the record, against the newest head; signs first when the head does not cover it yet. */
  receipt(seq: number): string {
    this.#catchUp();
    const covering = this.#newest && this.#newest.size > seq ? this.#newest : this.sign();
    if (!covering || covering.size <= seq) throw new AuditError('record-missing', `there is no record ${seq}`, seq);
    return formatReceipt({
      index: seq,
      proof: this.#tree.inclusionProof(seq, covering.size),
      checkpoint: covering.note,
    });
  }

  /** Signs with another key from now on; the old one stays trusted. The rotation's record must be committed. */
  useKey(key: SigningKey): SignedCheckpoint | null {
    this.#known = [key.verifier, ...this.#known];
    this.#key = key;
    return this.sign();
  }

  /** Recomputes everything from the kept bytes. Throws AuditError naming the first bad record. */
  check(): void {
    this.#catchUp();
    const { source, checkpoints } = this.#parts;
    for (let seq = 0; seq < this.#tree.size; seq++) {
      if (!isSameHash(leafHash(source.bytes(seq)), this.#tree.leaf(seq))) {
        throw new AuditError('record-changed', `record ${seq} was changed: its bytes do not give its leaf hash`, seq);
      }
    }
    checkHistory(
      this.#tree,
      checkpoints.all().map((note) => openCheckpoint(note, this.#known)),
    );
  }

  status(): AuditStatus {
    const anchors = this.#anchors.map(({ anchor, size, failure }) => ({ name: anchor.name, size, failure }));
    return {
      size: this.#tree.size,
      signedSize: this.#newest?.size ?? 0,
      anchoredSize: Math.max(0, ...anchors.map(({ size }) => size)),
      newest: this.#newest,
      anchors,
      halted: this.#halted?.message ?? null,
    };
  }

  /** Signs what is left and waits for the anchors. Their failures are in the status, not thrown. */
  async close(): Promise<void> {
    if (!this.#halted) this.sign();
    await this.settled();
  }

  /** Resolves when no anchor is being written. */
  async settled(): Promise<void> {
    while (this.#anchors.some(({ running }) => running)) await Promise.all(this.#anchors.map(({ running }) => running));
  }

  #unsigned(): number {
    return this.#tree.size - (this.#newest?.size ?? 0);
  }

  #catchUp(): void {
    const size = this.#parts.source.size();
    if (size < this.#tree.size) {
      this.#halt(
        new AuditError('record-missing', `the store lost records: it had ${this.#tree.size}, now ${size}`, size),
      );
    }
    if (size === this.#tree.size) return;
    for (const leaf of this.#parts.source.leaves(this.#tree.size, size)) this.#tree.append(leaf);
    if (this.#tree.size !== size)
      throw new AuditError('record-missing', 'the store gave fewer leaves than it has', this.#tree.size);
  }

  /** The newest head in the store, which another process may have signed since. */
  #lastKept(): SignedCheckpoint | null {
    const note = this.#parts.checkpoints.newest();
    if (note === null || note === this.#newest?.note) return this.#newest;
    return openCheckpoint(note, this.#known);
  }

  #mustExtend(last: SignedCheckpoint): void {
    const size = this.#tree.size;
    if (last.size > size) {
      this.#halt(
        new AuditError('forked-head', `a head over ${last.size} records is signed, the store has ${size}`, size),
      );
    }
    const proof = last.size === 0 ? [] : this.#tree.consistencyProof(last.size);
    const isPrefix = last.size === 0 || verifyConsistency(last.size, size, proof, last.root, this.#tree.root());
    if (!isPrefix) {
      const why = 'the records do not continue the last signed head; nothing is signed until a person has looked';
      this.#halt(new AuditError('inconsistent', why));
    }
  }

  #keep(signed: SignedCheckpoint): SignedCheckpoint {
    const kept = this.#parts.checkpoints.keep(signed.size, signed.note);
    if (kept === signed.note) return signed;
    const other = openCheckpoint(kept, this.#known);
    if (other.size !== signed.size || !isSameHash(other.root, signed.root)) {
      this.#halt(new AuditError('forked-head', `another head of size ${signed.size} is signed already`));
    }
    return other;
  }

  #halt(error: AuditError): never {
    this.#halted = error;
    throw error;
  }

  #anchor(checkpoint: SignedCheckpoint): void {
    for (const state of this.#anchors) {
      if (state.size >= checkpoint.size && !state.failure) continue;
      state.wanted = checkpoint;
      state.running ??= this.#write(state).finally(() => {
        state.running = null;
      });
    }
  }

  /** One write at a time for each anchor; what was signed meanwhile is written as its newest head only. */
  async #write(state: AnchorState): Promise<void> {
    for (let next = state.wanted; next; next = state.wanted) {
      state.wanted = null;
      try {
        await state.anchor.write(next);
        state.size = Math.max(state.size, next.size);
        state.failure = null;
      } catch (error) {
        state.failure = error instanceof Error ? error.message : String(error);
        if (error instanceof AuditError && error.code === 'forked-head') this.#halted = error;
      }
    }
  }
}

/**
 * Compares past checkpoints, in any order, with the tree. Throws AuditError `record-missing` when the tree is shorter than
 * one, `record-changed` naming the first record of the smallest range that must hold the change.
 */
export function checkHistory(tree: Pick<MerkleTree, 'size' | 'root'>, past: readonly SignedCheckpoint[]): void {
  let proven = 0;
  for (const { size, root } of [...past].sort((a, b) => a.size - b.size)) {
    if (size > tree.size) {
      const why = `the log ends after ${tree.size} records, but its checkpoint covers ${size}: the tail was cut`;
      throw new AuditError('record-missing', why, tree.size);
    }
    if (!isSameHash(tree.root(size), root)) {
      const why = `records ${proven} to ${size - 1}: at least one was changed, removed or reordered after it was signed`;
      throw new AuditError('record-changed', why, proven);
    }
    proven = size;
  }
}
