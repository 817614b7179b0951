// Two real processes on one database, and a real SIGKILL at every commit of the way from proposal to outcome.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error: plain JavaScript, shared with the program that prepares a checkout.
import { build } from '../../scripts/setup.mjs';
import { openSqliteStore } from '../../src/store/sqlite.ts';

let folder: string;
let server: Server;
let url: string;
let received: string[];
const children: ChildProcess[] = [];

beforeAll(() => build(), 120_000);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'processes-'));
  received = [];
  server = createServer((request, response) => {
    received.push(String(request.headers['countersign-approval']));
    request.resume().on('end', () => response.end('{"status":"executed","summary":"done"}'));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  server.closeAllConnections();
  await new Promise<void>((done) => server.close(() => done()));
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  readonly kind: string;
  readonly words?: string;
  readonly token?: string;
}

/** A process that runs one script of acts; what it says comes back. */
function life(
  acts: readonly unknown[],
  options: { readonly dieAfter?: number } = {},
): { readonly child: ChildProcess; readonly lines: Line[]; readonly ended: Promise<string | null> } {
  const child = fork(
    join('bench', 'acts-worker.mjs'),
    [folder, url, JSON.stringify(acts), String(options.dieAfter ?? 0)],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  children.push(child);
  const lines: Line[] = [];
  child.on('message', (line) => lines.push(line as Line));
  return { child, lines, ended: new Promise((done) => child.on('exit', (_code, signal) => done(signal))) };
}

const recordTypes = async (): Promise<readonly string[]> => {
  const store = openSqliteStore(join(folder, 'countersign.db'), Date.now);
  const types = (await store.find({ incident: 'INC-1' })).map((r) => r.record.type);
  await store.close();
  return types.filter((t) => /^(containment|approval|execution)\./.test(t));
};
const count = (types: readonly string[], type: string): number => types.filter((t) => t === type).length;

describe('two processes on one database', () => {
  it('abuse B2, invariant I8: two processes press at the same time: one decision, one execution', async () => {
    await life(['open', ['propose', 'web-01'], 'end']).ended;
    const one = life(['ready', ['race', 'mira'], 'execute', 'end']);
    const two = life(['ready', ['race', 'ife'], 'execute', 'end']);
    await expect
      .poll(() => [one, two].every((p) => p.lines.some((l) => l.kind === 'ready')), { timeout: 15_000 })
      .toBe(true);
    for (const p of [one, two]) p.child.send('go');
    await Promise.all([one.ended, two.ended]);
    const said = [...one.lines, ...two.lines].filter((l) => l.kind === 'pressed').map((l) => l.words ?? '');
    expect(said.filter((w) => w === 'CA-1 is approved.')).toHaveLength(1);
    expect(said.filter((w) => /This is decided already/.test(w))).toHaveLength(said.length - 1);
    const types = await recordTypes();
    expect(count(types, 'approval.granted')).toBe(1);
    expect(count(types, 'execution.started')).toBe(1);
    expect(count(types, 'approval.refused')).toBe(said.length - 1);
    expect(received).toHaveLength(1);
  }, 60_000);

  it('abuse B10, invariant I11: killed at each commit from proposal to outcome, nothing is doubled and nothing runs twice', async () => {
    const acts = ['open', ['propose', 'web-01'], ['press', 'mira'], 'execute', 'end'];
    for (let dieAfter = 1; ; dieAfter += 1) {
      rmSync(folder, { recursive: true, force: true });
      folder = mkdtempSync(join(tmpdir(), 'processes-'));
      received.length = 0;
      const signal = await life(acts, { dieAfter }).ended;
      const before = await recordTypes();
      // The same acts again, as people would who saw nothing happen.
      await life(acts).ended;
      const types = await recordTypes();
      expect(types.slice(0, before.length), `killed after commit ${dieAfter}`).toEqual(before);
      for (const type of ['containment.proposed', 'approval.granted', 'execution.started'])
        expect(count(types, type), `${type}, killed after commit ${dieAfter}`).toBe(1);
      expect(received.length, `killed after commit ${dieAfter}`).toBeLessThanOrEqual(1);
      // Killed between start and outcome it is left open, to become unknown; never sent again.
      expect(count(types, 'execution.succeeded')).toBe(
        count(before, 'execution.started') > 0 && count(before, 'execution.succeeded') === 0 ? 0 : 1,
      );
      if (signal !== 'SIGKILL') {
        expect(dieAfter).toBeGreaterThan(4);
        return;
      }
    }
  }, 120_000);
});
