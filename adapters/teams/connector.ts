// Calls to the Bot Connector by Microsoft's client, over a transport of our own: time limits, no redirects, no retries inside a call, paced for each conversation.
import { ConnectorClient } from 'botframework-connector';
import { BUDGETS, type Budget, CALL_TIMEOUT_MS, ROSTER_BUDGETS, TRY_LATER } from './limits.ts';
import { signedWith } from './trust.ts';

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
/** An approval that waits two seconds is better than one that is refused because nobody could be asked. */
const ROSTER_WAIT_MS = 2_000;

/** A client over fetch. Throws ConnectorError, or what fetch throws. */
export function createConnector(parts: ConnectorParts): Connector {
  const sleep = parts.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const calls = new Map<string, number[]>();
  const notBefore = new Map<string, number>();

  /** Milliseconds until the budgets of a conversation allow another call. */
  function waitFor(conversation: string, budgets: readonly Budget[]): number {
    const now = parts.now();
    const times = (calls.get(conversation) ?? []).filter((t) => t > now - 3_600_000);
    calls.set(conversation, times);
    const paced = budgets.map(({ count, perMs }) => {
      const oldest = times.at(-count);
      return oldest === undefined ? 0 : oldest + perMs - now;
    });
    return Math.max(0, (notBefore.get(conversation) ?? 0) - now, ...paced);
  }

  async function takeTurn(conversation: string, budgets: readonly Budget[], longestMs: number): Promise<void> {
    const wait = waitFor(conversation, budgets);
    if (wait > longestMs) throw new ConnectorError(429, 'paced', wait);
    if (wait > 0) await sleep(wait);
    calls.get(conversation)?.push(parts.now());
    if (calls.size > 2_000) calls.clear();
  }

  const clients = new Map<string, ConnectorClient>();
  function clientAt(serviceUrl: string): ConnectorClient {
    if (!parts.isAllowed(serviceUrl)) throw new Error('that service address is not one the bot may call');
    const known = clients.get(serviceUrl);
    if (known) return known;
    if (clients.size > 100) clients.clear();
    const made = new ConnectorClient(signedWith(parts.token) as never, {
      baseUri: serviceUrl.replace(/\/$/, ''),
      httpClient: { sendRequest: exchange } as never,
    });
    clients.set(serviceUrl, made);
    return made;
  }

  /** One call in its turn; a wish to come later holds for the whole conversation. */
  async function call<Answer>(
    serviceUrl: string,
    conversation: string,
    work: (at: ConnectorClient['conversations']) => Promise<Answer>,
    budgets = BUDGETS,
    longestMs = SHORT_WAIT_MS,
  ): Promise<Answer> {
    const { conversations } = clientAt(serviceUrl);
    await takeTurn(conversation, budgets, longestMs);
    try {
      return await work(conversations);
    } catch (error) {
      if (error instanceof ConnectorError && error.afterMs !== null)
        notBefore.set(conversation, parts.now() + error.afterMs);
      throw error;
    }
  }

  const idOf = (answer: { readonly id?: string }): string => {
    if (typeof answer.id !== 'string') throw new ConnectorError(200, 'no id in the answer', null);
    return answer.id;
  };
  return {
    send: (serviceUrl, conversation, activity) =>
      call(serviceUrl, conversation, async (at) => idOf(await at.sendToConversation(conversation, activity))),
    async update(serviceUrl, conversation, id, activity) {
      await call(serviceUrl, conversation, (at) => at.updateActivity(conversation, id, { ...activity, id }));
    },
    async remove(serviceUrl, conversation, id) {
      await call(serviceUrl, conversation, (at) => at.deleteActivity(conversation, id));
    },
    openDirect: (serviceUrl, tenant, bot, userId) =>
      call(serviceUrl, `direct ${userId}`, async (at) =>
        idOf(
          await at.createConversation({
            isGroup: false,
            bot: { id: bot },
            members: [{ id: userId }],
            tenantId: tenant,
            channelData: { tenant: { id: tenant } },
          } as never),
        ),
      ),
    async member(serviceUrl, conversation, userId) {
      try {
        // Rosters have a budget of their own.
        return await call(
          serviceUrl,
          `members of ${conversation}`,
          async (at) => ({ ...(await at.getConversationMember(conversation, userId)) }) as Record<string, unknown>,
          ROSTER_BUDGETS,
          ROSTER_WAIT_MS,
        );
      } catch (error) {
        if (error instanceof ConnectorError && error.status === 404) return null;
        throw error;
      }
    },
  };
}

/** A request as Microsoft's client makes it. */
interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: { toJson(): Record<string, string> };
  readonly body?: string;
}

/** Carries out one request. Everything but success is thrown as ConnectorError, so that the client's own retries never see it. */
async function exchange(request: Outgoing): Promise<unknown> {
  const response = await fetch(request.url, {
    method: request.method,
    redirect: 'error',
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    headers: { ...request.headers.toJson(), accept: 'application/json' },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  const bodyAsText = await response.text();
  if (response.ok) {
    const headers = { 'content-type': 'application/json' };
    // Some answers are empty: the client reads an object all the same.
    return { request, status: response.status, headers: { toJson: () => headers }, bodyAsText: bodyAsText || '{}' };
  }
  const error = asObject(asObject(bodyAsText)['error']);
  const after = TRY_LATER.has(response.status) ? afterMs(response.headers.get('retry-after')) : null;
  throw new ConnectorError(response.status, String(error['code'] ?? '').slice(0, 80), after);
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
