// Numbered, forward-only migrations of the ledger's database, one transaction each.

export interface Migration {
  readonly why: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  {
    why: 'The ledger: append-only, contiguous, with the bytes that were hashed. The triggers are seat belts; the tree is the evidence.',
    sql: `
      CREATE TABLE records (
        seq INTEGER PRIMARY KEY,
        stream TEXT NOT NULL,
        version INTEGER NOT NULL,
        type TEXT NOT NULL,
        incident TEXT,
        bytes BLOB NOT NULL,
        leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
        UNIQUE (stream, version)
      );
      CREATE INDEX records_incident ON records (incident, seq);
      CREATE INDEX records_type ON records (type, seq);
      CREATE TRIGGER records_no_update BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
      CREATE TRIGGER records_no_delete BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
      -- INSERT OR REPLACE would pass the two above; a row must be exactly the next one.
      CREATE TRIGGER records_contiguous BEFORE INSERT ON records
        WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM records)
          OR NEW.version <> (SELECT coalesce(max(version) + 1, 1) FROM records WHERE stream = NEW.stream)
        BEGIN SELECT RAISE(ABORT, 'the ledger has no gaps and no second version'); END;
    `,
  },
  {
    why: 'Messages wait here, committed with the decision they tell of, so that a crash loses none.',
    sql: `
      CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        lane TEXT NOT NULL CHECK (lane IN ('decision', 'traffic')),
        fold TEXT,
        payload TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        due_ms INTEGER NOT NULL DEFAULT 0,
        last_error TEXT,
        is_sent INTEGER NOT NULL DEFAULT 0
      );
      CREATE INDEX outbox_due ON outbox (is_sent, lane, due_ms, id);
      CREATE INDEX outbox_fold ON outbox (fold) WHERE is_sent = 0;
    `,
  },
  {
    why: 'An event delivered twice is handled once.',
    sql: `CREATE TABLE inbox (event_id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID;`,
  },
  {
    why: 'A button carries an opaque token; what it stands for is known here alone, under the hash of the token.',
    sql: `
      CREATE TABLE tokens (
        token_hash TEXT PRIMARY KEY,
        intent TEXT NOT NULL,
        place TEXT NOT NULL,
        holder TEXT,
        card TEXT,
        is_revoked INTEGER NOT NULL DEFAULT 0
      ) WITHOUT ROWID;
      CREATE INDEX tokens_card ON tokens (card);
    `,
  },
  {
    why: 'Small named values that survive a restart.',
    sql: `CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
  },
  {
    why: 'Signed heads are kept for ever, one for each size, so that two processes can never sign two.',
    sql: `
      CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL);
      CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are kept'); END;
      CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are kept'); END;
    `,
  },
  {
    why: 'What a platform delivered is kept before it is acknowledged; the body is forgotten once it is handled.',
    sql: `
      CREATE TABLE arrivals (id TEXT PRIMARY KEY, body TEXT, at_ms INTEGER NOT NULL);
      CREATE INDEX arrivals_unhandled ON arrivals (at_ms) WHERE body IS NOT NULL;
    `,
  },
  {
    why: 'What an event wrote is noted with it: after a crash it is known whether its work was begun, and is done or told.',
    sql: `ALTER TABLE inbox ADD COLUMN seqs TEXT NOT NULL DEFAULT '';`,
  },
  {
    why: 'A delivery that can never be handled is given up after some tries, kept, and said.',
    sql: `
      ALTER TABLE arrivals ADD COLUMN tries INTEGER NOT NULL DEFAULT 1;
      ALTER TABLE arrivals ADD COLUMN last_error TEXT NOT NULL DEFAULT '';
      ALTER TABLE arrivals ADD COLUMN given_up_ms INTEGER;
      CREATE INDEX arrivals_given_up ON arrivals (given_up_ms) WHERE given_up_ms IS NOT NULL;
    `,
  },
  {
    why: 'Pictures are on no record, as they can be drawn again; whose they are is noted, so that they go with the evidence.',
    sql: `
      CREATE TABLE drawn (blob TEXT PRIMARY KEY, incident TEXT NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX drawn_incident ON drawn (incident);
    `,
  },
];
