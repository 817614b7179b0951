import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sqlite } from '../src/store/driver.ts';

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

describe('starting the program', () => {
  let folder: string;
  const running: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-start-'));
  });
  afterEach(async () => {
    for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  function start(env: Readonly<Record<string, string>> = {}): Run {
    const child = spawn(process.execPath, ['dist/src/main.js'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        COUNTERSIGN_PORT: '0',
        COUNTERSIGN_DATA: join(folder, 'data'),
        COUNTERSIGN_ORGANISATION: join(folder, 'countersign.yml'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    let text = '';
    child.stdout?.on('data', (b) => (text += b));
    child.stderr?.on('data', (b) => (text += b));
    return { child, output: () => text, ended: once(child, 'exit').then(([code]) => code as number | null) };
  }

  async function url(run: Run): Promise<string> {
    for (;;) {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(run.output())?.[0];
      if (found) return found;
      if (run.child.exitCode !== null) throw new Error(run.output());
      await new Promise((r) => setTimeout(r, 20));
    }
  }

  it('makes the data folder and the organisation\u2019s file, with a passcode for everybody, and serves', async () => {
    const run = start();
    const at = await url(run);
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${at}/metrics`)).text()).toContain('countersign_ledger_records');
    for (const off of ['Slack', 'Teams', 'Mail'])
      expect(run.output()).toMatch(new RegExp(`${off} is off\\. .*COUNTERSIGN_`));
    const file = readFileSync(join(folder, 'countersign.yml'), 'utf8');
    expect(file.match(/passcode: [a-z0-9]{4}-[a-z0-9]{4}/g)).toHaveLength(6);
    expect(statSync(join(folder, 'countersign.yml')).mode & 0o077).toBe(0);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('takes up a changed organisation\u2019s file on SIGHUP, and keeps the rules of before when it is broken', async () => {
    const run = start();
    const at = await url(run);
    const path = join(folder, 'countersign.yml');
    const before = readFileSync(path, 'utf8');
    const names = async () => (await fetch(`${at}/sign-in`)).text();
    const until = async (isTrue: () => Promise<boolean>) => {
      while (!(await isTrue())) await new Promise((r) => setTimeout(r, 20));
    };
    writeFileSync(path, before.replace(/name: Mira[^\n]*/, 'name: Mira Renamed'));
    expect(await names()).not.toContain('Mira Renamed');
    run.child.kill('SIGHUP');
    await until(async () => (await names()).includes('Mira Renamed'));
    writeFileSync(path, before.replace('owner: tomas', 'owner: nobody-here'));
    run.child.kill('SIGHUP');
    await until(async () => run.output().includes('was not taken up'));
    expect(run.output()).toContain('no person has the key nobody-here');
    expect(await names()).toContain('Mira Renamed');
    rmSync(path);
    run.child.kill('SIGHUP');
    await until(async () => run.output().includes('ENOENT'));
    expect(existsSync(path)).toBe(false);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('several that start at once on one empty folder all run, on one key and one file', async () => {
    const runs = [start(), start(), start()];
    for (const at of await Promise.all(runs.map(url))) expect((await fetch(`${at}/healthz`)).status).toBe(200);
    expect(readdirSync(join(folder, 'data', 'keys')).sort()).toEqual(['ledger.key', 'ledger.key.vkey']);
    expect(readdirSync(folder).sort()).toEqual(['countersign.yml', 'data']);
    for (const run of runs) run.child.kill('SIGTERM');
    expect(await Promise.all(runs.map((run) => run.ended))).toEqual([0, 0, 0]);
  });

  it('names a wrong setting and what to write, and exits 2', async () => {
    const run = start({ COUNTERSIGN_PORT: 'eighty' });
    expect(await run.ended).toBe(2);
    expect(run.output()).toContain('COUNTERSIGN_PORT');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('refuses a setting that does not exist, so that a typing error is never silent', async () => {
    const run = start({ COUNTERSIGN_PROT: '3000' });
    expect(await run.ended).toBe(2);
    expect(run.output()).toContain('COUNTERSIGN_PROT: there is no such setting');
  });

  it('lets no other machine connect unless that is said twice', async () => {
    const run = start({ COUNTERSIGN_BIND: '0.0.0.0' });
    expect(await run.ended).toBe(2);
    expect(run.output()).toContain('COUNTERSIGN_ALLOW_REMOTE=yes');
  });

  it('names line and remedy of a fault in the organisation\u2019s file', async () => {
    writeFileSync(
      join(folder, 'countersign.yml'),
      readFileSync('countersign.example.yml', 'utf8').replace('owner: tomas', 'owner: nobody-here'),
    );
    const run = start();
    expect(await run.ended).toBe(2);
    expect(run.output()).toMatch(/countersign\.yml line \d+: assets\.0\.owner: no person has the key nobody-here/);
  });

  it('says that the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((r) => other.listen(0, '127.0.0.1', r));
    const run = start({ COUNTERSIGN_PORT: String((other.address() as AddressInfo).port) });
    expect(await run.ended).toBe(2);
    expect(run.output()).toContain('is taken');
    other.close();
  });

  it('does not start on a database of a newer version', async () => {
    mkdirSync(join(folder, 'data'));
    const db = new Sqlite(join(folder, 'data', 'countersign.db'));
    db.pragma('user_version = 9999');
    db.close();
    const run = start();
    expect(await run.ended).toBe(2);
    expect(run.output()).toContain('newer Countersign');
  });

  it('does not start when the data folder cannot be made', async () => {
    writeFileSync(join(folder, 'data'), 'a file stands in the way');
    const run = start();
    expect(await run.ended).toBe(2);
    expect(run.output()).toContain('COUNTERSIGN_DATA');
  });

  it('starts again after SIGKILL', async () => {
    const first = start();
    await url(first);
    first.child.kill('SIGKILL');
    await first.ended;
    const again = start();
    await url(again);
    again.child.kill('SIGKILL');
    await again.ended;
  });
});
