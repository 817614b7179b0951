// Starts everything in order, and stops it in the reverse: store, services, adapters, desk, courier, one HTTP server.
import { accessSync, constants, mkdirSync, realpathSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Adapter } from './adapter.ts';
import { openAiAssistant } from './assist/openai.ts';
import type { Assistant } from './assist/types.ts';
import { finishErasures } from './audit/disposal.ts';
import { AuditError } from './audit/errors.ts';
import { type OpenedAudit, openAnchors, openAudit } from './audit/open.ts';
import { openSiem, siemFeed } from './audit/siem-feed.ts';
import { watched } from './audit/watched.ts';
import { systemActor } from './chat/actor.ts';
import type { Arrivals } from './chat/arrivals.ts';
import { channelAnchor, conversationOf } from './chat/channel-anchor.ts';
import { Courier } from './chat/courier.ts';
import { createDesk } from './chat/desk.ts';
import { Tokens } from './chat/tokens.ts';
import type { ChatPort } from './chat/types.ts';
import { showLost } from './commands/assist-card.ts';
import { noteConnection } from './commands/conversation.ts';
import { duties } from './commands/duties.ts';
import { renderLive } from './commands/live.ts';
import { createPolicy, recordPolicyAtStart } from './commands/policy.ts';
import { commands } from './commands/registry.ts';
import { createServices } from './commands/services.ts';
import { recordTrouble } from './commands/undelivered.ts';
import { anchorPlaces, type Settings, tokenBudget } from './config.ts';
import { answerCallback } from './containment/callback.ts';
import { Executions } from './containment/executions.ts';
import { openWebhookSecrets, SecretError } from './containment/secrets.ts';
import { recordShown } from './containment/shown.ts';
import { createStepUp } from './containment/totp.ts';
import { createWebhookExecutor, receiptFor } from './containment/webhook.ts';
import { openBlobs } from './evidence/blobs.ts';
import { searchOver } from './evidence/search.ts';
import { unpack } from './evidence/unpack.ts';
import { createFront } from './front.ts';
import { createMetrics } from './metrics.ts';
import { CLOCK_RULE_IDS } from './notice/clocks/regimes.ts';
import { createMailer } from './notice/mail.ts';
import { openOrganisation, readOrganisation } from './organisation/first-start.ts';
import { liveOrganisation } from './organisation/live.ts';
import type { LoadedOrganisation } from './organisation/load.ts';
import type { Organisation } from './organisation/schema.ts';
import { checkContextOf } from './playbook/organisation-rules.ts';
import { playbookFolder, shelfOf } from './playbook/shelf.ts';
import { Scheduler } from './schedule/scheduler.ts';
import { openSqliteStore } from './store/sqlite.ts';
import type { Store } from './store/types.ts';
import type { OwnAssets } from './timeline/types.ts';
import { readInWorker, stopReading } from './timeline/worker/read-in-worker.ts';

/** Starting is not possible; the message says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export interface AdapterContext {
  readonly settings: Settings;
  readonly organisation: LoadedOrganisation;
  /** What came in and was not finished. */
  readonly arrivals: Arrivals;
  /** Small named values that survive a restart; an adapter's names start with its platform. */
  readonly notes: Pick<Store, 'note' | 'setNote'>;
  /** Folder for an adapter's own files, made already. */
  readonly folder: string;
  readonly log: Logger;
  readonly now: () => number;
  readonly randomId: () => string;
}

export interface ServerParts {
  readonly settings: Settings;
  readonly log: Logger;
  readonly now: () => number;
  readonly randomId: () => string;
  /** Shows a line to whoever started the program. */
  readonly say: (line: string) => void;
  /** Makes the adapters whose settings are there. */
  readonly adapters: (context: AdapterContext) => Promise<readonly Adapter[]>;
}

export interface RunningServer {
  readonly url: string;
  /** Takes up a changed organisation's file, on whoever's word keeps the server. A file that cannot be used changes nothing. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

// The build puts this file in dist/src; the example and the playbooks stand at the top of the checkout.
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

function dataFolder(settings: Settings): string {
  const folder = settings.COUNTERSIGN_DATA;
  try {
    for (const part of ['evidence', 'keys', 'anchors']) mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return realpathSync(folder);
  } catch (error) {
    throw new StartError(
      `The data folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code}). Give this user the right to write there, or name another folder in COUNTERSIGN_DATA.`,
    );
  }
}

function listen(server: Server, settings: Settings): Promise<string> {
  const { COUNTERSIGN_PORT: port, COUNTERSIGN_BIND: host } = settings;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is taken. Stop the other program, or set COUNTERSIGN_PORT to a free port.`
          : `Cannot listen on ${host} port ${port} (${error.code}). Set COUNTERSIGN_BIND and COUNTERSIGN_PORT.`;
      reject(new StartError(why));
    });
    server.listen(port, host, () => {
      const at = server.address() as AddressInfo;
      resolve(`http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`);
    });
  });
}

/** What the organisation's file says is ours: told apart from the attacker's. */
const ownAssets = (org: Organisation): OwnAssets => ({
  networks: [...org.networks, ...org.assets.flatMap((a) => a.addresses)],
  hosts: org.assets.filter((a) => a.kind === 'host').map((a) => a.name),
  domains: org.domains,
});

/** Opens the ledger's log: a store that contradicts its checkpoints or anchors is not started on. */
async function openLedger(
  database: Store,
  folder: string,
  settings: Settings,
  now: () => number,
): Promise<OpenedAudit> {
  try {
    const channel = conversationOf(settings.COUNTERSIGN_ANCHOR_CHANNEL);
    const anchors = [
      ...openAnchors(anchorPlaces(settings, folder), hostname(), now),
      ...(channel ? [channelAnchor(channel, database)] : []),
    ];
    return await openAudit(folder, database, anchors, now);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    if (error.code === 'bad-key' || error.code === 'anchor-failed') throw new StartError(error.message);
    throw new StartError(
      `The ledger in ${folder} is not what its signed checkpoints say, so nothing is started on it: ${error.message}. Keep the folder as it is for the investigation; restore the newest backup into another one.`,
    );
  }
}

/** Sends new records to the SIEM of the settings; nothing when there is none. */
function openFeed(database: Store, settings: Settings, origin: string, now: () => number): () => Promise<number> {
  if (!settings.COUNTERSIGN_SIEM) return async () => 0;
  const source = { host: hostname(), origin };
  try {
    const send = openSiem(settings.COUNTERSIGN_SIEM, source, now);
    return siemFeed(database, send, settings.COUNTERSIGN_SIEM_FORMAT, source);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw new StartError(`COUNTERSIGN_SIEM: ${error.message}, or file:PATH`);
  }
}

function openSecrets(folder: string, organisation: LoadedOrganisation): (webhook: string) => string {
  try {
    return openWebhookSecrets(folder, Object.keys(organisation.organisation.webhooks));
  } catch (error) {
    if (error instanceof SecretError) throw new StartError(error.message);
    throw error;
  }
}

/** The model of the settings; null when there is none, and the built-in rules answer. */
const modelOf = (s: Settings, now: () => number): Assistant | null =>
  s.COUNTERSIGN_ASSISTANT_MODEL
    ? openAiAssistant({
        key: s.COUNTERSIGN_ASSISTANT_KEY,
        url: s.COUNTERSIGN_ASSISTANT_URL,
        model: s.COUNTERSIGN_ASSISTANT_MODEL,
        timeoutMs: s.COUNTERSIGN_ASSISTANT_TIMEOUT_SECONDS * 1000,
        retries: 2,
        now,
      })
    : null;

/** What is off, and what would switch it on, in a sentence each. */
function switchedOff(s: Settings): readonly string[] {
  const isTeamsOn = s.COUNTERSIGN_TEAMS_DEVELOPMENT === 'yes' || s.COUNTERSIGN_TEAMS_APP_ID !== '';
  return [
    s.COUNTERSIGN_SLACK_BOT_TOKEN
      ? ''
      : 'Slack is off. It needs COUNTERSIGN_SLACK_BOT_TOKEN and COUNTERSIGN_SLACK_APP_TOKEN: see docs/slack.md.',
    isTeamsOn
      ? ''
      : 'Teams is off. It needs COUNTERSIGN_TEAMS_APP_ID, COUNTERSIGN_TEAMS_APP_SECRET and COUNTERSIGN_TEAMS_TENANT: see docs/teams.md.',
    s.COUNTERSIGN_SMTP_URL
      ? ''
      : 'Mail is off. Notices go by e-mail once COUNTERSIGN_SMTP_URL is set: see docs/notices.md.',
    s.COUNTERSIGN_ASSISTANT_MODEL
      ? ''
      : 'The model is off. The built-in rules answer until COUNTERSIGN_ASSISTANT_MODEL is set: see docs/assistant.md.',
  ].filter((line) => line !== '');
}

/** Starts the program. Throws StartError, DatabaseTooNew or OrganisationError when it cannot. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { settings, log, say } = parts;
  const folder = dataFolder(settings);
  const { COUNTERSIGN_ORGANISATION: file } = settings;
  const first = openOrganisation(file, join(ROOT, 'countersign.example.yml'));
  const organisation = liveOrganisation(first, () => readOrganisation(file));
  const database = openSqliteStore(join(folder, 'countersign.db'), parts.now);
  const { log: auditLog, anchors, known } = await openLedger(database, folder, settings, parts.now);
  const feed = openFeed(database, settings, known[0]!.name, parts.now);
  const store = watched(database, () => auditLog, log);
  const blobs = openBlobs(join(folder, 'evidence'));
  await blobs.sweep();
  const tokens = new Tokens(store, parts.randomId);
  let secretOf = openSecrets(folder, organisation);
  const webhookSecret = (webhook: string): string => secretOf(webhook);
  const adapters = await parts.adapters({
    settings,
    organisation,
    arrivals: store.arrivals,
    notes: store,
    folder,
    log,
    now: parts.now,
    randomId: parts.randomId,
  });
  const ports = new Map<string, ChatPort>(adapters.map((a) => [a.port.platform, a.port]));
  let executions: Executions | null = null;
  let scheduler: Scheduler | null = null;
  const mailer = settings.COUNTERSIGN_SMTP_URL
    ? createMailer(settings.COUNTERSIGN_SMTP_URL, settings.COUNTERSIGN_MAIL_FROM)
    : null;
  const services = createServices({
    nudgeExecutions: (incident) => executions?.nudge(incident),
    chatRows: async () => [
      ...(scheduler ? [scheduler.doctorRow()] : []),
      ...(await Promise.all(adapters.map((a) => a.doctor?.() ?? []))).flat(),
    ],
    stepUp: createStepUp(folder, store, parts.now),
    store,
    blobs,
    organisation,
    policy: (made) =>
      createPolicy({
        services: made,
        live: organisation,
        prepare: async (next) => {
          const secrets = openSecrets(folder, next);
          const finish = await Promise.all(adapters.map((a) => a.organisationChanges?.(next.organisation)));
          return () => {
            secretOf = secrets;
            for (const put of finish) put?.();
          };
        },
      }),
    ports,
    log,
    now: parts.now,
    randomId: parts.randomId,
    auditLog,
    playbooks: shelfOf(playbookFolder(settings.COUNTERSIGN_PLAYBOOKS, join(ROOT, 'playbooks')), {
      stamp: () => organisation.hash,
      context: () => checkContextOf(organisation.organisation, CLOCK_RULE_IDS, new Set(organisation.templates.keys())),
    }),
    commands,
    read: (path, _size, options, onProgress) =>
      readInWorker({ path }, options, {
        own: ownAssets(organisation.organisation),
        onProgress: (done) => onProgress(done),
      }),
    unpack,
    search: searchOver(blobs),
    canMail: mailer !== null,
    model: modelOf(settings, parts.now),
    assistantTokens: tokenBudget(settings),
  });
  await recordPolicyAtStart(services);
  await finishErasures(services);
  const courier = new Courier({
    store,
    tokens,
    ports,
    blob: (sha256) => blobs.read(sha256),
    mail: mailer?.send ?? null,
    now: parts.now,
    log,
    troubled: (key, isDelivered) => recordTrouble(services, key, isDelivered),
    posted: (content, at) => recordShown(services, content, at),
    render: (content) => renderLive(content, services),
  });
  const desk = createDesk({ services, tokens, root: settings.COUNTERSIGN_COMMAND, nudge: () => courier.nudge() });
  scheduler = new Scheduler({ services, duties, log, nudge: () => courier.nudge() });
  const metrics = createMetrics(store);

  const server = createFront({
    adapters,
    metrics,
    callback: (request, response) => answerCallback(services, webhookSecret, request, response),
    log,
  });
  const url = await listen(server, settings);
  for (const adapter of adapters)
    await adapter.attach(
      desk,
      (change) =>
        void noteConnection(services, change).catch((error: unknown) =>
          log.error({ err: error }, 'a change of the connection could not be recorded'),
        ),
    );
  courier.start();
  scheduler.start();
  const minute = setInterval(
    () => void auditLog.tick().catch((error: unknown) => log.error({ err: error }, 'the ledger could not be signed')),
    60_000,
  );
  const fiveSeconds = setInterval(
    () =>
      void feed().catch((error: unknown) =>
        log.warn({ err: error }, 'the SIEM did not take the records; they are sent again'),
      ),
    5000,
  );
  for (const anchor of anchors.filter((a) => a.state === 'unreachable'))
    log.warn(anchor, 'an anchor of the ledger cannot be reached');
  executions = new Executions(
    services,
    createWebhookExecutor({
      webhooks: () => organisation.organisation.webhooks,
      secret: webhookSecret,
      receipt: (grant) => receiptFor(store, auditLog, grant),
      now: parts.now,
    }),
  );
  executions.start();
  for (const key of await services.incidentKeys()) {
    await services.intake.resume(key, { now: parts.now(), zone: organisation.organisation.zone });
    await showLost(services, key);
  }

  say(`Countersign is running at ${url}`);
  for (const adapter of adapters) say(`  ${adapter.ready}`);
  for (const line of switchedOff(settings)) say(`  ${line}`);
  if (first.isNew)
    say(`  ${file} was made from the example: a fictional organisation. Sign in with a passcode from that file.`);

  return {
    url,
    async reload() {
      await services.policy
        .reload(systemActor)
        .catch((error: unknown) =>
          log.error({ err: error }, 'the organisation file could not be taken up; the rules of before stay in force'),
        );
      courier.nudge();
    },
    async stop() {
      // Live streams never end by themselves.
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const adapter of adapters) await adapter.stop();
      server.closeAllConnections();
      await closed;
      clearInterval(minute);
      clearInterval(fiveSeconds);
      await executions?.stop();
      await scheduler.stop();
      await stopReading();
      await courier.stop();
      mailer?.close();
      await auditLog.close();
      await store.close();
    },
  };
}
