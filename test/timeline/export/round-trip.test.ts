import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutralise, restore, toCsv } from '../../../src/timeline/export/csv.ts';
import { toJsonl } from '../../../src/timeline/export/jsonl.ts';
import { fromCsv, parseCsv } from '../../../src/timeline/export/read-csv.ts';
import { fromJsonl } from '../../../src/timeline/export/read-timesketch.ts';
import { rowsOf } from '../../../src/timeline/export/row.ts';
import { microsecondsOf } from '../../../src/timeline/export/timesketch.ts';
import { anyRow, NASTY, timeline } from './samples.ts';

const rows = fc.array(anyRow, { maxLength: 4 });
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('Timesketch exports', () => {
  it('gives every row back from CSV as it was, comments and tags included', () => {
    fc.assert(
      fc.property(rows, (given) => {
        expect(plain(fromCsv(toCsv(given)))).toEqual(plain(given));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('gives every row back from JSON Lines as it was', () => {
    fc.assert(
      fc.property(rows, (given) => {
        expect(plain(fromJsonl(toJsonl(given)))).toEqual(plain(given));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('past F18: names the columns Timesketch asks for, times with an offset and in microseconds', () => {
    const [header, first] = parseCsv(toCsv(rowsOf(timeline(), { evidence: 'E1' })));
    expect(header!.slice(0, 5)).toEqual(['message', 'datetime', 'timestamp_desc', 'timestamp', 'tag']);
    expect(first!.slice(1, 5)).toEqual(['2026-11-19T22:47:31.000+00:00', 'Event logged', '1795128451000000', '[]']);
    const line = JSON.parse(toJsonl(rowsOf(timeline())));
    expect(line).toMatchObject({ datetime: '2026-11-19T22:47:31.000+00:00', timestamp: 1795128451000000, tag: [] });
    expect(microsecondsOf('2026-11-19T22:47:31.000123456Z')).toBe(1795128451000123);
  });

  it.each(NASTY)('leaves no cell that a spreadsheet would run: %j', (cell) => {
    expect(neutralise(cell)).not.toMatch(/^[\s]*[=+\-@＝]/);
    expect(restore(neutralise(cell))).toBe(cell);
  });

  it('keeps raw indicators raw for machines', () => {
    expect(toCsv(rowsOf(timeline()))).toContain('203.0.113.66');
    expect(toJsonl(rowsOf(timeline()))).toContain('203.0.113.66');
  });

  it('reads a foreign file with the mandatory columns alone', () => {
    const [row] = fromCsv(
      'message,datetime,timestamp_desc,tag,extra\nA message,2015-07-24T21:01:01+02:00,Write time,"a,b",x\n',
    );
    expect(row).toMatchObject({
      message: 'A message',
      occurredAt: '2015-07-24T19:01:01.000Z',
      tags: ['a', 'b'],
      provenance: 'human',
    });
  });

  it.each([
    ['', 'The CSV is empty'],
    ['when,what\n1,2\n', 'no column "message"'],
    ['message,datetime\n"open,2026', 'Row 2: a quote is never closed'],
    ['message,datetime\na,b,c\n', 'Row 2 has 3 cells'],
    ['message,datetime\na,yesterday\n', 'Row 2: datetime: is not an ISO 8601 time'],
    ['message,datetime\n"a"b,2026-01-01\n', 'Row 2: text after a closing quote'],
    ['message,datetime,lines\na,2026-01-01,[1\n', 'Row 2: lines is not a JSON list'],
  ])('refuses %j with what is wrong and where', (csv, message) => {
    expect(() => fromCsv(csv)).toThrow(message);
  });

  it('refuses JSON Lines with the number of the line', () => {
    expect(() => fromJsonl('{"message":"a","datetime":"2026-01-01"}\n[')).toThrow('Line 2 is not a JSON object');
  });
});
