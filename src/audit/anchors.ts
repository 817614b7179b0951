// Anchors: copies of checkpoints off the box, so that whoever rewrites the store is caught at the next start.
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { toBase64 } from './base64.ts';
import { openCheckpoint, parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { AuditError } from './errors.ts';
import { isSameHash, type MerkleTree } from './merkle.ts';
import type { VerifierKey } from './note.ts';
import { formatSyslog, type SyslogTarget, sendSyslog } from './syslog.ts';

/** A place outside the store that keeps checkpoints. Both calls reject with an Error when the place cannot be reached. */
export interface Anchor {
  readonly name: string;
  write(checkpoint: SignedCheckpoint): Promise<void>;
  /** The signed note of the largest checkpoint it holds; null when it holds none or cannot be read back. */
  newest(): Promise<string | null>;
}

/** What one anchor said at start. */
export interface AnchorFinding {
  readonly name: string;
  readonly state: 'agrees' | 'empty' | 'unreachable';
  /** Size it vouches for, 0 unless it agrees. */
  readonly size: number;
  readonly why?: string;
}

/** A folder, best on write-once storage, that gets one read-only file for each checkpoint and never changes one. */
export function fileAnchor(folder: string): Anchor {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    name: `file ${folder}`,
    write: async (checkpoint) => writeOnce(folder, checkpoint),
    newest: async () => newestIn(folder),
  };
}

/** A syslog receiver. It cannot be read back: search it for `checkpoint.signed` and hand the note to `audit verify`. */
export function syslogAnchor(target: SyslogTarget, host: string, now: () => number): Anchor {
  return {
    name: `syslog ${target.transport}://${target.host}:${target.port}`,
    write: ({ origin, size, root, note }) =>
      sendSyslog(target, [
        formatSyslog({
          severity: 5,
          at: new Date(now()).toISOString(),
          host,
          messageId: 'checkpoint.signed',
          data: { origin, size: String(size), root: toBase64(root), note: toBase64(Buffer.from(note)) },
          text: `Checkpoint of ${origin}: ${size} records, root ${toBase64(root)}`,
        }),
      ]),
    newest: async () => null,
  };
}

/** How the HTTP anchor is reached. */
export interface HttpAnchorOptions {
  readonly url: string;
  /** Sent as `authorization`, when the receiver asks for it. */
  readonly authorization?: string;
  /** True when a GET of the same address gives the newest checkpoint back (404 for none). */
  readonly isReadable?: boolean;
  readonly timeoutMs?: number;
}

/** A web address that takes each checkpoint as a POST of text/plain. No redirects are followed. */
export function httpAnchor({ url, authorization, isReadable = false, timeoutMs = 5000 }: HttpAnchorOptions): Anchor {
  const name = `http ${new URL(url).host}`;
  const request = (init: RequestInit) =>
    fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'content-type': 'text/plain; charset=utf-8', ...(authorization ? { authorization } : {}) },
    });
  return {
    name,
    write: async ({ note }) => {
      const answer = await request({ method: 'POST', body: note });
      await answer.body?.cancel();
      if (!answer.ok) throw new AuditError('anchor-failed', `${name} answered ${answer.status}`);
    },
    newest: async () => {
      if (!isReadable) return null;
      const answer = await request({ method: 'GET' });
      if (answer.status === 404) return null;
      if (!answer.ok) throw new AuditError('anchor-failed', `${name} answered ${answer.status}`);
      return readLimited(answer, name);
    },
  };
}

/**
 * Compares the tree with what every anchor holds. Throws AuditError `behind-anchor` when the store is shorter than an
 * anchor says (an old backup, a cut tail), `inconsistent` when it has another history, `bad-signature` or the like when
 * an anchor holds something else than a checkpoint of ours. An anchor that cannot be reached is reported, not believed.
 */
export async function checkAgainstAnchors(
  tree: Pick<MerkleTree, 'size' | 'root'>,
  known: readonly VerifierKey[],
  anchors: readonly Anchor[],
): Promise<readonly AnchorFinding[]> {
  return Promise.all(anchors.map((anchor) => checkAnchor(tree, known, anchor)));
}

async function checkAnchor(
  tree: Pick<MerkleTree, 'size' | 'root'>,
  known: readonly VerifierKey[],
  anchor: Anchor,
): Promise<AnchorFinding> {
  const { name } = anchor;
  const read = await anchor.newest().then(
    (note) => ({ note }),
    (error: unknown) => ({ why: error instanceof Error ? error.message : String(error) }),
  );
  if ('why' in read) return { name, state: 'unreachable', size: 0, why: read.why };
  if (read.note === null) return { name, state: 'empty', size: 0 };
  const held = openAnchored(read.note, known, name);
  if (held.size > tree.size) {
    throw new AuditError(
      'behind-anchor',
      `the store has ${tree.size} records, but ${name} holds a checkpoint over ${held.size}: the store was cut or is an old backup. Restore the newest backup.`,
      tree.size,
    );
  }
  if (!isSameHash(tree.root(held.size), held.root)) {
    throw new AuditError(
      'inconsistent',
      `the first ${held.size} records are not those whose checkpoint ${name} holds: the store was rewritten. Keep it as evidence and restore a backup.`,
    );
  }
  return { name, state: 'agrees', size: held.size };
}

function openAnchored(note: string, known: readonly VerifierKey[], name: string): SignedCheckpoint {
  try {
    return openCheckpoint(note, known);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw new AuditError(error.code, `${name} holds a checkpoint that this log's keys did not sign: ${error.message}`);
  }
}

const FILE_NAME = /^checkpoint-\d{16}$/;

function writeOnce(folder: string, { size, note }: SignedCheckpoint): void {
  const path = join(folder, `checkpoint-${String(size).padStart(16, '0')}`);
  let file: number;
  try {
    file = openSync(path, 'wx', 0o444);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const held = readFileSync(path, 'utf8');
    if (textOf(held) === textOf(note)) return;
    // Another process may be writing it this moment, or a crash cut it off: no contradiction.
    if (!isWhole(held)) throw new AuditError('anchor-failed', `${path} is not whole`);
    throw new AuditError(
      'forked-head',
      `${path} holds another checkpoint of the same size: two logs sign with one key`,
    );
  }
  try {
    writeSync(file, note);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The largest whole checkpoint; one cut off by a crash is passed over. */
function newestIn(folder: string): string | null {
  const names = readdirSync(folder).filter((name) => FILE_NAME.test(name));
  for (const name of names.sort().reverse()) {
    const note = readFileSync(join(folder, name), 'utf8');
    if (isWhole(note)) return note;
  }
  return null;
}

function isWhole(note: string): boolean {
  if (!note.endsWith('\n') || !note.includes('\n\n')) return false;
  try {
    parseCheckpoint(textOf(note));
    return true;
  } catch {
    return false;
  }
}

function textOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 1);
}

const MAX_ANSWER_BYTES = 64 * 1024;

async function readLimited(answer: Response, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new AuditError('anchor-failed', `${name} answered more than a checkpoint`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
