// An exported timeline read back into another incident: nothing is lost, and everything says where it came from.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { isRefusal } from '../../src/refusal.ts';
import { readExport } from '../../src/timeline/export/import.ts';
import type { ExportRow } from '../../src/timeline/export/row.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const LOG = [
  ...[1, 2, 3, 4].map(
    (i) => `Nov 19 08:15:3${i} web1 sshd[9]: Failed password for root from 203.0.113.9 port 4${i} ssh2`,
  ),
  'Nov 19 08:16:00 web1 sshd[9]: Accepted password for root from 203.0.113.9 port 50 ssh2',
].join('\n');

let h: Harness;
beforeAll(async () => {
  h = await harness();
});
afterAll(() => h.end());

const upload = (name: string, text: string | Uint8Array) => ({
  name,
  bytes: typeof text === 'string' ? new TextEncoder().encode(text) : text,
});

async function exported(where: { in: Conversation }, format: string) {
  const reply = await h.type('mira', `timeline export ${format}`, where);
  if (reply.kind !== 'private' || !reply.file) throw new Error(replyText(reply));
  const rows = readExport(reply.file.bytes);
  if (isRefusal(rows)) throw new Error(rows.message);
  return { bytes: reply.file.bytes, rows };
}

describe.each(['csv', 'jsonl'])('a timeline exported as %s and imported into another incident', (format) => {
  let first: Awaited<ReturnType<Harness['open']>>;
  let second: typeof first;
  let before: readonly ExportRow[];
  let after: readonly ExportRow[];
  let said = '';

  beforeAll(async () => {
    first = await h.open('mira', { title: `The first, ${format}` });
    const where = { in: first.in };
    await h.type('mira', 'log', { ...where, files: [upload('auth.log', LOG)] });
    await h.settled();
    await h.submit('mira', formOf(await h.press('mira', 'Preview and add', where)), { which: 'all', zone: '' }, where);
    await h.type('mira', 'timeline add =2+3, the VPN gateway rebooted at 2026-11-19T09:00Z', where);
    await h.type('mira', 'timeline star EV-1:5', where);
    await h.type('mira', 'timeline tag EV-1:5 way-in', where);
    await h.type('tomas', 'timeline comment EV-1:5 "root" logs in from nowhere we know, <@mira>', where);
    const out = await exported(where, format);
    before = out.rows;
    second = await h.open('mira', { title: `The second, ${format}` });
    const reply = await h.type('mira', 'timeline import', {
      in: second.in,
      files: [upload(`export.${format}`, out.bytes)],
    });
    said = replyText(reply);
    await h.settled();
    after = (await exported({ in: second.in }, format)).rows;
  });

  it('says how many events came, and how many with remarks', () => {
    expect(said).toContain(`${before.length} events of EV-1 are on the timeline, 1 with stars, tags or comments.`);
  });

  it('loses nothing: times, words, names, marks, who said it', () => {
    const own = (row: ExportRow) => row.origin === null;
    const plain = ({ id, evidence, source, lines, origin, ...rest }: ExportRow) => rest;
    const imported = after.filter((row) => !own(row));
    const byTime = (a: ExportRow, b: ExportRow) =>
      `${a.occurredAt}${a.message}` < `${b.occurredAt}${b.message}` ? -1 : 1;
    expect([...imported].sort(byTime).map(plain)).toEqual([...before].sort(byTime).map(plain));
    expect(imported.find((row) => row.isStarred)).toMatchObject({
      tags: ['way-in'],
      comments: [{ author: 'Tomas Sample', text: expect.stringContaining('"root" logs in from nowhere we know') }],
    });
  });

  it('says of every event which row it is and where it stood before', async () => {
    const imported = after.filter((row) => row.origin !== null);
    expect(imported.every((row) => row.evidence === 'EV-1' && row.id === `EV-1:${row.lines[0]}`)).toBe(true);
    expect(imported.find((row) => row.isStarred)?.origin).toEqual({
      id: 'EV-1:5',
      evidence: 'EV-1',
      source: 'auth.log',
      lines: [5],
    });
    expect(before.map((row) => row.provenance)).toEqual(expect.arrayContaining(['log', 'human', 'decision']));
    const shown = replyText(await h.type('mira', 'timeline', { in: second.in }));
    expect(shown).toContain('imported; there EV-1:5, from a log');
    const starred = imported.find((row) => row.isStarred)!;
    expect(replyText(await h.type('mira', `timeline show ${starred.id}`, { in: second.in }))).toContain(
      '(imported): "root"',
    );
  });

  it('adds the same file once, and keeps its times', async () => {
    const again = replyText(await h.type('mira', 'timeline import EV-1', { in: second.in }));
    expect(again).toContain('nothing was added twice');
  });
});

describe('the timeline of an incident with several logs', () => {
  it('names the ways in over all of them, and every line of a collapsed event names it', async () => {
    const { in: where } = await h.open('mira', { title: 'Two logs' });
    const shell =
      '203.0.113.9 - - [19/Nov/2026:08:17:30 +0000] "POST /uploads/shell.php?cmd=id HTTP/1.1" 200 12 "-" "curl"';
    for (const file of [upload('auth.log', LOG), upload('access.log', shell)]) {
      await h.type('mira', 'log', { in: where, files: [file] });
      await h.settled();
      const form = formOf(await h.press('mira', 'Preview and add', { in: where }));
      await h.submit('mira', form, { which: 'all', zone: '' }, { in: where });
    }
    const shown = replyText(await h.type('mira', 'timeline', { in: where }));
    expect(shown).toContain('How they may have got in');
    expect(shown).toMatch(/`EV-1:5` \| Login as root .* after 4 failures/);
    expect(shown).toMatch(/`EV-2:1` \| What looks like a web shell .* Shares 203/);
    expect(replyText(await h.type('mira', 'timeline star EV-1:3', { in: where }))).toContain('EV-1:1 is starred');
    expect(replyText(await h.type('mira', 'timeline show EV-1:3', { in: where }))).toContain('EV-1:1');
    expect(replyText(await h.type('mira', 'timeline star EV-1:99', { in: where }))).toContain('no event EV-1:99');
  });
});

describe('what cannot be imported', () => {
  it('is refused with its row, and nothing is added', async () => {
    const { in: where } = await h.open('mira', { title: 'A broken export' });
    const bad = 'message,datetime\nfine,2026-11-19T08:00:00Z\nx,soon\n';
    const reply = await h.type('mira', 'timeline import', { in: where, files: [upload('x.csv', bad)] });
    expect(replyText(reply)).toContain('Row 3: datetime: is not an ISO 8601 time');
    expect(replyText(await h.type('mira', 'timeline', { in: where }))).not.toContain('EV-1:');
  });

  it('leaves out what an assistant suggested, and says so', async () => {
    const { in: where } = await h.open('mira', { title: 'A mixed export' });
    const rows = ['human', 'assistant'].map((provenance) =>
      JSON.stringify({ message: `said by ${provenance}`, datetime: '2026-11-19T08:00:00Z', provenance }),
    );
    const reply = await h.type('mira', 'timeline import', { in: where, files: [upload('x.jsonl', rows.join('\n'))] });
    expect(replyText(reply)).toContain('1 were suggestions of an assistant and were left out');
    expect(replyText(await h.type('mira', 'timeline', { in: where }))).not.toContain('said by assistant');
  });
});
