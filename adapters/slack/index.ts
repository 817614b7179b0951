// Slack: the incident channel as responders know it. Translates both ways and decides nothing.
import { HTTPReceiver } from '@slack/bolt';
import type { Adapter, ConnectionChange } from '../../src/adapter.ts';
import { ROUND_EVERY_MS } from '../../src/chat/arrivals.ts';
import type { Desk } from '../../src/chat/types.ts';
import { doctorRows } from './doctor.ts';
import { LIVES } from './limits.ts';
import type { SlackOptions } from './options.ts';
import type { Installation } from './parse/envelope.ts';
import { textAt } from './parse/payload.ts';
import { createPeople } from './people.ts';
import { createCatchUp } from './receive/catch-up.ts';
import { createDispatch } from './receive/dispatch.ts';
import { receiverTarget } from './receive/receiver.ts';
import { type Connection, superviseSocket } from './receive/socket.ts';
import { createClients, quietLogger, SlackRefused, SlackUnreachable } from './send/clients.ts';
import { createPort } from './send/port.ts';

export type { SlackOptions } from './options.ts';

const SEEN_EVERY_MS = 15_000;
const NOTICE_MS = 30_000;
const RECONNECT_MS = 1000;
const RECOVER_MS = 30_000;

/** The adapter, with what tests wait for. */
export interface SlackAdapter extends Adapter {
  /** Waits until everything that came in is handled. */
  settled(): Promise<void>;
  readonly connection: () => Connection | null;
}

const isFromTheFuture = (timestamp: string | readonly string[] | undefined, nowMs: number): boolean =>
  Number(timestamp) * 1000 > nowMs + LIVES.signatureMs;

/** Makes the adapter; it connects when a desk is attached, and tries again by itself for as long as it runs. */
export function createSlackAdapter(options: SlackOptions): SlackAdapter {
  const { log, now } = options;
  const clients = createClients(options.botToken, options.apiUrl, now);
  let own: Installation | null = null;
  let desk: Desk | null = null;
  let changed: (change: ConnectionChange) => void = () => {};
  let lastDeliveryAt: number | null = null;
  let isStopped = false;
  /** Nothing from a gap is outstanding: what comes from now on comes by itself. */
  let isCaughtUp = false;
  const timers = new Set<NodeJS.Timeout>();
  const installation = (): Installation => {
    if (!own) throw new SlackUnreachable('Slack has not been reached since the start');
    return own;
  };
  const people = createPeople(clients.urgent, installation, now);
  const files = {
    call: clients.traffic,
    token: options.botToken,
    apiUrl: options.apiUrl,
    maxFileBytes: options.maxFileBytes,
  };
  const port = createPort({
    clients,
    files,
    people,
    own: installation,
    options,
    blob: async (sha256) => (await desk?.blob(sha256)) ?? null,
  });
  const dispatch = createDispatch({
    arrivals: options.arrivals,
    own: installation,
    people,
    port,
    call: clients.urgent,
    lookUp: clients.traffic,
    files,
    notes: options.notes,
    desk: () => desk,
    randomId: options.randomId,
    log,
    root: options.root,
    now,
    ...(options.waits?.retryMs === undefined ? {} : { retryMs: options.waits.retryMs }),
  });
  const catchUp = createCatchUp({
    call: clients.traffic,
    own: installation,
    dispatch,
    notes: options.notes,
    hasIncident: async (id) =>
      (await desk?.hasIncident({ platform: 'slack', tenant: installation().tenant, id })) ?? false,
    now,
    log,
  });
  const target = receiverTarget(async (body, ack) => {
    lastDeliveryAt = now();
    await dispatch.take(body, ack);
  });

  let lostAt: number | null = null;
  let isNoted = false;
  function connectionBecame(next: Connection): void {
    if (next.state === 'connected') {
      if (isNoted && lostAt !== null)
        changed({ platform: 'slack', state: 'regained', sinceMs: lostAt, because: 'the connection stands again' });
      lostAt = null;
      isNoted = false;
      void recover();
      return;
    }
    isCaughtUp = false;
    lostAt ??= now();
    const because = next.state === 'waiting' ? next.because : 'connecting';
    if (next.state === 'waiting' && next.needsPerson) noteLoss(because);
    else later(() => noteLoss(because), options.waits?.noticeMs ?? NOTICE_MS);
  }

  /** Said once for each loss, and only when it lasted. */
  function noteLoss(because: string): void {
    const lasts = lostAt !== null && now() - lostAt >= (options.waits?.noticeMs ?? NOTICE_MS) - 50;
    if (isNoted || lostAt === null || !(lasts || because.includes('invalid_auth'))) return;
    isNoted = true;
    log.error({ because }, 'Slack is not connected');
    changed({ platform: 'slack', state: 'lost', sinceMs: lostAt, because });
  }

  function later(work: () => void, ms: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!isStopped) work();
    }, ms);
    timer.unref();
    timers.add(timer);
  }

  /** What an earlier process left, then what was said meanwhile. */
  async function recover(): Promise<void> {
    try {
      await dispatch.resume();
      await catchUp.run();
      await catchUp.seen();
      isCaughtUp = true;
    } catch (error) {
      log.warn({ err: error }, 'what came in during a gap could not all be read; it is tried again');
      later(() => void recover(), options.waits?.recoverMs ?? RECOVER_MS);
    }
  }

  const socket =
    options.appToken === null
      ? null
      : superviseSocket({
          appToken: options.appToken,
          apiUrl: options.apiUrl,
          target,
          log,
          reconnectMs: options.waits?.reconnectMs ?? RECONNECT_MS,
          changed: connectionBecame,
        });
  const http =
    options.signingSecret === null
      ? null
      : new HTTPReceiver({
          signingSecret: options.signingSecret,
          endpoints: '/slack/events',
          logger: quietLogger,
        });
  http?.init(target);

  /** Learns who we are, then receives. Without an answer it tries again: the rest of the program goes on. */
  async function begin(attempt: number): Promise<void> {
    if (isStopped) return;
    try {
      const answer = await clients.urgent('auth.test');
      const team = textAt(answer, 'team_id');
      const enterprise = textAt(answer, 'enterprise_id');
      own = {
        tenant: enterprise || team,
        team,
        enterprise,
        botUser: textAt(answer, 'user_id'),
        botId: textAt(answer, 'bot_id'),
        teamName: textAt(answer, 'team'),
      };
      if (socket) socket.start();
      else await recover();
    } catch (error) {
      log.error({ err: error }, 'Slack does not take the bot token, or cannot be reached; it is tried again');
      if (error instanceof SlackRefused) {
        lostAt ??= now();
        noteLoss(error.code);
      }
      later(
        () => void begin(attempt + 1),
        Math.min((options.waits?.reconnectMs ?? RECONNECT_MS) * 2 ** attempt, 60_000),
      );
    }
  }

  return {
    port,
    paths: http ? ['/slack/events'] : [],
    listener: http
      ? (request, response) => {
          // Bolt refuses what is old and takes what is from the future: such a request could be kept for later.
          if (isFromTheFuture(request.headers['x-slack-request-timestamp'], now())) response.writeHead(401).end();
          else http.requestListener(request, response);
        }
      : null,
    ready: http
      ? 'Slack is on over HTTP: its requests are taken at /slack/events.'
      : 'Slack is on over Socket Mode. "help doctor" says whether it is connected.',
    connection: () => socket?.connection() ?? null,
    async attach(given, tell) {
      desk = given;
      changed = tell;
      await begin(0);
      const seen = setInterval(() => {
        if (isCaughtUp)
          catchUp
            .seen()
            .catch((error: unknown) => log.warn({ err: error }, 'the time of the last delivery could not be kept'));
      }, SEEN_EVERY_MS);
      const rounds = setInterval(() => {
        if (isCaughtUp)
          dispatch.resume().catch((error: unknown) => log.warn({ err: error }, 'what waits could not be taken up'));
      }, ROUND_EVERY_MS);
      for (const timer of [seen, rounds]) {
        timer.unref();
        timers.add(timer);
      }
    },
    doctor: () =>
      doctorRows({
        clients,
        apiUrl: options.apiUrl,
        now,
        scopes: options.scopes,
        events: options.events,
        heard: dispatch.heardTypes,
        posts: () => clients.posted(),
        connection: () => socket?.connection() ?? null,
        lastDeliveryAgoMs: () => (lastDeliveryAt === null ? null : now() - lastDeliveryAt),
      }),
    settled: () => dispatch.settled(),
    async stop() {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      await socket?.stop();
      await dispatch.settled();
      if (isCaughtUp) await catchUp.seen().catch(() => {});
    },
  };
}
