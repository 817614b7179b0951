/** Tables of `workspace.db`, forward only: one step a version, each in a transaction of its own. */
export const workspaceMigrations: readonly { readonly sql: string }[] = [
  {
    sql: `
      CREATE TABLE channels (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, is_private INTEGER NOT NULL, owner TEXT,
        created_at TEXT NOT NULL
      );
      CREATE UNIQUE INDEX channels_by_name ON channels (name) WHERE kind = 'channel';
      CREATE TABLE members (
        channel TEXT NOT NULL REFERENCES channels, person TEXT NOT NULL, joined_at TEXT NOT NULL,
        PRIMARY KEY (channel, person)
      ) WITHOUT ROWID;
      CREATE TABLE read_marks (
        channel TEXT NOT NULL REFERENCES channels, person TEXT NOT NULL, seq INTEGER NOT NULL,
        PRIMARY KEY (channel, person)
      ) WITHOUT ROWID;
      CREATE TABLE messages (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, channel TEXT NOT NULL REFERENCES channels,
        thread TEXT, author TEXT, only_for TEXT, key TEXT, text TEXT NOT NULL, view TEXT,
        is_pinned INTEGER NOT NULL, sent_at TEXT NOT NULL, edited_at TEXT, deleted_at TEXT
      );
      CREATE INDEX messages_by_channel ON messages (channel, seq);
      CREATE INDEX messages_by_thread ON messages (thread, seq) WHERE thread IS NOT NULL;
      -- Posting twice with one key is one message: a crash between the chat and the outbox must not repeat it.
      CREATE UNIQUE INDEX messages_by_key ON messages (channel, key) WHERE key IS NOT NULL;
      CREATE TABLE files (
        id TEXT PRIMARY KEY, message TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE, name TEXT NOT NULL,
        media_type TEXT NOT NULL, alt_text TEXT, size_bytes INTEGER NOT NULL, bytes BLOB NOT NULL
      );
      CREATE INDEX files_by_message ON files (message);
      CREATE TABLE reactions (
        message TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE, person TEXT NOT NULL, emoji TEXT NOT NULL,
        UNIQUE (message, person, emoji)
      );
      CREATE TABLE sessions (hash TEXT PRIMARY KEY, person TEXT NOT NULL, secret TEXT NOT NULL, expires_at INTEGER NOT NULL);
      CREATE TABLE counter (changes INTEGER NOT NULL);
      INSERT INTO counter VALUES (0);
    `,
  },
  // A log of a hundred megabytes stays in a file beside the database: writing it into a row would hold up every button.
  { sql: `ALTER TABLE files ADD COLUMN path TEXT` },
];
