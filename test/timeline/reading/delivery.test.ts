// Cloud services deliver a file of records on one physical line. Each record is an event; the line is one line.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTimeline, buildTimelineOfFile } from '../../../src/timeline/build.ts';
import { readEntries } from '../../../src/timeline/entries.ts';
import { partDelivery } from '../../../src/timeline/split/delivery.ts';

const OPTIONS = { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' };
const record = (minute: number, name: string) =>
  `{"eventVersion":"1.08","eventTime":"2026-11-19T08:${String(minute).padStart(2, '0')}:00Z","eventSource":"iam.amazonaws.com","eventName":"${name}","sourceIPAddress":"203.0.113.9","requestParameters":{"note":"a,{b},[c] \\"d\\""}}`;
const names = ['ConsoleLogin', 'CreateUser', 'CreateAccessKey', 'AttachUserPolicy', 'StopLogging'];
const records = names.map((name, i) => record(i, name));
const delivery = `{"Records":[${records.join(',')}]}`;
const read = (text: string) => buildTimeline(Buffer.from(text), OPTIONS);
describe('records that share a line', () => {
  it.each([
    ['as CloudTrail delivers them', delivery],
    ['as a bare array', `[${records.join(', ')}]`],
    ['with blanks around', `{ "Records" : [ ${records.join(' , ')} ] }\n`],
  ])('are events of their own, %s', (_, text) => {
    const { receipt, events } = read(text);
    expect(receipt).toMatchObject({ lines: 1, entries: 1, continuations: 0, unparsed: 0, records: 5, undated: 0 });
    expect([receipt.firstAt, receipt.lastAt]).toEqual(['2026-11-19T08:00:00.000Z', '2026-11-19T08:04:00.000Z']);
    // The nth record of the line is what line n says where each has a line of its own.
    const apart = read(records.join('\n')).events;
    expect(events.map((e) => [e.lines, e.part])).toEqual(apart.map((e) => [[1], e.lines[0]]));
    expect(events.every((event) => event.format === 'cloudtrail')).toBe(true);
  });

  it('are read the same as one a line, but for where they stand', () => {
    const facts = (text: string) => read(text).events.map(({ lines, part, ...rest }) => rest);
    expect(facts(delivery)).toEqual(facts(records.join('\n')));
  });

  it('keep their line among others, and several deliveries may follow each other', () => {
    const text = `Nov 19 07:00:00 web1 app: before\n${delivery}${delivery.replaceAll('T08:', 'T09:')}\nNov 19 10:00:00 web1 app: behind\n`;
    const { receipt, events } = read(text);
    expect(receipt).toMatchObject({ lines: 3, entries: 3, records: 12 });
    expect(new Set(events.map((e) => e.lines[0]))).toEqual(new Set([1, 2, 3]));
    expect(events.reduce((sum, e) => sum + e.count, 0)).toBe(12);
  });

  it('stay one object a line for the machine interface', () => {
    expect(readEntries(Buffer.from(delivery), OPTIONS)).toHaveLength(1);
  });

  it('may be many megabytes on one line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-delivery-'));
    const path = join(folder, 'trail.json');
    const many = Array.from({ length: 20_000 }, (_, i) => record(i % 60, names[i % 5]!));
    writeFileSync(path, `{"Records":[${many.join(',')}]}`);
    const { receipt, events } = buildTimelineOfFile(path, OPTIONS);
    rmSync(folder, { recursive: true });
    expect(receipt).toMatchObject({ lines: 1, entries: 1, records: 20_000 });
    expect(events.reduce((sum, e) => sum + e.count, 0)).toBe(20_000);
  });

  it('are never parted inside a text, and nothing but their commas and brackets changes', () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { minLength: 2, maxLength: 6 }), (values) => {
        const text = `{"Records":[{"a":${values.join('},{"a":')}}]}`;
        const parted = partDelivery(Buffer.from(text));
        const pieces = Buffer.from(parted!.bytes).toString().split('\n');
        expect(pieces).toHaveLength(values.length + 2);
        expect(pieces.slice(1, -1).map((piece) => JSON.parse(piece))).toEqual(
          values.map((v) => ({ a: JSON.parse(v) })),
        );
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it.each([
    '[',
    '[{',
    '{"Records":[',
    '{"Records":[{"a":"',
    `${'['.repeat(100_000)}`,
    `{"Records":[${'{"a":['.repeat(20_000)}`,
  ])('leave what is cut off or hostile as it is: %#', (text) => {
    const { receipt } = read(text);
    expect(receipt.lines).toBe(1);
    expect(receipt.entries + receipt.continuations + receipt.unparsed).toBe(1);
  });
});
