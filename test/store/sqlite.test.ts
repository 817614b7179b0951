import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Sqlite } from '../../src/store/driver.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/types.ts';
import { append, storeContract } from './contract.ts';

const now = (): number => Date.parse('2026-11-20T12:00:00Z');

async function fresh() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-store-'));
  const file = join(folder, 'ledger.db');
  const opened: Store[] = [];
  return {
    file,
    async open() {
      const store = openSqliteStore(file, now);
      opened.push(store);
      return store;
    },
    async end() {
      for (const store of opened) await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

storeContract('SQLite', fresh);

describe('SQLite itself', () => {
  it('runs with WAL, full sync and triggers on, as read back from the connection', async () => {
    const database = await fresh();
    const store = await database.open();
    expect(await store.health()).toEqual({
      isWritable: true,
      settings: { journal_mode: 'wal', synchronous: '2', foreign_keys: '1', recursive_triggers: '1' },
    });
    await database.end();
  });

  const tampers: Readonly<Record<string, string>> = {
    'an update': "UPDATE records SET type = 'x'",
    'a deletion': 'DELETE FROM records',
    'a replacement':
      "INSERT OR REPLACE INTO records SELECT seq, stream, version, 'x', incident, bytes, leaf_hash FROM records WHERE seq = 0",
    'a gap': 'INSERT INTO records SELECT 9, stream, 9, type, incident, bytes, leaf_hash FROM records WHERE seq = 0',
    'a second version':
      'INSERT INTO records SELECT 2, stream, 1, type, incident, bytes, leaf_hash FROM records WHERE seq = 0',
  };
  for (const [name, sql] of Object.entries(tampers)) {
    it(`refuses ${name} from any connection`, async () => {
      const database = await fresh();
      const store = await database.open();
      await store.append([append('INC-1', 0, 'a.done', 'b.done')]);
      const other = new Sqlite(database.file);
      other.pragma('recursive_triggers = ON');
      expect(() => other.exec(sql)).toThrow(/ledger/);
      other.close();
      expect(await store.size()).toBe(2);
      await database.end();
    });
  }
});
