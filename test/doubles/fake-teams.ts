// The Bot Connector on loopback: it signs real RS256 tokens, serves its keys, hands out tokens to the bot, and keeps what the bot posts.
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Network } from '../../adapters/teams/index.ts';
import { keepPayload } from './payloads.ts';

export const TENANT = '11111111-1111-4111-8111-111111111111';
export const OTHER_TENANT = '99999999-9999-4999-8999-999999999999';
export const APP_ID = '0a0a0a0a-0000-4000-8000-0a0a0a0a0a0a';
export const CHANNEL = '19:bridge@thread.tacv2';
export const GROUP = '19:night-shift@thread.v2';

type Json = Readonly<Record<string, unknown>>;

export interface FakePerson {
  readonly key: string;
  readonly aad: string;
  readonly userId: string;
  readonly name: string;
  userRole?: string;
  upn?: string;
}

export interface Posted {
  readonly id: string;
  readonly conversation: string;
  /** Root of the thread it was posted to. */
  readonly thread: string | null;
  activity: Json;
  edits: number;
  isRemoved: boolean;
}

export interface Delivered {
  readonly status: number;
  readonly body: Json | undefined;
}

export interface TokenFaults {
  readonly alg?: string;
  readonly kid?: string;
  readonly key?: KeyObject;
}

const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A platform with people in it. `close` ends it. */
export class FakeTeams {
  readonly posted: Posted[] = [];
  /** Every request for the connector, in order. */
  readonly calls: { readonly method: string; readonly path: string; readonly body: Json | undefined }[] = [];
  readonly people = new Map<string, FakePerson>();
  /** How many of the next connector calls fail, and how. */
  failNext: { status: number; retryAfter?: string; left: number } | null = null;
  rosterFails = false;
  /** As the Agents Playground: the bot's calls need no token. */
  acceptsAnyone = false;
  /** People who did not install the bot for themselves. */
  readonly noDirect = new Set<string>();
  /** Called for every edit before it is done; the edit waits for what it gives back. */
  beforeEdit: (() => Promise<void>) | null = null;
  /** Bytes above which a message is refused. */
  maxUtf16Bytes = 100 * 1024;
  readonly files = new Map<string, { bytes: Uint8Array; redirect?: string }>();
  readonly uploads = new Map<string, Buffer>();
  endorsements: readonly string[] = ['msteams'];
  botEndpoint = '';
  base = '';
  readonly #key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #issued = new Set<string>();
  readonly #server: Server;
  #next = 1_700_000_000_000;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    for (const [i, key] of ['mira', 'tomas', 'ife', 'noor', 'bo', 'quinn'].entries()) this.addPerson(key, i + 1);
  }

  addPerson(key: string, number: number, more: Partial<FakePerson> = {}): FakePerson {
    const person: FakePerson = {
      key,
      aad: `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`,
      userId: `29:${key}`,
      name: `${key[0]?.toUpperCase()}${key.slice(1)} Sample`,
      userRole: 'user',
      ...more,
    };
    this.people.set(key, person);
    return person;
  }

  who(key: string): FakePerson {
    const found = this.people.get(key);
    if (!found) throw new Error(`no ${key} here`);
    return found;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.base = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  get serviceUrl(): string {
    return `${this.base}/amer/`;
  }

  /** What the adapter is given in place of Microsoft's addresses. */
  get network(): Network {
    return {
      openIdMetadataUrl: `${this.base}/v1/.well-known/openidconfiguration`,
      fileHosts: ['.sharepoint.com'],
      isLoopback: true,
      login: async (url, { method, headers, body }) => {
        const there = url.replace('https://login.microsoftonline.com', this.base);
        const response = await fetch(there, { method, headers, ...(body === undefined ? {} : { body }) });
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: await response.json(),
        };
      },
    };
  }

  /** A token as the Bot Connector makes it; `over` changes claims, `faults` how it is signed. */
  token(over: Json = {}, faults: TokenFaults = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: 'https://api.botframework.com',
      aud: APP_ID,
      serviceurl: this.serviceUrl,
      nbf: now - 10,
      iat: now,
      exp: now + 3600,
      ...over,
    };
    const { alg = 'RS256', kid = 'k1', key = this.#key.privateKey } = faults;
    const head = `${b64({ typ: 'JWT', alg, kid, x5t: kid })}.${b64(claims)}`;
    return `${head}.${alg === 'none' ? '' : sign('RSA-SHA256', Buffer.from(head), key).toString('base64url')}`;
  }

  /** A key that nobody knows. */
  strangeKey(): KeyObject {
    return createPrivateKey(
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    );
  }

  /** An activity from somebody, in the channel unless `over` says otherwise. */
  activity(who: string, over: Json = {}): Json {
    const person = this.who(who);
    const id = String(++this.#next);
    return {
      type: 'message',
      id,
      timestamp: new Date().toISOString(),
      channelId: 'msteams',
      serviceUrl: this.serviceUrl,
      from: { id: person.userId, name: person.name, aadObjectId: person.aad },
      recipient: { id: `28:${APP_ID}`, name: 'Countersign' },
      conversation: {
        id: `${CHANNEL};messageid=${id}`,
        isGroup: true,
        conversationType: 'channel',
        tenantId: TENANT,
      },
      channelData: { tenant: { id: TENANT }, team: { id: '19:team@thread.tacv2' }, channel: { id: CHANNEL } },
      ...over,
    };
  }

  directOf(who: string): string {
    return `a:direct-${this.who(who).aad}`;
  }

  /** Where a private chat stands in an activity. */
  direct(who: string): Json {
    return {
      conversation: { id: this.directOf(who), conversationType: 'personal', tenantId: TENANT },
      channelData: { tenant: { id: TENANT } },
    };
  }

  /** Where the group chat stands in an activity. */
  group(): Json {
    return {
      conversation: { id: GROUP, conversationType: 'groupChat', isGroup: true, tenantId: TENANT },
      channelData: { tenant: { id: TENANT } },
    };
  }

  /** An entry of the menu on somebody's message. */
  menu(who: string, commandId: string, message: Json, over: Json = {}): Json {
    return this.activity(who, {
      type: 'invoke',
      name: 'composeExtension/fetchTask',
      value: { commandId, commandContext: 'message', messagePayload: message, context: { theme: 'default' } },
      ...over,
    });
  }

  /** Posts to the bot as the connector does; a token of null sends none. */
  async deliver(activity: Json, token: string | null = this.token()): Promise<Delivered> {
    const response = await fetch(this.botEndpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(activity),
    });
    const text = await response.text();
    if (text.includes('AdaptiveCard')) {
      const card = (JSON.parse(text) as { readonly value: Json }).value;
      keepPayload('teams', 'answer', String(card['fallbackText'] ?? ''), card);
    }
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as Json) };
  }

  /** Says something to the bot with a mention, in the channel. */
  mention(who: string, text: string, over: Json = {}): Promise<Delivered> {
    return this.deliver(
      this.activity(who, {
        text: `<at>Countersign</at> ${text}`,
        entities: [
          {
            type: 'mention',
            text: '<at>Countersign</at>',
            mentioned: { id: `28:${APP_ID}`, name: 'Countersign' },
          },
        ],
        ...over,
      }),
    );
  }

  /** Says something in the private chat. */
  say(who: string, text: string, over: Json = {}): Promise<Delivered> {
    return this.deliver(this.activity(who, { text, ...this.direct(who), ...over }));
  }

  /** An invoke of a card's button as a client sends it. */
  invoke(who: string, message: Pick<Posted, 'id' | 'conversation' | 'thread'>, data: Json, over: Json = {}): Json {
    const isDirect = message.conversation.startsWith('a:');
    return this.activity(who, {
      type: 'invoke',
      name: 'adaptiveCard/action',
      replyToId: message.id,
      value: { action: { type: 'Action.Execute', verb: data?.['countersign'] ?? 'press', data }, trigger: 'manual' },
      ...(isDirect
        ? this.direct(who)
        : message.conversation === GROUP
          ? this.group()
          : {
              conversation: {
                id: `${message.conversation};messageid=${message.thread ?? message.id}`,
                isGroup: true,
                conversationType: 'channel',
                tenantId: TENANT,
              },
            }),
      ...over,
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const path = new URL(request.url ?? '/', this.base).pathname;
    const send = (body: unknown, status = 200, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    const refuse = (status: number, code: string, headers: Record<string, string> = {}): void =>
      send({ error: { code, message: code } }, status, headers);

    if (path === '/v1/.well-known/openidconfiguration') {
      send({
        issuer: 'https://api.botframework.com',
        jwks_uri: `${this.base}/v1/.well-known/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
      });
      return undefined;
    }
    if (path === '/v1/.well-known/keys') {
      const jwk = this.#key.publicKey.export({ format: 'jwk' });
      send({ keys: [{ ...jwk, kid: 'k1', use: 'sig', alg: 'RS256', endorsements: this.endorsements }] });
      return undefined;
    }
    if (path.endsWith('/oauth2/v2.0/token')) {
      const token = `bot-${randomUUID()}`;
      this.#issued.add(token);
      send({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token });
      return undefined;
    }
    if (path.startsWith('/files/')) {
      const file = this.files.get(path.slice('/files/'.length));
      if (request.method === 'PUT') {
        this.uploads.set(path.slice('/files/'.length), raw);
        send({}, 201);
      } else if (file?.redirect) response.writeHead(302, { location: file.redirect }).end();
      else if (file) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes);
      else refuse(404, 'NotFound');
      return undefined;
    }
    const body = raw.byteLength > 0 ? (JSON.parse(raw.toString()) as Json) : undefined;
    this.calls.push({ method: request.method ?? '', path, body });
    const bearer = (request.headers.authorization ?? '').replace('Bearer ', '');
    if (!this.acceptsAnyone && !this.#issued.has(bearer)) return refuse(401, 'BotNotRegistered');
    if (this.failNext && this.failNext.left > 0) {
      this.failNext.left -= 1;
      const after = this.failNext.retryAfter;
      return refuse(this.failNext.status, 'Throttled', after === undefined ? {} : { 'retry-after': after });
    }
    if (body && Buffer.byteLength(JSON.stringify(body), 'utf16le') > this.maxUtf16Bytes)
      return refuse(413, 'MessageSizeTooBig');
    if (request.method === 'PUT') await this.beforeEdit?.();
    return this.#connector(request.method ?? '', path.replace(/^\/amer/, ''), body, send, refuse);
  }

  #connector(
    method: string,
    path: string,
    body: Json | undefined,
    send: (body: unknown, status?: number) => void,
    refuse: (status: number, code: string) => void,
  ): unknown {
    if (path === '/v3/conversations' && method === 'POST') {
      const [member] = (body?.['members'] ?? []) as { id: string }[];
      const person = [...this.people.values()].find((p) => p.userId === member?.id || p.aad === member?.id);
      if (!person || this.noDirect.has(person.key) || body?.['tenantId'] !== TENANT)
        return refuse(403, 'BotNotInConversationRoster');
      return send({ id: this.directOf(person.key) }, 201);
    }
    const member = /^\/v3\/conversations\/([^/]+)\/members\/([^/]+)$/.exec(path);
    if (member && method === 'GET') {
      if (this.rosterFails) return refuse(503, 'ServiceUnavailable');
      const id = decodeURIComponent(member[2] as string);
      const person = [...this.people.values()].find((p) => p.userId === id || p.aad === id);
      if (!person) return refuse(404, 'MemberNotFoundInConversation');
      return send({
        id: person.userId,
        name: person.name,
        aadObjectId: person.aad,
        tenantId: TENANT,
        userPrincipalName: person.upn ?? `${person.key}@example.com`,
        ...(person.userRole === undefined ? {} : { userRole: person.userRole }),
      });
    }
    const at = /^\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/.exec(path);
    if (!at) return refuse(404, 'NotFound');
    const [conversation = '', thread = null] = decodeURIComponent(at[1] as string).split(';messageid=');
    if (body) keepPayload('teams', 'message', String(body['summary'] ?? ''), body);
    if (method === 'POST') {
      if (thread !== null && !conversation.endsWith('@thread.tacv2')) return refuse(400, 'BadSyntax');
      const id = String(++this.#next);
      this.posted.push({ id, conversation, thread, activity: body as Json, edits: 0, isRemoved: false });
      return send({ id }, 201);
    }
    const found = this.posted.find((p) => p.id === at[2] && p.conversation === conversation && !p.isRemoved);
    if (!found) return refuse(404, 'ActivityNotFound');
    if (method === 'PUT') {
      found.activity = body as Json;
      found.edits += 1;
      return send({ id: found.id });
    }
    found.isRemoved = true;
    return send({});
  }
}
