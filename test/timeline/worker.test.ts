// Reading in a thread. It runs from the build, as the server does.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTimeline } from '../../src/timeline/build.ts';
import { readInWorker, stopReading } from '../../src/timeline/worker/read-in-worker.ts';
import { mixedLog } from './reading/mixed-log.ts';

const OPTIONS = { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' };

// The thread runs the build, so the build must be of these sources.
beforeAll(() => {
  spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}, 120_000);
afterAll(stopReading);

describe('reading in a thread', () => {
  it('gives what reading here gives', async () => {
    const bytes = Buffer.from(mixedLog(9000, 6));
    const timeline = await readInWorker({ bytes }, OPTIONS);
    expect(JSON.stringify(timeline)).toBe(JSON.stringify(buildTimeline(bytes, OPTIONS)));
  });
  it('reads shared bytes and many sources one after another', async () => {
    const text = Buffer.from('2026-11-19T08:15:30Z web1 app: start\n');
    const shared = new Uint8Array(new SharedArrayBuffer(text.length));
    shared.set(text);
    const all = await Promise.all(Array.from({ length: 5 }, () => readInWorker({ bytes: shared }, OPTIONS)));
    expect(all.map((t) => t.receipt.firstAt)).toEqual(Array(5).fill('2026-11-19T08:15:30.000Z'));
  });
  it('rejects a file that cannot be opened and goes on', async () => {
    await expect(readInWorker({ path: '/nowhere/absent.log' }, OPTIONS)).rejects.toThrow(/ENOENT/);
    expect((await readInWorker({ bytes: Buffer.from('x') }, OPTIONS)).receipt.lines).toBe(1);
  });
});
