// A file read line by line gives what reading it at once gives, to the byte.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readEntries, readEntriesOfFile } from '../../../src/timeline/entries.ts';
import { lineFile } from '../../../src/timeline/split/line-file.ts';
import { lineStarts } from '../../../src/timeline/split/lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const options = { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' };

function fileOf(bytes: Uint8Array | string): string {
  const path = join(folder, 'x.log');
  writeFileSync(path, bytes);
  return path;
}

describe('the lines of a file', () => {
  it('are the lines of its bytes, whatever the size of a piece, and whatever was let go', () => {
    const bytes = fc.array(fc.constantFrom('a', 'bc\n', '\n', '\r\n', '\u00e4', '\0', 'long '.repeat(9)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 40 }), fc.nat(5), (parts, chunk, ahead) => {
        const all = Buffer.from(parts.join(''));
        const starts = lineStarts(all);
        const lines = lineFile(fileOf(all), undefined, chunk);
        const count = starts.length - 1;
        for (let i = 0; i < count; i++) {
          expect(lines.has(i + ahead)).toBe(i + ahead < count);
          const raw = all.toString('utf8', starts[i], starts[i + 1]);
          expect(lines.textOf(i)).toBe(raw.replace(/\n$/, '').replace(/\r$/, ''));
          expect([lines.startOf(i), lines.startOf(i + 1)]).toEqual([starts[i], starts[i + 1]]);
          lines.release(i);
        }
        expect(lines.has(count)).toBe(false);
        lines.close();
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  it('end where the file ended when it was first looked at', () => {
    const path = fileOf('one\ntwo\nthree and more');
    const lines = lineFile(path, 8);
    expect([lines.has(1), lines.has(2), lines.startOf(2)]).toEqual([true, false, 8]);
    lines.close();
  });
});

describe('entries of a large file', () => {
  const MB = 1024 * 1024;
  const line = (i: number) =>
    [
      `Nov 19 08:${String(i % 60).padStart(2, '0')}:30 web${i % 3} sshd[${i}]: Failed password for root from 203.0.113.${i % 250} port ${i} ssh2`,
      `03/04/2026 09:15:30 gateway login ${i % 2 ? 'failed' : 'succeeded'} for user u${i}`,
      `{"time":"2026-11-19T08:00:00Z",\n "msg":"spread over lines",\n "n":${i}}`,
      'Exception in thread "main" java.lang.IllegalStateException: x\n\tat a.b.C.d(C.java:1)\n\tat a.b.C.e(C.java:2)',
      'no time here, \u202e and \u0000 too',
    ][i % 5] as string;
  const mixed = Array.from({ length: 3000 }, (_, i) => line(i)).join('\n');

  it.each([
    ['ordered by the last of its dates', `${mixed}\n${'x'.repeat(4 * MB)}\n25/04/2026 10:00:00 gateway up\n`],
    ['with a line that is longer than a piece', `${mixed}\n2026-11-19T08:00:00Z ${'y'.repeat(9 * MB)}\n${mixed}`],
    ['without a line end at the end', `${'z'.repeat(5 * MB)}\r\n${mixed}`],
    ['of open brackets', `${'{\n'.repeat(30_000)}${'z'.repeat(5 * MB)}`],
  ])('are what reading it at once gives: %s', (_, text) => {
    const path = fileOf(text);
    let at = 0;
    const expected = readEntries(Buffer.from(text), options, 'x');
    for (const entry of readEntriesOfFile(path, options, 'x'))
      if (JSON.stringify(entry) !== JSON.stringify(expected[at++])) expect(entry).toEqual(expected[at - 1]);
    expect(at).toBe(expected.length);
  });
});
