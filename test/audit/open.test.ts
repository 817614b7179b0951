import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileAnchor } from '../../src/audit/anchors.ts';
import { exportDataFolder, receiptOfSubject } from '../../src/audit/data-folder.ts';
import { AuditError } from '../../src/audit/errors.ts';
import { parseVerifierKey } from '../../src/audit/note.ts';
import { keyPath, openAnchors, openAudit, rotateKey } from '../../src/audit/open.ts';
import { verifyReceipt } from '../../src/audit/receipt.ts';
import { verifyExport } from '../../src/audit/verify.ts';
import { watched } from '../../src/audit/watched.ts';
import { openBlobs } from '../../src/evidence/blobs.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { LedgerUnavailable, type Store } from '../../src/store/types.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const actor = { kind: 'human', platform: 'web', tenant: 'local', id: 'U1', label: 'Sample Person' } as const;
const now = () => Date.UTC(2026, 10, 20);

function dataFolder(): { folder: string; store: Store } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-data-'));
  mkdirSync(join(folder, 'evidence'));
  return { folder, store: openSqliteStore(join(folder, 'countersign.db'), now) };
}

const logger = { error: () => {} };

let version = 0;
async function append(store: Store, type: string, body: object, subject: string | null = null): Promise<void> {
  const [last] = await store.find({ stream: 'INC-1', newestFirst: true, limit: 1 });
  version = last?.record.version ?? 0;
  const records = [{ type, body, ...(subject ? { subject } : {}) }];
  await store.append([{ stream: 'INC-1', expectedVersion: version, incident: 'INC-1', actor, records }]);
}

async function filledFolder(): Promise<string> {
  const { folder, store: plain } = dataFolder();
  const { log } = await openAudit(folder, plain, [fileAnchor(join(folder, 'anchor'))], now);
  const store = watched(plain, () => log, logger);
  const sha256 = await openBlobs(join(folder, 'evidence')).keep(new TextEncoder().encode('a pasted line'));
  await append(store, 'evidence.received', { sha256 }, 'EV-1');
  await append(store, 'approval.granted', { host: 'wk-1' }, 'CA-3');
  await log.close();
  await log.settled();
  await append(plain, 'event.added', { late: true });
  await plain.close();
  return folder;
}

describe('the audit log of a data folder', () => {
  it('makes its key at the first start, private to its user, with the public half beside it', async () => {
    const folder = await filledFolder();
    expect(statSync(keyPath(folder)).mode & 0o777).toBe(0o600);
    expect(parseVerifierKey(readFileSync(`${keyPath(folder)}.vkey`, 'utf8')).name).toMatch(
      /^countersign\.local\/[0-9a-f]{12}$/,
    );
  });

  it('exports what is signed, and the export verifies', async () => {
    const folder = await filledFolder();
    const out = join(folder, 'out');
    expect(await exportDataFolder(folder, out)).toEqual({
      records: 2,
      checkpoints: 1,
      blobs: 1,
      absentBlobs: 0,
      unsigned: 1,
    });
    const report = verifyExport(out, readFileSync(`${keyPath(folder)}.vkey`, 'utf8'), [
      readFileSync(join(folder, 'anchor', 'checkpoint-0000000000000002'), 'utf8'),
    ]);
    expect(report).toMatchObject({
      size: 2,
      anchored: { from: 0, to: 2 },
      blobs: { present: 1 },
      claimedAnchors: [{ size: 2 }],
    });
  });

  it('gives the receipt of an approval, which verifies with the public key alone', async () => {
    const folder = await filledFolder();
    const receipt = await receiptOfSubject(folder, 'CA-3');
    const { seq, bytes } = verifyReceipt(receipt, [parseVerifierKey(readFileSync(`${keyPath(folder)}.vkey`, 'utf8'))]);
    expect([seq, JSON.parse(Buffer.from(bytes).toString()).subject]).toEqual([1, 'CA-3']);
    await expect(receiptOfSubject(folder, 'CA-9')).rejects.toMatchObject({ code: 'wrong-call' });
  });

  it('does not make a database or key where there is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-none-'));
    await expect(exportDataFolder(folder, join(folder, 'out'))).rejects.toMatchObject({ code: 'wrong-call' });
    expect(existsSync(join(folder, 'countersign.db'))).toBe(false);
  });

  it('rotates its key with a record, keeps trusting the old heads, and its export is trusted from the first key', async () => {
    const folder = await filledFolder();
    const first = readFileSync(`${keyPath(folder)}.vkey`, 'utf8');
    const store = openSqliteStore(join(folder, 'countersign.db'), now);
    const { log } = await openAudit(folder, store, [], now);
    const second = await rotateKey(folder, store, log, actor, 'the yearly change');
    await append(store, 'approval.granted', { host: 'wk-2' }, 'CA-4');
    await log.close();
    const again = await openAudit(folder, store, [], now);
    expect(again.known.map(({ id }) => id)).toEqual([second.id, parseVerifierKey(first).id]);
    await store.close();
    const out = join(folder, 'out');
    await exportDataFolder(folder, out);
    expect(verifyExport(out, first)).toMatchObject({ size: 5, rotations: 1, signedBy: { id: second.id } });
  });

  it('abuse G1: takes no more records once it has found a contradiction', async () => {
    const { folder, store: plain } = dataFolder();
    let isCut = false;
    const shrinking = { ...plain, size: async () => (isCut ? 0 : plain.size()) };
    const { log } = await openAudit(folder, shrinking, [], now);
    const store = watched(shrinking, () => log, logger);
    await append(store, 'approval.granted', {});
    await log.sign();
    isCut = true;
    await expect(log.sign()).rejects.toMatchObject({ code: 'record-missing' });
    await expect(append(store, 'approval.granted', {})).rejects.toThrow(LedgerUnavailable);
    expect(await plain.size()).toBe(1);
    await plain.close();
  });

  it.each(['tls://', 'ftp://host:1', 'tcp://host', 'tcp://host:0', 'udp://host:99999', 'tcp://a b:1'])(
    'refuses "%s" as a syslog anchor',
    (syslog) => {
      expect(() => openAnchors({ folder: '', syslog, url: '' }, 'ir-1', now)).toThrow(AuditError);
    },
  );

  it('makes the anchors that are set', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-anchor-'));
    const names = openAnchors({ folder, syslog: 'tls://[::1]:6514', url: 'https://anchor.example/x' }, 'ir-1', now).map(
      ({ name }) => name,
    );
    expect(names).toEqual([`file ${folder}`, 'syslog tls://::1:6514', 'http anchor.example']);
    expect(openAnchors({ folder: '', syslog: '', url: '' }, 'ir-1', now)).toEqual([]);
  });
});

describe('countersign audit', () => {
  let folder = '';
  const program = join(ROOT, 'dist', 'adapters', 'terminal', 'main.js');
  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], { cwd: ROOT });
    folder = await filledFolder();
  }, 120_000);

  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'audit', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, said: stdout + stderr };
  };

  it('beyond B2, past F11: exports, verifies and names what is anchored, in a process of its own', () => {
    expect(run('export', '--data', folder, '--out', 'out')).toMatchObject({ status: 0 });
    expect(readdirSync(join(folder, 'out', 'foreign')).sort()).toEqual(['verify-sigstore.mjs', 'verify.go']);
    const vkey = `${keyPath(folder)}.vkey`;
    const alone = run('verify', 'out', '--vkey', vkey);
    expect(alone).toMatchObject({ status: 0 });
    expect(alone.said).toContain('anchored:   nothing, because you brought no checkpoint');
    const anchored = run(
      'verify',
      'out',
      '--vkey',
      vkey,
      '--checkpoint',
      join(folder, 'anchor', 'checkpoint-0000000000000002'),
    );
    expect(anchored.said).toContain('anchored:   records 0 to 1 are the ones whose checkpoint you hold');
    const entries = join(folder, 'out', 'entries.jsonl');
    writeFileSync(entries, readFileSync(entries, 'utf8').replace('wk-1', 'wk-9'));
    expect(run('verify', 'out', '--vkey', vkey)).toMatchObject({
      status: 1,
      said: expect.stringContaining('NOT SOUND (record-changed): record 1'),
    });
    expect(JSON.parse(run('verify', 'out', '--vkey', vkey, '--json').said)).toMatchObject({ isSound: false, seq: 1 });
  });

  it('puts an export on record, with the account of the server that made it', async () => {
    const store = openSqliteStore(join(folder, 'countersign.db'), now);
    const [exported] = await store.find({ typePrefix: 'audit.exported' });
    expect(exported?.record).toMatchObject({
      actor: { kind: 'system', platform: 'server' },
      body: { format: 'bundle', records: 2, blobs: 1 },
    });
    await store.close();
  });

  it('gives a receipt and checks it', () => {
    expect(run('receipt', 'CA-3', '--data', folder, '--out', 'ca3.tlog-proof').status).toBe(0);
    expect(run('check', 'ca3.tlog-proof', '--vkey', `${keyPath(folder)}.vkey`)).toMatchObject({
      status: 0,
      said: expect.stringContaining('SOUND: record 1 of'),
    });
  });

  it.each([
    [[]],
    [['frobnicate']],
    [['verify', 'out']],
    [['verify', '--vkey', 'x', 'a', 'b']],
    [['export']],
    [['export', '--nonsense']],
  ])('answers misuse %j with its usage and status 2', (args) => {
    expect(run(...args)).toMatchObject({ status: 2, said: expect.stringContaining('usage: countersign audit') });
  });
});
