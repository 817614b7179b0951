// Every line and every byte is accounted for, whatever the bytes are, and nothing throws.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleText } from '../../../src/evidence/visible-text.ts';
import { buildTimeline } from '../../../src/timeline/build.ts';
import { readEntries } from '../../../src/timeline/entries.ts';
import { exportTimeline } from '../../../src/timeline/export/export.ts';
import { SAMPLES } from './samples.ts';

const OPTIONS = { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' };

function lineRanges(bytes: Uint8Array): [number, number][] {
  const ranges: [number, number][] = [];
  for (let from = 0; from < bytes.length; ) {
    const lf = bytes.indexOf(10, from);
    const to = lf === -1 ? bytes.length : lf + 1;
    ranges.push([from, to]);
    from = to;
  }
  return ranges;
}

function expectWhole(bytes: Uint8Array): void {
  const entries = readEntries(bytes, OPTIONS);
  expect(entries.map((e) => [e.byteStart, e.byteEnd])).toEqual(lineRanges(bytes));
  for (const [i, e] of entries.entries()) {
    expect(e.line).toBe(i + 1);
    if (e.kind === 'continuation') expect(entries[(e.of ?? 0) - 1]?.kind).toBe('entry');
    if (e.occurredAt !== null) expect(e.occurredAt).toBe(new Date(e.occurredAt).toISOString());
  }
  const { receipt } = buildTimeline(bytes, OPTIONS);
  expect(receipt.entries + receipt.continuations + receipt.unparsed).toBe(receipt.lines);
  expect(receipt.lines).toBe(entries.length);
  expect(receipt.bytes).toBe(bytes.length);
}

const lines = Object.values(SAMPLES).flatMap((family) => family.map(([text]) => text));
const joined = fc
  .array(
    fc.oneof(
      fc.constantFrom(...lines),
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.constantFrom('', '```', '{', '[', '<Event>', '\tat x.Y.z(Y.java:1)'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.from(parts.join('\n')));

describe('accounting', () => {
  it('holds for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), expectWhole), { seed: 1, numRuns: 300 });
  });
  it('holds for mixed pastes', () => {
    fc.assert(fc.property(joined, expectWhole), { seed: 2, numRuns: 300 });
  });
  it('holds for mutated lines', () => {
    const mutated = fc
      .tuple(fc.constantFrom(...lines), fc.nat(), fc.uint8Array({ maxLength: 6 }), fc.nat({ max: 40 }))
      .map(([line, at, put, cut]) => {
        const bytes = Buffer.from(line);
        const from = at % (bytes.length + 1);
        return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(Math.min(bytes.length, from + cut))]);
      });
    fc.assert(fc.property(mutated, expectWhole), { seed: 3, numRuns: 1500 });
  });

  it.each([
    ['a line of ten megabytes', Buffer.alloc(10_000_000, 'a')],
    [
      'a dated line of ten megabytes',
      Buffer.concat([Buffer.from('2026-11-19T08:15:30Z '), Buffer.alloc(10_000_000, 'x=1 ')]),
    ],
    ['a million open brackets', Buffer.alloc(1_000_000, '[')],
    [
      'a million brackets behind a delivery',
      Buffer.concat([Buffer.from('{"Records":[{'), Buffer.alloc(1_000_000, '[{')]),
    ],
    ['deep JSON behind a time', Buffer.concat([Buffer.from('2026-11-19T08:15:30Z '), Buffer.alloc(300_000, '{"a":')])],
    ['blanks and a colon', Buffer.concat([Buffer.alloc(300_000, ' '), Buffer.from(':')])],
    ['digits', Buffer.alloc(300_000, '1')],
    ['pairs', Buffer.alloc(400_000, 'k=v ')],
    ['quotes', Buffer.alloc(200_000, '\\"')],
    ['dots and numbers', Buffer.alloc(200_000, '1.')],
    ['quoted quotes', Buffer.concat([Buffer.alloc(200_000, '> '), Buffer.from('x')])],
    ['open braces on lines of their own', Buffer.alloc(60_000, '{\n')],
    ['fences', Buffer.alloc(80_000, '```\n')],
    ['lone surrogates and NUL', Buffer.from([0xed, 0xa0, 0x80, 0, 0xff, 10, 0xc3, 0x28])],
  ])('is whole for %s', (_, bytes) => expectWhole(bytes));

  it('keeps what hides itself exactly, and shows it without its power', () => {
    const hidden = 'user \u202egnp.exe\u202c \u200bro\u200bot \u2066x\u2069 \u0000 \u001b[31mred\u0007';
    const bytes = Buffer.concat([
      Buffer.from(`2026-11-19T08:15:30Z ${hidden} `),
      Buffer.from([0xff, 0xed, 0xa0, 0x80]),
      Buffer.from('\n'),
    ]);
    const [entry] = readEntries(bytes, OPTIONS);
    expect([entry?.byteStart, entry?.byteEnd, entry?.occurredAt]).toEqual([
      0,
      bytes.length,
      '2026-11-19T08:15:30.000Z',
    ]);
    // The line as it was received shows what the event's words leave out.
    expect(visibleText(hidden)).toContain('<U+202E>gnp.exe<U+202C> <U+200B>ro<U+200B>ot <U+2066>x<U+2069> ␀ ␛[31mred␇');
    const timeline = buildTimeline(bytes, OPTIONS);
    for (const format of ['table', 'md', 'html'] as const) {
      const out = exportTimeline(timeline, format, { width: 400 });
      expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u200b\u202e\u2066]/);
      expect(out).toContain('gnp.exe');
    }
  });
});
