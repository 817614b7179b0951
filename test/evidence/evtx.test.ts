import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readEvtx as readInto } from '../../src/evidence/evtx.ts';
import { packedBytes } from '../../src/evidence/packed.ts';
import { unpack } from '../../src/evidence/unpack.ts';
import { isRefusal } from '../../src/refusal.ts';
import { buildTimeline } from '../../src/timeline/build.ts';
import { evtxFile } from './evtx-file.ts';

const logon = (at: string, user: string, ip: string) => ({
  id: 4625,
  at,
  computer: 'dc-01.corp.example',
  channel: 'Security',
  provider: 'Microsoft-Windows-Security-Auditing',
  data: { TargetUserName: user, IpAddress: ip, LogonType: '3' },
});
const log = evtxFile([
  logon('2026-11-19T22:31:07.123Z', 'svc-backup', '203.0.113.66'),
  logon('2026-11-19T22:31:09.456Z', 'a<b>&"c"\nd', '203.0.113.67'),
]);

const folder = mkdtempSync(join(tmpdir(), 'countersign-evtx-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

async function readEvtx(bytes: Uint8Array, most: number) {
  const path = join(folder, String(files++));
  const read = await readInto(packedBytes(bytes), path, most);
  return isRefusal(read) ? read : { ...read, xml: readFileSync(path, 'utf8') };
}

describe('a binary Windows event log', () => {
  it('becomes one event a line, values escaped', async () => {
    const read = await readEvtx(log, 1 << 20);
    if (isRefusal(read)) throw new Error(read.message);
    expect([read.records, read.undecoded]).toEqual([2, 0]);
    const lines = read.xml.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe(
      '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>' +
        '<Provider Name="Microsoft-Windows-Security-Auditing"/><EventID>4625</EventID>' +
        '<TimeCreated SystemTime="2026-11-19T22:31:07.1230000Z"/><Channel>Security</Channel><Computer>dc-01.corp.example</Computer></System>' +
        '<EventData><Data Name="TargetUserName">svc-backup</Data><Data Name="IpAddress">203.0.113.66</Data><Data Name="LogonType">3</Data></EventData></Event>',
    );
    expect(lines[1]).toContain('<Data Name="TargetUserName">a&lt;b&gt;&amp;&quot;c&quot;&#10;d</Data>');
  });

  it('is read by the engine with time, host, user and address', async () => {
    const members = await unpack('Security.evtx', packedBytes(log), folder);
    if (members === null || isRefusal(members)) throw new Error('not opened');
    expect(members.map((m) => m.name)).toEqual(['Security.evtx.xml']);
    const timeline = buildTimeline(readFileSync(members[0]!.path), {
      now: Date.parse('2026-11-20T00:00:00Z'),
      zone: 'Europe/Berlin',
    });
    expect(timeline.receipt).toMatchObject({ lines: 2, entries: 2, unparsed: 0, firstAt: '2026-11-19T22:31:07.123Z' });
    expect(timeline.events[0]).toMatchObject({
      entities: { srcIp: '203.0.113.66', user: 'svc-backup', host: 'dc-01.corp.example' },
    });
  });

  it('says which record could not be decoded, and refuses when none can', async () => {
    const hurt = Buffer.from(log);
    // The outer template stands in the first record, 42 bytes in: point the second one's use of it at nowhere.
    const second = hurt.indexOf(Buffer.from([0x2a, 0x2a, 0, 0]), 0x1000 + 0x204);
    hurt.writeUInt32LE(0xffff, second + 24 + 4 + 6);
    const read = await readEvtx(hurt, 1 << 20);
    expect(isRefusal(read) ? read : [read.records, read.undecoded]).toEqual([2, 1]);
    expect((read as { xml: string }).xml).toContain('<!-- event record 2 could not be decoded -->');
    for (const [bytes, most] of [
      [log.subarray(0, 0x1000), 1 << 20],
      [log, 100],
      [hurt.fill(0xee, 0x1218), 1 << 20],
    ] as const) {
      expect(isRefusal(await readEvtx(bytes, most))).toBe(true);
    }
  });

  it('answers any damage in bounded time, never with half a record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(3_000), fc.nat(255)), { minLength: 1, maxLength: 8 }), async (hits) => {
        const bytes = Buffer.from(log);
        for (const [at, value] of hits) bytes[0x1200 + at] = value;
        const read = await readEvtx(bytes, 1 << 20);
        if (isRefusal(read)) return;
        for (const line of read.xml.trimEnd().split('\n')) expect(line).toMatch(/^(?:<Event.*>|<!-- .* -->)$/);
      }),
      { seed: 9, numRuns: 600 },
    );
  });

  it('stops at a template that holds itself', async () => {
    const bytes = Buffer.from(log);
    const outer = 0x1000 + 0x200 + 24 + 4 + 10;
    // The first element of the template becomes an instance of the same template.
    bytes.set([0x0c, 1, 1, 0, 0, 0], outer + 24 + 4);
    bytes.writeUInt32LE(outer - 0x1000, outer + 24 + 4 + 6);
    const read = await readEvtx(bytes, 1 << 20);
    expect(isRefusal(read)).toBe(true);
  });
});
