// The HTTP front. Nothing is read before its size is known, nothing is believed before its token is, and nobody learns why.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Desk } from '../../src/chat/types.ts';
import { LIMITS } from './limits.ts';
import { isLoopbackHost, type Network, type TeamsOptions } from './options.ts';
import { readActivity } from './parse/activity.ts';
import { type Claimed, type Trust, tenantFault } from './trust.ts';
import { type Answered, NotIdentified, type Turns } from './turn.ts';

export interface FrontParts {
  readonly options: TeamsOptions;
  readonly network: Network;
  readonly trust: Trust;
  readonly turns: Turns;
  readonly desk: () => Desk | null;
}

class Turned extends Error {
  override readonly name = 'Turned';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

type Body = Readonly<Record<string, unknown>>;

async function readBody(request: IncomingMessage): Promise<Body> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw new Turned(415, 'not-json');
  if (Number(request.headers['content-length'] ?? 0) > LIMITS.requestBytes) throw new Turned(413, 'too-large');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).byteLength;
    if (size > LIMITS.requestBytes) throw new Turned(413, 'too-large');
    chunks.push(chunk as Buffer);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
  } catch {
    // said below
  }
  throw new Turned(400, 'not-json');
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a request says of itself, for the record of having been turned away. */
function claims(body: Body | null): Readonly<Record<string, string>> {
  const from = (body?.['from'] ?? {}) as Body;
  const conversation = (body?.['conversation'] ?? {}) as Body;
  const said = {
    object: text(from['aadObjectId']),
    service: text(body?.['serviceUrl']),
    tenant: text(conversation['tenantId']),
    kind: text(body?.['type']),
  };
  return Object.fromEntries(Object.entries(said).filter(([, v]) => v !== ''));
}

/** Takes what the Bot Connector posts to /api/messages. */
export function createFront(parts: FrontParts) {
  const { options, network, trust, turns } = parts;

  /** Development mode believes everybody, so only this machine gets in, and nothing is sent anywhere else. */
  function onlyHere(request: IncomingMessage, serviceUrl: string): void {
    if (!options.isDevelopment) return;
    const from = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const host = new URL(`http://${request.headers.host ?? 'nowhere'}`).hostname;
    const service = URL.canParse(serviceUrl) ? new URL(serviceUrl).hostname : '';
    if (![from, host, service].every(isLoopbackHost)) throw new Turned(403, 'not-this-machine');
  }

  async function answer(request: IncomingMessage, keep: (body: Body) => void): Promise<Answered> {
    if (request.method !== 'POST') throw new Turned(405, 'not-post');
    const authorization = request.headers.authorization ?? '';
    if (!options.isDevelopment && !authorization.startsWith('Bearer ')) throw new Turned(401, 'no-token');
    const body = await readBody(request);
    keep(body);
    const claimed: Claimed = {
      type: text(body['type']),
      channelId: text(body['channelId']),
      serviceUrl: text(body['serviceUrl']),
    };
    if (claimed.channelId !== 'msteams' && !(options.isDevelopment && claimed.channelId === 'emulator'))
      throw new Turned(401, 'not-teams');
    if (!isServiceUrl(claimed.serviceUrl, network, options.isDevelopment)) throw new Turned(401, 'service-address');
    onlyHere(request, claimed.serviceUrl);
    try {
      await trust.authenticate(claimed, authorization);
    } catch (error) {
      options.log.warn({ err: error }, 'a request to Teams was not authentic');
      throw new Turned(401, 'not-authentic');
    }
    const fault = options.isDevelopment ? null : tenantFault(body, options.tenants);
    if (fault !== null) throw new Turned(403, fault);
    const activity = readActivity(body);
    if (!activity) throw new Turned(400, 'unknown-shape');
    const desk = parts.desk();
    if (!desk) throw new Turned(503, 'starting');
    try {
      return await turns.take(activity, desk);
    } catch (error) {
      if (error instanceof NotIdentified) throw new Turned(403, error.code);
      throw error;
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body: Body | null = null;
    let answered: Answered;
    try {
      answered = await answer(request, (b) => {
        body = b;
      });
    } catch (error) {
      const reference = `E-${randomBytes(4).toString('hex')}`;
      const turned = error instanceof Turned ? error : null;
      answered = { status: turned?.status ?? 500, body: { error: 'This request was not taken.', reference } };
      if (turned) options.log.warn({ reference, code: turned.code, claims: claims(body) }, 'a request was turned away');
      else options.log.error({ err: error, reference }, 'a Teams activity could not be handled');
      // Only what pretends to be somebody is worth a record; noise is not.
      if (turned && (turned.status === 401 || turned.status === 403))
        await parts
          .desk()
          ?.turnAway({ platform: 'teams', code: turned.code, reference, claims: claims(body) })
          .catch((e: unknown) => options.log.error({ err: e, reference }, 'a refusal could not be recorded'));
    }
    // An unread body would hold the connection.
    if (!request.readableEnded) response.setHeader('connection', 'close');
    const json = answered.body === undefined ? '' : JSON.stringify(answered.body);
    response.writeHead(answered.status, {
      ...(json === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.end(json);
  };
}

/** Whether an address can be a Bot Connector at all: https, or loopback where that is allowed. */
export function isServiceUrl(address: string, network: Network, isDevelopment: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:'
    ? !isDevelopment
    : url.protocol === 'http:' && (network.isLoopback || isDevelopment) && isLoopbackHost(url.hostname);
}
