// Composition root: the only place that makes the clock, the ids, the store, the services and the adapters.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { createSlackAdapter } from '../adapters/slack/index.ts';
import { createWebAdapter } from '../adapters/web/index.ts';
import type { Adapter } from './adapter.ts';
import { hashPasscode } from './chat/passcode.ts';
import { SLACK_EVENTS, SLACK_SCOPES } from './commands/manifest.ts';
import { readSettings, type Settings, SettingsError } from './config.ts';
import { maskedLog } from './log-mask.ts';
import { OrganisationError } from './organisation/load.ts';
import type { Organisation } from './organisation/schema.ts';
import { type AdapterContext, StartError, startServer } from './server.ts';
import { DatabaseTooNew } from './store/sqlite.ts';
import { openWorkspaceStore } from './store/workspace.ts';

function settingsOrExit(): Settings {
  try {
    return readSettings();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(`Countersign cannot start, a setting is wrong:\n${error.message}`);
    process.exit(2);
  }
}

/** The Teams adapter, when any of its settings is there. A missing one stops the start: it would mean no authentication. */
async function makeTeams(context: AdapterContext): Promise<readonly Adapter[]> {
  const s = context.settings;
  const isDevelopment = s.COUNTERSIGN_TEAMS_DEVELOPMENT === 'yes';
  const isWanted =
    isDevelopment ||
    s.COUNTERSIGN_TEAMS_APP_ID !== '' ||
    s.COUNTERSIGN_TEAMS_APP_SECRET !== '' ||
    s.COUNTERSIGN_TEAMS_TENANT.length > 0;
  if (!isWanted) return [];
  // Microsoft's libraries take a second to load: only for those who use them.
  const { createTeamsAdapter, TeamsSettingsError } = await import('../adapters/teams/index.ts');
  try {
    const teams = createTeamsAdapter({
      appId: s.COUNTERSIGN_TEAMS_APP_ID,
      appSecret: s.COUNTERSIGN_TEAMS_APP_SECRET,
      tenants: s.COUNTERSIGN_TEAMS_TENANT,
      capturesAll: s.COUNTERSIGN_TEAMS_CAPTURE === 'yes',
      isDevelopment,
      bind: s.COUNTERSIGN_BIND,
      command: s.COUNTERSIGN_COMMAND,
      notes: context.notes,
      arrivals: context.arrivals,
      folder: context.folder,
      maxFileBytes: s.COUNTERSIGN_MAX_UPLOAD_MB * 1_000_000,
      now: context.now,
      randomId: context.randomId,
      log: context.log,
    });
    return [teams];
  } catch (error) {
    if (error instanceof TeamsSettingsError) throw new StartError(error.message);
    throw error;
  }
}

/** Who may sign in to the workspace, as the organisation's file has it. */
const webPeople = (organisation: Organisation) =>
  Promise.all(
    organisation.people
      .filter((p) => p.passcode !== undefined && p.ids['web'] !== undefined)
      .map(async (p) => ({
        id: p.ids['web'] as string,
        label: p.name,
        passcodeHash: await hashPasscode(p.passcode as string),
        title: p.roles.join(', '),
        zone: organisation.zone,
      })),
  );

/** The adapters whose settings are there; the workspace needs none. */
async function makeAdapters(context: AdapterContext): Promise<readonly Adapter[]> {
  const { organisation } = context.organisation;
  const store = openWorkspaceStore(join(context.folder, 'workspace.db'));
  const web = createWebAdapter({
    store,
    people: await webPeople(organisation),
    now: context.now,
    newId: context.randomId,
    hosts: ['127.0.0.1', 'localhost', '[::1]', ...context.settings.COUNTERSIGN_HOSTS],
    workspaceName: organisation.name,
    commandName: `/${context.settings.COUNTERSIGN_COMMAND}`,
    maxFileBytes: context.settings.COUNTERSIGN_MAX_UPLOAD_MB * 1_000_000,
    heldFolder: join(context.folder, 'workspace-files'),
    signInHint: organisation.sample
      ? `These people are made up. Their passcodes stand in ${context.settings.COUNTERSIGN_ORGANISATION}.`
      : '',
    onFault: (error) => {
      const reference = `E-${randomBytes(4).toString('hex')}`;
      context.log.error({ err: error, reference }, 'the workspace failed');
      return reference;
    },
  });
  const slack = makeSlack(context);
  return [
    // The workspace takes every path that nobody else does, so it comes last.
    ...(slack ? [slack] : []),
    ...(await makeTeams(context)),
    {
      port: web.port,
      paths: ['/'],
      listener: (request, response) => void web.listener(request, response),
      ready: 'The web workspace is on: open that address in a browser.',
      attach: async (desk) => web.attach(desk),
      organisationChanges: async (next) => {
        const people = await webPeople(next);
        return () => web.admit(people);
      },
      async stop() {
        web.close();
        store.close();
      },
    },
  ];
}

/** Slack, when its tokens are there. */
function makeSlack({ settings, arrivals, notes, now, randomId, log }: AdapterContext): Adapter | null {
  if (!settings.COUNTERSIGN_SLACK_BOT_TOKEN) return null;
  return createSlackAdapter({
    botToken: settings.COUNTERSIGN_SLACK_BOT_TOKEN,
    appToken: settings.COUNTERSIGN_SLACK_APP_TOKEN || null,
    signingSecret: settings.COUNTERSIGN_SLACK_SIGNING_SECRET || null,
    ...(settings.COUNTERSIGN_SLACK_API_URL ? { apiUrl: settings.COUNTERSIGN_SLACK_API_URL } : {}),
    arrivals,
    notes,
    root: settings.COUNTERSIGN_COMMAND,
    maxFileBytes: settings.COUNTERSIGN_MAX_UPLOAD_MB * 1_000_000,
    scopes: Object.keys(SLACK_SCOPES),
    events: SLACK_EVENTS,
    now,
    randomId,
    log,
  });
}

const settings = settingsOrExit();
const log = pino(
  {
    level: settings.COUNTERSIGN_LOG_LEVEL,
    redact: ['*.token', '*.passcode', '*.secret', '*.authorization'],
    ...maskedLog,
  },
  pino.destination({ dest: 2, sync: false }),
);

try {
  const server = await startServer({
    settings,
    log,
    now: Date.now,
    randomId: () => randomBytes(24).toString('base64url'),
    say: (line) => console.log(line),
    adapters: makeAdapters,
  });
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'stopping');
    await server.stop();
    process.exit(0);
  };
  // To a service it means: read your file again. A terminal that closes sends it too, and then nobody keeps this server any more.
  const isAtTerminal = process.stdout.isTTY;
  process.on('SIGHUP', () => void (isAtTerminal ? stop('SIGHUP') : server.reload()));
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
} catch (error) {
  if (error instanceof StartError || error instanceof DatabaseTooNew || error instanceof OrganisationError) {
    console.error(`Countersign cannot start:\n${error.message}`);
    process.exit(2);
  }
  throw error;
}
