import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { leafHash } from '../../src/audit/canonical.ts';
import { generateKey } from '../../src/audit/keys.ts';
import { AuditLog } from '../../src/audit/log.ts';
import { Sqlite } from '../../src/store/driver.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { RecordTooLarge, type Store } from '../../src/store/types.ts';

const key = generateKey('log.example/audit');
const actor = { kind: 'human', platform: 'web', tenant: 'local', id: 'U1', label: 'Sample Person' } as const;
const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

function open(file: string): Store {
  const store = openSqliteStore(file, () => Date.UTC(2026, 10, 20));
  stores.push(store);
  return store;
}

async function append(store: Store, count: number): Promise<void> {
  const [last] = await store.find({ newestFirst: true, limit: 1 });
  const records = Array.from({ length: count }, (_, i) => ({ type: 'event.added', body: { i } }));
  await store.append([
    { stream: 'INC-1', expectedVersion: last?.record.version ?? 0, incident: 'INC-1', actor, records },
  ]);
}

/** What an owner of the file can do: the triggers are only seat belts. */
function tamper(file: string, sql: string, ...values: unknown[]): void {
  const db = new Sqlite(file);
  for (const name of [
    'records_no_update',
    'records_no_delete',
    'records_contiguous',
    'checkpoints_no_update',
    'checkpoints_no_delete',
  ]) {
    db.exec(`DROP TRIGGER ${name}`);
  }
  expect(db.prepare(sql).run(...values).changes).toBeGreaterThan(0);
  db.close();
}

async function signedFile(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'countersign-audit-')), 'ledger.db');
  const store = open(file);
  await append(store, 30);
  const { log } = await AuditLog.open({ store, key, now: () => 0 });
  await append(store, 10);
  await log.close();
  return file;
}

describe('the audit log on a real database', () => {
  it('signs, and opens again', async () => {
    const file = await signedFile();
    const { log } = await AuditLog.open({ store: open(file), key, now: () => 0 });
    expect(log.status()).toMatchObject({ size: 40, signedSize: 40, halted: null });
  });

  it('abuse G6: two connections sign the same head of the same records', async () => {
    const file = await signedFile();
    const [one, two] = [open(file), open(file)];
    const first = (await AuditLog.open({ store: one, key, now: () => 0 })).log;
    const second = (await AuditLog.open({ store: two, key, now: () => 0 })).log;
    await append(one, 1);
    await append(two, 1);
    const [a, b] = await Promise.all([first.sign(), second.sign()]);
    expect(a?.note).toBe(b?.note);
    await append(two, 1);
    expect((await second.sign())?.size).toBe(43);
    expect((await first.sign())?.size).toBe(43);
  });

  it('takes no record that a log entry cannot hold, and nothing else of that append', async () => {
    const file = await signedFile();
    const store = open(file);
    const records = [
      { type: 'event.added', body: {} },
      { type: 'event.added', body: { text: 'x'.repeat(65_536) } },
    ];
    const append = { stream: 'INC-2', expectedVersion: 0, incident: 'INC-2', actor, records };
    await expect(store.append([append])).rejects.toThrow(RecordTooLarge);
    expect(await store.size()).toBe(40);
  });

  const other = Buffer.from('{"seq":12,"type":"approval.granted"}');
  it.each<[string, string, unknown[], string, number]>([
    ['UPDATE of the bytes', 'UPDATE records SET bytes = ? WHERE seq = 12', [other], 'record-changed', 12],
    [
      'UPDATE of bytes and hash',
      'UPDATE records SET bytes = ?, leaf_hash = ? WHERE seq = 32',
      [other, leafHash(other)],
      'record-changed',
      30,
    ],
    ['DELETE of one', 'DELETE FROM records WHERE seq = 12', [], 'record-missing', 12],
    ['DELETE of one, the rest moved up', 'DELETE FROM records WHERE seq = 39', [], 'record-missing', 39],
    [
      'REPLACE',
      'REPLACE INTO records VALUES (12, ?, 13, ?, ?, ?, ?)',
      ['INC-1', 'x', 'INC-1', other, leafHash(other)],
      'record-changed',
      0,
    ],
    ['TRUNCATE', 'DELETE FROM records', [], 'record-missing', 0],
  ])('abuse G2: %s is found at the next start', async (_name, sql, values, code, seq) => {
    const file = await signedFile();
    tamper(file, sql, ...values);
    await expect(AuditLog.open({ store: open(file), key, now: () => 0 })).rejects.toMatchObject({ code, seq });
  });
});
