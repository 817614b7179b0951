// beyond B17: the export alone is enough to rebuild the state that people work with.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/audit/checkpoint.ts';
import { exportAudit } from '../../src/audit/export.ts';
import { formatVerifierKey } from '../../src/audit/note.ts';
import type { LedgerRecord } from '../../src/audit/record.ts';
import { verifyExport } from '../../src/audit/verify.ts';
import { emptyDossier, evolveDossier } from '../../src/incident/dossier.ts';
import { type Harness, harness, replyText } from '../harness.ts';
import { newFolder } from './sample-export.ts';

const LINES = [
  'status',
  'log Nov 20 10:00:01 wk-7 sshd[1]: Failed password for root from 203.0.113.9 port 22',
  'timeline',
  'audit',
  'status severity SEV2 it spreads',
  'finding the account was reused',
  'timeline 11:20 the page came in',
];

async function exported(core: Harness): Promise<{ folder: string; records: LedgerRecord[] }> {
  const { store, auditLog, blobs } = core.services;
  const head = (await auditLog.sign())!;
  const folder = newFolder();
  const readBlob = (sha256: string) => blobs.read(sha256);
  await exportAudit(folder, { store, head, known: [head.signedBy], rotations: [], anchors: [], readBlob });
  const lines = readFileSync(join(folder, 'entries.jsonl'), 'utf8').trimEnd().split('\n');
  expect(verifyExport(folder, formatVerifierKey(openCheckpoint(head.note, [head.signedBy]).signedBy)).size).toBe(
    lines.length,
  );
  return { folder, records: lines.map((line) => JSON.parse(line) as LedgerRecord) };
}

describe('replay', () => {
  it('beyond B17: the state rebuilt from an export equals the live state, over random histories', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...LINES), { minLength: 1, maxLength: 8 }), async (typed) => {
        const core = await harness();
        try {
          const opened = await core.open('mira');
          for (const line of typed) await core.type('mira', line, { in: opened.in });
          const { records } = await exported(core);
          const rebuilt = records.filter(({ stream }) => stream === opened.key).reduce(evolveDossier, emptyDossier);
          const live = (await core.services.incidents.load(opened.key)).state;
          expect(rebuilt).toEqual(live);
          expect(rebuilt.version).toBeGreaterThan(1);
        } finally {
          await core.end();
        }
      }),
      { numRuns: 12 },
    );
  });

  it('a text too long for a record changes nothing, says what to do, and the ledger still exports', async () => {
    const core = await harness();
    const opened = await core.open('mira');
    const before = await core.services.store.size();
    const reply = await core.type('mira', `status severity SEV1 ${'long '.repeat(20_000)}`, { in: opened.in });
    expect(replyText(reply)).toContain('longer than one entry of the record can be');
    expect(await core.services.store.size()).toBe(before);
    await exported(core);
    await core.end();
  });
});
