// beyond B2, past F11: the checkpoint and inclusion code of @sigstore/verify 3.1 (pinned: later ones need a newer Node), which
// is not ours, accepts our notes and proofs and refuses spoilt ones. It reads neither bundles nor tiles and has no
// consistency check: what it is given comes from the files of the export alone, its proofs from the leaf tiles.
import { createHash, createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseVerifierKey } from '../../../src/audit/note.ts';
import { tilePath } from '../../../src/audit/tiles.ts';
import { copyOf, rotatedExport, sampleExport, TAMPERS } from '../sample-export.ts';

interface Entry {
  readonly canonicalizedBody: Buffer;
  readonly inclusionProof: {
    readonly logIndex: string;
    readonly hashes: readonly Buffer[];
    readonly checkpoint: { readonly envelope: string };
  };
}

interface Checkpoint {
  readonly logSize: bigint;
  readonly logHash: Buffer;
}

interface Sigstore {
  verifyCheckpoint(entry: Entry, logs: readonly unknown[]): Checkpoint;
  verifyMerkleInclusion(entry: Entry, checkpoint: Checkpoint): void;
}

const load = createRequire(import.meta.url);

function sigstore(): Sigstore | null {
  try {
    const folder = join(dirname(load.resolve('@sigstore/verify')), 'tlog');
    // Files, because the package does not export them.
    return { ...load(join(folder, 'checkpoint.js')), ...load(join(folder, 'merkle.js')) } as Sigstore;
  } catch {
    return null;
  }
}

const theirs = sigstore();
const title = theirs ? "sigstore's verifier" : '@sigstore/verify is not installed: its verification is skipped';

function trust(vkey: string): unknown {
  const key = parseVerifierKey(vkey);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.publicKey]);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return { logID: Buffer.from(key.id, 'hex'), publicKey, baseURL: key.name };
}

/** Every record of the export through their code: bytes from the bundles, proofs from the hashes in the leaf tiles. */
function accepts(folder: string, vkeys: readonly string[], held: string): boolean {
  const envelope = readFileSync(join(folder, 'checkpoint'), 'utf8');
  try {
    const logs = vkeys.map(trust);
    const entry = (body: Uint8Array, index: number, hashes: readonly Buffer[], note = envelope): Entry => ({
      canonicalizedBody: Buffer.from(body),
      inclusionProof: { logIndex: String(index), hashes, checkpoint: { envelope: note } },
    });
    const head = theirs!.verifyCheckpoint(entry(new Uint8Array(), 0, []), logs);
    const before = theirs!.verifyCheckpoint(entry(new Uint8Array(), 0, [], held), logs);
    const size = Number(head.logSize);
    const bodies = bundles(folder, size);
    const leaves = leafTiles(folder, size);
    if (bodies.length !== size || leaves.length !== size) return false;
    // Under the head of the export, and, for the records it covers, under the one that was held all along.
    for (const at of [head, before]) {
      const path = paths(leaves.slice(0, Number(at.logSize)));
      for (const [i, body] of bodies.slice(0, Number(at.logSize)).entries())
        theirs!.verifyMerkleInclusion(entry(body, i, path(i)), at);
    }
    // The hash in the tile is what a reader of the tiles goes by: it has to be that of the bytes their code just took.
    return before.logSize <= head.logSize && bodies.every((body, i) => sha256(Buffer.of(0), body).equals(leaves[i]!));
  } catch {
    return false;
  }
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** Audit paths over leaf hashes, as RFC 6962 section 2.1.1 defines them. */
function paths(leaves: readonly Buffer[]): (index: number) => Buffer[] {
  const roots = new Map<string, Buffer>();
  const middle = (from: number, to: number) => from + 2 ** Math.ceil(Math.log2(to - from) - 1);
  const root = (from: number, to: number): Buffer => {
    if (to - from === 1) return leaves[from]!;
    const known = roots.get(`${from} ${to}`);
    if (known) return known;
    const half = middle(from, to);
    const made = sha256(Buffer.of(1), root(from, half), root(half, to));
    roots.set(`${from} ${to}`, made);
    return made;
  };
  const path = (index: number, from: number, to: number): Buffer[] => {
    if (to - from === 1) return [];
    const half = middle(from, to);
    return index < half ? [...path(index, from, half), root(half, to)] : [...path(index, half, to), root(from, half)];
  };
  return (index) => path(index, 0, leaves.length);
}

function leafTiles(folder: string, size: number): Buffer[] {
  const hashes: Buffer[] = [];
  for (let index = 0; index * 256 < size; index++) {
    const bytes = readFileSync(join(folder, tilePath(0, index, Math.min(256, size - index * 256))));
    for (let at = 0; at < bytes.length; at += 32) hashes.push(bytes.subarray(at, at + 32));
  }
  return hashes;
}

function bundles(folder: string, size: number): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  for (let index = 0; index * 256 < size; index++) {
    const width = Math.min(256, size - index * 256);
    const bytes = readFileSync(join(folder, tilePath('entries', index, width)));
    for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at))
      bodies.push(bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)));
  }
  return bodies;
}

describe.skipIf(!theirs)(title, () => {
  it.each([1, 255, 256, 257, 300, 1000])(
    'beyond B2, past F11: accepts every record of an export of %i',
    async (size) => {
      const sample = await sampleExport(size);
      expect(accepts(sample.folder, [sample.vkey], sample.held)).toBe(true);
    },
  );

  it('accepts heads of both keys of a rotated log, and the new one under neither alone', async () => {
    const { folder, vkeys, held } = await rotatedExport();
    expect(accepts(folder, vkeys, held)).toBe(true);
    for (const vkey of vkeys) expect(accepts(folder, [vkey], held)).toBe(false);
  });

  it.each(TAMPERS.flatMap((tamper) => [1, 300].map((size) => ({ ...tamper, size }))))(
    'abuse G2, abuse G3, abuse G4: refuses $name (of $size)',
    async ({ apply, size }) => {
      const sample = await sampleExport(size);
      const copy = copyOf(sample);
      const other = await apply(copy, sample);
      expect(existsSync(join(copy, 'checkpoint'))).toBe(true);
      expect(accepts(copy, [other?.vkey ?? sample.vkey], other?.held ?? sample.held)).toBe(false);
    },
  );
});
