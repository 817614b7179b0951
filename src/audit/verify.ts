// The verifier: needs an export, a public key and, best, a checkpoint from elsewhere. No server, no database, no network.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalBytes, leafHash } from './canonical.ts';
import { openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { blobReferences } from './erasure.ts';
import { AuditError } from './errors.ts';
import { checkHistory } from './history.ts';
import { trustThroughRotations } from './keys.ts';
import { isSameHash, MerkleTree } from './merkle.ts';
import { parseVerifierKey, type VerifierKey } from './note.ts';
import type { LedgerRecord } from './record.ts';
import { decodeBundle, MAX_ENTRY_BYTES, TILE_WIDTH, tilePath, tilesOf } from './tiles.ts';
import { filesIn, hashFile, linesOf, readBounded, readText } from './verify-files.ts';

/** Records `from` (inclusive) to `to` (exclusive). */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** What holds for an export. Everything in it was checked; what could not be checked says so. */
export interface VerifyReport {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly signedBy: VerifierKey;
  /** Key changes between the key you trust and others that signed. */
  readonly rotations: number;
  readonly checkpoints: number;
  /** Proven to be the records whose checkpoint you hold: nobody can have changed them since. */
  readonly anchored: Range;
  /** Signed, but vouched for by nothing outside this folder: a holder of the key could have written them anew. */
  readonly unanchored: Range;
  /** Where the log says heads were sent; a claim until you fetch one from there. */
  readonly claimedAnchors: readonly { readonly name: string; readonly size: number }[];
  /** Places where a record's time is before that of the record before it: the server's clock was set back. */
  readonly clockJumps: readonly number[];
  readonly blobs: { readonly present: number; readonly erased: number; readonly absent: number };
}

/**
 * Checks an export against a verifier key in its text form, and against checkpoints you hold yourself (signed notes).
 * Throws AuditError, its `seq` naming the first bad record where a record is at fault.
 */
export function verifyExport(folder: string, vkey: string, held: readonly string[] = []): VerifyReport {
  const known = readKeys(folder, vkey);
  const head = readHead(folder, known);
  const heads = readPastHeads(folder, known);
  const mine = held.map((note) => openCheckpoint(note, known));
  const tree = readTree(folder, head);
  checkHistory(tree, [...mine, ...heads, head]);
  checkTiles(folder, tree);
  const content = checkRecords(folder, head.size);
  const blobs = checkBlobs(folder, content);
  const anchoredSize = Math.max(0, ...mine.map(({ size }) => size));
  return {
    origin: head.origin,
    size: head.size,
    root: head.root,
    signedBy: head.signedBy,
    rotations: known.length - 1,
    checkpoints: heads.length,
    anchored: { from: 0, to: anchoredSize },
    unanchored: { from: anchoredSize, to: head.size },
    claimedAnchors: readClaims(folder),
    clockJumps: content.clockJumps,
    blobs,
  };
}

const MAX_BUNDLE_BYTES = TILE_WIDTH * (MAX_ENTRY_BYTES + 2);

function readKeys(folder: string, vkey: string): readonly VerifierKey[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new AuditError('wrong-call', `${folder} is not a folder: name the one that \`audit export\` wrote`);
  }
  // A folder with a part of an export is one that lost the rest; a folder with nothing of it is another folder.
  if (!['checkpoint', 'entries.jsonl', 'tile', 'vkey'].some((part) => existsSync(join(folder, part))))
    throw new AuditError('wrong-call', `${folder} is not an export: name the folder that \`audit export\` wrote`);
  const rotations = filesIn(join(folder, 'rotations')).map(({ path }) => readText(path));
  return trustThroughRotations(parseVerifierKey(vkey), rotations);
}

function readHead(folder: string, known: readonly VerifierKey[]): SignedCheckpoint {
  return openCheckpoint(readText(join(folder, 'checkpoint')), known);
}

function readPastHeads(folder: string, known: readonly VerifierKey[]): readonly SignedCheckpoint[] {
  return filesIn(join(folder, 'checkpoints')).map(({ path }) => openCheckpoint(readText(path), known));
}

/** The tree over the bundles' entries, each compared with its line in entries.jsonl and its hash in the leaf tiles. */
function readTree(folder: string, head: SignedCheckpoint): MerkleTree {
  const tree = new MerkleTree();
  const lines = linesOf(join(folder, 'entries.jsonl'), MAX_ENTRY_BYTES);
  for (let index = 0; tree.size < head.size; index++) {
    const firstSeq = tree.size;
    const width = Math.min(TILE_WIDTH, head.size - firstSeq);
    const entries = readBundle(folder, index, width);
    const hashes = readTile(folder, 0, index, width, firstSeq);
    for (const [i, entry] of entries.entries()) {
      const seq = firstSeq + i;
      const line = lines.next();
      if (line.done) throw new AuditError('record-missing', `entries.jsonl ends before record ${seq}`, seq);
      if (!isSameHash(line.value, entry))
        throw changed(seq, 'its line in entries.jsonl is not the entry in its bundle');
      const leaf = leafHash(entry);
      if (!isSameHash(leaf, hashes.subarray(i * 32, i * 32 + 32)))
        throw changed(seq, 'its bytes do not give its leaf hash');
      tree.append(leaf);
    }
    if (entries.length < width) {
      const why = `the export ends after ${tree.size} records, its checkpoint covers ${head.size}`;
      throw new AuditError('record-missing', why, tree.size);
    }
  }
  if (!lines.next().done) {
    throw new AuditError(
      'bad-export',
      `entries.jsonl goes on after the ${head.size} records that are signed`,
      head.size,
    );
  }
  return tree;
}

function readBundle(folder: string, index: number, width: number): readonly Uint8Array[] {
  const path = tilePath('entries', index, width);
  const firstSeq = index * TILE_WIDTH;
  const bytes = readBounded(join(folder, path), MAX_BUNDLE_BYTES);
  if (!bytes) throw new AuditError('record-missing', `${path} is missing, and with it record ${firstSeq}`, firstSeq);
  const entries = decodeBundle(bytes, firstSeq);
  if (entries.length > width) {
    throw new AuditError('bad-export', `${path} holds records that are not signed`, firstSeq + width);
  }
  return entries;
}

function readTile(folder: string, level: number, index: number, width: number, firstSeq: number): Uint8Array {
  const path = tilePath(level, index, width);
  const bytes = readBounded(join(folder, path), TILE_WIDTH * 32);
  if (!bytes)
    throw new AuditError('record-missing', `${path} is missing, and with it the hash of record ${firstSeq}`, firstSeq);
  if (bytes.length !== width * 32)
    throw new AuditError('bad-export', `${path} does not hold ${width} hashes`, firstSeq);
  return bytes;
}

/** The tiles above the leaves: nothing rests on them here, but another reader may use nothing else. */
function checkTiles(folder: string, tree: MerkleTree): void {
  for (const { level, index, width } of tilesOf(tree.size)) {
    if (level === 0) continue;
    const from = index * TILE_WIDTH;
    const firstSeq = from * TILE_WIDTH ** level;
    if (!isSameHash(readTile(folder, level, index, width, firstSeq), tree.nodes(level * 8, from, from + width))) {
      throw new AuditError('bad-export', `${tilePath(level, index, width)} is not what the records give`, firstSeq);
    }
  }
}

interface Content {
  readonly clockJumps: readonly number[];
  readonly references: ReadonlySet<string>;
  readonly erased: ReadonlySet<string>;
}

/** What the records say of themselves: canonical, in their place, their streams without gaps. */
function checkRecords(folder: string, size: number): Content {
  const clockJumps: number[] = [];
  const references = new Set<string>();
  const erased = new Set<string>();
  const versions = new Map<string, number>();
  let lastTs = '';
  let seq = 0;
  for (const line of linesOf(join(folder, 'entries.jsonl'), MAX_ENTRY_BYTES)) {
    const record = readRecord(line, seq);
    const version = (versions.get(record.stream) ?? 0) + 1;
    if (record.seq !== seq) throw bad(seq, `it calls itself record ${record.seq}`);
    if (record.version !== version)
      throw bad(seq, `it is version ${record.version} of ${record.stream}, not ${version}`);
    if (record.ts < lastTs) clockJumps.push(seq);
    versions.set(record.stream, version);
    lastTs = record.ts;
    for (const sha256 of blobReferences(record)) references.add(sha256);
    for (const sha256 of erasedBy(record)) erased.add(sha256);
    seq += 1;
  }
  if (seq !== size) throw new AuditError('record-missing', 'entries.jsonl was changed while it was read', seq);
  return { clockJumps, references, erased };
}

function readRecord(line: Uint8Array, seq: number): LedgerRecord {
  let record: LedgerRecord;
  try {
    record = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line)) as LedgerRecord;
  } catch {
    throw bad(seq, 'it is not JSON');
  }
  const isRecord =
    record !== null &&
    typeof record === 'object' &&
    typeof record.type === 'string' &&
    typeof record.stream === 'string' &&
    typeof record.ts === 'string';
  if (!isRecord) throw bad(seq, 'it is not a record of the ledger');
  // Two spellings of one value would let two readers see two records.
  if (!isCanonical(record, line)) throw bad(seq, 'it is not in canonical form');
  return record;
}

function isCanonical(record: LedgerRecord, line: Uint8Array): boolean {
  try {
    return isSameHash(canonicalBytes(record), line);
  } catch (error) {
    if (error instanceof AuditError) return false;
    throw error;
  }
}

function erasedBy(record: LedgerRecord): readonly string[] {
  if (record.type !== 'text.erased') return [];
  const commitments = (record.body as { commitments?: unknown } | null)?.commitments;
  return Array.isArray(commitments) ? commitments.filter((c): c is string => typeof c === 'string') : [];
}

function checkBlobs(folder: string, { references, erased }: Content): VerifyReport['blobs'] {
  const present = new Set<string>();
  for (const { name, path } of filesIn(join(folder, 'blobs'))) {
    if (!statSync(path).isFile() || hashFile(path) !== name) {
      throw new AuditError('bad-export', `blobs/${name} was changed: its bytes do not give its name`);
    }
    present.add(name);
  }
  const missing = [...references].filter((sha256) => !present.has(sha256));
  const erasedCount = missing.filter((sha256) => erased.has(sha256)).length;
  return { present: present.size, erased: erasedCount, absent: missing.length - erasedCount };
}

function readClaims(folder: string): VerifyReport['claimedAnchors'] {
  const bytes = readBounded(join(folder, 'anchors.json'), 1 << 20);
  if (!bytes) return [];
  try {
    const claims = JSON.parse(Buffer.from(bytes).toString('utf8')) as { name?: unknown; size?: unknown }[];
    return claims.map(({ name, size }) => ({ name: String(name), size: Number(size) }));
  } catch {
    throw new AuditError('bad-export', 'anchors.json is not a list of anchors');
  }
}

function changed(seq: number, why: string): AuditError {
  return new AuditError('record-changed', `record ${seq} was changed: ${why}`, seq);
}

function bad(seq: number, why: string): AuditError {
  return new AuditError('bad-record', `record ${seq} is not sound: ${why}`, seq);
}
