// beyond B2, past F11: the checkpoint and inclusion code of @sigstore/verify 3.1 (pinned: later ones need a newer Node), which
// is not ours, accepts our notes and proofs and refuses spoilt ones, by the program that every export carries.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyOf, newFolder, rotatedExport, sampleExport, TAMPERS } from '../sample-export.ts';

function isInstalled(): boolean {
  try {
    return createRequire(import.meta.url).resolve('@sigstore/verify') !== '';
  } catch {
    return false;
  }
}

const isHere = isInstalled();
const title = isHere ? "sigstore's verifier" : '@sigstore/verify is not installed: its verification is skipped';

function run(folder: string, vkeys: readonly string[], held: string) {
  const notes = newFolder();
  vkeys.forEach((vkey, i) => {
    writeFileSync(join(notes, `vkey-${i}`), vkey);
  });
  writeFileSync(join(notes, 'old'), held);
  const keys = vkeys.flatMap((_, i) => ['--vkey', join(notes, `vkey-${i}`)]);
  const program = 'examples/verify-export/verify-sigstore.mjs';
  const done = spawnSync(process.execPath, [program, folder, ...keys, '--checkpoint', join(notes, 'old')], {
    encoding: 'utf8',
  });
  return { status: done.status, said: done.stdout + done.stderr };
}

describe.skipIf(!isHere)(title, () => {
  it.each([1, 255, 256, 257, 300, 1000])(
    'beyond B2, past F11: accepts every record of an export of %i',
    async (size) => {
      const sample = await sampleExport(size);
      expect(run(sample.folder, [sample.vkey], sample.held)).toEqual({ status: 0, said: `OK: ${size} records\n` });
    },
  );

  it('accepts heads of both keys of a rotated log, and the new one under neither alone', async () => {
    const { folder, vkeys, held } = await rotatedExport();
    expect(run(folder, vkeys, held)).toEqual({ status: 0, said: 'OK: 5 records\n' });
    for (const vkey of vkeys) expect(run(folder, [vkey], held).status).toBe(1);
  });

  it.each(TAMPERS.flatMap((tamper) => [1, 300].map((size) => ({ ...tamper, size }))))(
    'abuse G2, abuse G3, abuse G4: refuses $name (of $size)',
    async ({ apply, size }) => {
      const sample = await sampleExport(size);
      const copy = copyOf(sample);
      const other = await apply(copy, sample);
      expect(existsSync(join(copy, 'checkpoint'))).toBe(true);
      const { status, said } = run(copy, [other?.vkey ?? sample.vkey], other?.held ?? sample.held);
      expect(said).toMatch(/^FAIL: /);
      expect(status).toBe(1);
    },
  );
});
