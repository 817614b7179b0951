// What the one-shot commands do with a data folder, beside a running server too. Only a rotation reads the private key.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBlobs } from '../evidence/blobs.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { Store } from '../store/types.ts';
import type { Anchor } from './anchors.ts';
import { openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { AuditError } from './errors.ts';
import { type ExportSummary, exportAudit } from './export.ts';
import { trustThroughRotations } from './keys.ts';
import { MerkleTree } from './merkle.ts';
import { parseVerifierKey, type VerifierKey } from './note.ts';
import { ANCHORS_NOTE, appendToLedger, keyPath, openAudit, rotateKey, rotationNotes } from './open.ts';
import { receiptOf } from './receipt.ts';
import type { Actor } from './record.ts';

const BATCH = 1000;

// The build puts this file in dist/src/audit; the programs stand in the checkout, whose sources are one folder higher up.
const PROGRAMS = ['../../..', '../..'].map((up) =>
  join(dirname(fileURLToPath(import.meta.url)), up, 'examples', 'verify-export'),
);

function foreignPrograms(): ReadonlyMap<string, string> {
  const folder = PROGRAMS.find((path) => existsSync(path));
  const names = folder ? ['verify.go', 'verify-sigstore.mjs'] : [];
  return new Map(names.map((name) => [name, readFileSync(join(folder ?? '', name), 'utf8')]));
}

/** Exports the data folder under its newest signed head. Throws AuditError when it has none, or does not fit its head. */
export async function exportDataFolder(
  folder: string,
  out: string,
): Promise<ExportSummary & { readonly unsigned: number }> {
  return withFolder(folder, async ({ store, head, known, rotations }) => {
    const blobs = openBlobs(join(folder, 'evidence'));
    const readBlob = (sha256: string) => blobs.read(sha256);
    const anchors = JSON.parse((await store.note(ANCHORS_NOTE)) ?? '[]') as { name: string; size: number }[];
    const summary = await exportAudit(out, {
      store,
      head,
      known,
      rotations,
      anchors,
      readBlob,
      foreign: foreignPrograms(),
    });
    return { ...summary, unsigned: (await store.size()) - head.size };
  });
}

/**
 * Puts on record that everything was exported and by whom, after the fact: it is not in that export. False when the folder
 * takes no record, as an auditor's copy may not.
 */
export async function recordExport(
  folder: string,
  actor: Actor,
  { records, blobs }: ExportSummary,
  now: () => number,
): Promise<boolean> {
  try {
    const store = openSqliteStore(databaseOf(folder), now);
    try {
      await appendToLedger(store, actor, { type: 'audit.exported', body: { format: 'bundle', records, blobs } });
      return true;
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof AuditError) throw error;
    return false;
  }
}

/**
 * Replaces the signing key of a data folder, beside a running server too, which takes the new one up at its next signing.
 * Checks the whole ledger first. Gives the new public key. Throws AuditError when the ledger is not sound.
 */
export async function rotateDataFolder(
  folder: string,
  anchors: () => readonly Anchor[],
  actor: Actor,
  reason: string,
  now: () => number,
): Promise<VerifierKey> {
  mustBeDataFolder(folder);
  const store = openSqliteStore(databaseOf(folder), now);
  try {
    const { log } = await openAudit(folder, store, anchors(), now);
    const key = await rotateKey(folder, store, log, actor, reason);
    await log.close();
    return key;
  } finally {
    await store.close();
  }
}

const DECISION = /^approval\.(granted|denied)$/;

const NAMED = /^((?:INC|EX)-\d{1,9})\/(.+)$/;

/**
 * Receipt of the newest decision about a subject such as `CA-3` or `INC-2/CA-3`, or of its newest record when nothing is
 * decided. Throws AuditError `wrong-call` when there is none, when several incidents have one, or it is not signed yet.
 */
export async function receiptOfSubject(folder: string, subject: string): Promise<string> {
  return withFolder(folder, async ({ store, head }) => {
    const [, incident, key = subject] = NAMED.exec(subject) ?? [];
    const about = (await store.find(incident ? { incident } : {})).filter(({ record }) => record.subject === key);
    const incidents = [...new Set(about.map(({ record }) => record.incident ?? ''))];
    if (incidents.length > 1)
      throw new AuditError(
        'wrong-call',
        `${key} is in ${incidents.join(' and ')}: name the one you mean, as ${incidents[0]}/${key}`,
      );
    const found = about.findLast(({ record }) => DECISION.test(record.type)) ?? about.at(-1);
    if (!found) throw new AuditError('wrong-call', `no record is about ${subject}`);
    const { seq } = found.record;
    if (seq >= head.size)
      throw new AuditError('wrong-call', `${subject} is not signed yet: try again in ten minutes`, seq);
    return receiptOf(await treeOf(store, head.size), seq, found.bytes, head);
  });
}

const databaseOf = (folder: string): string => join(folder, 'countersign.db');
const vkeyOf = (folder: string): string => `${keyPath(folder)}.vkey`;

/** Opening would make an empty database where there is none. */
function mustBeDataFolder(folder: string): void {
  if (existsSync(databaseOf(folder)) && existsSync(vkeyOf(folder))) return;
  throw new AuditError(
    'wrong-call',
    `${folder} is not the data folder of a Countersign that has started: name it with --data`,
  );
}

interface Opened {
  readonly store: Store;
  readonly head: SignedCheckpoint;
  readonly known: readonly VerifierKey[];
  readonly rotations: readonly string[];
}

async function withFolder<T>(folder: string, work: (opened: Opened) => Promise<T>): Promise<T> {
  mustBeDataFolder(folder);
  // No record is written, and a clock that stands at zero lets nothing be cleared away either.
  const store = openSqliteStore(databaseOf(folder), () => 0);
  try {
    const rotations = await rotationNotes(store);
    const known = trustThroughRotations(parseVerifierKey(readFileSync(vkeyOf(folder), 'utf8')), rotations);
    const note = await store.newestCheckpoint();
    if (note === null) throw new AuditError('wrong-call', 'nothing is signed yet: there is no record');
    return await work({ store, head: openCheckpoint(note, known), known, rotations });
  } finally {
    await store.close();
  }
}

async function treeOf(store: Store, size: number): Promise<MerkleTree> {
  const tree = new MerkleTree();
  while (tree.size < size) {
    const leaves = await store.leafHashes(tree.size, Math.min(size, tree.size + BATCH));
    if (leaves.length === 0) throw new AuditError('record-missing', `record ${tree.size} is missing`, tree.size);
    for (const leaf of leaves) tree.append(leaf);
  }
  return tree;
}
