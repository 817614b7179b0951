// The audit log: follows the committed records with a tree, signs its heads, anchors them, and stops at the first contradiction.
import { type Anchor, type AnchorFinding, checkAgainstAnchors } from './anchors.ts';
import { leafHash } from './canonical.ts';
import { openCheckpoint, type SignedCheckpoint, signCheckpoint } from './checkpoint.ts';
import { AuditError } from './errors.ts';
import { checkHistory } from './history.ts';
import { isSameHash, MerkleTree, verifyConsistency } from './merkle.ts';
import type { SigningKey, VerifierKey } from './note.ts';
import { receiptOf } from './receipt.ts';

/** The committed records and the signed heads over them: the part of the store that the audit log needs. */
export interface AuditStore {
  /** Number of records; their seq runs from 0 to size - 1 without gaps. */
  size(): Promise<number>;
  /** Leaf hashes of records `fromSeq` (inclusive) to `toSeq` (exclusive), in order. */
  leafHashes(fromSeq: number, toSeq: number): Promise<readonly Uint8Array[]>;
  /** At most `limit` records from `fromSeq` on, in order, with their bytes as kept. */
  find(filter: {
    readonly fromSeq: number;
    readonly limit: number;
  }): Promise<readonly { readonly bytes: Uint8Array }[]>;
  /** All past checkpoints, smallest first. */
  checkpoints(): Promise<readonly string[]>;
  newestCheckpoint(): Promise<string | null>;
  /** Keeps the note unless there is one of this size already; gives the note that is kept for the size. Atomic. */
  keepCheckpoint(size: number, note: string): Promise<string>;
}

/** What the log works with. `retiredKeys` are the verifier keys of before a rotation. */
export interface AuditLogParts {
  readonly store: AuditStore;
  readonly key: SigningKey;
  readonly retiredKeys?: readonly VerifierKey[];
  readonly anchors?: readonly Anchor[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly everyRecords?: number;
  readonly everyMs?: number;
  /** Asked before each signing: the key that another process put in the place of this one, or null. Throws AuditError when the old key did not sign for it. */
  readonly replacedBy?: (current: VerifierKey) => Promise<SigningKey | null>;
  /** Told after an anchor took a head. */
  readonly onAnchored?: (anchors: readonly AnchorStatus[]) => void;
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

const BATCH = 1000;
const EVERY_RECORDS = 25;
const EVERY_MS = 10 * 60_000;
// Refused presses, single votes and looks are signed with the next decision: somebody pressing often must not make us sign often.
const SIGNED_AT_ONCE =
  /^(approval\.(?!refused|voted)|containment\.(?!shown|viewed|reminded)|execution\.|incident\.|key\.|policy\.|text\.erased)/;

/** One a process. Two processes on one store may both have one: the store keeps their heads from forking. */
export class AuditLog {
  readonly #parts: AuditLogParts;
  readonly #tree = new MerkleTree();
  readonly #anchors: readonly AnchorState[];
  #key: SigningKey;
  #known: readonly VerifierKey[];
  #newest: SignedCheckpoint | null = null;
  #signedAtMs: number;
  #halted: AuditError | null = null;
  /** What was asked last; everything that touches the tree runs one after the other. */
  #last: Promise<unknown> = Promise.resolve();

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
    const findings = await log.#checkAll();
    for (const [i, { size, state, why }] of findings.entries()) {
      log.#anchors[i]!.size = size;
      log.#anchors[i]!.failure = state === 'unreachable' ? (why ?? 'unreachable') : null;
    }
    await log.sign();
    return { log, anchors: findings };
  }

  /** Records, heads and anchors; again when another process wrote and anchored in between, which looks like a cut store. */
  async #checkAll(): Promise<readonly AnchorFinding[]> {
    for (;;) {
      await this.check();
      try {
        return await checkAgainstAnchors(this.#tree, this.#known, this.#parts.anchors ?? []);
      } catch (error) {
        const isCut = error instanceof AuditError && error.code === 'behind-anchor';
        if (!isCut || (await this.#parts.store.size()) <= this.#tree.size) throw error;
      }
    }
  }

  /** Tells the log what was just committed; signs when a decision or outcome is among it, or enough records are waiting. */
  appended(types: readonly string[]): Promise<SignedCheckpoint | null> {
    return this.#exclusive(async () => {
      await this.#catchUp();
      const isSignedAtOnce = this.#parts.isSignedAtOnce ?? ((type) => SIGNED_AT_ONCE.test(type));
      const isFull = this.#unsigned() >= (this.#parts.everyRecords ?? EVERY_RECORDS);
      return isFull || types.some(isSignedAtOnce) ? this.#sign() : null;
    });
  }

  /** To be called every minute or so: signs what has waited too long and tries failed anchors again. */
  tick(): Promise<SignedCheckpoint | null> {
    return this.#exclusive(async () => {
      await this.#catchUp();
      const isDue = this.#parts.now() - this.#signedAtMs >= (this.#parts.everyMs ?? EVERY_MS);
      if (isDue && this.#unsigned() > 0) return this.#sign();
      if (this.#newest) this.#anchor(this.#newest);
      return null;
    });
  }

  /**
   * Signs the head over all committed records: at open, close, export and shutdown; the same head is not signed twice.
   * Null when there is no record yet. Throws AuditError `forked-head` or `inconsistent`, and from then on always.
   */
  sign(): Promise<SignedCheckpoint | null> {
    return this.#exclusive(() => this.#sign());
  }

  /** A tlog-proof of the record with its bytes, against the newest head; signs first when the head does not cover it yet. */
  receipt(seq: number): Promise<string> {
    return this.#exclusive(async () => {
      const head = this.#newest && this.#newest.size > seq ? this.#newest : await this.#sign();
      if (!head || head.size <= seq) throw new AuditError('record-missing', `there is no record ${seq}`, seq);
      const [row] = await this.#parts.store.find({ fromSeq: seq, limit: 1 });
      return receiptOf(this.#tree, seq, row!.bytes, head);
    });
  }

  /** Recomputes everything from the kept bytes. Throws AuditError naming the first bad record. */
  check(): Promise<void> {
    return this.#exclusive(async () => {
      await this.#takeUpKey();
      // Before the tree: what another process signs from here on is about records this tree may not have yet.
      const past = await this.#parts.store.checkpoints();
      await this.#catchUp();
      for (let seq = 0; seq < this.#tree.size; ) {
        const batch = await this.#parts.store.find({ fromSeq: seq, limit: BATCH });
        if (batch.length === 0) throw new AuditError('record-missing', `record ${seq} is missing`, seq);
        for (const { bytes } of batch) {
          if (seq === this.#tree.size) break;
          if (!isSameHash(leafHash(bytes), this.#tree.leaf(seq))) {
            throw new AuditError(
              'record-changed',
              `record ${seq} was changed: its bytes do not give its leaf hash`,
              seq,
            );
          }
          seq += 1;
        }
      }
      checkHistory(
        this.#tree,
        past.map((note) => openCheckpoint(note, this.#known)),
      );
    });
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
    if (!this.#halted) await this.sign();
    await this.settled();
  }

  /** Resolves when no anchor is being written. */
  async settled(): Promise<void> {
    while (this.#anchors.some(({ running }) => running)) await Promise.all(this.#anchors.map(({ running }) => running));
  }

  #unsigned(): number {
    return this.#tree.size - (this.#newest?.size ?? 0);
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    // A failure belongs to whoever asked, not to whoever asks next.
    this.#last = done.catch(() => {});
    return done;
  }

  async #sign(): Promise<SignedCheckpoint | null> {
    if (this.#halted) throw this.#halted;
    await this.#takeUpKey();
    await this.#catchUp();
    const last = await this.#lastKept();
    const size = this.#tree.size;
    if (size === 0 && !last) return null;
    if (last) this.#mustExtend(last);
    const signed = last?.size === size ? last : await this.#keep(signCheckpoint(size, this.#tree.root(), this.#key));
    this.#newest = signed;
    this.#signedAtMs = this.#parts.now();
    this.#anchor(signed);
    return signed;
  }

  /** A key is rotated at the server's command line, beside this process; signing on with the old one would defeat it. */
  async #takeUpKey(): Promise<void> {
    try {
      const key = (await this.#parts.replacedBy?.(this.#key.verifier)) ?? null;
      if (!key) return;
      this.#known = [key.verifier, ...this.#known];
      this.#key = key;
    } catch (error) {
      if (error instanceof AuditError) this.#halt(error);
      throw error;
    }
  }

  async #catchUp(): Promise<void> {
    const size = await this.#parts.store.size();
    if (size < this.#tree.size) {
      this.#halt(
        new AuditError('record-missing', `the store lost records: it had ${this.#tree.size}, now ${size}`, size),
      );
    }
    while (this.#tree.size < size) {
      const from = this.#tree.size;
      const to = Math.min(size, from + BATCH);
      const leaves = await this.#parts.store.leafHashes(from, to);
      if (leaves.length !== to - from) this.#halt(await this.#gapFrom(from));
      for (const leaf of leaves) this.#tree.append(leaf);
    }
  }

  /** Which record is missing, from the numbers the records themselves state. */
  async #gapFrom(from: number): Promise<AuditError> {
    const rows = await this.#parts.store.find({ fromSeq: from, limit: BATCH });
    const stated = rows.map(({ bytes }) => (JSON.parse(Buffer.from(bytes).toString('utf8')) as { seq: number }).seq);
    const gap = stated.findIndex((seq, i) => seq !== from + i);
    const seq = from + (gap < 0 ? stated.length : gap);
    return new AuditError('record-missing', `record ${seq} is missing from the store`, seq);
  }

  /** The newest head in the store, which another process may have signed since. */
  async #lastKept(): Promise<SignedCheckpoint | null> {
    const note = await this.#parts.store.newestCheckpoint();
    if (note === null || note === this.#newest?.note) return this.#newest;
    const kept = openCheckpoint(note, this.#known);
    // It may be over records that came after this tree was last brought up to date.
    if (kept.size > this.#tree.size) await this.#catchUp();
    return kept;
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

  async #keep(signed: SignedCheckpoint): Promise<SignedCheckpoint> {
    const note = await this.#parts.store.keepCheckpoint(signed.size, signed.note);
    if (note === signed.note) return signed;
    const kept = openCheckpoint(note, this.#known);
    if (kept.size !== signed.size || !isSameHash(kept.root, signed.root)) {
      this.#halt(new AuditError('forked-head', `another head of size ${signed.size} is signed already`));
    }
    return kept;
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
        this.#parts.onAnchored?.(this.status().anchors);
      } catch (error) {
        state.failure = error instanceof Error ? error.message : String(error);
        if (error instanceof AuditError && error.code === 'forked-head') this.#halted = error;
      }
    }
  }
}
