import { mkdtempSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes, leafHash, sanitise } from '../../src/audit/canonical.ts';
import { AuditError } from '../../src/audit/errors.ts';
import type { Json, LedgerRecord, StoredRecord } from '../../src/audit/record.ts';
import { type SiemFormat, siemLine, toOcsf } from '../../src/audit/siem.ts';
import { openSiem, siemFeed } from '../../src/audit/siem-feed.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { record } from './memory-ledger.ts';

const SOURCE = { host: 'ir-1', origin: 'log.example/audit' };
const FORMATS: readonly SiemFormat[] = ['ocsf', 'syslog', 'cef'];

function stored(type: string, body: Json = {}, more: Partial<LedgerRecord> = {}): StoredRecord {
  const value = sanitise({ ...record(7, type, body), ...more });
  const bytes = canonicalBytes(value);
  return { record: value, bytes, leafHash: leafHash(bytes) };
}

/** Splits a CEF line the way a SIEM does: header at unescaped pipes, extension at unescaped equals signs. */
function parseCef(line: string): { header: string[]; fields: Record<string, string> } {
  const header: string[] = [];
  let rest = line;
  while (header.length < 7) {
    const part = /^((?:[^\\|]|\\.)*)\|/.exec(rest)!;
    header.push(part[1]!);
    rest = rest.slice(part[0].length);
  }
  const extension = rest;
  // An escaped equals sign has a backslash before it, so it never ends a key.
  const keys = [...extension.matchAll(/(?:^| )([A-Za-z0-9]+)=/g)];
  const fields = Object.fromEntries(
    keys.map((match, i) => {
      const start = match.index + match[0].length;
      return [match[1]!, extension.slice(start, keys[i + 1]?.index ?? extension.length).replace(/\\([\\=])/g, '$1')];
    }),
  );
  return { header, fields };
}

describe('OCSF', () => {
  it.each([
    ['approval.granted', {}, 6003, 1, 1],
    ['approval.refused', {}, 6003, 3, 2],
    ['containment.viewed', {}, 6003, 2, 1],
    ['text.erased', {}, 6003, 4, 1],
    ['execution.succeeded', { action: 'isolate-host' }, 7001, 1, 1],
    ['execution.failed', { action: { type: 'revoke_sessions' } }, 7001, 2, 2],
    ['execution.unknown', {}, 7001, 99, 0],
    ['incident.declared', {}, 2005, 1, 1],
    ['incident.severity-changed', {}, 2005, 2, 2],
    ['incident.closed', {}, 2005, 3, 5],
  ])('%s %j is class %i, activity %i, status %i', (type, body, classId, activity, status) => {
    const event = toOcsf(stored(type, body, { subject: 'CA-3' }), SOURCE);
    expect(event).toMatchObject({
      class_uid: classId,
      category_uid: Math.floor(classId / 1000),
      activity_id: activity,
      type_uid: classId * 100 + activity,
      status_id: status,
      time: Date.parse('2026-11-20T00:00:07.000Z'),
      metadata: { version: '1.3.0', sequence: 7, event_code: type, correlation_uid: 'INC-1' },
    });
  });

  it('carries what its class requires, and the way back to the ledger', () => {
    const of = (type: string) => toOcsf(stored(type, {}, { subject: 'CA-3' }), SOURCE);
    expect(of('approval.granted')).toHaveProperty('api.operation', 'approval.granted');
    expect(of('approval.granted')).toHaveProperty('src_endpoint.svc_name', 'web');
    expect(of('execution.failed')).toHaveProperty('command_uid', 'CA-3');
    expect(of('incident.declared')).toHaveProperty('finding_info_list.0.uid', 'INC-1');
    expect(of('incident.declared')).toHaveProperty('assignee.uid', 'web/local/U2');
    const one = stored('approval.granted');
    expect(toOcsf(one, SOURCE)).toHaveProperty('metadata.uid', `7:${Buffer.from(one.leafHash).toString('hex')}`);
  });
});

describe('RFC 5424 and CEF', () => {
  it('have the fields where a SIEM looks for them', () => {
    const one = stored('approval.refused', { code: 'self' }, { subject: 'CA-3' });
    const leaf = Buffer.from(one.leafHash).toString('hex');
    expect(siemLine(one, 'syslog', SOURCE)).toBe(
      `<108>1 2026-11-20T00:00:07.000Z ir-1 countersign - approval.refused [countersign@32473 origin="log.example/audit" seq="7" leaf="${leaf}" actor="web/local/U2" label="Sample Person 2" incident="INC-1" subject="CA-3"] {"code":"self"}`,
    );
    expect(siemLine(one, 'cef', SOURCE)).toBe(
      `CEF:0|Countersign|Countersign|1|approval.refused|approval refused CA-3 INC-1|6|rt=1795132807000 dvchost=ir-1 externalId=7 suid=web/local/U2 suser=Sample Person 2 act=approval.refused cs1Label=leafHash cs1=${leaf} cs2Label=incident cs2=INC-1 cs3Label=subject cs3=CA-3 cs4Label=origin cs4=log.example/audit msg={"code":"self"}`,
    );
  });
});

describe('log forging', () => {
  const actor = (label: string) =>
    ({ actor: { kind: 'human', platform: 'web', tenant: 'local', id: 'U1', label } }) as const;
  it.each([
    ['CR/LF and a new syslog header', 'x\r\n<14>1 2026-11-20T00:00:00Z host app - - - forged'],
    ['a new CEF event', 'x\nCEF:0|Countersign|Countersign|1|approval.granted|forged|1|'],
    ['a closed parameter', '" seq="9999" x="'],
    ['closed structured data', '"] forged ["'],
    ['CEF fields', 'x suser=admin act=approval.granted'],
    ['CEF pipes and backslashes', 'a|b\\|c\\'],
    ['line separators and next line', 'a\u2028b\u2029c\u0085d'],
    ['ANSI colours', '\u001b[2K\u001b[1Gapproval.granted'],
    ['bidi override', 'a\u202egnp.exe'],
    ['NUL', 'a\u0000b'],
  ])('%s in a name and in a body stays text of one line', (_name, text) => {
    const one = stored('approval.refused', { text }, { ...actor(text), subject: text });
    for (const format of FORMATS) {
      const line = siemLine(one, format, SOURCE);
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    }
    expect(JSON.parse(siemLine(one, 'ocsf', SOURCE)).actor.user.name).toBe(text);
    const params = siemLine(one, 'syslog', SOURCE).match(/^[^[]*\[(?:[^"\]]|"(?:[^"\\\]]|\\.)*")*\]/)![0];
    expect(params.match(/ seq="7"/g)).toHaveLength(1);
    expect(params).toContain(' subject="');
    const { header, fields } = parseCef(siemLine(one, 'cef', SOURCE));
    expect(header.slice(0, 5)).toEqual(['CEF:0', 'Countersign', 'Countersign', '1', 'approval.refused']);
    expect(fields).toMatchObject({ act: 'approval.refused', externalId: '7' });
  });

  it('no text makes a second line, and OCSF gives every text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...FORMATS), (text, format) => {
        const one = stored('note.added', { text }, actor(text));
        const line = siemLine(one, format, SOURCE);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        if (format === 'ocsf') expect(JSON.parse(line).unmapped.body.text).toBe(sanitise(text));
      }),
    );
  });
});

describe('the feed', () => {
  const actor = { kind: 'human', platform: 'web', tenant: 'local', id: 'U1', label: 'Sample Person' } as const;

  function store() {
    const opened = openSqliteStore(join(mkdtempSync(join(tmpdir(), 'countersign-siem-')), 'ledger.db'), () => 0);
    let version = 0;
    const add = async (count: number) => {
      const records = Array.from({ length: count }, () => ({ type: 'event.added', body: {} }));
      await opened.append([{ stream: 'INC-1', expectedVersion: version, incident: 'INC-1', actor, records }]);
      version += count;
    };
    return { opened, add };
  }

  it('sends every record once and in order to a file, and goes on where it was after a restart', async () => {
    const { opened, add } = store();
    const path = join(mkdtempSync(join(tmpdir(), 'countersign-siem-')), 'siem.jsonl');
    const send = openSiem(`file:${path}`, SOURCE, () => 0);
    await add(450);
    expect(await siemFeed(opened, send, 'ocsf', SOURCE)()).toBe(450);
    await add(3);
    const again = siemFeed(opened, send, 'ocsf', SOURCE);
    await Promise.all([again(), again()]);
    const sent = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).metadata.sequence);
    expect(sent).toEqual(Array.from({ length: 453 }, (_, i) => i));
    await opened.close();
  });

  it('sends again what a failing receiver may not have taken', async () => {
    const { opened, add } = store();
    await add(2);
    const taken: number[] = [];
    let isDown = true;
    const feed = siemFeed(
      opened,
      async (lines) => {
        if (isDown) throw new Error('down');
        taken.push(lines.length);
      },
      'cef',
      SOURCE,
    );
    await expect(feed()).rejects.toThrow('down');
    isDown = false;
    expect(await feed()).toBe(2);
    expect(taken).toEqual([2]);
    await opened.close();
  });

  it('sends octet-counted messages over one TCP connection', async () => {
    let received = '';
    const server = createServer((socket) => {
      socket.on('data', (chunk) => (received += chunk));
      socket.on('end', () => socket.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const send = openSiem(`tcp://127.0.0.1:${port}`, SOURCE, () => 0);
    const one = stored('approval.granted', { text: 'a\nb' });
    await send(FORMATS.map((format) => siemLine(one, format, SOURCE)));
    server.close();
    const messages: string[] = [];
    for (let rest = received; rest !== ''; ) {
      const [, length] = /^(\d+) /.exec(rest)!;
      messages.push(rest.slice(length!.length + 1, length!.length + 1 + Number(length)));
      rest = rest.slice(length!.length + 1 + Number(length));
    }
    expect(messages.map((message) => /^<\d+>1 /.test(message))).toEqual([true, true, true]);
    expect(messages[0]).toContain('"class_uid":6003');
  });

  it('refuses settings that name no receiver', () => {
    for (const setting of ['', 'file:', 'http://x', 'tcp://x'])
      expect(() => openSiem(setting, SOURCE, () => 0)).toThrow(AuditError);
  });
});
