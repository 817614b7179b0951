// The terminal commands that read: files, standard input, batches, and what they answer to misuse. They run from the build.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = 'dist/adapters/terminal/main.js';
const CLOCK = ['--now', '2026-11-20T12:00:00Z', '--zone', 'UTC'];
const LINE = 'Nov 19 08:15:30 web1 sshd[9]: Failed password for root from 203.0.113.9 port 22 ssh2';
let folder = '';
let file = '';

const run = (args: readonly string[], input = '') => {
  const env = { ...process.env, TMPDIR: folder };
  const done = spawnSync(process.execPath, [MAIN, ...args], { input, encoding: 'utf8', env });
  return { status: done.status, out: done.stdout, err: done.stderr };
};
const rows = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

beforeAll(() => {
  spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  folder = mkdtempSync(join(tmpdir(), 'countersign-terminal-'));
  file = join(folder, 'a paste.log');
  writeFileSync(file, `${LINE}\n\n${LINE.replace(':30 ', ':31 ')}\n`);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('countersign entries', () => {
  it('prints one object a line, with the source and the bytes', () => {
    const { status, out } = run(['entries', ...CLOCK, file]);
    expect(status).toBe(0);
    expect(rows(out)).toMatchObject([
      {
        source: file,
        line: 1,
        byteStart: 0,
        byteEnd: 85,
        kind: 'entry',
        occurredAt: '2026-11-19T08:15:30.000Z',
        assumed: ['year', 'zone'],
        format: 'rfc3164',
      },
      { line: 2, byteStart: 85, byteEnd: 86, kind: 'unparsed', occurredAt: null },
      { line: 3, kind: 'entry', occurredAt: '2026-11-19T08:15:31.000Z' },
    ]);
  });
  it('reads standard input for a dash', () => {
    expect(rows(run(['entries', ...CLOCK, '-'], LINE).out)).toHaveLength(1);
  });
  it('answers a bad request of a batch and serves the next one', () => {
    const requests = [
      'no json',
      '{"id":"b"}',
      '{"id":"c","text":"x","now":"soon"}',
      '{"id":"d","text":"x","zone":"Mars/Olympus"}',
      '{"id":"e","text":""}',
      JSON.stringify({ id: 'f', text: LINE, now: '2026-11-20T12:00:00Z' }),
    ];
    const answers = rows(run(['entries', '--batch'], requests.join('\n')).out);
    expect(answers.map((a) => a['id'])).toEqual([null, 'b', 'c', 'd', 'e', 'f']);
    expect(answers.map((a) => typeof a['error'])).toEqual([
      'string',
      'string',
      'string',
      'string',
      'undefined',
      'undefined',
    ]);
    expect(answers[5]?.['entries']).toHaveLength(1);
  });
});

describe('countersign timeline', () => {
  it.each(['table', 'md', 'json', 'jsonl', 'csv', 'html'])('writes %s', (format) => {
    const { status, out } = run(['timeline', '--format', format, ...CLOCK, file]);
    expect(status).toBe(0);
    expect(out).toContain('203');
  });
  it('puts the events of several files into one document, each with its source', () => {
    const other = join(folder, 'other.log');
    writeFileSync(other, '2026-11-19T09:00:00Z db1 app: backup finished\n');
    const out = rows(run(['timeline', '--format', 'jsonl', ...CLOCK, file, other]).out);
    expect(new Set(out.map((r) => r['source']))).toEqual(new Set([file, other]));
  });
  it('gives the same bytes for the same input', () => {
    const args = ['timeline', '--format', 'json', ...CLOCK, file];
    expect(run(args).out).toBe(run(args).out);
  });
});

describe('archives and several files', () => {
  const guessing = Array.from({ length: 6 }, (_, i) => LINE.replace(':30 ', `:3${i} `));
  const login = LINE.replace('08:15:30', '08:16:00').replace('Failed', 'Accepted');
  const shell =
    '203.0.113.9 - - [19/Nov/2026:08:17:30 +0000] "POST /uploads/shell.php?cmd=id HTTP/1.1" 200 12 "-" "curl"\n';
  const pack = () => {
    const zip = join(folder, 'logs.zip');
    const gz = join(folder, 'access.log.gz');
    writeFileSync(zip, zipSync({ 'auth.log': Buffer.from(`${[...guessing, login].join('\n')}\n`) }));
    writeFileSync(gz, gzipSync(shell));
    return [zip, gz] as const;
  };

  it('give one timeline with one receipt and common candidates for the way in', () => {
    const [zip, gz] = pack();
    const { status, out, err } = run(['timeline', '--format', 'json', ...CLOCK, zip, gz]);
    expect([status, err]).toEqual([0, '']);
    const all = JSON.parse(out);
    expect(all.receipt).toMatchObject({
      lines: 8,
      entries: 8,
      firstAt: '2026-11-19T08:15:30.000Z',
      lastAt: '2026-11-19T08:17:30.000Z',
      assumed: { year: 7 },
    });
    expect(all.sources.map((one: { source: string }) => one.source)).toEqual([`${zip}/auth.log`, gz.slice(0, -3)]);
    const [first, second] = all.initialAccess;
    expect(first).toMatchObject({
      source: `${zip}/auth.log`,
      line: 7,
      why: expect.stringContaining('after 6 failures'),
    });
    expect(second).toMatchObject({ source: gz.slice(0, -3), why: expect.stringContaining('Shares 203.0.113.9') });
    expect(all.attackers[0].why).toMatch(/auth\.log: .*; .*access\.log: /);
    expect(all.indicators[0]).toMatchObject({ value: '203.0.113.9', count: 8 });
  });
  it('name the file within in every entry', () => {
    const [, gz] = pack();
    expect(rows(run(['entries', ...CLOCK, gz]).out)[0]).toMatchObject({ source: gz.slice(0, -3), line: 1 });
  });
  it('refuse a bomb with its ratio, read the rest, and leave no temporary file', () => {
    const bomb = join(folder, 'bomb.log.gz');
    writeFileSync(bomb, gzipSync(Buffer.alloc(40 << 20)));
    const { status, out, err } = run(['timeline', '--format', 'jsonl', ...CLOCK, bomb, file]);
    expect([status, rows(out).length]).toEqual([0, 1]);
    expect(err).toMatch(/unpacks to more than \d{3} times its size/);
    expect(run(['timeline', bomb])).toMatchObject({ status: 3, out: '' });
    expect(readdirSync(folder).filter((name) => name.startsWith('countersign-'))).toEqual([]);
  });
});

describe('countersign import', () => {
  it('reads an export back and writes the very same', () => {
    for (const format of ['csv', 'jsonl']) {
      const { out } = run(['timeline', '--format', format, ...CLOCK, file]);
      expect(run(['import', '--format', format, '-'], out)).toEqual({ status: 0, out, err: '' });
    }
  });
  it('names the row and what is wrong, and writes nothing', () => {
    const { status, out, err } = run(['import', '-'], 'message,datetime\nx,yesterday\n');
    expect([status, out]).toEqual([3, '']);
    expect(err).toContain('Row 2: datetime: is not an ISO 8601 time');
    expect(run(['import']).status).toBe(2);
    expect(run(['import', '--format', 'tarot', 'x']).status).toBe(2);
  });
});

describe('exit status', () => {
  it.each([
    [['entries', '--no-such-option'], 2],
    [['entries'], 2],
    [['entries', '--batch', 'x'], 2],
    [['timeline', '--format', 'tarot', 'x'], 2],
    [['timeline', '--zone', 'Mars/Olympus', 'x'], 2],
    [['divine'], 2],
    [['entries', '/nowhere/absent.log'], 3],
    [['entries', '/'], 3],
  ])('%j ends with %i and says why', (args, status) => {
    const done = run(args);
    expect(done.status).toBe(status);
    expect(done.err).not.toBe('');
    expect(done.err).not.toMatch(/at .*:\d+:\d+/);
  });
});
