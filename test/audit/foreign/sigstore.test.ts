// beyond B2, past F11: the checkpoint and inclusion code of @sigstore/verify 3.1 (pinned: later ones need a newer Node), which
// is not ours, accepts our notes and proofs and refuses spoilt ones. It has no consistency check and no bundles of ours: those are read here.
import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseVerifierKey } from '../../../src/audit/note.ts';
import { tilePath } from '../../../src/audit/tiles.ts';
import { copyOf, type SampleExport, sampleExport, TAMPERS } from '../sample-export.ts';

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

/** Every record of the export through their code: proofs from the log's receipts, bytes from the bundles on disk. */
async function accepts(folder: string, vkey: string, sample: SampleExport, held: string): Promise<boolean> {
  const envelope = readFileSync(join(folder, 'checkpoint'), 'utf8');
  try {
    const logs = [trust(vkey)];
    const entry = (body: Uint8Array, index: number, hashes: readonly Buffer[], note = envelope): Entry => ({
      canonicalizedBody: Buffer.from(body),
      inclusionProof: { logIndex: String(index), hashes, checkpoint: { envelope: note } },
    });
    const head = theirs!.verifyCheckpoint(entry(new Uint8Array(), 0, []), logs);
    const before = theirs!.verifyCheckpoint(entry(new Uint8Array(), 0, [], held), logs);
    const bodies = bundles(folder, Number(head.logSize));
    for (const [i, body] of bodies.entries()) {
      const receipt = (await sample.log.receipt(i)).split('\n\n')[0]!.split('\n').slice(3);
      const hashes = receipt.map((line) => Buffer.from(line, 'base64'));
      theirs!.verifyMerkleInclusion(entry(body, i, hashes), head);
    }
    return BigInt(bodies.length) === head.logSize && before.logSize <= head.logSize;
  } catch {
    return false;
  }
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
      expect(await accepts(sample.folder, sample.vkey, sample, sample.held)).toBe(true);
    },
  );

  // It reads no leaf tiles, so an altered tile is nothing to it.
  it.each(TAMPERS.filter(({ name }) => name !== 'an altered leaf hash'))(
    'abuse G2, abuse G3, abuse G4: refuses $name',
    async ({ apply }) => {
      const sample = await sampleExport(300);
      const copy = copyOf(sample);
      const other = await apply(copy, sample);
      expect(existsSync(join(copy, 'checkpoint'))).toBe(true);
      expect(await accepts(copy, other?.vkey ?? sample.vkey, sample, other?.held ?? sample.held)).toBe(false);
    },
  );
});
