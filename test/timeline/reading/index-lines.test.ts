// The first tier says of every record what reading it with care says.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEntries } from '../../../src/timeline/entries.ts';
import { indexLines } from '../../../src/timeline/index-lines.ts';
import { memoryWindow } from '../../../src/timeline/scan/window.ts';
import { templatesOfFile } from '../../../src/timeline/templates.ts';
import { mixedLog } from './mixed-log.ts';

const OPTIONS = { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' };

test('time, level, format, template and offset of every record are those of its entry', () => {
  const bytes = Buffer.from(mixedLog(9000, 21));
  const rows: [number, number, number, number][] = [];
  const { kinds, lines } = indexLines(memoryWindow(bytes), OPTIONS, ({ count, line, start, timeMs, kind }) => {
    for (let i = 0; i < count; i++) rows.push([line[i]!, start[i]!, timeMs[i]!, kind[i]!]);
  });
  const indexed = rows.map(([line, start, ms, kind]) => ({
    line,
    byteStart: start,
    occurredAt: Number.isNaN(ms) ? null : new Date(ms).toISOString(),
    ...(kinds[kind] ?? { format: null, level: null, templateId: null, template: null }),
  }));
  const entries = readEntries(bytes, OPTIONS);
  expect(lines).toBe(entries.length);
  expect(indexed).toEqual(
    entries
      .filter((entry) => entry.kind !== 'continuation')
      .map(({ line, byteStart, occurredAt, format, level, templateId, template }) => ({
        line,
        byteStart,
        occurredAt,
        format,
        level,
        templateId,
        template,
      })),
  );
});

test('the templates of a file are counted, and the rarest stands first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-templates-'));
  const path = join(folder, 'some.log');
  const line = (i: number): string => `Nov 19 08:15:${String(i % 60).padStart(2, '0')} web-1 app: order ${i} was sent`;
  const lines = Array.from({ length: 200 }, (_, i) => line(i));
  lines.splice(120, 0, 'Nov 19 08:16:00 web-1 app: the key ring was opened by hand');
  writeFileSync(path, `${lines.join('\n')}\n`);
  expect(templatesOfFile(path, OPTIONS)).toMatchObject([
    { count: 1, lines: [121], template: 'the key ring was opened by hand', firstAt: '2026-11-19T08:16:00.000Z' },
    { count: 200, lines: [1, 2, 3], template: 'order <*> was sent', formats: ['rfc3164'] },
  ]);
  rmSync(folder, { recursive: true });
});
