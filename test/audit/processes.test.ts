// Real processes on one database, one of them killed while it writes and signs.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileAnchor } from '../../src/audit/anchors.ts';
import { openCheckpoint, parseCheckpoint } from '../../src/audit/checkpoint.ts';
import { exportDataFolder } from '../../src/audit/data-folder.ts';
import { parseVerifierKey } from '../../src/audit/note.ts';
import { keyPath, openAudit } from '../../src/audit/open.ts';
import { verifyExport } from '../../src/audit/verify.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const WRITER = join(import.meta.dirname, 'writer.mjs');

/** Runs a writer; when `killAfter` lines came, SIGKILL. Gives its exit code and the last record it said was committed. */
function writer(folder: string, stream: string, count: number, killAfter = Number.POSITIVE_INFINITY) {
  const child = spawn(process.execPath, [WRITER, folder, stream, String(count)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let failed = '';
  child.stderr.on('data', (chunk) => (failed += chunk));
  child.stdout.on('data', (chunk) => {
    said += chunk;
    if (said.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  return new Promise<{ code: number | null; committed: number; failed: string }>((resolve) => {
    child.on('close', (code) => {
      const lines = said.split('\n').slice(0, -1);
      resolve({ code, committed: lines.length, failed });
    });
  });
}

describe('processes on one database', () => {
  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], { cwd: ROOT });
  }, 120_000);

  it('abuse G6, abuse B10: two sign at once and one is killed: one head a size, nothing lost, every head fits', {
    timeout: 60_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-processes-'));
    mkdirSync(join(folder, 'evidence'));
    const store = openSqliteStore(join(folder, 'countersign.db'), Date.now);
    // The key is there before the race, as it is after any first start.
    await openAudit(folder, store, [fileAnchor(join(folder, 'anchors'))], Date.now);
    const [whole, killed] = await Promise.all([writer(folder, 'INC-1', 120), writer(folder, 'INC-2', 10_000, 60)]);
    expect(whole).toEqual({ code: 0, committed: 120, failed: '' });
    expect(killed.code).toBeNull();

    const { log } = await openAudit(folder, store, [fileAnchor(join(folder, 'anchors'))], Date.now);
    expect(log.status()).toMatchObject({ halted: null });
    const kept = await store.readStream('INC-2', 0);
    expect(kept.length).toBeGreaterThanOrEqual(killed.committed);
    expect(log.status().size).toBe(120 + kept.length);
    await log.close();

    const heads = (await store.checkpoints()).map((note) =>
      parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)),
    );
    expect(new Set(heads.map(({ size }) => size)).size).toBe(heads.length);
    await store.close();
    await exportDataFolder(folder, join(folder, 'out'));
    const anchored = readdirSync(join(folder, 'anchors')).map((name) =>
      readFileSync(join(folder, 'anchors', name), 'utf8'),
    );
    const whatHolds = anchored.filter((note) => note.endsWith('\n'));
    expect(whatHolds.length).toBeGreaterThan(60);
    const report = verifyExport(join(folder, 'out'), readFileSync(`${keyPath(folder)}.vkey`, 'utf8'), whatHolds);
    expect(report).toMatchObject({
      size: 120 + kept.length,
      checkpoints: heads.length,
      unanchored: { to: 120 + kept.length },
    });
  });

  it('start at once on an empty folder: one makes the key, the others take it', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 3; round++) {
      const folder = mkdtempSync(join(tmpdir(), 'countersign-first-'));
      mkdirSync(join(folder, 'evidence'));
      const ended = await Promise.all(['INC-1', 'INC-2', 'INC-3', 'INC-4'].map((stream) => writer(folder, stream, 5)));
      expect(ended.map(({ code, failed }) => ({ code, failed }))).toEqual(Array(4).fill({ code: 0, failed: '' }));
      expect(readdirSync(join(folder, 'keys')).sort()).toEqual(['ledger.key', 'ledger.key.vkey']);
      await exportDataFolder(folder, join(folder, 'out'));
      const vkey = readFileSync(`${keyPath(folder)}.vkey`, 'utf8');
      expect(verifyExport(join(folder, 'out'), vkey)).toMatchObject({ size: 20, rotations: 0 });
    }
  });

  it('a key replaced at the command line is taken up by the process that runs', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-rotate-'));
    mkdirSync(join(folder, 'evidence'));
    const running = writer(folder, 'INC-1', 150);
    while (!existsSync(join(folder, 'anchors', 'checkpoint-0000000000000005')))
      await new Promise((done) => setTimeout(done, 5));
    const first = readFileSync(`${keyPath(folder)}.vkey`, 'utf8');
    const cli = join(ROOT, 'dist', 'adapters', 'terminal', 'main.js');
    const env = { ...process.env, COUNTERSIGN_DATA: folder };
    const said = execFileSync(process.execPath, [cli, 'audit', 'rotate', '--reason', 'the yearly change'], {
      env,
      encoding: 'utf8',
    });
    const second = parseVerifierKey(said.trim().split('\n').at(-1)!);
    expect(await running).toEqual({ code: 0, committed: 150, failed: '' });
    await exportDataFolder(folder, join(folder, 'out'));
    expect(verifyExport(join(folder, 'out'), first)).toMatchObject({
      size: 151,
      rotations: 1,
      signedBy: { id: second.id },
    });
    const store = openSqliteStore(join(folder, 'countersign.db'), Date.now);
    const [rotated] = await store.find({ typePrefix: 'key.rotated' });
    expect(rotated!.record).toMatchObject({ actor: { platform: 'server' }, body: { reason: 'the yearly change' } });
    // Whatever was signed well after the change, the process that ran all along signed with the new key.
    const late = (await store.checkpoints()).map((note) => openCheckpoint(note, [parseVerifierKey(first), second]));
    expect(late.filter(({ size }) => size > rotated!.record.seq + 3).map(({ signedBy }) => signedBy.id)).toEqual(
      late.filter(({ size }) => size > rotated!.record.seq + 3).map(() => second.id),
    );
    await store.close();
  });

  it('a key file that somebody swapped stops the signing, and with it all decisions', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-swapped-'));
    const plain = openSqliteStore(join(folder, 'countersign.db'), Date.now);
    const { log } = await openAudit(folder, plain, [], Date.now);
    const other = mkdtempSync(join(tmpdir(), 'countersign-other-'));
    const elsewhere = openSqliteStore(join(other, 'countersign.db'), Date.now);
    await openAudit(other, elsewhere, [], Date.now);
    copyFileSync(keyPath(other), keyPath(folder));
    await expect(log.sign()).rejects.toMatchObject({ code: 'bad-key' });
    expect(log.status().halted).toContain('no rotation');
    await plain.close();
    await elsewhere.close();
  });
});
