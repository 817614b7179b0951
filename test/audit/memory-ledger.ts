// A store of arrays behind the audit ports, so that a test can do to it what a hostile owner does to a database.
import { canonicalBytes, leafHash } from '../../src/audit/canonical.ts';
import type { AuditStore } from '../../src/audit/log.ts';
import type { Json, LedgerRecord } from '../../src/audit/record.ts';

export interface MemoryLedger extends AuditStore {
  readonly rows: { bytes: Uint8Array; leaf: Uint8Array }[];
  readonly notes: Map<number, string>;
  append(type: string, body?: Json): void;
}

export function memoryLedger(): MemoryLedger {
  const rows: { bytes: Uint8Array; leaf: Uint8Array }[] = [];
  const notes = new Map<number, string>();
  const sizes = () => [...notes.keys()].sort((a, b) => a - b);
  return {
    rows,
    notes,
    size: async () => rows.length,
    leafHashes: async (from, to) => rows.slice(from, to).map(({ leaf }) => leaf),
    find: async ({ fromSeq, limit }) => rows.slice(fromSeq, fromSeq + limit),
    checkpoints: async () => sizes().map((size) => notes.get(size)!),
    newestCheckpoint: async () => notes.get(sizes().at(-1) ?? -1) ?? null,
    async keepCheckpoint(size, note) {
      if (!notes.has(size)) notes.set(size, note);
      return notes.get(size)!;
    },
    append(type, body = {}) {
      const bytes = canonicalBytes(record(rows.length, type, body));
      rows.push({ bytes, leaf: leafHash(bytes) });
    },
  };
}

export function record(seq: number, type: string, body: Json = {}): LedgerRecord {
  return {
    seq,
    ts: new Date(Date.UTC(2026, 10, 20) + seq * 1000).toISOString(),
    type,
    stream: 'INC-1',
    version: seq + 1,
    actor: { kind: 'human', platform: 'web', tenant: 'local', id: `U${seq % 5}`, label: `Sample Person ${seq % 5}` },
    incident: 'INC-1',
    subject: null,
    body,
  };
}
