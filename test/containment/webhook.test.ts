// Real HTTP: our executor against the reference receiver, and against receivers that misbehave.
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
// @ts-expect-error: plain JavaScript on purpose, so that anybody can read and copy it.
import { checkApproval, createReceiver, readVerifierKey } from '../../examples/receiver/receiver.mjs';
import { takeCallback } from '../../src/containment/callback.ts';
import { reconcile, startedWithout } from '../../src/containment/reconcile.ts';
import { HEADERS, signBody } from '../../src/containment/signature.ts';
import { createWebhookExecutor, mayCall, receiptFor } from '../../src/containment/webhook.ts';
import { viewText } from '../../src/view/text.ts';
import { START, World, withWebhook } from './world.ts';

const SECRET = 'a-secret-of-this-test-only-0123456789abcdef';

let world: World | null = null;
let server: Server | null = null;

async function listening(listener: RequestListener | Server): Promise<string> {
  server = typeof listener === 'function' ? createServer(listener) : listener;
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/act`;
}

async function given(url: string, more = ''): Promise<World> {
  const organisation = withWebhook(url, more);
  world = await World.make({
    organisation,
    executor: (w) =>
      createWebhookExecutor({
        webhooks: () => organisation.organisation.webhooks,
        secret: () => SECRET,
        receipt: (grant) => receiptFor(w.store, w.services.auditLog, grant),
        now: () => w.nowMs,
      }),
  });
  return world.open();
}

async function approved(w: World): Promise<string> {
  const key = await w.propose();
  await w.approve('mira', key);
  await w.executions.settled();
  await w.settle();
  return key;
}

afterEach(async () => {
  await world?.close();
  world = null;
  server?.closeAllConnections();
  await new Promise<void>((done) => (server ? server.close(() => done()) : done()));
  server = null;
});

interface Seen {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A receiver that keeps what it was sent. */
const keeping =
  (seen: Seen[], answer: object, status = 200): RequestListener =>
  async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    seen.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks) });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };

describe('an approved containment sent to a receiver', () => {
  it('invariant I1, I11: is committed, carried out once by a receiver that checks everything, and its outcome committed', async () => {
    const acted: string[] = [];
    let verifierKey: unknown = null;
    const lazy: RequestListener = (request, response) => {
      verifierKey ??= readVerifierKey(readFileSync(`${world?.folder}/keys/ledger.key.vkey`, 'utf8'));
      receiver ??= createReceiver({
        secret: SECRET,
        verifierKey,
        now: () => START,
        act({ approval }: { approval: string }) {
          acted.push(approval);
          return { status: 'executed', summary: 'isolated', evidence: [] };
        },
      });
      (receiver as Server).emit('request', request, response);
    };
    let receiver: Server | null = null;
    const w = await given(await listening(lazy));
    const key = await approved(w);
    const c = await w.request(key);
    expect(c).toMatchObject({ state: 'executed', outcome: { by: null, summary: 'isolated' } });
    expect(acted).toEqual([`INC-1/CA-1/${c.grant?.seq}`]);
    const types = (await w.store.find({ incident: 'INC-1' })).map((r) => r.record.type);
    expect(types.filter((t) => /^(approval|execution)\./.test(t))).toEqual([
      'approval.voted',
      'approval.granted',
      'execution.started',
      'execution.succeeded',
    ]);
    await w.executions.settled();
    expect(acted).toHaveLength(1);
  });

  it('abuse B7: a receiver refuses an unsigned, wrongly signed, changed, old or future request, and a proof of another approval', async () => {
    const seen: Seen[] = [];
    const w = await given(await listening(keeping(seen, { status: 'executed', summary: 'ok' })));
    await approved(w);
    const { headers, body } = seen[0] as Seen;
    const verifierKey = readVerifierKey(readFileSync(`${w.folder}/keys/ledger.key.vkey`, 'utf8'));
    const check = (more: object): unknown =>
      checkApproval({ headers, body, secret: SECRET, verifierKey, nowMs: START, ...more });
    expect(check({})).toMatchObject({ approvedBy: ['mira'], request: { action: 'isolate-host' } });
    expect(() => check({ headers: {} })).toThrow('signature is wrong');
    expect(() => check({ secret: 'another' })).toThrow('signature is wrong');
    expect(() => check({ body: Buffer.from(body.toString().replace('web-01', 'web-02')) })).toThrow(
      'signature is wrong',
    );
    expect(() => check({ nowMs: START + 301_000 })).toThrow('too old');
    expect(() => check({ nowMs: START - 301_000 })).toThrow('future');
    const resigned = (change: (sent: Record<string, unknown>) => void): unknown => {
      const sent = JSON.parse(body.toString()) as Record<string, unknown>;
      change(sent);
      const bytes = Buffer.from(JSON.stringify(sent));
      const timestamp = headers[HEADERS.timestamp] as string;
      const approval = headers[HEADERS.approval] as string;
      return check({
        body: bytes,
        headers: { ...headers, [HEADERS.signature]: signBody(SECRET, timestamp, approval, bytes) },
      });
    };
    expect(() =>
      resigned((s) => Object.assign(s, { request: String(s['request']).replace('web-01', 'web-02') })),
    ).toThrow('does not match its digest');
    expect(() =>
      resigned((s) =>
        Object.assign(s['receipt'] as object, {
          record: String((s['receipt'] as { record: string }).record).replace('mira', 'nora'),
        }),
      ),
    ).toThrow('does not prove');
    expect(() =>
      resigned((s) =>
        Object.assign(s['receipt'] as object, {
          proof: String((s['receipt'] as { proof: string }).proof).replace(/\n\u2014 .*/, ''),
        }),
      ),
    ).toThrow('not signed');
  });

  it('invariant I11: no answer in time is unknown, shown to everybody, and never tried again by itself', async () => {
    let calls = 0;
    const w = await given(
      await listening(() => {
        calls += 1;
      }),
    );
    const key = await approved(w);
    expect(await w.request(key)).toMatchObject({ state: 'unknown' });
    await w.pass(60);
    await w.executions.settled();
    expect(calls).toBe(1);
    expect(viewText(w.card(key).view.view)).toContain('NOBODY KNOWS whether it ran');
    expect(w.chat.messages.some((m) => viewText(m.view.view).includes('outcome UNKNOWN'))).toBe(true);
    await w.pressAndFill('mira', key, /what really happened/, {
      result: 'failed',
      summary: 'The host still answers; nothing ran.',
    });
    expect(await w.request(key)).toMatchObject({ state: 'failed', outcome: { by: { id: 'mira' } } });
  });

  it.each([
    ['a refusal is a failure', 403, { error: 'no' }, 'failed', 'refused the request (403)'],
    ['a redirect is not followed', 302, {}, 'failed', 'redirect'],
    ['a server error is unknown', 500, {}, 'unknown', 'answered 500'],
    ['an answer that says something else is unknown', 200, { ok: true }, 'unknown', 'not understood'],
    [
      'an answer with more than it may hold is unknown',
      200,
      { status: 'executed', approve: 'all' },
      'unknown',
      'not understood',
    ],
    [
      'accepted without a callback to come is unknown',
      200,
      { status: 'accepted' },
      'unknown',
      'no callback is expected',
    ],
  ] as const)('invariant I11: %s', async (_name, status, answer, state, words) => {
    const w = await given(await listening(keeping([], answer, status)));
    const c = await w.request(await approved(w));
    expect(c.state).toBe(state);
    expect(c.outcome?.summary).toContain(words);
  });

  it('invariant I11: when nothing could be sent it is a failure that says so', async () => {
    const url = await listening(() => {});
    server?.close();
    const w = await given(url);
    expect(await w.request(await approved(w))).toMatchObject({
      state: 'failed',
      outcome: { summary: expect.stringContaining('Nothing was sent') },
    });
  });

  it("abuse G7: what ran without an approval is found with the executor's own log", async () => {
    const ran: { approval: string; digest: string }[] = [];
    const seen: Seen[] = [];
    const w = await given(await listening(keeping(seen, { status: 'executed' })));
    await approved(w);
    const sent = JSON.parse(seen[0]?.body.toString() ?? '{}') as { approval: string; digest: string };
    const records = (await w.store.find({})).map((r) => r.record);
    ran.push({ approval: sent.approval, digest: sent.digest });
    expect(reconcile(ran, records)).toEqual([]);
    expect(reconcile([...ran, ...ran], records)).toEqual([`${sent.approval} ran more than once`]);
    expect(reconcile([{ ...ran[0]!, digest: '0'.repeat(64) }], records)).toEqual([
      `${sent.approval} ran something else than was approved`,
    ]);
    expect(reconcile([{ approval: 'INC-1/CA-9/2', digest: sent.digest }], records)).toEqual([
      'INC-1/CA-9/2 ran without an approval in the ledger',
    ]);
    // An export from before it proves neither.
    expect(reconcile([{ approval: 'INC-1/CA-9/99999', digest: sent.digest }], records)[0]).toContain('export again');
    expect(startedWithout([], records)).toEqual([sent.approval]);
    expect(startedWithout(ran, records)).toEqual([]);
    const unstarted = records.filter((r) => r.type !== 'execution.started');
    expect(reconcile(ran, unstarted)[0]).toContain('before its start');
  });

  it('takes the outcome from a signed callback, once, and from nobody else', async () => {
    const seen: Seen[] = [];
    const w = await given(await listening(keeping(seen, { status: 'accepted' })), ', callback_minutes: 5');
    const key = await approved(w);
    const c = await w.request(key);
    expect(c.state).toBe('executing');
    const approval = seen[0]?.headers[HEADERS.approval] as string;
    const send = (body: object, { secret = SECRET, at = w.nowMs, hook = 'soar', id = approval } = {}) => {
      const bytes = Buffer.from(JSON.stringify(body));
      const timestamp = String(Math.floor(at / 1000));
      return takeCallback(
        w.services,
        () => SECRET,
        hook,
        {
          [HEADERS.timestamp]: timestamp,
          [HEADERS.approval]: id,
          [HEADERS.signature]: signBody(secret, timestamp, id, bytes),
        },
        bytes,
      );
    };
    const good = { status: 'executed', summary: 'isolated', evidence: [], digest: c.digest };
    expect((await send(good, { secret: 'wrong' })).status).toBe(401);
    expect((await send(good, { at: w.nowMs - 301_000 })).status).toBe(401);
    expect((await send(good, { at: w.nowMs + 301_000 })).status).toBe(401);
    expect((await send(good, { hook: 'other' })).status).toBe(404);
    expect((await send({ ...good, digest: '0'.repeat(64) })).status).toBe(409);
    expect((await send(good, { id: approval.replace(/\d+$/, '999') })).status).toBe(409);
    expect((await w.request(key)).state).toBe('executing');
    expect((await send(good)).status).toBe(200);
    expect((await send(good)).status).toBe(409);
    expect(await w.request(key)).toMatchObject({ state: 'executed', outcome: { summary: 'isolated' } });
  });

  it('an accepted one that never calls back becomes unknown', async () => {
    const w = await given(await listening(keeping([], { status: 'accepted' })), ', callback_minutes: 5');
    const key = await approved(w);
    await w.pass(5.1);
    expect((await w.request(key)).state).toBe('executing');
    await w.pass(1);
    expect((await w.request(key)).state).toBe('unknown');
  });

  it.each([
    ['203.0.113.9', false, false],
    ['198.51.100.1', true, false],
    ['8.8.8.8', false, true],
    ['10.0.0.1', false, false],
    ['10.0.0.1', true, true],
    ['127.0.0.1', false, false],
    ['127.0.0.1', true, true],
    ['::1', false, false],
    ['fd00::1', true, true],
    ['169.254.169.254', true, false],
    ['::ffff:169.254.169.254', true, false],
    ['fe80::1', true, false],
    ['0.0.0.0', true, false],
    ['2606:4700::1111', false, true],
    ['not an address', true, false],
  ])('may call %s with private ranges %s: %s', (address, allowsPrivate, expected) => {
    expect(mayCall(address, allowsPrivate)).toBe(expected);
  });

  it('calls nothing when one of the addresses of a name may not be called', async () => {
    const organisation = withWebhook('https://soar.example/act');
    const executor = createWebhookExecutor({
      webhooks: () => ({ soar: { ...organisation.organisation.webhooks['soar']!, allow_private: false } }),
      secret: () => SECRET,
      receipt: async () => ({ record: '', proof: '' }),
      now: () => START,
      resolve: async () => ['93.184.216.34', '169.254.169.254'],
    });
    const came = await executor.run({
      request: { executor: { kind: 'webhook', webhook: 'soar', url: 'https://soar.example/act' } },
    } as never);
    expect(came).toMatchObject({ result: 'failed', summary: expect.stringContaining('may not be called') });
  });
});
