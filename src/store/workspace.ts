// The embedded workspace's platform store on SQLite. Beside the ledger, never part of it: losing this file loses the
// chat's scroll-back, not one decision.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { DeliverableView, HeldBytes } from '../chat/types.ts';
import type {
  NewMessage,
  WorkspaceChannel,
  WorkspaceFile,
  WorkspaceMessage,
  WorkspaceStore,
} from '../chat/workspace.ts';
import type { SqliteStatement } from './driver.ts';
import { openDatabase } from './sqlite.ts';
import { workspaceMigrations } from './workspace-schema.ts';

interface ChannelRow {
  readonly id: string;
  readonly kind: 'channel' | 'direct';
  readonly name: string;
  readonly is_private: number;
  readonly owner: string | null;
  readonly created_at: string;
}

interface MessageRow {
  readonly seq: number;
  readonly id: string;
  readonly channel: string;
  readonly thread: string | null;
  readonly author: string | null;
  readonly only_for: string | null;
  readonly text: string;
  readonly view: string | null;
  readonly is_pinned: number;
  readonly sent_at: string;
  readonly edited_at: string | null;
  readonly deleted_at: string | null;
}

interface FileRow {
  readonly id: string;
  readonly message: string;
  readonly name: string;
  readonly media_type: string;
  readonly alt_text: string | null;
  readonly size_bytes: number;
}

interface StoredFile extends FileRow {
  readonly bytes: Buffer;
  readonly path: string | null;
}

const NO_BYTES = new Uint8Array();

const bytesOf = ({ bytes, path, size_bytes }: StoredFile): Uint8Array | HeldBytes =>
  path === null ? bytes : { path, sizeBytes: size_bytes };

const channelOf = (row: ChannelRow): WorkspaceChannel => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  isPrivate: row.is_private === 1,
  owner: row.owner,
  createdAt: row.created_at,
});

const fileOf = (row: FileRow): WorkspaceFile => ({
  id: row.id,
  name: row.name,
  mediaType: row.media_type,
  altText: row.alt_text,
  sizeBytes: row.size_bytes,
});

// A message is seen by everybody in its channel, or by the one person it is for.
const SEEN = '(only_for IS NULL OR only_for = ?)';
const FILE_COLUMNS = 'id, message, name, media_type, alt_text, size_bytes';

/** The WorkspaceStore on a SQLite file of its own (`workspace.db`); `:memory:` keeps nothing. Throws DatabaseTooNew. */
export function openWorkspaceStore(file: string): WorkspaceStore {
  const db = openDatabase(file, workspaceMigrations);
  const statements = new Map<string, SqliteStatement<unknown[], unknown>>();
  const sql = (text: string): SqliteStatement<unknown[], unknown> => {
    const known = statements.get(text) ?? db.prepare<unknown[], unknown>(text);
    statements.set(text, known);
    return known;
  };
  const get = <Row>(text: string, ...values: unknown[]): Row | undefined => sql(text).get(...values) as Row | undefined;
  const all = <Row>(text: string, ...values: unknown[]): Row[] => sql(text).all(...values) as Row[];
  const run = (text: string, ...values: unknown[]): number => sql(text).run(...values).changes;
  const changed = (): void => void run('UPDATE counter SET changes = changes + 1');

  function reactionsOf(message: string): WorkspaceMessage['reactions'] {
    const people = new Map<string, string[]>();
    for (const { emoji, person } of all<{ emoji: string; person: string }>(
      'SELECT emoji, person FROM reactions WHERE message = ? ORDER BY rowid',
      message,
    ))
      people.set(emoji, [...(people.get(emoji) ?? []), person]);
    return [...people].map(([emoji, names]) => ({ emoji, people: names }));
  }

  function messageOf(row: MessageRow): WorkspaceMessage {
    const isDeleted = row.deleted_at !== null;
    const replies = get<{ n: number }>(
      'SELECT count(*) AS n FROM messages WHERE thread = ? AND only_for IS NULL AND deleted_at IS NULL',
      row.id,
    );
    return {
      seq: row.seq,
      id: row.id,
      channel: row.channel,
      thread: row.thread,
      author: row.author,
      onlyFor: row.only_for,
      text: isDeleted ? '' : row.text,
      view: row.view === null || isDeleted ? null : (JSON.parse(row.view) as DeliverableView),
      files: isDeleted
        ? []
        : all<FileRow>(`SELECT ${FILE_COLUMNS} FROM files WHERE message = ? ORDER BY rowid`, row.id).map(fileOf),
      reactions: isDeleted ? [] : reactionsOf(row.id),
      replies: replies?.n ?? 0,
      isPinned: row.is_pinned === 1,
      isDeleted,
      sentAt: row.sent_at,
      editedAt: row.edited_at,
    };
  }

  const message = (id: string): WorkspaceMessage | null => {
    const row = get<MessageRow>('SELECT * FROM messages WHERE id = ?', id);
    return row === undefined ? null : messageOf(row);
  };
  const channel = (id: string): WorkspaceChannel | null => {
    const row = get<ChannelRow>('SELECT * FROM channels WHERE id = ?', id);
    return row === undefined ? null : channelOf(row);
  };

  const add = db.transaction((entry: NewMessage): { message: WorkspaceMessage; isNew: boolean } => {
    const known =
      entry.key === undefined
        ? undefined
        : get<MessageRow>('SELECT * FROM messages WHERE channel = ? AND key = ?', entry.channel, entry.key);
    if (known !== undefined) return { message: messageOf(known), isNew: false };
    run(
      `INSERT INTO messages (id, channel, thread, author, only_for, key, text, view, is_pinned, sent_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      entry.id,
      entry.channel,
      entry.thread ?? null,
      entry.author,
      entry.onlyFor ?? null,
      entry.key ?? null,
      entry.text,
      entry.view === undefined ? null : JSON.stringify(entry.view),
      entry.isPinned === true ? 1 : 0,
      entry.sentAt,
    );
    for (const [index, file] of (entry.files ?? []).entries())
      run(
        'INSERT INTO files (id, message, name, media_type, alt_text, size_bytes, bytes, path) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        `${entry.id}-${index + 1}`,
        entry.id,
        file.name,
        file.mediaType,
        file.altText ?? null,
        'path' in file.bytes ? file.bytes.sizeBytes : file.bytes.byteLength,
        'path' in file.bytes ? NO_BYTES : file.bytes,
        'path' in file.bytes ? file.bytes.path : null,
      );
    changed();
    return { message: messageOf(get<MessageRow>('SELECT * FROM messages WHERE id = ?', entry.id)!), isNew: true };
  });

  const ensureChannel = db.transaction((wanted: WorkspaceChannel, members: readonly string[]): WorkspaceChannel => {
    const known =
      channel(wanted.id) ??
      (wanted.kind === 'channel'
        ? channelFrom(get<ChannelRow>("SELECT * FROM channels WHERE name = ? AND kind = 'channel'", wanted.name))
        : null);
    if (known !== null) return known;
    run(
      'INSERT INTO channels (id, kind, name, is_private, owner, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      wanted.id,
      wanted.kind,
      wanted.name,
      wanted.isPrivate ? 1 : 0,
      wanted.owner,
      wanted.createdAt,
    );
    for (const person of members)
      run(
        'INSERT INTO members (channel, person, joined_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        wanted.id,
        person,
        wanted.createdAt,
      );
    changed();
    return wanted;
  });
  const channelFrom = (row: ChannelRow | undefined): WorkspaceChannel | null =>
    row === undefined ? null : channelOf(row);

  return {
    channel,
    ensureChannel: (wanted, members) => ensureChannel.immediate(wanted, members),
    freeChannelName(wanted) {
      const taken = (name: string) =>
        get("SELECT 1 FROM channels WHERE name = ? AND kind = 'channel'", name) !== undefined;
      if (!taken(wanted)) return wanted;
      let next = 2;
      while (taken(`${wanted}-${next}`)) next += 1;
      return `${wanted}-${next}`;
    },
    canSee: (id, person) =>
      get(
        `SELECT 1 FROM channels WHERE id = ? AND (owner = ? OR owner IS NULL AND (is_private = 0
           OR EXISTS (SELECT 1 FROM members WHERE channel = channels.id AND person = ?)))`,
        id,
        person,
        person,
      ) !== undefined,
    join: (id, person, at) =>
      run(
        `INSERT INTO members (channel, person, joined_at) VALUES (?, ?, ?)
           ON CONFLICT (channel, person) DO UPDATE SET joined_at = excluded.joined_at WHERE joined_at = ''`,
        id,
        person,
        at,
      ) === 1,
    // An empty time: may see it, has not looked yet.
    invite(id, person) {
      const n = run(
        "INSERT INTO members (channel, person, joined_at) VALUES (?, ?, '') ON CONFLICT DO NOTHING",
        id,
        person,
      );
      if (n > 0) changed();
      return n > 0;
    },
    members: (id) =>
      all<{ person: string }>('SELECT person FROM members WHERE channel = ? ORDER BY person', id).map(
        (row) => row.person,
      ),
    lines: (person) =>
      all<ChannelRow & { unread: number }>(
        `SELECT channels.*, (SELECT count(*) FROM messages WHERE messages.channel = channels.id AND ${SEEN}
             AND author IS NOT ? AND deleted_at IS NULL
             AND seq > coalesce((SELECT seq FROM read_marks WHERE channel = channels.id AND person = ?), 0)) AS unread
           FROM channels WHERE owner = ? OR owner IS NULL AND (is_private = 0
             OR EXISTS (SELECT 1 FROM members WHERE channel = channels.id AND person = ?))
           ORDER BY kind, created_at, channels.rowid`,
        person,
        person,
        person,
        person,
        person,
      ).map((row) => ({ channel: channelOf(row), unread: row.unread })),
    markRead(id, person) {
      run(
        `INSERT INTO read_marks (channel, person, seq)
           SELECT ?, ?, coalesce(max(seq), 0) FROM messages WHERE channel = ?
           ON CONFLICT (channel, person) DO UPDATE SET seq = max(seq, excluded.seq)`,
        id,
        person,
        id,
      );
    },

    add: (entry) => add.immediate(entry),
    message,
    messages: (id, person, { before = Number.MAX_SAFE_INTEGER, limit }) =>
      all<MessageRow>(
        `SELECT * FROM messages WHERE channel = ? AND thread IS NULL AND ${SEEN} AND seq < ? ORDER BY seq DESC LIMIT ?`,
        id,
        person,
        before,
        limit,
      )
        .map(messageOf)
        .reverse(),
    thread: (root, person) =>
      all<MessageRow>(`SELECT * FROM messages WHERE thread = ? AND ${SEEN} ORDER BY seq`, root, person).map(messageOf),
    pinned: (id) =>
      all<MessageRow>(
        'SELECT * FROM messages WHERE channel = ? AND is_pinned = 1 AND deleted_at IS NULL ORDER BY seq',
        id,
      ).map(messageOf),
    replaceView(id, view, at) {
      const n = run(
        'UPDATE messages SET view = ?, edited_at = ? WHERE id = ? AND deleted_at IS NULL',
        JSON.stringify(view),
        at,
        id,
      );
      if (n === 0) return null;
      changed();
      return message(id);
    },
    holding(channelId, { blobs, sizes, text, key }) {
      const found = new Set<string>();
      const take = (rows: readonly { readonly id: string }[]): void => {
        for (const { id } of rows) found.add(id);
      };
      for (const size of sizes)
        for (const row of all<StoredFile>('SELECT * FROM files WHERE size_bytes = ?', size)) {
          const bytes = row.path === null ? row.bytes : existsSync(row.path) ? readFileSync(row.path) : NO_BYTES;
          if (blobs.has(createHash('sha256').update(bytes).digest('hex'))) found.add(row.message);
        }
      for (const blob of blobs) take(all('SELECT id FROM messages WHERE instr(view, ?) > 0', blob));
      if (text !== null) take(all('SELECT id FROM messages WHERE deleted_at IS NULL AND instr(text, ?) > 0', text));
      const named = `*${key}[^0-9]*`;
      take(all('SELECT id FROM messages WHERE channel = ? AND only_for IS NOT NULL AND view GLOB ?', channelId, named));
      return [...found];
    },
    remove(id, at) {
      run('DELETE FROM messages WHERE id = ? AND only_for IS NOT NULL', id);
      run("UPDATE messages SET deleted_at = ?, text = '', view = NULL WHERE id = ? AND deleted_at IS NULL", at, id);
      for (const { path } of all<{ path: string | null }>('SELECT path FROM files WHERE message = ?', id))
        if (path !== null) rmSync(path, { force: true });
      run('DELETE FROM files WHERE message = ?', id);
      // The journal would hold the words until it is written over.
      db.pragma('wal_checkpoint(TRUNCATE)');
      changed();
    },
    react(id, person, emoji, isAdded) {
      const n = isAdded
        ? run(
            'INSERT INTO reactions (message, person, emoji) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
            id,
            person,
            emoji,
          )
        : run('DELETE FROM reactions WHERE message = ? AND person = ? AND emoji = ?', id, person, emoji);
      if (n > 0) changed();
      return n > 0;
    },
    file(id) {
      const row = get<StoredFile>('SELECT * FROM files WHERE id = ?', id);
      return row === undefined ? null : { message: row.message, file: fileOf(row), bytes: bytesOf(row) };
    },
    files: (id) =>
      all<StoredFile>('SELECT * FROM files WHERE message = ? ORDER BY rowid', id).map((row) => ({
        name: row.name,
        bytes: bytesOf(row),
      })),

    openSession({ hash, person, secret, expiresAtMs }) {
      run(
        'INSERT INTO sessions (hash, person, secret, expires_at) VALUES (?, ?, ?, ?)',
        hash,
        person,
        secret,
        expiresAtMs,
      );
    },
    session(hash, nowMs) {
      run('DELETE FROM sessions WHERE expires_at <= ?', nowMs);
      const row = get<{ person: string; secret: string; expires_at: number }>(
        'SELECT * FROM sessions WHERE hash = ?',
        hash,
      );
      return row === undefined ? null : { hash, person: row.person, secret: row.secret, expiresAtMs: row.expires_at };
    },
    closeSession: (hash) => void run('DELETE FROM sessions WHERE hash = ?', hash),
    changes: () => get<{ changes: number }>('SELECT changes FROM counter')?.changes ?? 0,
    close: () => db.close(),
  };
}
