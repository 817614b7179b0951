// One Socket Mode connection under supervision: it comes back by itself, and no failure of it ends the process.
import { SocketModeReceiver } from '@slack/bolt';
import type { SlackLog } from '../options.ts';
import { quietLogger } from '../send/clients.ts';
import type { ReceiverTarget } from './receiver.ts';

/** Words of Slack's that no retry can mend: somebody has to look at the token or the app. */
const NEEDS_A_PERSON = [
  'invalid_auth',
  'account_inactive',
  'team_disabled',
  'not_authed',
  'token_revoked',
  'not_allowed_token_type',
  'token_expired',
];
const MAX_WAIT_MS = 60_000;
const START_MS = 30_000;

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected' }
  | { readonly state: 'waiting'; readonly because: string; readonly needsPerson: boolean };

export interface Supervised {
  readonly connection: () => Connection;
  start(): void;
  stop(): Promise<void>;
}

/** Keeps a connection open. `changed` is told of every change; `connected` runs after each that stands. */
export function superviseSocket(parts: {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly target: ReceiverTarget;
  readonly log: SlackLog;
  readonly reconnectMs: number;
  readonly changed: (connection: Connection) => void;
}): Supervised {
  // The client's own reconnecting ends in a rejection nobody can catch, so it is off: a fresh receiver is made for each connection.
  const makeReceiver = () => {
    const receiver = new SocketModeReceiver({
      appToken: parts.appToken,
      autoReconnectEnabled: false,
      logger: quietLogger,
      installerOptions: {
        clientOptions: {
          ...(parts.apiUrl ? { slackApiUrl: parts.apiUrl } : {}),
          retryConfig: { retries: 0 },
          timeout: 10_000,
        },
      },
    });
    receiver.init(parts.target);
    return receiver;
  };
  let connection: Connection = { state: 'connecting' };
  let receiver: ReturnType<typeof makeReceiver> | null = null;
  let isStopped = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;

  const become = (next: Connection): void => {
    connection = next;
    parts.changed(next);
  };

  function again(because: string): void {
    if (isStopped) return;
    clearTimeout(timer);
    const needsPerson = NEEDS_A_PERSON.some((word) => because.includes(word));
    const wait = needsPerson
      ? Math.min(parts.reconnectMs * 30, MAX_WAIT_MS)
      : failures === 0
        ? 0
        : Math.min(parts.reconnectMs * 2 ** (failures - 1), MAX_WAIT_MS);
    failures += 1;
    become({ state: 'waiting', because, needsPerson });
    timer = setTimeout(() => void connect(), wait);
  }

  async function connect(): Promise<void> {
    if (isStopped) return;
    const mine = makeReceiver();
    receiver = mine;
    let isDone = false;
    const over = (because: string): void => {
      if (isDone) return;
      isDone = true;
      if (receiver === mine) again(because);
    };
    mine.client.on('disconnected', () => over('the connection was closed'));
    try {
      let late: NodeJS.Timeout | undefined;
      const started = mine.start();
      await Promise.race([
        started,
        new Promise((_, reject) => {
          late = setTimeout(() => reject(new Error('no connection within 30 s')), START_MS);
        }),
      ]).finally(() => clearTimeout(late));
      started.catch(() => {});
      failures = 0;
      become({ state: 'connected' });
    } catch (error) {
      parts.log.warn({ err: error }, 'Slack could not be connected; it is tried again');
      void mine.stop().catch(() => {});
      over(error instanceof Error ? error.message : String(error ?? 'the connection was closed'));
    }
  }

  return {
    connection: () => connection,
    start: () => void connect(),
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await receiver?.stop().catch(() => {});
    },
  };
}
