// The whole program over HTTP: real people sign in, a card is posted, and presses come from browsers.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error: plain JavaScript, shared with the program that prepares a checkout.
import { build } from '../../scripts/setup.mjs';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { Visitor } from '../web/visitor.ts';

let folder: string;
let child: ChildProcess;
const people = new Map<string, Visitor>();
let channel = '';

const of = (name: string): Visitor => people.get(name)!;
const key = (): string => crypto.randomUUID();

/** Asks until there is an answer. */
async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const giveUpAt = Date.now() + 30_000; Date.now() < giveUpAt; ) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('it did not come');
}

beforeAll(async () => {
  build();
  folder = mkdtempSync(join(tmpdir(), 'containment-web-'));
  const file = join(folder, 'countersign.yml');
  child = spawn(process.execPath, ['dist/src/main.js'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      COUNTERSIGN_PORT: '0',
      COUNTERSIGN_DATA: join(folder, 'data'),
      COUNTERSIGN_ORGANISATION: file,
      COUNTERSIGN_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (b) => (output += b));
  const address = await until(() => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]);
  const text = readFileSync(file, 'utf8');
  for (const name of ['mira', 'tomas', 'ife', 'noor']) {
    const visitor = new Visitor(address);
    const passcode = new RegExp(`key: ${name}\\n\\s+passcode: (\\S+)`).exec(text)![1]!;
    expect((await visitor.signIn(name, passcode)).status).toBe(303);
    people.set(name, visitor);
  }
  const form = await of('mira').say('', '/ir open', key());
  const opened = await submit(
    'mira',
    String(form.body['html']),
    { title: 'Bad logins', severity: 'SEV3', kind: 'live', isPrivate: 'no', isCommander: 'yes' },
    '',
  );
  expect(opened.status).toBe(200);
  channel = await until(async () => /\/c\/(inc-1-[a-z0-9-]+)/.exec(await of('mira').page('/home'))?.[1]);
}, 120_000);

afterAll(() => {
  child?.kill('SIGKILL');
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Sends a form as the page does. */
async function submit(
  who: string,
  html: string,
  values: Readonly<Record<string, string>>,
  where = channel,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const body = new FormData();
  body.set('_submit', /data-submit="([^"]+)"/.exec(html)?.[1] ?? '');
  body.set('_channel', where);
  body.set('_thread', '');
  body.set('_key', key());
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  const response = await of(who).send('/api/submit', {
    method: 'POST',
    body,
    headers: { 'x-countersign-token': of(who).token },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const page = (who: string): Promise<string> => of(who).page(`/c/${channel}`);

/** The message and token of a button, as the page of this person has them. */
async function button(who: string, label: RegExp): Promise<{ readonly message: string; readonly press: string }> {
  const html = await page(who);
  const buttons = [...html.matchAll(/data-press="([^"]+)"[^>]*>([\s\S]*?)<\/button>/g)].filter((m) =>
    label.test(m[2]!.replace(/<[^>]+>/g, '')),
  );
  const last = buttons.at(-1);
  if (!last) throw new Error(`no button ${label} in ${html.length} characters`);
  const message = [...html.slice(0, last.index).matchAll(/data-message="([^"]+)"/g)].at(-1)?.[1];
  return { message: message ?? '', press: last[1]! };
}

const press = (who: string, what: { readonly message: string; readonly press: string }) =>
  of(who).act('/api/press', { key: key(), ...what });

async function propose(
  target: string,
  action = 'isolate-host',
  values: Readonly<Record<string, string>> = {},
): Promise<void> {
  const form = await of('tomas').say(channel, `/ir contain ${action}`, key());
  const done = await submit('tomas', String(form.body['html']), {
    targets: target,
    'param.keep-management': 'true',
    reason: 'It talks to a known bad address every minute.',
    'keep.sessions': 'kept',
    'keep.sessions.note': 'EV-2',
    executor: 'tomas',
    ...values,
  });
  expect(JSON.stringify(done.body)).toContain('is proposed');
  await expect.poll(() => page('mira'), { timeout: 10_000 }).toContain(target);
}

const records = async (): Promise<
  readonly { readonly type: string; readonly actor: string; readonly code: string | undefined }[]
> => {
  const store = openSqliteStore(join(folder, 'data', 'countersign.db'), Date.now);
  const all = await store.find({ incident: 'INC-1' });
  await store.close();
  return all.map(({ record }) => ({
    type: record.type,
    actor: record.actor.id,
    code: (record.body as { code?: string }).code,
  }));
};

const since = async (from: number) => (await records()).slice(from).filter((r) => r.type.startsWith('approval.'));

describe('through the web workspace', () => {
  it('invariant I1, I2, I15: the proposer is refused, somebody else approves, each attempt is a record of its person', async () => {
    const from = (await records()).length;
    await propose('web-01');
    const approve = await button('mira', /^Approve isolate host web-01/);
    const own = await press('tomas', await button('tomas', /^Approve isolate host web-01/));
    expect(JSON.stringify(own.body)).toContain('You proposed this');
    const done = await press('mira', approve);
    expect(JSON.stringify(done.body)).toContain('is approved');
    expect(await since(from)).toEqual([
      { type: 'approval.refused', actor: 'tomas', code: 'self' },
      { type: 'approval.voted', actor: 'mira', code: undefined },
      { type: 'approval.granted', actor: 'mira', code: undefined },
    ]);
    await expect.poll(() => page('ife'), { timeout: 10_000 }).toContain('Approved by');
  });

  it('abuse A9, A10, B1: nobody presses as somebody else, without the page\u2019s token, or twice', async () => {
    const from = (await records()).length;
    await propose('bastion-01');
    const approve = await button('mira', /^Approve isolate host bastion-01/);
    const forged = await of('noor').act('/api/press', {
      key: key(),
      ...approve,
      actor: 'mira',
      person: 'mira',
      user: 'mira',
    });
    expect(JSON.stringify(forged.body)).toContain('not among those');
    const unsigned = await of('mira').act('/api/press', { key: key(), ...approve }, { 'x-countersign-token': 'x' });
    expect(unsigned.status).toBeGreaterThanOrEqual(400);
    const stranger = new Visitor(of('mira').address);
    expect((await stranger.act('/api/press', { key: key(), ...approve })).status).toBeGreaterThanOrEqual(300);
    const same = key();
    await of('mira').act('/api/press', { key: same, ...approve });
    await of('mira').act('/api/press', { key: same, ...approve });
    const again = await press('ife', approve);
    expect(JSON.stringify(again.body)).toMatch(/approved at \d\d:\d\d:\d\dZ by Mira Sample/);
    expect(await since(from)).toEqual([
      { type: 'approval.refused', actor: 'noor', code: 'not-eligible' },
      { type: 'approval.voted', actor: 'mira', code: undefined },
      { type: 'approval.granted', actor: 'mira', code: undefined },
      { type: 'approval.refused', actor: 'ife', code: 'already-decided' },
    ]);
  });

  it('invariant I10, abuse D1, D2: a token counts on its own card only', async () => {
    const from = (await records()).length;
    await propose('web-02');
    await propose('web-03');
    const first = await button('mira', /^Approve isolate host web-02/);
    const second = await button('mira', /^Approve isolate host web-03/);
    await press('mira', { press: first.press, message: second.message });
    await press('mira', { press: first.press, message: '' });
    expect((await since(from)).map((r) => r.code)).toEqual(['wrong-context', 'wrong-context']);
  });

  it('abuse B2, invariant I8: two people press at the same time: one decision', async () => {
    const from = (await records()).length;
    await propose('web-04');
    const [mira, ife] = [
      await button('mira', /^Approve isolate host web-04/),
      await button('ife', /^Approve isolate host web-04/),
    ];
    await Promise.all([press('mira', mira), press('ife', ife), press('mira', mira), press('ife', ife)]);
    const types = (await since(from)).map((r) => r.type);
    expect(types.filter((t) => t === 'approval.granted')).toHaveLength(1);
    expect(types.filter((t) => t === 'approval.refused')).toHaveLength(3);
  });

  it('invariant I6, abuse C7: a hostile target reaches the page spelled out, and never as markup', async () => {
    const hostile = 'p\u0430y\u202e<img src=x onerror=alert(1)>';
    await propose(hostile.slice(0, 1), 'isolate-host', { targets: hostile });
    const html = await page('mira');
    expect(html).toContain('p[U+0430]y');
    expect(html).not.toContain('<img src=x');
    expect(html).not.toMatch(/[\u202e\u0430]/);
  });

  it('abuse D8, D9: typed words and messages approve nothing', async () => {
    const from = (await records()).length;
    await of('mira').say(channel, 'approved', key());
    await of('mira').say(channel, '/ir contain approve CA-5', key());
    expect((await since(from)).map((r) => r.type)).toEqual(['approval.refused']);
  });
});
