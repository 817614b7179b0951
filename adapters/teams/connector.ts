// Calls to the Bot Connector: its own REST interface, with time limits, without redirects, paced for each conversation.
import { BUDGETS, CALL_TIMEOUT_MS, TRY_LATER } from './limits.ts';

/** The Bot Connector did not do it. `afterMs` is set when it asks to come again. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly status: number;
  readonly code: string;
  readonly afterMs: number | null;

  constructor(status: number, code: string, afterMs: number | null) {
    super(`Teams answered ${status} ${code}`);
    this.status = status;
    this.code = code;
    this.afterMs = afterMs;
  }
}

/** What is sent: an activity as the Bot Framework has it. */
export type Activity = Readonly<Record<string, unknown>>;

export interface Connector {
  send(serviceUrl: string, conversation: string, activity: Activity): Promise<string>;
  update(serviceUrl: string, conversation: string, id: string, activity: Activity): Promise<void>;
  remove(serviceUrl: string, conversation: string, id: string): Promise<void>;
  /** The private chat with somebody; the same one every time. */
  openDirect(serviceUrl: string, tenant: string, bot: string, userId: string): Promise<string>;
  /** What the roster says of somebody; null when nobody there has that id. */
  member(serviceUrl: string, conversation: string, userId: string): Promise<Readonly<Record<string, unknown>> | null>;
}

export interface ConnectorParts {
  readonly token: () => Promise<string>;
  readonly now: () => number;
  /** Whether an address may be called at all; asked before every call. */
  readonly isAllowed: (serviceUrl: string) => boolean;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** Longest wait inside a call; beyond it the outbox waits instead, so that other conversations go on. */
const SHORT_WAIT_MS = 1_200;

/** A client over fetch. Throws ConnectorError, or what fetch throws. */
export function createConnector(parts: ConnectorParts): Connector {
  const sleep = parts.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const calls = new Map<string, number[]>();
  const notBefore = new Map<string, number>();

  /** Milliseconds until the budgets of a conversation allow another call. */
  function waitFor(conversation: string): number {
    const now = parts.now();
    const times = (calls.get(conversation) ?? []).filter((t) => t > now - 3_600_000);
    calls.set(conversation, times);
    const paced = BUDGETS.map(({ count, perMs }) => {
      const oldest = times.at(-count);
      return oldest === undefined ? 0 : oldest + perMs - now;
    });
    return Math.max(0, (notBefore.get(conversation) ?? 0) - now, ...paced);
  }

  async function takeTurn(conversation: string): Promise<void> {
    const wait = waitFor(conversation);
    if (wait > SHORT_WAIT_MS) throw new ConnectorError(429, 'paced', wait);
    if (wait > 0) await sleep(wait);
    calls.get(conversation)?.push(parts.now());
    if (calls.size > 2_000) calls.clear();
  }

  async function call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    serviceUrl: string,
    path: string,
    conversation: string,
    body?: unknown,
  ): Promise<Readonly<Record<string, unknown>>> {
    if (!parts.isAllowed(serviceUrl)) throw new Error('that service address is not one the bot may call');
    await takeTurn(conversation);
    const token = await parts.token();
    const response = await fetch(`${serviceUrl.replace(/\/$/, '')}${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = asObject(await response.text());
    if (response.ok) return answer;
    const error = asObject(answer['error']);
    const after = TRY_LATER.has(response.status) ? afterMs(response.headers.get('retry-after')) : null;
    if (after !== null) notBefore.set(conversation, parts.now() + after);
    throw new ConnectorError(response.status, String(error['code'] ?? '').slice(0, 80), after);
  }

  const at = (conversation: string): string => `/v3/conversations/${encodeURIComponent(conversation)}`;
  return {
    async send(serviceUrl, conversation, activity) {
      const answer = await call('POST', serviceUrl, `${at(conversation)}/activities`, conversation, activity);
      if (typeof answer['id'] !== 'string') throw new ConnectorError(200, 'no id in the answer', null);
      return answer['id'];
    },
    async update(serviceUrl, conversation, id, activity) {
      await call('PUT', serviceUrl, `${at(conversation)}/activities/${encodeURIComponent(id)}`, conversation, {
        ...activity,
        id,
      });
    },
    async remove(serviceUrl, conversation, id) {
      await call('DELETE', serviceUrl, `${at(conversation)}/activities/${encodeURIComponent(id)}`, conversation);
    },
    async openDirect(serviceUrl, tenant, bot, userId) {
      const answer = await call('POST', serviceUrl, '/v3/conversations', `direct ${userId}`, {
        isGroup: false,
        bot: { id: bot },
        members: [{ id: userId }],
        tenantId: tenant,
        channelData: { tenant: { id: tenant } },
      });
      if (typeof answer['id'] !== 'string') throw new ConnectorError(200, 'no id in the answer', null);
      return answer['id'];
    },
    async member(serviceUrl, conversation, userId) {
      try {
        // Rosters have a budget of their own.
        return await call(
          'GET',
          serviceUrl,
          `${at(conversation)}/members/${encodeURIComponent(userId)}`,
          `members of ${conversation}`,
        );
      } catch (error) {
        if (error instanceof ConnectorError && error.status === 404) return null;
        throw error;
      }
    },
  };
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> => {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  if (typeof value !== 'string' || value === '') return {};
  try {
    return asObject(JSON.parse(value));
  } catch {
    return {};
  }
};

/** Retry-After in seconds as milliseconds, between 1 s and 5 min. */
const afterMs = (header: string | null): number => {
  const seconds = Number(header ?? 1);
  return Math.min(Math.max(Number.isFinite(seconds) ? seconds : 1, 1), 300) * 1000;
};
