import { describe, expect, it } from 'vitest';
import { type CustodyCommand, decideCustody } from '../../src/audit/custody.ts';
import { type CustodyItem, custodyOf } from '../../src/audit/custody-state.ts';
import type { Json, LedgerRecord } from '../../src/audit/record.ts';
import { isRefusal } from '../../src/refusal.ts';
import { record } from './memory-ledger.ts';

const person = (id: string) => ({ platform: 'web', tenant: 'local', id, label: `Sample ${id}` });
const [ANA, BEN] = [person('U1'), person('U2')];
const SHA = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const NOW = '2026-11-20T00:00:00.000Z';

const COLLECTED: CustodyCommand = {
  kind: 'custody.collected',
  key: 'EV-1',
  itemType: 'disk-image',
  description: 'laptop disk',
  source: { system: 'wk-7', owner: null, location: 'Berlin' },
  collectedBy: ANA,
  collectedAt: NOW,
  sourceZone: 'Europe/Berlin',
  clockOffsetMs: 1200,
  method: 'dd over a write blocker',
  tool: { name: 'dd', version: '9.1' },
  command: 'dd if=/dev/sdb',
  authority: 'incident commander',
  volatilityNote: null,
  sizeBytes: 10,
  sha256: SHA,
  storageUri: 'safe 3',
  protection: 'sealed',
  accessList: [],
};
const TRANSFER: CustodyCommand = {
  kind: 'custody.transferred',
  key: 'EV-1',
  releasedBy: ANA,
  receivedBy: BEN,
  purpose: 'analysis',
  condition: 'sealed',
  sha256: SHA,
};
const OFFERED: CustodyCommand = {
  kind: 'custody.offered',
  key: 'EV-1',
  releasedBy: ANA,
  to: BEN,
  purpose: 'analysis',
  condition: 'sealed',
};
const HELD: CustodyCommand = { kind: 'custody.held', key: 'EV-1', reason: 'litigation', authority: 'counsel' };
const RETAINED: CustodyCommand = { kind: 'custody.retained', key: 'EV-1', until: '2027-01-01', reason: 'policy' };
const ASKED: CustodyCommand = {
  kind: 'custody.disposal-asked',
  key: 'EV-1',
  by: ANA,
  human: 'ana',
  reason: 'no longer needed',
};
const DISPOSED: CustodyCommand = {
  kind: 'custody.disposed',
  by: BEN,
  human: 'ben',
  key: 'EV-1',
  method: 'shredded',
  reason: 'no longer needed',
  authority: 'counsel',
};

/** Runs commands one after the other; the last one's refusal code, or the item it leaves. */
function play(
  commands: readonly CustodyCommand[],
  before: readonly LedgerRecord[] = [],
  nowAt = NOW,
): string | CustodyItem {
  const records = [...before];
  for (const command of commands) {
    const decided = decideCustody(custodyOf(records), command, nowAt);
    if (isRefusal(decided)) return decided.code;
    records.push({
      ...record(records.length, decided.type, decided.body as unknown as Json),
      subject: decided.subject ?? null,
    });
  }
  return custodyOf(records).get(commands.at(-1)!.key)!;
}

describe('custody', () => {
  it('keeps who held it, and marks a hash that differed instead of refusing the line', () => {
    const item = play([
      COLLECTED,
      OFFERED,
      TRANSFER,
      { ...OFFERED, releasedBy: BEN, to: ANA },
      { ...TRANSFER, releasedBy: BEN, receivedBy: ANA, sha256: OTHER },
    ]) as CustodyItem;
    expect(item).toMatchObject({ holder: ANA, isForensicOriginal: true, sha256: SHA });
    expect(item.lines.map(({ isIntact }) => isIntact)).toEqual([true, null, true, null, false]);
    expect(item.lines[4]!.what).toContain('THE HASH DIFFERED');
  });

  it('calls a paste a copy from chat, with its message, and tells when that message goes', () => {
    const before = [
      record(0, 'evidence.received', {
        key: 'EV-2',
        sha256: SHA,
        how: 'paste',
        name: 'auth.log',
        message: 'web/local/C1/m7',
        derivedFrom: null,
        deliveredSha256: null,
        sizeBytes: 5,
      }),
      record(1, 'evidence.source-changed', { key: 'EV-2', change: 'deleted' }),
    ];
    const item = play(
      [{ kind: 'custody.exported', key: 'EV-2', by: BEN, to: 'auditor', purpose: 'review' }],
      before,
    ) as CustodyItem;
    expect(item.isForensicOriginal).toBe(false);
    expect(item.lines.map(({ what }) => what)).toEqual([
      'received as a copy (paste), not a forensic original: auth.log, from message web/local/C1/m7',
      'the message it came from was deleted',
      'exported by Sample U2 to auditor for review',
    ]);
  });

  it('lets nothing be disposed of under a hold or before its time', () => {
    expect(play([COLLECTED, HELD, ASKED])).toBe('on-hold');
    expect(play([COLLECTED, ASKED, HELD, DISPOSED])).toBe('on-hold');
    expect(play([COLLECTED, HELD, { ...HELD, kind: 'custody.released' }, RETAINED, ASKED])).toBe('retained');
    expect(play([COLLECTED, ASKED, RETAINED, DISPOSED])).toBe('retained');
    expect(play([COLLECTED, RETAINED, ASKED, DISPOSED], [], '2027-01-02T00:00:00.000Z')).toMatchObject({
      isDisposed: true,
    });
  });

  it('lets nothing be disposed of on one person\u2019s word, and a refusal ends the asking', () => {
    expect(play([COLLECTED, DISPOSED])).toBe('not-asked');
    expect(play([COLLECTED, ASKED, { ...DISPOSED, by: ANA, human: 'ana' }])).toBe('self');
    const declined: CustodyCommand = { ...ASKED, kind: 'custody.disposal-declined', by: BEN, human: 'ben' };
    expect(play([COLLECTED, declined])).toBe('not-asked');
    expect(play([COLLECTED, ASKED, declined, DISPOSED])).toBe('not-asked');
  });

  it.each<[string, readonly CustodyCommand[], string]>([
    ['unknown evidence', [TRANSFER], 'no-such-evidence'],
    ['collecting twice', [COLLECTED, COLLECTED], 'already-collected'],
    ['release by somebody else', [COLLECTED, { ...OFFERED, releasedBy: BEN, to: ANA }], 'not-the-holder'],
    ['handing to oneself', [COLLECTED, { ...OFFERED, to: ANA }], 'same-person'],
    ['taking what nobody handed over', [COLLECTED, TRANSFER], 'not-offered'],
    ['taking what was handed to somebody else', [COLLECTED, OFFERED, { ...TRANSFER, receivedBy: ANA }], 'not-offered'],
    ['no hash', [COLLECTED, OFFERED, { ...TRANSFER, sha256: 'abc' }], 'not-a-hash'],
    ['a hash in capitals', [{ ...COLLECTED, sha256: 'A'.repeat(64) } as CustodyCommand], 'not-a-hash'],
    ['no purpose', [COLLECTED, { kind: 'custody.accessed', key: 'EV-1', by: ANA, purpose: ' ' }], 'reason-missing'],
    ['no authority', [{ ...COLLECTED, authority: '' } as CustodyCommand], 'reason-missing'],
    ['no time', [{ ...COLLECTED, collectedAt: 'yesterday' } as CustodyCommand], 'not-a-time'],
    ['retention without a date', [COLLECTED, { ...RETAINED, until: 'soon' } as CustodyCommand], 'not-a-time'],
    ['ending no hold', [COLLECTED, { ...HELD, kind: 'custody.released' }], 'not-on-hold'],
    ['anything after disposal', [COLLECTED, ASKED, DISPOSED, TRANSFER], 'disposed'],
    [
      'deriving from nothing',
      [{ kind: 'custody.derived', key: 'EV-9', from: 'EV-8', transform: 'unzip', version: '1', sha256: SHA }],
      'no-such-evidence',
    ],
  ])('refuses %s', (_name, commands, code) => {
    expect(play(commands)).toBe(code);
  });

  it('derives an item from another, with what made it', () => {
    const derived = {
      kind: 'custody.derived',
      key: 'EV-2',
      from: 'EV-1',
      transform: 'unzip',
      version: '6.0',
      sha256: OTHER,
    } as const;
    expect(play([COLLECTED, derived])).toMatchObject({
      key: 'EV-2',
      isForensicOriginal: false,
      lines: [{ what: 'derived from EV-1 by unzip 6.0' }],
    });
  });
});
