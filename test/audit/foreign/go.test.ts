// beyond B2, past F11: somebody else's verifier accepts our export and refuses a spoilt one. Here Go's sumdb.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { copyOf, newFolder, rotatedExport, type SampleExport, sampleExport, TAMPERS } from '../sample-export.ts';

const GOPATH = process.env['GOPATH'] ?? '/usr/share/gocode';
const isHere =
  spawnSync('go', ['version']).status === 0 && existsSync(join(GOPATH, 'src/golang.org/x/mod/sumdb/tlog/tlog.go'));
const title = isHere
  ? "Go's sumdb"
  : "Go's sumdb is not here (packages golang and golang-golang-x-mod-dev): its verification is skipped";

describe.skipIf(!isHere)(title, () => {
  let program = '';
  beforeAll(() => {
    program = join(mkdtempSync(join(tmpdir(), 'countersign-go-')), 'verify');
    const env = { ...process.env, GO111MODULE: 'off', GOPATH, GOFLAGS: '' };
    execFileSync('go', ['build', '-o', program, 'examples/verify-export/verify.go'], { env });
  }, 120_000);

  function run(
    folder: string,
    vkey: string,
    held: string,
    more: readonly string[] = [],
  ): { isAccepted: boolean; said: string } {
    const notes = newFolder();
    writeFileSync(join(notes, 'vkey'), vkey);
    writeFileSync(join(notes, 'old'), held);
    const { status, stdout, stderr } = spawnSync(
      program,
      ['-dir', folder, '-vkey', join(notes, 'vkey'), '-checkpoint', join(notes, 'old'), ...more],
      { encoding: 'utf8' },
    );
    return { isAccepted: status === 0, said: stdout + stderr };
  }

  async function receiptFor({ log, ledger }: SampleExport, seq: number, about = seq): Promise<string[]> {
    const folder = newFolder();
    writeFileSync(join(folder, 'r.tlog-proof'), await log.receipt(seq));
    writeFileSync(join(folder, 'record'), ledger.rows[about]!.bytes);
    return ['-receipt', join(folder, 'r.tlog-proof'), '-record', join(folder, 'record')];
  }

  it.each([1, 255, 256, 257, 300, 1000])(
    'beyond B2, past F11: accepts an export of %i records and its receipts',
    async (size) => {
      const sample = await sampleExport(size);
      const receipt = await receiptFor(sample, size - 1);
      expect(run(sample.folder, sample.vkey, sample.held, receipt)).toEqual({
        isAccepted: true,
        said: `OK log.example/audit: ${size} records\n`,
      });
      if (size > 1)
        expect(run(sample.folder, sample.vkey, sample.held, await receiptFor(sample, 1, 0)).isAccepted).toBe(false);
    },
  );

  it('follows a key rotation, from the key you were given first and from the newest', async () => {
    const { folder, vkeys, held } = await rotatedExport();
    for (const vkey of vkeys) expect(run(folder, vkey, held).said).toMatch(/^OK .*: 5 records\n$/);
    writeFileSync(
      join(folder, 'rotations', '0001'),
      readFileSync(join(folder, 'rotations', '0001'), 'utf8').slice(0, -60),
    );
    expect(run(folder, vkeys[0], held).isAccepted).toBe(false);
    rmSync(join(folder, 'rotations'), { recursive: true });
    expect(run(folder, vkeys[0], held).isAccepted).toBe(false);
  });

  it.each(TAMPERS.flatMap((tamper) => [1, 300].map((size) => ({ ...tamper, size }))))(
    'abuse G2, abuse G3, abuse G4: refuses $name (of $size)',
    async ({ apply, size }) => {
      const sample = await sampleExport(size);
      const copy = copyOf(sample);
      const other = await apply(copy, sample);
      const { isAccepted, said } = run(copy, other?.vkey ?? sample.vkey, other?.held ?? sample.held);
      expect(said).toContain('FAIL');
      expect(isAccepted).toBe(false);
    },
  );
});
