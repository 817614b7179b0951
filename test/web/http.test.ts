import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { View } from '../../src/view/types.ts';
import { PASSCODES, type Running, startWorkspace } from './harness.ts';
import { Visitor } from './visitor.ts';

let running: Running;
let mira: Visitor;
let tomas: Visitor;

beforeAll(async () => {
  running = await startWorkspace({ maxFileBytes: 1_000_000 });
  mira = new Visitor(running.address);
  tomas = new Visitor(running.address);
  expect((await mira.signIn('mira', PASSCODES.mira)).status).toBe(303);
  expect((await tomas.signIn('tomas', PASSCODES.tomas)).status).toBe(303);
});
afterAll(() => running.stop());

/** A request whose Host and other headers are ours to set; fetch does not let us. */
const rawStatus = (path: string, headers: Record<string, string>, method = 'GET'): Promise<number> =>
  new Promise((resolve, reject) => {
    const url = new URL(path, running.address);
    request({ host: '127.0.0.1', port: url.port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

describe('the door', () => {
  it('shows nobody anything before they sign in', async () => {
    const stranger = new Visitor(running.address);
    for (const path of ['/', '/home', '/c/general', '/files/x', '/picture/a/b'])
      expect((await stranger.send(path)).headers.get('location'), path).toBe('/sign-in');
    for (const path of ['/events', '/api/complete?text=/ir'])
      expect((await stranger.send(path)).status, path).toBe(401);
    expect((await stranger.say('general', 'hello')).status).toBe(401);
  });

  it('refuses a wrong passcode, then asks to wait, and lets other people in meanwhile', async () => {
    const own = await startWorkspace();
    try {
      const guesser = new Visitor(own.address);
      for (let n = 0; n < 6; n += 1) expect((await guesser.signIn('mira', `wrong ${n}`)).status).toBe(401);
      const refused = await guesser.signIn('mira', PASSCODES.mira);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.text()).toMatch(/Wait \d+ seconds/);
      expect((await new Visitor(own.address).signIn('tomas', PASSCODES.tomas)).status).toBe(303);
    } finally {
      await own.stop();
    }
  });

  it('keeps the session cookie from scripts and other sites', async () => {
    const visitor = new Visitor(running.address);
    const response = await visitor.signIn('mira', PASSCODES.mira);
    const cookie = response.headers.getSetCookie().find((line) => line.startsWith('countersign_session='));
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
  });

  it('ends the session on sign-out', async () => {
    const visitor = new Visitor(running.address);
    await visitor.signIn('mira', PASSCODES.mira);
    await visitor.send('/sign-out', { method: 'POST', body: new URLSearchParams({ token: visitor.token }) });
    expect((await visitor.send('/home')).headers.get('location')).toBe('/sign-in');
  });
});

describe('requests from elsewhere', () => {
  it.each([
    ['another host name', { host: 'attacker.example' }],
    ['another host name with our port', { host: 'attacker.example:80' }],
    ['no host that we are', { host: '10.0.0.1' }],
  ])('answers nothing to %s', async (_name, headers) => expect(await rawStatus('/sign-in', headers)).toBe(421));

  it.each([
    ['another origin', { origin: 'https://attacker.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['an opaque origin', { origin: 'null' }],
    ['a cross-site form', { origin: '', 'sec-fetch-site': 'cross-site' }],
  ])('refuses a press from %s', async (_name, headers) => {
    const before = running.desk.events.length;
    const answer = await mira.act(
      '/api/say',
      { key: 'key-from-elsewhere', channel: 'general', thread: '', text: 'x' },
      headers,
    );
    expect(answer.status).toBe(403);
    expect(running.desk.events.length).toBe(before);
  });

  it('refuses a press without the token of the page, or with that of another session', async () => {
    for (const token of ['', 'x', tomas.token]) {
      const answer = await mira.act(
        '/api/say',
        { key: 'key-12345678', channel: 'general', text: 'x' },
        { 'x-countersign-token': token },
      );
      expect(answer.status).toBe(403);
      expect(answer.body['sentence']).toMatch(/Reload/);
    }
  });

  it('refuses a write that says nothing about where it came from', async () =>
    expect(await rawStatus('/sign-in', { host: '127.0.0.1' }, 'POST')).toBe(403));
});

describe('every answer', () => {
  it.each(['/sign-in', '/home', '/c/general', '/nowhere', '/assets/client/main.js'])(
    '%s carries the strict policy',
    async (path) => {
      const { headers } = await mira.send(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  it('names no other host and has no inline script, style or handler', async () => {
    const page = await mira.page('/c/general');
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=/);
  });
});

describe('sizes and rates', () => {
  it('refuses a file over the limit with a sentence, also when it does not say its length', async () => {
    const big = new Uint8Array(1_000_001);
    const known = await mira.act('/api/upload?channel=general&key=key-too-large-1&name=a.log', big);
    expect(known.status).toBe(413);
    expect(known.body['sentence']).toMatch(/larger than the 1 MB/);
    const stream = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 20; n += 1) controller.enqueue(new Uint8Array(100_000));
        controller.close();
      },
    });
    const response = await mira.send('/api/upload?channel=general&key=key-too-large-2&name=a.log', {
      method: 'POST',
      body: stream,
      headers: { 'x-countersign-token': mira.token },
      ...({ duplex: 'half' } as object),
    });
    expect(response.status).toBe(413);
  });

  it('refuses a message over the limit with a sentence that says what to do', async () => {
    const answer = await mira.say('general', 'x'.repeat(40_001));
    expect(answer.status).toBe(413);
    expect(answer.body['sentence']).toMatch(/as a file/);
  });

  it.each([
    ['no JSON', 'x'],
    ['a list', '[]'],
    ['no key', '{"channel":"general","text":"x"}'],
    ['nothing typed', '{"channel":"general","text":"  ","key":"key-12345678"}'],
  ])('answers a body with %s with a sentence', async (_name, body) => {
    const response = await mira.send('/api/say', {
      method: 'POST',
      body,
      headers: { 'x-countersign-token': mira.token },
    });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { sentence: string }).sentence).toMatch(/\.$/);
  });

  it('stops a page that acts 241 times in a minute', async () => {
    const visitor = new Visitor(running.address);
    await visitor.signIn('tomas', PASSCODES.tomas);
    for (let n = 0; n < 240; n += 1) await visitor.act('/api/read', { channel: 'general' });
    const refused = await visitor.act('/api/read', { channel: 'general' });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(refused.body['sentence']).toMatch(/Wait \d+ seconds/);
  });
});

describe('what reaches the desk', () => {
  const last = () => running.desk.events.at(-1);

  it('is a command for what starts with the root, with people as stable ids', async () => {
    await mira.say('general', '/ir status role scribe @tomas');
    expect(last()).toMatchObject({
      kind: 'command',
      text: 'status role scribe <@tomas>',
      actor: { platform: 'web', tenant: 'local', id: 'mira', standing: 'member' },
      conversation: { platform: 'web', tenant: 'local', id: 'general' },
    });
  });

  it.each(['/irate people', 'not /ir open', '/help'])('is a message for %j', async (text) => {
    await mira.say('general', text);
    expect(last()).toMatchObject({ kind: 'message', text });
  });

  it('is one message when the page sends it twice', async () => {
    const before = running.desk.events.length;
    await mira.say('general', 'only once please', 'key-sent-twice');
    await mira.say('general', 'only once please', 'key-sent-twice');
    expect(running.desk.events.length).toBe(before + 1);
    expect((await mira.page('/c/general')).split('only once please').length).toBe(2);
  });

  it('waits on the disk when it is large, and is given back the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-held-'));
    const large = await startWorkspace({ heldFolder: folder, maxFileBytes: 3 << 20 });
    const visitor = new Visitor(large.address);
    await visitor.signIn('mira', PASSCODES.mira);
    const bytes = new Uint8Array(2 << 20).map((_, i) => (i * 31) % 251);
    await visitor.act('/api/upload?channel=general&key=key-large-file&name=big.log', bytes);
    const event = large.desk.events.at(-1);
    const held = event?.kind === 'command' ? event.files?.[0]?.bytes : undefined;
    expect(held).toMatchObject({ sizeBytes: bytes.length });
    expect(Buffer.compare(readFileSync((held as { path: string }).path), bytes)).toBe(0);
    const href = /href="(\/files\/[^"]+)"/.exec(await visitor.page('/c/general'))?.[1] ?? '';
    expect(Buffer.compare(new Uint8Array(await (await visitor.send(href)).arrayBuffer()), bytes)).toBe(0);
    const over = await visitor.act('/api/upload?channel=general&key=key-too-large&name=x', new Uint8Array(4 << 20));
    expect(over.status).toBe(413);
    expect(readdirSync(folder)).toHaveLength(1);
    await large.stop();
    rmSync(folder, { recursive: true });
  });

  it('is the exact bytes of an upload, whatever they are', async () => {
    const bytes = new Uint8Array([0, 255, 254, 10, 13, 10, 195, 40, 0]);
    const answer = await mira.act('/api/upload?channel=general&key=key-binary-bytes&name=..%2Fx.log', bytes);
    expect(answer.body['kind']).toBe('private');
    const event = last();
    expect(event).toMatchObject({ kind: 'command', text: 'log' });
    expect(event?.kind === 'command' && [...((event.files?.[0]?.bytes ?? []) as Uint8Array)]).toEqual([...bytes]);
    const href = /href="(\/files\/[^"]+)"/.exec(await tomas.page('/c/general'))?.[1] ?? '';
    const file = await tomas.send(href);
    expect([...new Uint8Array(await file.arrayBuffer())]).toEqual([...bytes]);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
  });

  it('keeps lone surrogates and mention-like text as what they are', async () => {
    await mira.say('general', 'hi <@nobody> and @nobody');
    expect(last()).toMatchObject({ text: 'hi <@nobody> and @nobody' });
  });
});

describe('what only one person sees', () => {
  it('is not in another person’s page, and cannot be pressed, quoted or downloaded by them', async () => {
    running.desk.answer = () => ({
      kind: 'private',
      view: {
        view: {
          summary: 'for mira',
          tone: null,
          elements: [{ kind: 'text', prose: [{ kind: 'plain', text: 'the secret of mira' }] }],
        },
        tokens: [],
      },
      file: { name: 'export.json', mediaType: 'application/json', bytes: new Uint8Array([1]) },
    });
    await mira.say('general', '/ir audit export');
    running.desk.answer = null;
    const page = await mira.page('/c/general');
    expect(page).toContain('the secret of mira');
    expect(await tomas.page('/c/general')).not.toContain('the secret of mira');
    const file = /href="(\/files\/[^"]+)" download="export.json"/.exec(page)?.[1] ?? '';
    expect((await mira.send(file)).status).toBe(200);
    expect((await tomas.send(file)).status).toBe(404);
    const [id = ''] = file.slice('/files/'.length).split(/-\d+$/);
    expect((await tomas.act('/api/press', { key: 'key-12345678', press: 'x', message: id })).status).toBe(404);
    expect(
      (await tomas.act(`/api/messages/${id}/shortcut`, { key: 'key-12345678', shortcut: 'read-as-log' })).status,
    ).toBe(404);
    expect((await tomas.act(`/api/messages/${id}/delete`, { key: 'key-12345678' })).status).toBe(404);
  });

  it('includes private chats and private channels, until somebody inside lets them in', async () => {
    const person = (await running.adapter.port.resolvePerson({ tenant: 'local', id: 'mira' }))!.principal;
    await running.adapter.port.tellPrivately(
      person,
      { view: { summary: 'a receipt for mira', tone: null, elements: [] }, tokens: [] },
      { key: 'receipt-1' },
    );
    expect(await mira.page('/c/dm.mira')).toContain('a receipt for mira');
    expect((await tomas.send('/c/dm.mira')).status).toBe(404);
    const where = await running.adapter.port.createConversation('inc-9-insider', {
      isPrivate: true,
      members: [person],
    });
    expect((await mira.send(`/c/${where.id}`)).status).toBe(200);
    expect((await tomas.send(`/c/${where.id}`)).status).toBe(404);
    expect((await tomas.say(where.id, 'let me in')).status).toBe(404);
    expect(await tomas.page('/home')).not.toContain('inc-9-insider');
    expect((await tomas.act('/api/people', { channel: where.id, person: 'tomas' })).status).toBe(404);
    expect((await mira.act('/api/people', { channel: where.id, person: 'nobody' })).status).toBe(404);
    expect((await mira.act('/api/people', { channel: 'general', person: 'tomas' })).status).toBe(400);
    const words = 'It cannot be put on record now.';
    const refusal: View = {
      summary: words,
      tone: 'warning',
      elements: [{ kind: 'text', prose: [{ kind: 'plain', text: words }] }],
    };
    running.desk.answer = () => ({ kind: 'private', view: { view: refusal, tokens: [] } });
    expect((await mira.act('/api/people', { channel: where.id, person: 'tomas' })).status).toBe(200);
    expect((await tomas.send(`/c/${where.id}`)).status).toBe(404);
    expect(await mira.page(`/c/${where.id}`)).toContain('cannot be put on record');
    running.desk.answer = null;
    expect((await mira.act('/api/people', { channel: where.id, person: 'tomas' })).status).toBe(200);
    expect(running.desk.events.findLast((event) => event.kind === 'invited')).toMatchObject({
      actor: { id: 'mira' },
      person: { id: 'tomas', standing: 'member' },
      conversation: { id: where.id },
    });
    expect((await tomas.send(`/c/${where.id}`)).status).toBe(200);
    expect(running.desk.events.findLast((event) => event.kind === 'joined')).toMatchObject({
      actor: { id: 'tomas' },
      conversation: { id: where.id },
    });
  });

  it('can be dismissed by its person', async () => {
    await mira.say('general', '/ir nonsense-to-dismiss');
    const page = await mira.page('/c/general');
    const id = [...page.matchAll(/data-message="([^"]+)"/g)].at(-1)?.[1] ?? '';
    expect((await mira.act(`/api/messages/${id}/delete`, { key: 'key-12345678' })).status).toBe(200);
    expect(await mira.page('/c/general')).not.toContain(id);
  });
});

describe('messages of others', () => {
  it('can be deleted by nobody else, and the desk hears of a deletion', async () => {
    await mira.say('general', 'delete me if you can');
    const event = running.desk.events.at(-1);
    const id = event?.kind === 'message' ? event.ref.id : '';
    expect((await tomas.act(`/api/messages/${id}/delete`, { key: 'key-12345678' })).status).toBe(403);
    expect((await mira.act(`/api/messages/${id}/delete`, { key: 'key-12345679' })).status).toBe(200);
    expect(running.desk.events.at(-1)).toMatchObject({ kind: 'source-changed', change: 'deleted', ref: { id } });
    expect(await tomas.page('/c/general')).not.toContain('delete me if you can');
  });

  it('reach the desk quoted with their author, time and bytes when pointed at', async () => {
    await mira.act(
      '/api/upload?channel=general&key=key-quoted-file&name=auth.log&as=file',
      new TextEncoder().encode('Nov 21'),
    );
    const sent = running.desk.events.at(-1);
    const id = sent?.kind === 'message' ? sent.ref.id : '';
    await tomas.act(`/api/messages/${id}/shortcut`, { key: 'key-shortcut-1', shortcut: 'read-as-log' });
    const event = running.desk.events.at(-1);
    expect(event).toMatchObject({
      kind: 'shortcut',
      shortcut: 'read-as-log',
      actor: { id: 'tomas' },
      message: { author: { id: 'mira' } },
    });
    expect(event?.kind === 'shortcut' && new TextDecoder().decode(event.message.bytes)).toBe('Nov 21');
  });

  it('tell the desk once of each emoji set and taken away', async () => {
    await mira.say('general', 'pin this');
    const sent = running.desk.events.at(-1);
    const id = sent?.kind === 'message' ? sent.ref.id : '';
    const count = () => running.desk.events.filter((event) => event.kind === 'reaction').length;
    const before = count();
    for (const [on, key] of [
      [true, 'key-react-a1'],
      [true, 'key-react-a2'],
      [false, 'key-react-b1'],
      [false, 'key-react-b2'],
    ] as const)
      await tomas.act(`/api/messages/${id}/reaction`, { key, emoji: 'pushpin', on });
    expect(count()).toBe(before + 2);
  });
});

describe('hostile text', () => {
  const HOSTILE =
    '<img src=x onerror=alert(1)> "\'></p><script>alert(1)</script> \u202Egpj.exe \u200B\u0000 \u001b[31m <!channel> http://evil.example/';

  it('stands on the page as text, with what hides in it made visible', async () => {
    await mira.say('general', HOSTILE);
    const page = await mira.page('/c/general');
    expect(page).not.toContain('<img src=x');
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    for (const code of ['U+202E', 'U+200B', 'U+0000', 'U+001B']) expect(page).toContain(code);
    expect(page).not.toContain('\u202E');
    expect(page).not.toContain('href="http://evil.example');
  });
});

describe('the port', () => {
  it('posts once for a key, and edits what it posted', async () => {
    const { port } = running.adapter;
    const to = { platform: 'web', tenant: 'local', id: 'general' };
    const view = (summary: string) => ({ view: { summary, tone: null, elements: [] }, tokens: [] });
    const first = await port.post(to, view('posted once'), { key: 'outbox-1' });
    const second = await port.post(to, view('posted once'), { key: 'outbox-1' });
    expect(second).toEqual(first);
    expect((await mira.page('/c/general')).split('<p>posted once</p>').length).toBe(2);
    await port.edit(first, view('edited in place'));
    const page = await mira.page('/c/general');
    expect(page).toContain('edited in place');
    expect(page).not.toContain('posted once');
    await expect(port.edit({ ...first, id: 'gone' }, view('nowhere'))).rejects.toMatchObject({ name: 'MessageGone' });
  });

  it('finds people in the directory and nobody else', async () => {
    const { port } = running.adapter;
    expect(await port.resolvePerson({ tenant: 'local', id: 'mira' })).toMatchObject({
      principal: { id: 'mira', standing: 'member' },
    });
    expect(await port.resolvePerson({ tenant: 'elsewhere', id: 'mira' })).toBeNull();
    expect(await port.resolvePerson({ tenant: 'local', id: 'Mira Sample' })).toBeNull();
  });

  it('gives every channel a name of its own', async () => {
    const { port } = running.adapter;
    const names = [];
    for (let n = 0; n < 3; n += 1)
      names.push((await port.createConversation('Inc 7: Ünder <attack>', { isPrivate: false, members: [] })).id);
    expect(names).toEqual(['inc-7-nder-attack', 'inc-7-nder-attack-2', 'inc-7-nder-attack-3']);
  });
});

describe('live news', () => {
  it('reaches the other person at once, and not those it is not for', async () => {
    const stream = async (visitor: Visitor) => {
      const response = await visitor.send('/events?after=0');
      return response.body!.getReader();
    };
    const reader = await stream(tomas);
    await mira.say('general', 'news for all');
    await mira.say('general', '/ir whatever is private to mira');
    await mira.say('general', 'the end');
    let seen = '';
    while (!seen.includes('the end')) seen += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    expect(seen).toContain('event: resync');
    expect(seen).toContain('news for all');
    expect(seen).not.toContain('private to mira');
    expect(running.adapter.app).toBeDefined();
  });
});

describe('a broken thing behind the page', () => {
  it('shows a reference and nothing of the inside', async () => {
    const own = await startWorkspace();
    try {
      const visitor = new Visitor(own.address);
      await visitor.signIn('mira', PASSCODES.mira);
      own.desk.answer = () => {
        throw new Error('a defect with a secret path /srv/x');
      };
      const answer = await visitor.say('general', '/ir open');
      expect(answer.status).toBe(500);
      expect(answer.body['sentence']).toMatch(/reference/);
      expect(JSON.stringify(answer.body)).not.toContain('/srv/x');
      own.desk.home = () => Promise.reject(new Error('a defect with a secret path /srv/x'));
      const page = await visitor.send('/home');
      expect(page.status).toBe(500);
      expect(await page.text()).toMatch(/<h1>Something broke<\/h1>.*reference/s);
    } finally {
      await own.stop();
    }
  });
});
