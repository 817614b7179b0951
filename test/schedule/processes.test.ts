// Two real server processes look at what is due on one database, at the same moments; one of them is killed and started again.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error: plain JavaScript, shared with the program that prepares a checkout.
import { build } from '../../scripts/setup.mjs';
import { formOf, type Harness, harness } from '../harness.ts';

const START = Date.parse('2026-11-20T12:00:00Z');
const MINUTE = 60_000;

beforeAll(() => build(), 120_000);

describe('due work on two server processes', () => {
  let h: Harness;
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await h.end();
  });

  const server = async (): Promise<ChildProcess> => {
    const child = fork('bench/due-worker.mjs', [h.folder, String(START)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.push(child);
    await once(child, 'message');
    return child;
  };
  const looks = async (child: ChildProcess, minute: number): Promise<number> => {
    const answered = once(child, 'message') as Promise<[{ readonly written: number }]>;
    child.send({ time: START + minute * MINUTE });
    return (await answered)[0].written;
  };
  const recorded = async (type: string): Promise<readonly unknown[]> =>
    (await h.services.store.find({ incident: 'INC-1', typePrefix: type })).map((r) => r.record.body);

  it('is done once by one of them, whoever looks first, and after one was killed in the middle', {
    timeout: 60_000,
  }, async () => {
    h = await harness({ now: START });
    const { in: place } = await h.open('mira', { severity: 'SEV2' });
    const form = formOf(await h.type('mira', 'notice clock start cert-in', { in: place }));
    await h.submit(
      'mira',
      form,
      { anchor: 'noticed', when: '12:00Z', zone: 'Asia/Kolkata', reason: 'told' },
      { in: place },
    );

    const one = await server();
    let two = await server();
    // A briefing is due after 60 minutes; it goes on after 75 and 90. Six hours: half at 180, three quarters at 270, nine tenths at 324.
    for (const minute of [10, 59, 60, 61, 75, 90, 91, 180, 181])
      await Promise.all([looks(one, minute), looks(two, minute)]);
    const cut = looks(two, 270).catch(() => 0);
    two.kill('SIGKILL');
    await Promise.race([cut, once(two, 'exit')]);
    await looks(one, 270);
    two = await server();
    // The second starts again, sleeps through two reminders, and its clock stands an hour behind for a moment.
    await looks(two, 210);
    await Promise.all([looks(one, 360), looks(two, 361)]);
    await Promise.all([looks(one, 362), looks(two, 300)]);

    expect(await recorded('briefing.due')).toHaveLength(1);
    expect((await recorded('briefing.escalated')).map((b) => (b as { to: string }).to)).toEqual([
      'commander',
      'deputy',
    ]);
    expect((await recorded('clock.reminded')).map((b) => (b as { kind: string }).kind)).toEqual([
      'half',
      'three-quarters',
      'due',
    ]);
  });
});
