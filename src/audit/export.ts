// The export: everything an auditor needs, as plain files that other people's tools read too.
import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { trailsOf, trailText } from '../assist/trail.ts';
import { canonicalBytes, leafHash } from './canonical.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { openCheckpoint } from './checkpoint.ts';
import { blobReferences } from './erasure.ts';
import { AuditError } from './errors.ts';
import { exportReadme } from './export-readme.ts';
import type { AnchorStatus, AuditStore } from './log.ts';
import { isSameHash, MerkleTree } from './merkle.ts';
import { formatVerifierKey, type VerifierKey } from './note.ts';
import type { LedgerRecord } from './record.ts';
import { encodeBundle, TILE_WIDTH, tilePath, tilesOf } from './tiles.ts';

/** What is exported: the records under `head`, with what proves them. */
export interface ExportParts {
  readonly store: AuditStore;
  /** The head to export under; sign a fresh one first to have every record. */
  readonly head: SignedCheckpoint;
  /** Keys that past checkpoints are signed with. */
  readonly known: readonly VerifierKey[];
  /** Rotation notes, oldest first. */
  readonly rotations: readonly string[];
  readonly anchors: readonly Pick<AnchorStatus, 'name' | 'size'>[];
  /** Programs for checking it with other people's code, by file name. */
  readonly foreign?: ReadonlyMap<string, string>;
  /** Bytes by SHA-256, null when erased or lost. */
  readonly readBlob: (sha256: string) => Promise<Uint8Array | null>;
}

/** What an export holds. */
export interface ExportSummary {
  readonly records: number;
  readonly checkpoints: number;
  readonly blobs: number;
  /** Referred to by records, but not there any more. */
  readonly absentBlobs: number;
}

/**
 * Writes the export into `folder`, which must be new or empty. The checkpoint is written last, so that an export broken off
 * verifies as nothing. Throws AuditError `wrong-call` on a folder with something in it, `inconsistent` when the records do
 * not give the head's root.
 */
export async function exportAudit(folder: string, parts: ExportParts): Promise<ExportSummary> {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new AuditError('wrong-call', `${folder} is not empty: name a new folder`);
  }
  const { head } = parts;
  const put = (path: string, content: Uint8Array | string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  put('vkey', `${formatVerifierKey(head.signedBy)}\n`);
  put('README.md', exportReadme(head));
  for (const [name, text] of parts.foreign ?? []) put(`foreign/${name}`, text);
  put('entries.jsonl', '');
  const { tree, references, told } = await writeRecords(folder, parts, put);
  if (!isSameHash(tree.root(), head.root)) {
    throw new AuditError(
      'inconsistent',
      'the records do not give the root that was signed. Keep the data folder as it is, and compare it with the newest anchor',
    );
  }
  for (const { level, index, width } of tilesOf(head.size)) {
    const from = index * TILE_WIDTH;
    put(tilePath(level, index, width), tree.nodes(level * 8, from, from + width));
  }
  const checkpoints = await writeCheckpoints(parts, put);
  for (const [i, note] of parts.rotations.entries()) put(`rotations/${String(i + 1).padStart(4, '0')}`, note);
  put(
    'anchors.json',
    `${new TextDecoder().decode(canonicalBytes(parts.anchors.map(({ name, size }) => ({ name, size }))))}\n`,
  );
  const blobs = await writeBlobs(references, parts, put);
  await writeReadings(told, parts, put);
  put('checkpoint', head.note);
  return { records: head.size, checkpoints, blobs, absentBlobs: references.size - blobs };
}

type Put = (path: string, content: Uint8Array | string) => void;

async function writeRecords(
  folder: string,
  { store, head }: ExportParts,
  put: Put,
): Promise<{ tree: MerkleTree; references: Set<string>; told: LedgerRecord[] }> {
  const tree = new MerkleTree();
  const references = new Set<string>();
  const told: LedgerRecord[] = [];
  for (let index = 0; tree.size < head.size; index++) {
    const firstSeq = tree.size;
    const limit = Math.min(TILE_WIDTH, head.size - firstSeq);
    const entries = (await store.find({ fromSeq: firstSeq, limit })).map(({ bytes }) => bytes);
    if (entries.length < limit)
      throw new AuditError('record-missing', 'the store has fewer records than its head', firstSeq);
    put(tilePath('entries', index, limit), encodeBundle(entries, firstSeq));
    appendFileSync(
      join(folder, 'entries.jsonl'),
      Buffer.concat(entries.flatMap((entry) => [entry, Buffer.from('\n')])),
    );
    for (const entry of entries) {
      tree.append(leafHash(entry));
      const record = JSON.parse(Buffer.from(entry).toString('utf8')) as LedgerRecord;
      for (const sha256 of blobReferences(record)) references.add(sha256);
      if (/^(?:assistant|finding)\./.test(record.type)) told.push(record);
    }
  }
  return { tree, references, told };
}

async function writeCheckpoints({ store, head, known }: ExportParts, put: Put): Promise<number> {
  const past = (await store.checkpoints()).map((note) => openCheckpoint(note, known));
  const covered = past.filter(({ size }) => size <= head.size);
  for (const { size, note } of covered) put(checkpointPath(size), note);
  return covered.length;
}

async function writeBlobs(references: Iterable<string>, { readBlob }: ExportParts, put: Put): Promise<number> {
  let count = 0;
  for (const sha256 of references) {
    const bytes = await readBlob(sha256);
    if (!bytes) continue;
    put(`blobs/${sha256}`, bytes);
    count += 1;
  }
  return count;
}

/** What the assistant said, incident by incident, to be read: made from the records and blobs beside it, and proven by those alone. */
async function writeReadings(told: readonly LedgerRecord[], { readBlob }: ExportParts, put: Put): Promise<void> {
  const read = async (sha256: string): Promise<string | null> => {
    const bytes = await readBlob(sha256);
    return bytes && new TextDecoder().decode(bytes);
  };
  const incidents = new Set(told.filter((r) => r.type === 'assistant.asked').map((r) => r.stream));
  for (const incident of incidents) {
    const trails = trailsOf(told.filter((r) => r.stream === incident));
    put(`reading/assistant-${incident}.md`, await trailText(incident, trails, read));
  }
}

function checkpointPath(size: number): string {
  return `checkpoints/${String(size).padStart(16, '0')}`;
}
