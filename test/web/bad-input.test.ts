// What comes in broken, against the real compiled program: an answer, nothing lost, no hang.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGround, type Ground, type Program } from './server.ts';
import { Visitor } from './visitor.ts';

describe('broken input', { timeout: 60_000 }, () => {
  let ground: Ground;
  let program: Program;
  let mira: Visitor;
  let channel: string;

  beforeAll(async () => {
    ground = createGround();
    program = await ground.start();
    mira = new Visitor(program.address);
    await mira.signIn('mira', ground.passcode('mira'));
    const asked = await mira.say('general', '/ir open');
    const token = /data-submit="([^"]+)"/.exec(String(asked.body['html']))?.[1] ?? '';
    const form = new FormData();
    for (const [name, value] of Object.entries({
      _submit: token,
      _channel: 'general',
      _thread: '',
      _key: 'key-open-form',
      title: 'Broken input',
      severity: 'SEV3',
      kind: 'live',
      isPrivate: 'no',
      commander: 'me',
    }))
      form.set(name, value);
    const opened = await mira.send('/api/submit', {
      method: 'POST',
      body: form,
      headers: { 'x-countersign-token': mira.token },
    });
    expect(JSON.stringify(await opened.json())).toContain('INC-1 is open');
    channel = /href="\/c\/(inc-1-[^"]+)"/.exec(await mira.page('/home'))?.[1] ?? '';
  }, 60_000);
  afterAll(async () => {
    await program?.kill();
    ground?.remove();
  });

  let sent = 0;
  const upload = (name: string, bytes: Uint8Array) => {
    sent += 1;
    return mira.act(`/api/upload?channel=${channel}&key=key-broken-${sent}&name=${encodeURIComponent(name)}`, bytes);
  };
  const text = (s: string): Uint8Array => new TextEncoder().encode(s);

  /** The page of the channel, once it says what is waited for. */
  async function pageWith(wanted: RegExp): Promise<string> {
    for (let n = 0; n < 150; n += 1) {
      const page = await mira.page(`/c/${channel}`);
      if (wanted.test(page)) return page;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`The channel never showed ${wanted}.`);
  }

  it('says that nothing was kept of an empty file', async () => {
    const answer = await upload('empty.log', new Uint8Array());
    expect(answer.status).toBe(200);
    expect(String(answer.body['summary'])).toMatch(/Nothing was kept/);
  });

  it.each([
    ['NUL bytes', 'nul.log', text('a\0b\nNov 21 02:14:07 web-01 sshd[1]: x\n')],
    ['invalid UTF-8', 'utf8.log', new Uint8Array([0xff, 0xfe, 0x80, 0x0a, 0xc3, 0x28, 0x0a])],
    ['a picture', 'picture.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])],
    ['one line of ten megabytes', 'line.log', new Uint8Array(10_000_000).fill(0x78)],
    ['ten megabytes of line breaks', 'breaks.log', new Uint8Array(10_000_000).fill(0x0a)],
    [
      'a name that is a path and markup',
      '../../<img src=x onerror=alert(1)>\u202E.log',
      text('Nov 21 02:14:08 web-01 sshd[1]: y\n'),
    ],
  ])('keeps %s exactly and answers', async (_name, name, bytes) => {
    const answer = await upload(name, bytes);
    expect(answer.status).toBe(200);
    const key = /EV-\d+/.exec(String(answer.body['summary']))?.[0] ?? 'no key';
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex');
    const page = await pageWith(new RegExp(digest));
    expect(page).toContain(key);
    expect(page).not.toContain('<img src=x');
  });

  it.each([
    ['an unknown word', '/ir opne', /Did you mean/],
    ['ten thousand words', `/ir ${'word '.repeat(7000)}`, /./],
    ['a command of control characters', '/ir \u0000\u001b[31m\u202E', /./],
    ['an unfinished quotation', '/ir timeline add "no end', /./],
  ])('answers %s with a sentence and no reference to a fault', async (_name, typed, expected) => {
    const answer = await mira.say(channel, typed);
    expect(answer.status).toBe(200);
    const said = JSON.stringify(answer.body);
    expect(said).toMatch(expected);
    expect(said).not.toMatch(/Reference E-/);
  });

  it('is still there afterwards', async () => {
    expect((await mira.send('/home')).status).toBe(200);
    expect(program.output()).not.toMatch(/"level":(50|60)/);
  });
});
