// The audit log on a data folder: where the key stands, which anchors are on, how the key is replaced.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store/types.ts';
import { type Anchor, type AnchorFinding, fileAnchor, httpAnchor, syslogAnchor } from './anchors.ts';
import { AuditError } from './errors.ts';
import {
  beginRotation,
  finishRotation,
  openKeyFile,
  openRotation,
  settleRotation,
  trustThroughRotations,
} from './keys.ts';
import { type AnchorStatus, AuditLog } from './log.ts';
import { formatVerifierKey, isSameKey, type SigningKey, type VerifierKey } from './note.ts';
import type { Actor, LedgerRecord, NewRecord } from './record.ts';
import { syslogTarget } from './syslog.ts';
import { replaceWhole } from './whole-file.ts';

/** Which anchors are on; an empty text turns one off. */
export interface AnchorSettings {
  /** Folder, best on write-once storage of another machine. */
  readonly folder: string;
  /** `tls://host:port`, `tcp://host:port` or `udp://host:port`. */
  readonly syslog: string;
  /** http or https address that takes checkpoints as POST. */
  readonly url: string;
}

/** An open audit log with what an export needs beside it. */
export interface OpenedAudit {
  readonly log: AuditLog;
  readonly anchors: readonly AnchorFinding[];
  readonly known: readonly VerifierKey[];
}

/** Where the signing key of a data folder stands, and beside it, as `.vkey`, the public half anybody may have. */
export const keyPath = (folder: string): string => join(folder, 'keys', 'ledger.key');

/** Name of the store's note with what each anchor held last, as JSON. */
export const ANCHORS_NOTE = 'audit-anchors';

/** Makes the anchors of the settings. Throws AuditError `anchor-failed` when one is written in a way that names no place. */
export function openAnchors(settings: AnchorSettings, hostName: string, now: () => number): readonly Anchor[] {
  return [
    ...(settings.folder ? [fileAnchor(settings.folder)] : []),
    ...(settings.syslog ? [syslogAnchor(syslogTarget(settings.syslog), hostName, now)] : []),
    ...(settings.url ? [httpAnchor({ url: settings.url })] : []),
  ];
}

/**
 * Opens the audit log of a data folder: finishes a rotation a crash broke off, makes or reads the key, checks records,
 * heads and anchors, signs. Throws AuditError when the server must not start.
 */
export async function openAudit(
  folder: string,
  store: Store,
  anchors: readonly Anchor[],
  now: () => number,
): Promise<OpenedAudit> {
  const path = keyPath(folder);
  const rotations = await rotationNotes(store);
  settleRotation(path, rotations);
  const key = openKeyFile(path, null, (await store.newestCheckpoint()) === null);
  writePublicHalf(path, key.verifier);
  const known = trustThroughRotations(key.verifier, rotations);
  // Kept for exports, which run in a process of their own.
  const onAnchored = (status: readonly AnchorStatus[]) => {
    const held = status.map(({ name, size }) => ({ name, size }));
    store.setNote(ANCHORS_NOTE, JSON.stringify(held)).catch(() => {});
  };
  const replacedBy = watchKey(path, store);
  const opened = await AuditLog.open({ store, key, retiredKeys: known.slice(1), anchors, now, onAnchored, replacedBy });
  return { ...opened, known };
}

const writePublicHalf = (path: string, key: VerifierKey): void =>
  replaceWhole(`${path}.vkey`, `${formatVerifierKey(key)}\n`, 0o644);

/** Looks whether the key file is another one now; reads it only then, and takes only a key the ledger has a rotation to. */
function watchKey(path: string, store: Pick<Store, 'find'>): (current: VerifierKey) => Promise<SigningKey | null> {
  const stamp = (): string => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat ? `${stat.ino} ${stat.mtimeMs}` : '';
  };
  let seen = stamp();
  return async (current) => {
    const now = stamp();
    // A file that is gone stops the next start, not what this process has read already.
    if (now === seen || now === '') return null;
    const key = openKeyFile(path, null, false);
    const trusted = trustThroughRotations(current, await rotationNotes(store));
    if (!trusted.some((other) => isSameKey(other, key.verifier)))
      throw new AuditError('bad-key', `${path} was replaced by a key that the ledger has no rotation to`);
    seen = now;
    return isSameKey(key.verifier, current) ? null : key;
  };
}

/** Replaces the signing key: record with a note that both keys signed, then the files, then a head by the new key. */
export async function rotateKey(
  folder: string,
  store: Store,
  log: AuditLog,
  actor: Actor,
  reason: string,
): Promise<VerifierKey> {
  const path = keyPath(folder);
  await log.sign();
  const current = openKeyFile(path, null, false);
  const { key, note } = beginRotation(path, current, await store.size());
  const body = { from: current.verifier.id, to: key.verifier.id, reason, note };
  await appendToLedger(store, actor, { type: 'key.rotated', body });
  finishRotation(path);
  writePublicHalf(path, key.verifier);
  await log.sign();
  return key.verifier;
}

/** Appends a record about the ledger itself. Throws VersionConflict when another process was first. */
export async function appendToLedger(
  store: Pick<Store, 'append' | 'find'>,
  actor: Actor,
  record: NewRecord,
): Promise<void> {
  const [last] = await store.find({ stream: 'ledger', newestFirst: true, limit: 1 });
  const expectedVersion = last?.record.version ?? 0;
  await store.append([{ stream: 'ledger', expectedVersion, incident: null, actor, records: [record] }]);
}

/** The rotation notes of the ledger, oldest first. A record that only looks like one is passed over. */
export async function rotationNotes(store: Pick<Store, 'find'>): Promise<readonly string[]> {
  const found = await store.find({ typePrefix: 'key.rotated' });
  return found.map(({ record }) => noteOf(record)).filter((note) => note !== null);
}

function noteOf({ body }: LedgerRecord): string | null {
  const note = (body as { note?: unknown } | null)?.note;
  if (typeof note !== 'string') return null;
  try {
    openRotation(note);
    return note;
  } catch (error) {
    if (error instanceof AuditError) return null;
    throw error;
  }
}
