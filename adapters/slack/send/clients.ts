// Two clients of Slack's Web API: a 429 on the one for traffic never makes a decision wait.
import { LogLevel, webApi } from '@slack/bolt';
import { TryLater } from '../../../src/chat/try-later.ts';
import { objectAt, type Payload, textAt } from '../parse/payload.ts';

/** Calls one method. Throws TryLater when Slack asks to wait, SlackRefused when it says no, anything else when it is not to be reached. */
export type Call = (method: string, args?: Readonly<Record<string, unknown>>) => Promise<Payload>;

/** Slack answered `ok: false`. `code` is its word for why. */
export class SlackRefused extends Error {
  override readonly name = 'SlackRefused';
  readonly code: string;
  readonly answer: Payload;

  constructor(method: string, code: string, answer: Payload) {
    super(`${method}: ${code}`);
    this.code = code;
    this.answer = answer;
  }
}

/** Slack could not be asked, or gave no answer: it may have done it all the same. */
export class SlackUnreachable extends Error {
  override readonly name = 'SlackUnreachable';
}

export interface Clients {
  /** Timeline, cards, files, look-ups for display. */
  readonly traffic: Call;
  /** Decisions and what answers a person who is waiting. */
  readonly urgent: Call;
  /** Scopes the last answer named as granted; null before the first. */
  readonly grantedScopes: () => readonly string[] | null;
  /** Messages that were posted into channels since the start: Slack tells us of each, when it is set to. */
  readonly posted: () => number;
  readonly upload: (args: Readonly<Record<string, unknown>>) => Promise<Payload>;
}

/** A logger for the SDK's own lines that says nothing: what matters comes back as errors. */
export const quietLogger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

export function createClients(token: string, apiUrl: string | undefined, now: () => number): Clients {
  let granted: readonly string[] | null = null;
  let posted = 0;

  function lane(timeout: number) {
    const client = new webApi.WebClient(token, {
      ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
      timeout,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      maxRequestConcurrency: 10,
      allowAbsoluteUrls: false,
      logger: quietLogger,
    });
    // Slack limits each method by itself; what it asked to leave alone is not asked again before.
    const closedUntil = new Map<string, number>();
    const guarded = async <Answer>(method: string, work: () => Promise<Answer>): Promise<Answer> => {
      const wait = (closedUntil.get(method) ?? 0) - now();
      if (wait > 0) throw new TryLater(wait, `${method} is rate limited`);
      try {
        return await work();
      } catch (error) {
        throw translated(method, error, (afterMs) => closedUntil.set(method, now() + afterMs));
      }
    };
    return { client, guarded };
  }

  const note = (answer: unknown): Payload => {
    const scopes = objectAt(answer, 'response_metadata')['scopes'];
    if (Array.isArray(scopes)) granted = scopes.map(String);
    return objectAt({ answer }, 'answer');
  };
  const caller =
    ({ client, guarded }: ReturnType<typeof lane>): Call =>
    async (method, args = {}) => {
      const answer = note(await guarded(method, () => client.apiCall(method, args)));
      if (method === 'chat.postMessage' && !String(args['channel']).startsWith('D')) posted += 1;
      return answer;
    };

  const traffic = lane(10_000);
  const urgent = lane(10_000);
  return {
    traffic: caller(traffic),
    urgent: caller(urgent),
    grantedScopes: () => granted,
    posted: () => posted,
    upload: async (args) =>
      note(
        await traffic.guarded('files.uploadV2', () =>
          traffic.client.filesUploadV2(args as unknown as Parameters<typeof traffic.client.filesUploadV2>[0]),
        ),
      ),
  };
}

function translated(method: string, error: unknown, close: (afterMs: number) => void): unknown {
  const code = textAt(error, 'code');
  const read = error as { retryAfter?: number; data?: Payload };
  if (code === 'slack_webapi_rate_limited_error') {
    const afterMs = Math.max(1, read.retryAfter ?? 1) * 1000;
    close(afterMs);
    return new TryLater(afterMs, `${method} is rate limited`);
  }
  if (code === 'slack_webapi_platform_error') {
    const answer = read.data ?? {};
    const why = textAt(answer, 'error') || 'no answer that makes sense';
    if (why === 'ratelimited') {
      close(1000);
      return new TryLater(1000, `${method} is rate limited`);
    }
    // An answer that is no JSON, such as a maintenance page, comes as its whole text.
    return /^[a-z0-9_:.-]{1,80}$/.test(why)
      ? new SlackRefused(method, why, answer)
      : new SlackUnreachable(`${method}: ${why.slice(0, 80)}`);
  }
  return new SlackUnreachable(`${method}: ${error instanceof Error ? error.message : String(error)}`);
}
