// A whole export of a made-up history on disk, and the ways to tamper with one that every verifier has to refuse.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '../../src/audit/canonical.ts';
import { signCheckpoint } from '../../src/audit/checkpoint.ts';
import { exportDataFolder } from '../../src/audit/data-folder.ts';
import { commitText } from '../../src/audit/erasure.ts';
import { exportAudit } from '../../src/audit/export.ts';
import { generateKey } from '../../src/audit/keys.ts';
import { AuditLog } from '../../src/audit/log.ts';
import { formatVerifierKey, type SigningKey } from '../../src/audit/note.ts';
import { keyPath, openAudit, rotateKey } from '../../src/audit/open.ts';
import type { Json } from '../../src/audit/record.ts';
import { tilePath } from '../../src/audit/tiles.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { type MemoryLedger, memoryLedger } from './memory-ledger.ts';

export const KEY = generateKey('log.example/audit');

export interface SampleExport {
  readonly folder: string;
  readonly vkey: string;
  /** A checkpoint an auditor noted down when the log was shorter. */
  readonly held: string;
  readonly heldSize: number;
  readonly log: AuditLog;
  readonly ledger: MemoryLedger;
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'countersign-export-'));

/** Exports a log of `size` records; `salt` makes another history of the same length. */
export async function sampleExport(size: number, salt = '', key: SigningKey = KEY): Promise<SampleExport> {
  const ledger = memoryLedger();
  const heldSize = Math.max(1, Math.floor(size / 3));
  const blobs = new Map<string, Uint8Array>();
  const keep = (bytes: Uint8Array): string => {
    const name = sha256Hex(bytes);
    blobs.set(name, bytes);
    return name;
  };
  const body = (i: number): Json => {
    if (i === 1) return { sha256: keep(new TextEncoder().encode(`paste ${salt}`)) };
    if (i === 2) return { text: { commitment: commitText('call +00 000', new Uint8Array(32).fill(7)).commitment } };
    return { host: `wk-${i}${salt}`, n: 1e21, s: '€ \u2028' };
  };
  const add = (from: number, to: number) => {
    for (let i = from; i < to; i++) ledger.append(i % 7 === 3 ? 'approval.granted' : 'event.added', body(i));
  };
  add(0, heldSize);
  const { log } = await AuditLog.open({ store: ledger, key, now: () => 0 });
  const held = (await log.sign())!.note;
  add(heldSize, size);
  await log.appended([]);
  const head = (await log.sign())!;
  const folder = newFolder();
  const anchors = [{ name: 'file /anchor', size: heldSize }];
  const readBlob = async (sha256: string) => blobs.get(sha256) ?? null;
  await exportAudit(folder, { store: ledger, head, known: [key.verifier], rotations: [], anchors, readBlob });
  return { folder, vkey: formatVerifierKey(key.verifier), held, heldSize, log, ledger };
}

/** The export of a real data folder whose key was replaced after two records; `held` is a head of the first key. */
export async function rotatedExport(): Promise<{
  readonly folder: string;
  readonly vkeys: readonly [string, string];
  readonly held: string;
}> {
  const data = newFolder();
  const now = () => Date.UTC(2026, 10, 20);
  const store = openSqliteStore(join(data, 'countersign.db'), now);
  const { log } = await openAudit(data, store, [], now);
  const actor = { kind: 'human', platform: 'web', tenant: 'local', id: 'U1', label: 'Sample Person' } as const;
  const append = (expectedVersion: number) =>
    store.append([
      {
        stream: 'INC-1',
        expectedVersion,
        incident: 'INC-1',
        actor,
        records: ['one', 'two'].map((n) => ({ type: `event.${n}`, body: {} })),
      },
    ]);
  await append(0);
  const held = (await log.sign())!.note;
  const vkey = () => readFileSync(`${keyPath(data)}.vkey`, 'utf8');
  const first = vkey();
  await rotateKey(data, store, log, actor, 'the yearly change');
  await append(2);
  await log.close();
  await store.close();
  const folder = newFolder();
  await exportDataFolder(data, folder);
  return { folder, vkeys: [first, vkey()], held };
}

export interface Tamper {
  readonly name: string;
  /** Changes a copy of the export; may give other things to verify it with. */
  readonly apply: (copy: string, sample: SampleExport) => Promise<{ vkey?: string; held?: string } | undefined>;
  /** What our verifier says, with the record it names for an export of 300. */
  readonly code: string;
  readonly seq: number | null;
}

const edit = (path: string, change: (bytes: Buffer) => Buffer): void => writeFileSync(path, change(readFileSync(path)));

/** Path of the bundle and leaf tile that hold record 0, whatever the size. */
const firstBundle = (copy: string, size: number) => join(copy, tilePath('entries', 0, Math.min(256, size)));
const firstTile = (copy: string, size: number) => join(copy, tilePath(0, 0, Math.min(256, size)));

const flip = (at: number) => (bytes: Buffer) => {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
};

/** Bundles of a full rewrite: another history of the same length, every hash recomputed, signed with `key`. */
async function rewrite(
  copy: string,
  sample: SampleExport,
  key: SigningKey,
  size = sample.ledger.rows.length,
): Promise<void> {
  const forged = await sampleExport(size, ' forged', key);
  rmSync(copy, { recursive: true });
  cpSync(forged.folder, copy, { recursive: true });
}

export const TAMPERS: readonly Tamper[] = [
  {
    name: 'a flipped byte in a record',
    apply: async (copy, { ledger }) => void edit(firstBundle(copy, ledger.rows.length), flip(40)),
    code: 'record-changed',
    seq: 0,
  },
  {
    name: 'an altered leaf hash',
    apply: async (copy, { ledger }) => void edit(firstTile(copy, ledger.rows.length), flip(3)),
    code: 'record-changed',
    seq: 0,
  },
  {
    name: 'a missing bundle',
    apply: async (copy, { ledger }) => void rmSync(firstBundle(copy, ledger.rows.length)),
    code: 'record-missing',
    seq: 0,
  },
  {
    name: 'an edited size',
    apply: async (copy) =>
      void edit(join(copy, 'checkpoint'), (b) =>
        Buffer.from(b.toString().replace(/\n(\d+)\n/, (_, n) => `\n${Number(n) - 1}\n`)),
      ),
    code: 'bad-signature',
    seq: null,
  },
  {
    name: 'another key',
    apply: async () => ({ vkey: formatVerifierKey(generateKey('log.example/audit').verifier) }),
    code: 'bad-signature',
    seq: null,
  },
  {
    name: 'the tail cut off, signed anew',
    apply: async (copy, sample) => {
      const size = sample.heldSize - 1;
      const cut = await sampleExport(Math.max(1, size));
      rmSync(copy, { recursive: true });
      cpSync(cut.folder, copy, { recursive: true });
      // A log of one record has nothing to cut: then the held checkpoint is the longer one.
      return size < 1 ? { held: signCheckpoint(2, new Uint8Array(32), KEY).note } : undefined;
    },
    code: 'record-missing',
    seq: 99,
  },
  {
    name: 'records in another order',
    apply: async (copy, { ledger }) => {
      const size = ledger.rows.length;
      if (size === 1) return void edit(firstBundle(copy, 1), (b) => Buffer.concat([b, b]));
      edit(firstBundle(copy, size), (b) => {
        const first = 2 + b.readUInt16BE(0);
        const second = first + 2 + b.readUInt16BE(first);
        return Buffer.concat([b.subarray(first, second), b.subarray(0, first), b.subarray(second)]);
      });
      return undefined;
    },
    code: 'record-changed',
    seq: 0,
  },
  {
    name: 'a full rewrite with every hash recomputed and signed with the true key, against an old checkpoint',
    apply: async (copy, sample) => void (await rewrite(copy, sample, KEY)),
    code: 'record-changed',
    seq: 0,
  },
  {
    name: 'a full rewrite signed with a key of the forger',
    apply: async (copy, sample) => void (await rewrite(copy, sample, generateKey('log.example/audit'))),
    code: 'bad-signature',
    seq: null,
  },
];

/** A copy of an export that may be spoilt. */
export function copyOf({ folder }: SampleExport): string {
  const copy = newFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

export const list = (folder: string): string[] => readdirSync(folder).sort();
