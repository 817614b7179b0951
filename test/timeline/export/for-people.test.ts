import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS, exportDocument, exportTimeline } from '../../../src/timeline/export/export.ts';
import { codeSpan } from '../../../src/timeline/export/markdown.ts';
import { documentOf } from '../../../src/timeline/export/row.ts';
import { widthOf } from '../../../src/timeline/export/table.ts';
import { anyRow, event, NASTY, timeline } from './samples.ts';

const nasty = timeline({
  events: NASTY.map((message, i) => event({ message, lines: [i + 1], entities: { user: message } })),
  initialAccess: NASTY.map((why, i) => ({ line: i + 1, why, caveat: why })),
  indicators: [
    { type: 'url', value: 'http://evil.example/<b>?a=|`', count: 1, lines: [1], isOurs: false },
    { type: 'email', value: 'eve@evil.example', count: 1, lines: [1], isOurs: false },
  ],
});

/** Takes code spans out as CommonMark section 6.1 defines them. */
function withoutCode(markdown: string): string {
  let out = '';
  for (let at = 0; at < markdown.length; ) {
    const open = /`+/.exec(markdown.slice(at));
    if (!open) return out + markdown.slice(at);
    const start = at + open.index;
    const fence = open[0].length;
    let close = start + fence;
    for (;;) {
      const next = /`+/.exec(markdown.slice(close));
      if (!next) throw new Error(`an open code span: ${markdown.slice(start, start + 80)}`);
      close += next.index + next[0].length;
      if (next[0].length === fence) break;
    }
    out += markdown.slice(at, start);
    at = close;
  }
  return out;
}

describe('exports for people', () => {
  it('lets no log text out of its code span in Markdown', () => {
    const markdown = exportTimeline(nasty, 'md', { source: '[x](http://evil.example)' });
    const outside = markdown.split('\n').map(withoutCode).join('\n');
    expect(outside).not.toMatch(/evil|script|alert|@|<|\[|HYPERLINK|\*|http/);
    for (const row of outside.split('\n').filter((line) => line.startsWith('| 2026')))
      expect(row.split('|')).toHaveLength(8);
  });

  it('makes one line and one span of any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('`', ' ', '|', 'a') })),
        (text) => {
          const span = codeSpan(text);
          expect(span).not.toMatch(/[|\n\r]/);
          expect(withoutCode(span)).toBe('');
        },
      ),
      { seed: 5, numRuns: 500 },
    );
  });

  it('has no script, no request and no live markup in HTML', () => {
    const html = exportTimeline(nasty, 'html');
    const tags = new Set([...html.matchAll(/<\/?([a-z!][a-z0-9]*)/gi)].map((m) => m[1]!.toLowerCase()));
    expect([...tags].sort()).toEqual(
      '!doctype body code div h1 h2 head html li meta ol p small span strong style table tbody td th thead time title tr br'
        .split(' ')
        .filter((tag) => tag !== 'strong')
        .sort(),
    );
    expect(html).not.toMatch(/https?:\/\/|<[^>]*\s(?:src|href)=|url\(/i);
    expect(html).not.toMatch(/<[^>]*\son\w+=/i);
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).toContain("default-src 'none'");
  });

  it('puts a picture into HTML where its markup cannot run', () => {
    const html = exportTimeline(timeline(), 'html', {
      picture: { svg: '<svg onload="x"/>', altText: 'a "quoted" <alt>' },
    });
    expect(html).toContain('alt="a &quot;quoted&quot; &lt;alt&gt;"');
    expect(html).not.toContain('<svg');
  });

  it.each(['md', 'html', 'table'] as const)('shows indicators defanged and nothing invisible in %s', (format) => {
    const out = exportTimeline(nasty, format);
    expect(out).toContain('hxxp://evil[.]example');
    expect(out).not.toMatch(/evil\.example/);
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u200b\u202e]/);
  });

  it.each([60, 80, 200])('keeps a table within %i columns', (width) => {
    const wide = timeline({
      events: [event({ message: '漢字かな交じり文👍'.repeat(40) }), event({ message: 'x'.repeat(500), count: 123456 })],
    });
    const table = exportTimeline(wide, 'table', { width, evidence: 'E1' });
    for (const line of table.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
    expect(table).toContain('…');
    expect(table).not.toContain('\u001b');
    expect(exportTimeline(wide, 'table', { width, isColoured: true })).toContain('\u001b[1;31m');
  });

  it('says what was assumed, who says so and what people added', () => {
    const row = {
      ...documentOf(timeline({ events: [event({ assumed: ['year', 'zone'] })] }), { evidence: 'E3' }).rows[0]!,
      provenance: 'assistant' as const,
      isStarred: true,
      tags: ['pivot'],
      comments: [{ author: 'Robin Sample', at: '2026-11-20T01:00:00.000Z', text: 'confirmed with @ops' }],
    };
    const markdown = exportDocument({ ...documentOf(timeline()), rows: [row] }, 'md');
    expect(markdown).toContain('2026-11-19 22:47:31 (assumed: year, zone)');
    expect(markdown).toContain('`E3:7, assistant, unverified`');
    expect(markdown).toContain('`★ · #pivot · Robin Sample (2026-11-20 01:00): confirmed with [@]ops`');
    expect(markdown).toContain('84 repeats collapsed');
  });

  it('writes any rows in every format without a throw', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 3 }), (rows) => {
        for (const format of EXPORT_FORMATS) exportDocument({ ...documentOf(nasty), rows }, format);
      }),
      { seed: 2, numRuns: 60 },
    );
  });
});
