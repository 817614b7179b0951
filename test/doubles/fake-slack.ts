// Slack on loopback: the Web API, Socket Mode, signed HTTP, response urls, files; strict, and able to be in trouble.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { LIVES } from '../../adapters/slack/limits.ts';
import { isObject, listAt, objectAt, type Payload, textAt } from '../../adapters/slack/parse/payload.ts';
import { checkSlack } from './check-slack.ts';
import { newId, readArgs, type SlackMessage, type SlackView, SlackWorkspace } from './fake-slack-api.ts';
import {
  clickBody,
  commandBody,
  type DeliveryOptions,
  eventBody,
  post,
  shortcutBody,
  submitBody,
} from './fake-slack-deliveries.ts';
import { answerFile, answerUpload, fileIdOf, page } from './fake-slack-files.ts';
import { missingScope } from './fake-slack-scopes.ts';
import type { ApiCall, Trouble } from './fake-slack-trouble.ts';
import type { Upstream } from './fake-slack-upstream.ts';
import { keepPayload } from './payloads.ts';

export interface Delivered {
  readonly acked: boolean;
  readonly status: number;
  readonly ms: number;
  readonly body: Payload;
}

const SECRET = 'signing-secret-of-the-example';

export class FakeSlack {
  readonly workspace: SlackWorkspace;
  readonly calls: ApiCall[] = [];
  /** What came to response urls. */
  readonly responses: { readonly user: string; readonly channel: string; readonly body: Payload }[] = [];
  readonly transport: 'socket' | 'http';
  readonly signingSecret = SECRET;
  readonly botToken = 'xoxb-example';
  readonly appToken = 'xapp-example';
  /** Another server that answers the Web API; null: this one does. */
  upstream: Upstream | null = null;
  /** Where the app under test takes requests, in HTTP mode. */
  requestUrl = '';
  ackMs: number = LIVES.acknowledgeMs;
  responseUses: number = LIVES.responseUrlUses;
  /** Answers to response urls are not taken: the caller waits. */
  holdResponses = false;
  heldResponses = 0;
  /** Tells the app of its own posts, as Slack does. */
  isEchoing = false;
  /** How far Slack's clock is from ours. */
  clockOffMs = 0;
  readonly #trouble = new Map<string, Trouble[]>();
  readonly #responseUrls = new Map<
    string,
    { uses: number; readonly endsMs: number; readonly user: string; readonly channel: string }
  >();
  readonly #server: Server;
  readonly #sockets = new Set<WebSocket>();
  readonly #wss = new WebSocketServer({ noServer: true });
  readonly #pending = new Map<string, (payload: Payload) => void>();
  #turn = 0;
  base = '';

  private constructor(transport: 'socket' | 'http', now: () => number) {
    this.transport = transport;
    this.workspace = new SlackWorkspace(now);
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.#server.on('upgrade', (request, socket, head) => {
      if (!request.url?.startsWith('/link/')) return socket.destroy();
      this.#wss.handleUpgrade(request, socket as Socket, head, (ws) => this.#connected(ws));
    });
  }

  static async start(transport: 'socket' | 'http', now: () => number = Date.now): Promise<FakeSlack> {
    const fake = new FakeSlack(transport, now);
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    fake.base = `http://127.0.0.1:${(fake.#server.address() as AddressInfo).port}`;
    fake.workspace.base = fake.base;
    return fake;
  }

  async stop(): Promise<void> {
    for (const ws of this.#sockets) ws.terminate();
    this.#wss.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  get apiUrl(): string {
    return `${this.base}/api/`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** The next calls of a method go wrong, one after the other. */
  trouble(method: string, ...kinds: readonly Trouble[]): void {
    this.#trouble.set(method, [...(this.#trouble.get(method) ?? []), ...kinds]);
  }

  endTrouble(method: string): void {
    this.#trouble.delete(method);
  }

  callsOf(method: string): readonly ApiCall[] {
    return this.calls.filter((c) => c.method === method);
  }

  #connected(ws: WebSocket): void {
    this.#sockets.add(ws);
    ws.send(
      JSON.stringify({ type: 'hello', num_connections: this.#sockets.size, connection_info: { app_id: 'A0EXAMPLE' } }),
    );
    const ping = setInterval(() => ws.ping(), 5000);
    ws.on('close', () => {
      clearInterval(ping);
      this.#sockets.delete(ws);
    });
    ws.on('message', (data) => {
      const read: unknown = JSON.parse(String(data));
      this.#pending.get(textAt(read, 'envelope_id'))?.(objectAt(read, 'payload'));
    });
  }

  /** Slack recycles the connections. */
  refresh(): void {
    for (const ws of this.#sockets) ws.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
  }

  /** The network goes away. */
  cut(): void {
    for (const ws of this.#sockets) ws.terminate();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.base);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const send = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): void => {
      const date = new Date(Date.now() + this.clockOffMs).toUTCString();
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', date, ...headers });
      response.end(JSON.stringify(body));
    };
    if (url.pathname.startsWith('/response/')) {
      if (this.holdResponses) {
        this.heldResponses += 1;
        return;
      }
      this.#respond(url.pathname, raw, send);
      return;
    }
    const files = { workspace: this.workspace, token: this.botToken, upstream: this.upstream };
    if (url.pathname.startsWith('/files-pri/')) {
      this.#note('download', { id: fileIdOf(url) });
      return answerFile(files, url, request, response);
    }
    if (url.pathname.startsWith('/upload/v1/')) return answerUpload(files, url, request, raw, response);
    if (!url.pathname.startsWith('/api/')) return page(response, 404);
    await this.#api(url.pathname.slice(5), request, raw, response, send);
  }

  #note(method: string, args: Payload): ApiCall {
    const call: ApiCall = { method, args, atMs: this.workspace.now(), answer: null };
    this.calls.push(call);
    return call;
  }

  /** One call of the Web API, in trouble or not. */
  async #api(
    method: string,
    request: IncomingMessage,
    raw: Buffer,
    response: ServerResponse,
    send: (body: unknown, status?: number, headers?: Readonly<Record<string, string>>) => void,
  ): Promise<void> {
    const args = readArgs(request.headers['content-type'] ?? '', raw);
    const call = this.#note(method, args);
    const trouble = this.#trouble.get(method)?.shift();
    if (trouble?.kind === 'dropped' && trouble.isDone) this.#run(method, args);
    switch (trouble?.kind) {
      case 'slow':
        await new Promise((resolve) => setTimeout(resolve, trouble.ms));
        break;
      case 'rate-limited':
        return send({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': String(trouble.afterSeconds) });
      case 'error':
        return send({ ok: false, error: trouble.error });
      case 'status':
        return send({}, trouble.status);
      case 'page':
        return page(response);
      case 'dropped':
        response.destroy();
        return;
    }
    if (args['blocks'] !== undefined) keepPayload('slack', 'message', textAt(args, 'text'), args);
    if (args['view'] !== undefined)
      keepPayload('slack', 'view', textAt(args, 'view', 'title', 'text') || 'home', args['view']);
    const bearer = request.headers.authorization ?? '';
    if (method === 'apps.connections.open') {
      if (!bearer.startsWith('Bearer xapp-')) return send({ ok: false, error: 'not_allowed_token_type' });
      return send({ ok: true, url: `${this.base.replace('http', 'ws')}/link/?ticket=${newId('t')}` });
    }
    if (bearer !== `Bearer ${this.botToken}`) return send({ ok: false, error: 'invalid_auth' });
    const theirs = await this.upstream?.call(method, request.headers['content-type'] ?? '', raw);
    const ours = this.#run(method, args, theirs ?? null);
    if (theirs?.['ok'] === true && ours['ok'] !== true)
      this.workspace.refused.push(`${method}: ${textAt(ours, 'error')}, which they took`);
    call.answer = theirs ?? ours;
    if (this.isEchoing && method === 'chat.postMessage' && ours['ok'] === true)
      void this.event({ ...objectAt(ours, 'message'), channel_type: 'channel' });
    send(call.answer, 200, { 'x-oauth-scopes': this.workspace.scopes.join(',') });
  }

  /** Runs a method. After somebody else's answer only what they agreed to is done, under their ids. */
  #run(method: string, args: Payload, theirs: Payload | null = null): Payload {
    if (theirs && theirs['ok'] !== true) return theirs;
    const run = this.workspace.methods[method];
    if (!run) return theirs ?? { ok: false, error: 'unknown_method', req_method: method };
    const needed = missingScope(method, args, this.workspace);
    if (needed !== null)
      return { ok: false, error: 'missing_scope', needed, provided: this.workspace.scopes.join(',') };
    return this.workspace.under(theirs, () => run(args));
  }

  #respond(path: string, raw: Buffer, send: (body: unknown, status?: number) => unknown): unknown {
    const target = this.#responseUrls.get(path);
    if (!target || this.workspace.now() > target.endsMs) return send({ ok: false, error: 'expired_url' }, 404);
    if (target.uses >= this.responseUses) return send({ ok: false, error: 'used_url' }, 404);
    target.uses += 1;
    const body: unknown = JSON.parse(raw.toString());
    const faults = checkSlack('message', body).filter((f) => !f.includes('msg_blocks_too_long'));
    this.workspace.refused.push(...faults);
    if (faults.length > 0) return send({ ok: false, error: 'invalid_blocks' }, 400);
    const shown = isObject(body) ? body : {};
    keepPayload('slack', 'private', textAt(shown, 'text'), shown);
    this.responses.push({ user: target.user, channel: target.channel, body: shown });
    this.workspace.messages.push({
      channel: target.channel,
      ts: this.workspace.ts(),
      text: textAt(shown, 'text'),
      blocks: listAt(shown, 'blocks') as readonly Payload[],
      onlyFor: target.user,
    });
    send({ ok: true });
  }

  responseUrl(user: string, channel: string): string {
    const path = `/response/${newId('r')}`;
    this.#responseUrls.set(path, { uses: 0, endsMs: this.workspace.now() + LIVES.responseUrlMs, user, channel });
    return `${this.base}${path}`;
  }

  async deliver(
    type: 'events_api' | 'slash_commands' | 'interactive',
    payload: Payload,
    options: DeliveryOptions = {},
  ): Promise<Delivered> {
    const startedMs = Date.now();
    if (this.transport === 'socket') {
      const open = [...this.#sockets];
      const ws = open[this.#turn++ % Math.max(1, open.length)];
      if (!ws) return { acked: false, status: 0, ms: 0, body: {} };
      const envelope_id = randomUUID();
      const envelope = {
        envelope_id,
        type,
        payload,
        accepts_response_payload: type !== 'events_api',
        ...(type === 'events_api'
          ? { retry_attempt: options.retry ?? 0, retry_reason: options.retry ? 'timeout' : '' }
          : {}),
      };
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          this.#pending.delete(envelope_id);
          resolve({ acked: false, status: 0, ms: Date.now() - startedMs, body: {} });
        }, this.ackMs);
        this.#pending.set(envelope_id, (body) => {
          clearTimeout(timer);
          this.#pending.delete(envelope_id);
          resolve({ acked: true, status: 200, ms: Date.now() - startedMs, body });
        });
        ws.send(JSON.stringify(envelope));
      });
    }
    const sent = await post(this.requestUrl, type, payload, {
      ...options,
      secret: this.signingSecret,
      ackMs: this.ackMs,
    });
    return { ...sent, ms: Date.now() - startedMs };
  }

  async command(
    user: string,
    channel: string,
    text: string,
    options: DeliveryOptions = {},
    triggerId?: string,
  ): Promise<Delivered> {
    const came = { user, channel, triggerId: triggerId ?? (await this.#trigger(user)) };
    const responseUrl = this.responseUrl(user, channel);
    return this.deliver('slash_commands', commandBody(this.workspace, { ...came, text, responseUrl }), options);
  }

  event(event: Payload, options: DeliveryOptions & { readonly event_id?: string } = {}): Promise<Delivered> {
    const { event_id = newId('Ev'), ...rest } = options;
    return this.deliver('events_api', eventBody(this.workspace, event, event_id), rest);
  }

  /** Presses a button of a message or an open modal. */
  async click(
    user: string,
    on: SlackMessage | SlackView,
    value: string,
    options: DeliveryOptions & { readonly action_ts?: string } = {},
  ): Promise<Delivered> {
    const { action_ts: actionTs = this.workspace.ts(), ...rest } = options;
    const triggerId = await this.#trigger(user);
    const responseUrl = typeof on['ts'] === 'string' ? this.responseUrl(user, String(on['channel'])) : '';
    return this.deliver(
      'interactive',
      clickBody(this.workspace, { user, on, value, actionTs, triggerId, responseUrl }),
      rest,
    );
  }

  /** Sends a modal's form; `values` by block id, as Slack's state holds them. */
  async submit(
    user: string,
    view: SlackView,
    values: Readonly<Record<string, Payload>>,
    options: DeliveryOptions = {},
  ): Promise<Delivered> {
    const triggerId = await this.#trigger(user);
    const delivered = await this.deliver(
      'interactive',
      submitBody(this.workspace, { user, view, values, triggerId }),
      options,
    );
    if (!delivered.acked) return delivered;
    const action = textAt(delivered.body, 'response_action');
    if (action === 'update') {
      const next = objectAt(delivered.body, 'view');
      this.workspace.refused.push(...checkSlack('modal', next));
      keepPayload('slack', 'view', textAt(next, 'title', 'text'), next);
      delete view['submit'];
      Object.assign(view, next, { hash: newId('h') });
    } else if (action !== 'errors') view.isOpen = false;
    return delivered;
  }

  async shortcut(
    user: string,
    callbackId: string,
    message: SlackMessage,
    options: DeliveryOptions = {},
  ): Promise<Delivered> {
    const triggerId = await this.#trigger(user);
    const responseUrl = this.responseUrl(user, message.channel);
    return this.deliver(
      'interactive',
      shortcutBody(this.workspace, { user, callbackId, message, triggerId, responseUrl }),
      options,
    );
  }

  /** Somebody says something. It stands in history, whether it is delivered or not. */
  async say(user: string, channel: string, text: string, more: Payload = {}): Promise<SlackMessage> {
    const ts = await this.upstream?.say(user, channel, text, more);
    return this.workspace.say(user, channel, text, { ...more, ...(ts ? { ts } : {}) });
  }

  /** Somebody's file; it is shared by naming it in a message. */
  async addFile(user: string, name: string, bytes: Buffer, more: Payload = {}): Promise<Payload> {
    const given = await this.upstream?.addFile(user, name, bytes);
    return this.workspace.addFile(name, bytes, { ...given, ...more });
  }

  async #trigger(user: string): Promise<string> {
    return this.workspace.trigger(user, await this.upstream?.trigger(user));
  }
}
