import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Anchor, fileAnchor } from '../../src/audit/anchors.ts';
import { leafHash } from '../../src/audit/canonical.ts';
import { openCheckpoint } from '../../src/audit/checkpoint.ts';
import { AuditError } from '../../src/audit/errors.ts';
import { generateKey } from '../../src/audit/keys.ts';
import { AuditLog, type AuditLogParts } from '../../src/audit/log.ts';
import { verifyReceipt } from '../../src/audit/receipt.ts';
import { type MemoryLedger, memoryLedger } from './memory-ledger.ts';

const key = generateKey('log.example/audit');

function parts(ledger: MemoryLedger, more: Partial<AuditLogParts> = {}): AuditLogParts {
  return { store: ledger, key, now: () => 0, ...more };
}

async function opened(ledger: MemoryLedger, more: Partial<AuditLogParts> = {}): Promise<AuditLog> {
  return (await AuditLog.open(parts(ledger, more))).log;
}

function filled(count: number): MemoryLedger {
  const ledger = memoryLedger();
  for (let i = 0; i < count; i++) ledger.append('event.added', { i });
  return ledger;
}

const failure = async (work: () => Promise<unknown>): Promise<AuditError> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error('accepted');
};

const sizes = (ledger: MemoryLedger) => [...ledger.notes.keys()];

describe('beyond B2: heads are signed', () => {
  it('at open, at every decision and outcome, every 25 records, after T minutes, and at close', async () => {
    let nowMs = 0;
    const ledger = filled(3);
    const log = await opened(ledger, { now: () => nowMs });
    expect(sizes(ledger)).toEqual([3]);
    const add = (type: string) => {
      ledger.append(type);
      return log.appended([type]);
    };
    expect(await add('event.added')).toBeNull();
    expect((await add('approval.granted'))?.size).toBe(5);
    expect((await add('execution.succeeded'))?.size).toBe(6);
    for (let i = 0; i < 24; i++) expect(await add('event.added')).toBeNull();
    expect((await add('event.added'))?.size).toBe(31);
    await add('event.added');
    expect(await log.tick()).toBeNull();
    nowMs += 10 * 60_000;
    expect((await log.tick())?.size).toBe(32);
    nowMs += 10 * 60_000;
    expect(await log.tick()).toBeNull();
    await add('event.added');
    await log.close();
    expect(sizes(ledger)).toEqual([3, 5, 6, 31, 32, 33]);
    for (const note of await ledger.checkpoints())
      expect(openCheckpoint(note, [key.verifier]).origin).toBe('log.example/audit');
  });

  it('never over an empty log, and the same head only once', async () => {
    const ledger = memoryLedger();
    const log = await opened(ledger);
    expect(sizes(ledger)).toEqual([]);
    ledger.append('incident.declared');
    expect((await log.sign())?.note).toBe((await log.sign())?.note);
    expect(sizes(ledger)).toEqual([1]);
  });
});

describe('what was done to the store is found at the next start, with the first bad record named', () => {
  const signed = async () => {
    const ledger = filled(60);
    const log = await opened(ledger);
    for (let i = 0; i < 40; i++) ledger.append('event.added', { late: i });
    await log.sign();
    return ledger;
  };
  const rehash = (ledger: MemoryLedger) => {
    for (const row of ledger.rows) row.leaf = leafHash(row.bytes);
  };

  it('abuse G2: an edited record', async () => {
    const ledger = await signed();
    ledger.rows[41]!.bytes = ledger.rows[40]!.bytes;
    await expect(AuditLog.open(parts(ledger))).rejects.toMatchObject({ code: 'record-changed', seq: 41 });
  });

  it.each<[string, (ledger: MemoryLedger) => void, string, number]>([
    [
      'an edited record with its hash recomputed',
      ({ rows }) => rows.splice(70, 1, { ...rows[0]! }),
      'record-changed',
      60,
    ],
    ['a deleted record', ({ rows }) => rows.splice(10, 1), 'record-changed', 0],
    ['an inserted record', ({ rows }) => rows.splice(10, 0, rows[11]!), 'record-changed', 0],
    ['two records swapped', ({ rows }) => rows.splice(61, 2, rows[62]!, rows[61]!), 'record-changed', 60],
    ['a truncated log', ({ rows }) => rows.splice(0), 'record-missing', 0],
  ])('abuse G2: %s', async (_name, tamper, code, seq) => {
    const ledger = await signed();
    tamper(ledger);
    rehash(ledger);
    await expect(AuditLog.open(parts(ledger))).rejects.toMatchObject({ code, seq });
  });

  it('abuse G3: the last three records dropped', async () => {
    const ledger = await signed();
    ledger.rows.splice(97);
    await expect(AuditLog.open(parts(ledger))).rejects.toMatchObject({ code: 'record-missing', seq: 97 });
  });

  it('abuse G3, beyond B2: the last three records and their checkpoints dropped: the anchor knows', async () => {
    const ledger = filled(50);
    const anchors = [fileAnchor(mkdtempSync(join(tmpdir(), 'countersign-log-')))];
    const log = await opened(ledger, { anchors });
    for (let i = 0; i < 3; i++) {
      ledger.append('approval.granted');
      await log.appended(['approval.granted']);
    }
    await log.close();
    ledger.rows.splice(50);
    for (const size of [51, 52, 53]) ledger.notes.delete(size);
    await expect(AuditLog.open(parts(ledger, { anchors }))).rejects.toMatchObject({ code: 'behind-anchor', seq: 50 });
    // Without an anchor nobody could know: that is what the threat model says.
    await expect(AuditLog.open(parts(ledger))).resolves.toBeDefined();
  });

  it('abuse G4: everything rewritten and signed again with the stolen key: the anchor knows', async () => {
    const anchors = [fileAnchor(mkdtempSync(join(tmpdir(), 'countersign-log-')))];
    const log = await opened(filled(50), { anchors });
    await log.close();
    const forged = memoryLedger();
    for (let i = 0; i < 60; i++) forged.append('event.added', { forged: i });
    await opened(forged);
    await expect(AuditLog.open(parts(forged, { anchors }))).rejects.toMatchObject({ code: 'inconsistent' });
  });

  it('while running too: nothing more is signed after a contradiction', async () => {
    const ledger = await signed();
    const log = await opened(ledger);
    ledger.rows.splice(50);
    expect((await failure(() => log.appended(['approval.granted']))).code).toBe('record-missing');
    for (let i = 0; i < 80; i++) ledger.append('event.added', { forged: i });
    expect((await failure(() => log.sign())).code).toBe('record-missing');
    expect(log.status().halted).toContain('lost records');
    await log.close();
  });
});

describe('abuse G6: two writers', () => {
  it('on one store never sign two heads of one size, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('append', 'first', 'second'), { maxLength: 40 }), async (steps) => {
        const ledger = filled(1);
        const [first, second] = [await opened(ledger), await opened(ledger)];
        for (const step of steps) {
          if (step === 'append') ledger.append('event.added');
          else await (step === 'first' ? first : second).sign();
        }
        const heads = [await first.sign(), await second.sign()];
        expect(heads[0]!.note).toBe(heads[1]!.note);
        await expect(AuditLog.open(parts(ledger))).resolves.toBeDefined();
      }),
      { numRuns: 40 },
    );
  });

  it('on forked copies of a store: the one whose head is second at the anchor stops signing', async () => {
    const anchors = [fileAnchor(mkdtempSync(join(tmpdir(), 'countersign-log-')))];
    const [one, two] = [filled(5), filled(5)];
    const first = await opened(one, { anchors });
    const second = await opened(two, { anchors });
    one.append('approval.granted', { host: 'a' });
    two.append('approval.granted', { host: 'b' });
    await first.appended(['approval.granted']);
    await first.settled();
    await second.appended(['approval.granted']);
    await second.settled();
    expect(second.status().halted).toContain('another checkpoint of the same size');
    expect((await failure(() => second.sign())).code).toBe('forked-head');
  });

  it('a head signed elsewhere that the records do not continue stops the log', async () => {
    const ledger = filled(5);
    const log = await opened(ledger);
    const other = filled(6);
    other.append('event.added', { other: true });
    await opened(other);
    ledger.notes.set(7, other.notes.get(7)!);
    for (let i = 0; i < 4; i++) ledger.append('event.added', { mine: i });
    expect((await failure(() => log.sign())).code).toBe('inconsistent');
    expect(ledger.notes.has(9)).toBe(false);
  });
});

describe('anchors while running', () => {
  it('a failing one never stops a signature, is shown, and catches up', async () => {
    const held: number[] = [];
    let isDown = true;
    const anchor: Anchor = {
      name: 'flaky',
      newest: async () => null,
      write: async ({ size }) => {
        if (isDown) throw new Error('unreachable host');
        held.push(size);
      },
    };
    const ledger = filled(5);
    const log = await opened(ledger, { anchors: [anchor] });
    ledger.append('approval.granted');
    expect((await log.appended(['approval.granted']))?.size).toBe(6);
    await log.settled();
    expect(log.status()).toMatchObject({
      signedSize: 6,
      anchoredSize: 0,
      anchors: [{ name: 'flaky', failure: 'unreachable host' }],
    });
    isDown = false;
    await log.tick();
    await log.settled();
    expect(held).toEqual([6]);
    expect(log.status()).toMatchObject({ anchoredSize: 6, anchors: [{ failure: null }] });
  });

  it('a slow one gets the newest head, not a queue of old ones', async () => {
    const held: number[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const slow: Anchor = {
      name: 'slow',
      newest: async () => null,
      write: ({ size }) => gate.then(() => void held.push(size)),
    };
    const ledger = filled(1);
    const log = await opened(ledger, { anchors: [slow] });
    for (let i = 0; i < 50; i++) {
      ledger.append('approval.granted');
      await log.appended(['approval.granted']);
    }
    release();
    await log.settled();
    expect(held).toEqual([1, 51]);
  });
});

describe('receipts and keys', () => {
  it('gives a receipt for every record, also one that is not signed yet', async () => {
    const ledger = filled(30);
    const log = await opened(ledger);
    ledger.append('approval.granted', { host: 'wk-1' });
    for (const seq of [0, 29, 30]) expect(verifyReceipt(await log.receipt(seq), [key.verifier]).seq).toBe(seq);
    expect((await failure(() => log.receipt(31))).code).toBe('record-missing');
  });

  it('goes on with another key, and still trusts what the old one signed', async () => {
    const ledger = filled(5);
    const next = generateKey('log.example/audit');
    let isRotated = false;
    const replacedBy = async () => (isRotated ? next : null);
    const { log } = await AuditLog.open(parts(ledger, { replacedBy }));
    ledger.append('key.rotated');
    isRotated = true;
    expect((await log.sign())?.signedBy.id).toBe(next.verifier.id);
    await expect(AuditLog.open(parts(ledger, { key: next }))).rejects.toMatchObject({ code: 'bad-signature' });
    await expect(AuditLog.open(parts(ledger, { key: next, retiredKeys: [key.verifier] }))).resolves.toBeDefined();
  });
});
