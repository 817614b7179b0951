// Lines whose shape is known are read from their bytes: that gives what reading them with care gives.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildCarefully, buildTimeline, buildTimelineOfFile } from '../../../src/timeline/build.ts';
import { readEntries } from '../../../src/timeline/entries.ts';
import { readSource } from '../../../src/timeline/read.ts';
import { fileAhead } from '../../../src/timeline/scan/ahead.ts';
import { scan } from '../../../src/timeline/scan/scan.ts';
import { fileWindow, memoryWindow, type WindowSource } from '../../../src/timeline/scan/window.ts';
import { mixedLog } from './mixed-log.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

function bothWays(bytes: Uint8Array, zone: string, source: WindowSource = memoryWindow(bytes)) {
  const options = { now: NOW, zone };
  const careful = readSource(bytes, options).records.map((r) =>
    [r.first, r.last, r.isEntry, r.record.format, r.time.timeMs, r.time.assumed.join(), r.level].join('|'),
  );
  const scanned: string[] = [];
  let known = 0;
  scan<readonly unknown[]>(source, options, null, {
    record(r) {
      const row = [r.first, r.last, r.isEntry, r.record.format, r.time.timeMs, r.time.assumed.join(), r.level];
      scanned.push(row.join('|'));
      return r.isEntry ? row : null;
    },
    known(kept, line, timeMs) {
      known++;
      scanned.push([line, line, kept[2], kept[3], timeMs, kept[5], kept[6]].join('|'));
      return true;
    },
  });
  return { careful, scanned, known };
}

/** What the scan says of each record, known or not. */
function rowsOf(source: WindowSource): string[] {
  const rows: string[] = [];
  const { lines, bytes } = scan<string>(source, { now: NOW, zone: 'UTC' }, null, {
    record(r) {
      rows.push([r.first, r.last, r.isEntry, r.record.format, r.time.timeMs].join());
      return r.isEntry ? r.record.format : null;
    },
    known(format, line, timeMs) {
      rows.push([line, line, true, format, timeMs].join());
      return true;
    },
  });
  return [...rows, `${lines} lines, ${bytes} bytes`];
}

describe('known lines', () => {
  it.each([
    ['UTC', 1],
    ['Europe/Berlin', 2],
    ['America/New_York', 3],
  ])('are read as the careful reading reads them, in %s', (zone, seed) => {
    const { careful, scanned, known } = bothWays(Buffer.from(mixedLog(6000, seed)), zone);
    expect(scanned).toEqual(careful);
    expect(known).toBeGreaterThan(1500);
  });

  it.each(['UTC', 'Pacific/Auckland', 'America/New_York'])(
    'without a year are known up to the clock and past it, in %s',
    (zone) => {
      const line = (i: number): string => {
        const at = new Date(NOW - 3 * 86_400_000 + i * 120_000);
        return `Nov ${at.getUTCDate()} ${at.toISOString().slice(11, 19)} web-1 app[${i}]: order ${i} sent`;
      };
      const text = Array.from({ length: 3600 }, (_, i) => line(i)).join('\n');
      const { careful, scanned, known } = bothWays(Buffer.from(text), zone);
      expect(scanned).toEqual(careful);
      expect(known).toBeGreaterThan(2500);
    },
  );

  it.each([
    ['the half of the day', (h: number) => `2026-11-19 ${String(h).padStart(2, '0')}:15:30 PM web-1 app: order sent`],
    [
      'summer time of a place',
      (h: number) => `2026-${h % 2 ? '01' : '07'}-19 ${String(h).padStart(2, '0')}:15:30 Europe/London order sent`,
    ],
    [
      'summer time in full',
      (h: number) => `2026-${h % 2 ? '01' : '07'}-19 ${String(h).padStart(2, '0')}:15:30 GMT Standard Time order sent`,
    ],
    ...['UTC', 'GMT', 'CET', '(UTC)', 'EST'].map((zone): [string, (h: number) => string] => [
      `a zone's name, ${zone}`,
      (h) =>
        `2026-${h === 12 || h % 2 ? '01' : '07'}-19 ${String(h).padStart(2, '0')}:15:30 ${zone} web-1 app[7]: order sent`,
    ]),
  ])('do not take over from the line that taught them: %s', (_, line) => {
    const text = Array.from({ length: 60 }, (_, i) => line(i < 30 ? 12 : 1 + (i % 11))).join('\n');
    for (const zone of ['UTC', 'Europe/London', 'Europe/Berlin', 'America/New_York']) {
      const { careful, scanned } = bothWays(Buffer.from(text), zone);
      expect(scanned, zone).toEqual(careful);
    }
  });

  it('are known by UTC in words', () => {
    const line = (i: number): string =>
      `2026-0${1 + (i % 9)}-19 08:15:${String(i % 60).padStart(2, '0')}.123 UTC [${i}] LOG: connection ${i}`;
    const text = Array.from({ length: 600 }, (_, i) => line(i)).join('\n');
    for (const zone of ['UTC', 'Europe/Berlin']) {
      const { careful, scanned, known } = bothWays(Buffer.from(text), zone);
      expect(scanned, zone).toEqual(careful);
      expect(known).toBeGreaterThan(500);
    }
  });

  it('are the same through windows of a file, with carriage returns and without a last line break', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-scan-'));
    const bytes = Buffer.from(mixedLog(4000, 4).replaceAll('\n', '\r\n').trimEnd());
    const path = join(folder, 'mixed.log');
    writeFileSync(path, bytes);
    const { careful, scanned } = bothWays(bytes, 'UTC', fileWindow(path));
    expect(scanned).toEqual(careful);
    const options = { now: NOW, zone: 'UTC' };
    expect(buildTimelineOfFile(path, options)).toEqual(buildTimeline(bytes, options));
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['ordinary lines', ''],
    ['a line longer than any stretch', `Nov 19 08:15:30 web-1 app: ${'x'.repeat(3_000_000)} end\n`],
  ])('are the same when a thread reads ahead: %s', (_, inside) => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-ahead-'));
    const part = mixedLog(8000, 6);
    const bytes = Buffer.from([part, part, part, inside, part, part, part, part.trimEnd()].join(''));
    const path = join(folder, 'mixed.log');
    writeFileSync(path, bytes);
    expect(rowsOf(fileAhead(path, { now: NOW, zone: 'UTC' }))).toEqual(rowsOf(memoryWindow(bytes)));
    rmSync(folder, { recursive: true });
  });

  it('give a receipt that counts what the entries list', () => {
    const bytes = Buffer.from(mixedLog(6000, 5));
    expect(bytes.length).toBeGreaterThan(300_000);
    const options = { now: NOW, zone: 'UTC' };
    const entries = readEntries(bytes, options);
    const { receipt } = buildTimeline(bytes, options);
    const times = entries.flatMap((e) => e.occurredAt ?? []).sort();
    expect(receipt).toMatchObject({
      lines: entries.length,
      entries: entries.filter((e) => e.kind === 'entry').length,
      continuations: entries.filter((e) => e.kind === 'continuation').length,
      unparsed: entries.filter((e) => e.kind === 'unparsed').length,
      firstAt: times[0],
      lastAt: times.at(-1),
    });
  });

  it.each([
    ['UTC', 11],
    ['Europe/Berlin', 12],
  ])('give the timeline that reading every line with care gives, in %s', (zone, seed) => {
    const bytes = Buffer.from(mixedLog(9000, seed));
    const options = { now: NOW, zone };
    const careful = buildCarefully(bytes, options);
    expect(buildTimeline(bytes, options)).toEqual(careful);
    expect(careful.events.length).toBeGreaterThan(500);
  });

  it('never give one line the address or name of another', () => {
    const line = (i: number) =>
      `Nov 19 08:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')} web-${i % 7} sshd[${i + 100}]: Failed password for user${i % 5} from 203.0.113.${i % 9} port ${2000 + i} ssh2`;
    const text = Array.from({ length: 4000 }, (_, i) => line(i)).join('\n');
    const { attackers, events } = buildTimeline(Buffer.from(text), { now: NOW, zone: 'UTC' });
    expect(new Set(attackers.map((a) => a.ip))).toEqual(new Set(Array.from({ length: 9 }, (_, i) => `203.0.113.${i}`)));
    expect(events.reduce((n, e) => n + e.count, 0)).toBe(4000);
    for (const event of events) {
      const own = text.split('\n')[(event.lines[0] ?? 0) - 1] ?? '';
      expect(own).toContain(event.message);
      if (event.entities.srcIp) expect(own).toContain(`from ${event.entities.srcIp} `);
    }
  });
});
