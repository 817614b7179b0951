// Slack on loopback: the Web API, Socket Mode, signed HTTP, response urls, files; strict, and able to be in trouble.
import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { isObject, listAt, objectAt, type Payload, textAt } from '../../adapters/slack/parse/payload.ts';
import { checkSlack } from './check-slack.ts';
import { newId, readArgs, type SlackMessage, type SlackView, SlackWorkspace, TEAM } from './fake-slack-api.ts';
import { keepPayload } from './payloads.ts';

export interface Delivered {
  readonly acked: boolean;
  readonly status: number;
  readonly ms: number;
  readonly body: Payload;
}

export interface DeliveryOptions {
  /** Number of the retry; the same event_id is delivered again. */
  readonly retry?: number;
  readonly isBadlySigned?: boolean;
  readonly isStale?: boolean;
}

export type Trouble =
  | { readonly kind: 'rate-limited'; readonly afterSeconds: number }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'page' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'dropped'; readonly isDone?: boolean };

export interface ApiCall {
  readonly method: string;
  readonly args: Payload;
  readonly atMs: number;
  answer: Payload | null;
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
  /** Where the app under test takes requests, in HTTP mode. */
  requestUrl = '';
  ackMs = 3000;
  responseUses = 5;
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
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(JSON.stringify(body));
    };
    const page = (status = 200): void => {
      response.writeHead(status, { 'content-type': 'text/html' });
      response.end('<!DOCTYPE html><html><title>Sign in</title></html>');
    };
    if (url.pathname.startsWith('/response/')) {
      this.#respond(url.pathname, raw, send);
      return;
    }
    if (url.pathname.startsWith('/files-pri/')) {
      const id = url.pathname.split('/')[2]?.split('-')[1] ?? '';
      const file = this.workspace.files.get(id);
      if (!file) return send({}, 404);
      if (request.headers.authorization !== `Bearer ${this.botToken}` || file.meta['isLoginPage'] === true)
        return page();
      response.writeHead(200, { 'content-type': String(file.meta['mimetype']) });
      response.end(file.bytes);
      return;
    }
    if (url.pathname.startsWith('/upload/v1/')) {
      const upload = this.workspace.uploads.get(url.pathname.split('/')[3] ?? '');
      if (upload) upload.bytes = raw;
      response.writeHead(upload ? 200 : 404).end(`OK - ${raw.length}`);
      return;
    }
    if (!url.pathname.startsWith('/api/')) return page(404);
    const method = url.pathname.slice(5);
    const args = readArgs(request.headers['content-type'] ?? '', raw);
    const call: ApiCall = { method, args, atMs: this.workspace.now(), answer: null };
    this.calls.push(call);
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
        return page();
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
    call.answer = this.#run(method, args);
    send(call.answer, 200, { 'x-oauth-scopes': this.workspace.scopes.join(',') });
  }

  #run(method: string, args: Payload): Payload {
    return this.workspace.methods[method]?.(args) ?? { ok: false, error: 'unknown_method', req_method: method };
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
    this.#responseUrls.set(path, { uses: 0, endsMs: this.workspace.now() + 30 * 60_000, user, channel });
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
    const body =
      type === 'events_api'
        ? JSON.stringify(payload)
        : type === 'slash_commands'
          ? new URLSearchParams(payload as Record<string, string>).toString()
          : new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const timestamp = String(Math.floor(Date.now() / 1000) - (options.isStale ? 600 : 0));
    const key = options.isBadlySigned ? 'another secret' : this.signingSecret;
    const signature = `v0=${createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    try {
      const response = await fetch(this.requestUrl, {
        method: 'POST',
        headers: {
          'content-type': type === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
          'x-slack-signature': signature,
          'x-slack-request-timestamp': timestamp,
          ...(options.retry
            ? { 'x-slack-retry-num': String(options.retry), 'x-slack-retry-reason': 'http_timeout' }
            : {}),
        },
        body,
        signal: AbortSignal.timeout(this.ackMs),
      });
      const text = await response.text();
      const read: unknown = text.startsWith('{') ? JSON.parse(text) : {};
      return {
        acked: response.ok,
        status: response.status,
        ms: Date.now() - startedMs,
        body: isObject(read) ? read : {},
      };
    } catch {
      return { acked: false, status: 0, ms: Date.now() - startedMs, body: {} };
    }
  }

  #common(user: string): Payload {
    const team_id = this.workspace.users.get(user)?.team_id ?? TEAM;
    return {
      team: { id: TEAM, domain: 'example' },
      enterprise: null,
      is_enterprise_install: false,
      api_app_id: 'A0EXAMPLE',
      token: 'x',
      user: { id: user, username: user, name: user, team_id },
    };
  }

  command(
    user: string,
    channel: string,
    text: string,
    options: DeliveryOptions = {},
    trigger_id = this.workspace.trigger(user),
  ): Promise<Delivered> {
    const payload = {
      token: 'x',
      team_id: TEAM,
      team_domain: 'example',
      channel_id: channel,
      channel_name: this.workspace.channels.get(channel)?.name ?? '',
      user_id: user,
      user_name: user,
      command: '/ir',
      text,
      api_app_id: 'A0EXAMPLE',
      is_enterprise_install: 'false',
      response_url: this.responseUrl(user, channel),
      trigger_id,
    };
    return this.deliver('slash_commands', payload, options);
  }

  event(event: Payload, options: DeliveryOptions & { readonly event_id?: string } = {}): Promise<Delivered> {
    const { event_id = newId('Ev'), ...rest } = options;
    const payload = {
      token: 'x',
      team_id: TEAM,
      api_app_id: 'A0EXAMPLE',
      event,
      type: 'event_callback',
      event_id,
      event_time: Math.floor(this.workspace.now() / 1000),
      authorizations: [
        { enterprise_id: null, team_id: TEAM, user_id: 'U0BOT', is_bot: true, is_enterprise_install: false },
      ],
    };
    return this.deliver('events_api', payload, rest);
  }

  /** Presses a button of a message or an open modal. */
  click(
    user: string,
    on: SlackMessage | SlackView,
    value: string,
    options: DeliveryOptions & { readonly action_ts?: string } = {},
  ): Promise<Delivered> {
    const { action_ts = this.workspace.ts(), ...rest } = options;
    const blocks = listAt(on, 'blocks');
    const element = blocks.flatMap((b) => listAt(b, 'elements')).find((e) => textAt(e, 'value') === value);
    const block = blocks.find((b) => listAt(b, 'elements').includes(element));
    const isView = typeof on['ts'] !== 'string';
    const channel = isView ? '' : String(on['channel']);
    const action = { ...objectAt({ element }, 'element'), block_id: textAt(block, 'block_id') || 'b', action_ts };
    const place = isView
      ? { container: { type: 'view', view_id: on['id'] }, view: on }
      : {
          container: {
            type: 'message',
            message_ts: on['ts'],
            channel_id: channel,
            is_ephemeral: on['onlyFor'] !== undefined,
          },
          channel: { id: channel, name: 'x' },
          message: on,
          response_url: this.responseUrl(user, channel),
        };
    const payload = {
      type: 'block_actions',
      ...this.#common(user),
      trigger_id: this.workspace.trigger(user),
      ...place,
      actions: [action],
    };
    return this.deliver('interactive', payload, rest);
  }

  /** Sends a modal's form; `values` by block id, as Slack's state holds them. */
  async submit(
    user: string,
    view: SlackView,
    values: Readonly<Record<string, Payload>>,
    options: DeliveryOptions = {},
  ): Promise<Delivered> {
    const state = { values: Object.fromEntries(Object.entries(values).map(([id, value]) => [id, { value }])) };
    const payload = {
      type: 'view_submission',
      ...this.#common(user),
      trigger_id: this.workspace.trigger(user),
      view: { ...view, state },
      response_urls: [],
    };
    const delivered = await this.deliver('interactive', payload, options);
    if (!delivered.acked) return delivered;
    const action = textAt(delivered.body, 'response_action');
    if (action === 'update') {
      this.workspace.refused.push(...checkSlack('modal', delivered.body['view']));
      delete view['submit'];
      Object.assign(view, delivered.body['view'], { hash: newId('h') });
    } else if (action !== 'errors') view.isOpen = false;
    return delivered;
  }

  shortcut(
    user: string,
    callback_id: string,
    message: SlackMessage,
    options: DeliveryOptions = {},
  ): Promise<Delivered> {
    const payload = {
      type: 'message_action',
      ...this.#common(user),
      callback_id,
      trigger_id: this.workspace.trigger(user),
      response_url: this.responseUrl(user, message.channel),
      channel: { id: message.channel, name: 'x' },
      message_ts: message.ts,
      message,
    };
    return this.deliver('interactive', payload, options);
  }
}
