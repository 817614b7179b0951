// Composition root: the only place that makes the clock, the ids, the store, the services and the adapters.
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { readSettings, type Settings, SettingsError } from './config.ts';
import { OrganisationError } from './organisation/load.ts';
import { StartError, startServer } from './server.ts';
import { DatabaseTooNew } from './store/sqlite.ts';

function settingsOrExit(): Settings {
  try {
    return readSettings();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(`Countersign cannot start, a setting is wrong:\n${error.message}`);
    process.exit(2);
  }
}

const settings = settingsOrExit();
const log = pino(
  { level: settings.COUNTERSIGN_LOG_LEVEL, redact: ['*.token', '*.passcode', '*.secret', '*.authorization'] },
  pino.destination({ dest: 2, sync: false }),
);

try {
  const server = await startServer({
    settings,
    log,
    now: Date.now,
    randomId: () => randomBytes(24).toString('base64url'),
    say: (line) => console.log(line),
    adapters: async () => [],
  });
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'stopping');
    await server.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
} catch (error) {
  if (error instanceof StartError || error instanceof DatabaseTooNew || error instanceof OrganisationError) {
    console.error(`Countersign cannot start:\n${error.message}`);
    process.exit(2);
  }
  throw error;
}
