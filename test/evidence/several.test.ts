import { afterEach, describe, expect, it } from 'vitest';
import { type Harness, harness, replyText } from '../harness.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const LINE = '2026-11-20T08:01:00Z web-01 sshd[31]: Failed password for root from 203.0.113.1 port 4711 ssh2\n';

describe('several files at once', () => {
  let h: Harness;
  afterEach(() => h.end());

  it('are kept in one transaction; one that cannot be opened is named and keeps no other out', async () => {
    h = await harness();
    const { in: where } = await h.open('mira');
    const reply = await h.type('mira', 'log', {
      in: where,
      files: [
        { name: 'a.log', bytes: bytes(LINE) },
        { name: 'cut.gz', bytes: Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1) },
        { name: 'b.log', bytes: bytes(LINE.repeat(2)) },
        { name: 'a-again.log', bytes: bytes(LINE) },
      ],
    });
    expect(replyText(reply)).toMatch(/EV-1, EV-2 is kept|EV-1, EV-2 are kept/);
    expect(replyText(reply)).toContain('cut.gz is gzip but broken');
    expect(replyText(reply)).toMatch(/here already as EV-1/);
    const { items } = (await h.services.incidents.load('INC-1')).state.evidence;
    expect(items.map((i) => [i.key, i.name])).toEqual([
      ['EV-1', 'a.log'],
      ['EV-2', 'b.log'],
    ]);
    const bad = await h.type('mira', 'log', { in: where, files: [{ name: 'empty.log', bytes: bytes('') }] });
    expect(replyText(bad)).toContain('Nothing was kept');
  });
});
