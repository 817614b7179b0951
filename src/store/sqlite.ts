// The embedded store: one SQLite file, WAL, synchronous=FULL, one writer.

import { canonicalBytes, leafHash, sanitise } from '../audit/canonical.ts';
import type { LedgerRecord, StoredRecord } from '../audit/record.ts';
import { MAX_ENTRY_BYTES } from '../audit/tiles.ts';
import type { Arrival, GivenUp } from '../chat/arrivals.ts';
import { Sqlite } from './driver.ts';
import { migrations } from './schema.ts';
import {
  type Append,
  LedgerUnavailable,
  type OutboxEntry,
  type QueuedEntry,
  type RecordFilter,
  RecordTooLarge,
  type Store,
  type TokenGrant,
  VersionConflict,
} from './types.ts';

/** The database is of a newer version than this program: starting would lose what it holds. */
export class DatabaseTooNew extends Error {
  override readonly name = 'DatabaseTooNew';
}

interface Row {
  readonly bytes: Buffer;
  readonly leaf_hash: Buffer;
}

/** Opens a database file, sets its durability on this connection and brings its tables up to date. Throws DatabaseTooNew. */
export function openDatabase(file: string, steps: readonly { readonly sql: string }[]): Sqlite {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('recursive_triggers = ON');
  db.pragma('busy_timeout = 5000');
  // What is deleted is overwritten, not only let go of.
  db.pragma('secure_delete = ON');
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > steps.length) {
    db.close();
    throw new DatabaseTooNew(
      `${file} was written by a newer Countersign (its version is ${version}, this program knows ${steps.length}). Start the newer program, or name another data folder.`,
    );
  }
  for (let at = version; at < steps.length; at += 1) {
    db.transaction(() => {
      // Another process may have migrated while this one waited for the lock.
      if (Number(db.pragma('user_version', { simple: true })) > at) return;
      db.exec((steps[at] as { sql: string }).sql);
      db.pragma(`user_version = ${at + 1}`);
    }).immediate();
  }
  return db;
}

const stored = (row: Row): StoredRecord => ({
  record: JSON.parse(row.bytes.toString('utf8')) as LedgerRecord,
  bytes: row.bytes,
  leafHash: row.leaf_hash,
});

function asLedgerError(error: unknown): unknown {
  const code = (error as { code?: string }).code ?? '';
  if (
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY' ||
    code === 'SQLITE_CONSTRAINT_TRIGGER'
  )
    return new VersionConflict((error as Error).message);
  if (/^SQLITE_(FULL|BUSY|READONLY|IOERR|CANTOPEN|LOCKED|CORRUPT|NOTADB)/.test(code))
    return new LedgerUnavailable((error as Error).message, { cause: error });
  return error;
}

/** The Store on a SQLite file. `now` gives epoch milliseconds for the records' time. */
export function openSqliteStore(file: string, now: () => number): Store {
  const db = openDatabase(file, migrations);
  // Platforms retry for minutes; a week is plenty to tell a retry from a new event.
  db.prepare('DELETE FROM inbox WHERE at_ms < ?').run(now() - 7 * 86_400_000);
  db.prepare('DELETE FROM arrivals WHERE body IS NULL AND at_ms < ?').run(now() - 7 * 86_400_000);
  db.prepare('DELETE FROM arrivals WHERE given_up_ms < ?').run(now() - 30 * 86_400_000);
  const head = db.prepare<[], { next: number }>('SELECT coalesce(max(seq) + 1, 0) AS next FROM records');
  const streamVersion = db.prepare<[string], { version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM records WHERE stream = ?',
  );
  const insert = db.prepare(
    'INSERT INTO records (seq, stream, version, type, incident, bytes, leaf_hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const claim = db.prepare('INSERT INTO inbox (event_id, at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const noteWork = db.prepare('UPDATE inbox SET seqs = seqs || ? WHERE event_id = ?');
  const setNote = db.prepare(
    'INSERT INTO notes (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const dropFolded = db.prepare('DELETE FROM outbox WHERE fold = ? AND is_sent = 0');
  const queue = db.prepare(
    'INSERT INTO outbox (key, lane, fold, payload) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
  );

  const enqueueAll = (entries: readonly OutboxEntry[]) => {
    for (const entry of entries) {
      if (entry.fold !== undefined) dropFolded.run(entry.fold);
      queue.run(entry.key, entry.lane, entry.fold ?? null, entry.payload);
    }
  };

  const appendOne = (append: Append, ts: string): StoredRecord[] => {
    if ((streamVersion.get(append.stream)?.version ?? 0) !== append.expectedVersion) {
      throw new VersionConflict(`${append.stream} is no longer at version ${append.expectedVersion}`);
    }
    for (const [name, value] of Object.entries(append.notes ?? {})) setNote.run(name, value);
    return append.records.map((fresh, i) => {
      const record = {
        seq: head.get()?.next ?? 0,
        ts,
        type: fresh.type,
        stream: append.stream,
        version: append.expectedVersion + 1 + i,
        actor: append.actor,
        incident: append.incident,
        subject: fresh.subject ?? null,
        body: fresh.body,
      } as LedgerRecord;
      const bytes = canonicalBytes(sanitise(record));
      // A log entry's length has two bytes: one record too long, and no export could hold the ledger any more.
      if (bytes.length > MAX_ENTRY_BYTES) throw new RecordTooLarge(`${fresh.type} has ${bytes.length} bytes`);
      const hash = leafHash(bytes);
      insert.run(record.seq, record.stream, record.version, record.type, record.incident, bytes, hash);
      return { record: JSON.parse(Buffer.from(bytes).toString('utf8')) as LedgerRecord, bytes, leafHash: hash };
    });
  };

  const appendAll = db.transaction((appends: readonly Append[], outbox: readonly OutboxEntry[], cause?: string) => {
    const ts = new Date(now()).toISOString();
    const done = appends.flatMap((append) => appendOne(append, ts));
    enqueueAll(outbox);
    if (cause !== undefined && done.length > 0) noteWork.run(done.map((d) => `${d.record.seq},`).join(''), cause);
    return done;
  });

  return {
    async append(appends, outbox = [], cause) {
      try {
        return appendAll.immediate(appends, outbox, cause);
      } catch (error) {
        throw asLedgerError(error);
      }
    },
    async readStream(stream, afterVersion) {
      return db
        .prepare<[string, number], Row>(
          'SELECT bytes, leaf_hash FROM records WHERE stream = ? AND version > ? ORDER BY version',
        )
        .all(stream, afterVersion)
        .map(stored);
    },
    async find(filter) {
      const { sql, values } = findSql(filter);
      return db
        .prepare<unknown[], Row>(sql)
        .all(...values)
        .map(stored);
    },
    async streams() {
      // A loose index scan: one look-up a stream, however many records each has.
      return db
        .prepare<[], { stream: string }>(
          `WITH RECURSIVE names(stream) AS (
             SELECT min(stream) FROM records
             UNION ALL
             SELECT (SELECT min(stream) FROM records WHERE stream > names.stream) FROM names WHERE names.stream IS NOT NULL
           ) SELECT stream FROM names WHERE stream IS NOT NULL`,
        )
        .all()
        .map((row) => row.stream);
    },
    async size() {
      return head.get()?.next ?? 0;
    },
    async leafHashes(fromSeq, toSeq) {
      return db
        .prepare<[number, number], Row>('SELECT bytes, leaf_hash FROM records WHERE seq >= ? AND seq < ? ORDER BY seq')
        .all(fromSeq, toSeq)
        .map((row) => row.leaf_hash);
    },
    async checkpoints() {
      return db
        .prepare<[], { note: string }>('SELECT note FROM checkpoints ORDER BY size')
        .all()
        .map((row) => row.note);
    },
    async newestCheckpoint() {
      const row = db.prepare<[], { note: string }>('SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1').get();
      return row?.note ?? null;
    },
    async keepCheckpoint(size, note) {
      return db
        .transaction(() => {
          db.prepare('INSERT INTO checkpoints (size, note) VALUES (?, ?) ON CONFLICT DO NOTHING').run(size, note);
          return db.prepare<[number], { note: string }>('SELECT note FROM checkpoints WHERE size = ?').get(size)!.note;
        })
        .immediate();
    },
    async enqueue(entries) {
      db.transaction(enqueueAll).immediate(entries);
    },
    async dueOutbox(nowMs, limit, lane) {
      return db
        .prepare<unknown[], QueuedEntry>(
          `SELECT id, key, lane, fold, payload, attempts FROM outbox WHERE is_sent = 0 AND due_ms <= ? ${lane ? 'AND lane = ?' : ''} ORDER BY lane = 'traffic', id LIMIT ?`,
        )
        .all(nowMs, ...(lane ? [lane] : []), limit);
    },
    async markSent(id) {
      db.prepare("UPDATE outbox SET is_sent = 1, payload = '', last_error = NULL WHERE id = ?").run(id);
    },
    async retryLater(id, atMs, error, failures = 1) {
      db.prepare('UPDATE outbox SET attempts = attempts + ?, due_ms = ?, last_error = ? WHERE id = ?').run(
        failures,
        atMs,
        error.slice(0, 500),
        id,
      );
    },
    async claimEvent(eventId, nowMs) {
      // Only a power failure can lose this, never a killed process, and whatever the event decides is written with FULL and
      // takes its second delivery as a second press. Without it every press would wait for the disk twice.
      db.pragma('synchronous = NORMAL');
      try {
        return claim.run(eventId, nowMs).changes === 1;
      } finally {
        db.pragma('synchronous = FULL');
      }
    },
    async workOf(eventId) {
      const row = db.prepare<[string], { seqs: string }>('SELECT seqs FROM inbox WHERE event_id = ?').get(eventId);
      const one = db.prepare<[number], Row>('SELECT bytes, leaf_hash FROM records WHERE seq = ?');
      const seqs = row?.seqs.split(',').filter(Boolean).map(Number);
      return seqs?.flatMap((seq) => one.all(seq)).map(stored) ?? null;
    },
    arrivals: {
      async keep(id, body) {
        return (
          db
            .prepare('INSERT INTO arrivals (id, body, at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
            .run(id, body, now()).changes === 1
        );
      },
      async unhandled(prefix) {
        return db
          .prepare<[string, string], Arrival>(
            'SELECT id, body, at_ms AS atMs, tries FROM arrivals WHERE body IS NOT NULL AND given_up_ms IS NULL AND substr(id, 1, length(?)) = ? ORDER BY at_ms, rowid',
          )
          .all(prefix, prefix);
      },
      async handled(id) {
        db.prepare('UPDATE arrivals SET body = NULL WHERE id = ? AND given_up_ms IS NULL').run(id);
      },
      async tries(id) {
        db.prepare("UPDATE arrivals SET tries = tries + 1, last_error = '' WHERE id = ?").run(id);
      },
      async failed(id, because) {
        db.prepare('UPDATE arrivals SET last_error = ? WHERE id = ?').run(because.slice(0, 300), id);
      },
      async giveUp(id) {
        db.prepare('UPDATE arrivals SET given_up_ms = ? WHERE id = ?').run(now(), id);
      },
      async state() {
        const waiting = db
          .prepare<[], { n: number }>(
            'SELECT count(*) AS n FROM arrivals WHERE body IS NOT NULL AND given_up_ms IS NULL',
          )
          .get();
        const givenUp = db
          .prepare<[], GivenUp>(
            'SELECT id, at_ms AS atMs, given_up_ms AS givenUpMs, tries, last_error AS lastError FROM arrivals WHERE given_up_ms IS NOT NULL ORDER BY given_up_ms DESC, id',
          )
          .all();
        return { waiting: waiting?.n ?? 0, givenUp };
      },
    },
    drawn: {
      async note(blob, incident) {
        db.prepare(
          'INSERT INTO drawn (blob, incident, seq) VALUES (?, ?, ?) ON CONFLICT (blob) DO UPDATE SET seq = excluded.seq',
        ).run(blob, incident, head.get()?.next ?? 0);
      },
      async of(incident) {
        return db
          .prepare<[string], { blob: string }>('SELECT blob FROM drawn WHERE incident = ?')
          .all(incident)
          .map((row) => row.blob);
      },
      async drawnAt(blob) {
        return db.prepare<[string], { seq: number }>('SELECT seq FROM drawn WHERE blob = ?').get(blob)?.seq ?? null;
      },
      async forget(blob) {
        db.prepare('DELETE FROM drawn WHERE blob = ?').run(blob);
      },
    },
    async grant(tokens) {
      const put = db.prepare('INSERT INTO tokens (token_hash, intent, place, holder, card) VALUES (?, ?, ?, ?, ?)');
      db.transaction(() => {
        for (const t of tokens) put.run(t.tokenHash, t.intent, t.place, t.holder, t.card);
      }).immediate();
    },
    async token(tokenHash) {
      const row = db
        .prepare<[string], Omit<TokenGrant, 'isRevoked'> & { readonly isRevoked: number }>(
          'SELECT token_hash AS tokenHash, intent, place, holder, card, is_revoked AS isRevoked FROM tokens WHERE token_hash = ?',
        )
        .get(tokenHash);
      return row ? { ...row, isRevoked: row.isRevoked === 1 } : null;
    },
    async revokeCard(card) {
      db.prepare('UPDATE tokens SET is_revoked = 1 WHERE card = ?').run(card);
    },
    async ungrant(incident, verb) {
      db.prepare(
        "DELETE FROM tokens WHERE json_extract(intent, '$.verb') = ? AND json_extract(intent, '$.args.incident') = ?",
      ).run(verb, incident);
    },
    async note(name) {
      return db.prepare<[string], { value: string }>('SELECT value FROM notes WHERE name = ?').get(name)?.value ?? null;
    },
    async setNote(name, value) {
      setNote.run(name, value);
    },
    async health() {
      const setting = (name: string) => String(db.pragma(name, { simple: true }));
      const settings = {
        journal_mode: setting('journal_mode'),
        synchronous: setting('synchronous'),
        foreign_keys: setting('foreign_keys'),
        recursive_triggers: setting('recursive_triggers'),
      };
      try {
        db.transaction(() =>
          db.prepare("INSERT INTO notes (name, value) VALUES ('health', '') ON CONFLICT (name) DO NOTHING").run(),
        ).immediate();
        return { isWritable: true, settings };
      } catch {
        return { isWritable: false, settings };
      }
    },
    async dropTraces() {
      db.pragma('wal_checkpoint(TRUNCATE)');
    },
    async close() {
      db.close();
    },
  };
}

function findSql(filter: RecordFilter): { readonly sql: string; readonly values: unknown[] } {
  const where: string[] = [];
  const values: unknown[] = [];
  const add = (clause: string, value: unknown) => {
    where.push(clause);
    values.push(value);
  };
  if (filter.incident !== undefined) add('incident = ?', filter.incident);
  if (filter.stream !== undefined) add('stream = ?', filter.stream);
  if (filter.typePrefix !== undefined) add('substr(type, 1, length(?1)) = ?1'.replaceAll('?1', '?'), filter.typePrefix);
  if (filter.typePrefix !== undefined) values.push(filter.typePrefix);
  if (filter.fromSeq !== undefined) add('seq >= ?', filter.fromSeq);
  const order = filter.newestFirst ? 'DESC' : 'ASC';
  return {
    sql: `SELECT bytes, leaf_hash FROM records ${where.length ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY seq ${order} LIMIT ?`,
    values: [...values, filter.limit ?? -1],
  };
}
