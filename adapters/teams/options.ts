// What the adapter needs, and what it refuses to start without.
import type { Logger } from 'pino';
import type { Arrivals } from '../../src/chat/arrivals.ts';

/** Small named values that survive a restart. */
export interface Notes {
  note(name: string): Promise<string | null>;
  setNote(name: string, value: string): Promise<void>;
}

/** Where Microsoft's services are; tests point them at loopback. */
export interface Network {
  readonly openIdMetadataUrl: string;
  /** Carries out the HTTP calls of the sign-in library. */
  readonly login?: (
    url: string,
    request: { readonly method: 'GET' | 'POST'; readonly headers: Record<string, string>; readonly body?: string },
  ) => Promise<{ readonly status: number; readonly headers: Record<string, string>; readonly body: unknown }>;
  /** Host endings that files may come from and go to. */
  readonly fileHosts: readonly string[];
  /** Plain http is allowed to loopback. */
  readonly isLoopback: boolean;
}

export interface TeamsOptions {
  readonly appId: string;
  readonly appSecret: string;
  /** Tenants whose people may talk to the bot; the first is the app's own. */
  readonly tenants: readonly string[];
  /** No authentication: for the Agents Playground on this machine alone. Everything is an exercise. */
  readonly isDevelopment: boolean;
  /** Keeps messages that do not mention the bot, where an owner has consented to that. */
  readonly capturesAll: boolean;
  /** Address the server listens on. */
  readonly bind: string;
  /** Root of the commands, without a slash. */
  readonly command: string;
  readonly notes: Notes;
  /** What came in and was not finished. */
  readonly arrivals: Arrivals;
  /** Folder for files that wait until somebody takes them; made already. */
  readonly folder: string;
  readonly maxFileBytes: number;
  readonly now: () => number;
  readonly randomId: () => string;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly network?: Network;
}

/** The adapter cannot start; the message says what to set. */
export class TeamsSettingsError extends Error {
  override readonly name = 'TeamsSettingsError';
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Tenant the people of development mode stand in: no organisation's file can list it by accident. */
export const DEVELOPMENT_TENANT = 'development';

export const isLoopbackHost = (host: string): boolean =>
  ['127.0.0.1', 'localhost', '::1', '[::1]'].includes(host.toLowerCase());

/** Checks the settings and gives them with ids in lower case. Throws TeamsSettingsError: an empty app id would mean no authentication at all. */
export function checkedOptions(options: TeamsOptions): TeamsOptions {
  if (options.isDevelopment) {
    if (!isLoopbackHost(options.bind))
      throw new TeamsSettingsError(
        `COUNTERSIGN_TEAMS_DEVELOPMENT: anybody who reaches ${options.bind} could pose as anybody else. Development works on loopback only: remove COUNTERSIGN_BIND, or remove this setting and set app id, secret and tenant.`,
      );
    if (options.appId !== '' || options.appSecret !== '')
      throw new TeamsSettingsError(
        'COUNTERSIGN_TEAMS_DEVELOPMENT: it has no authentication and takes no credentials. Remove COUNTERSIGN_TEAMS_APP_ID and COUNTERSIGN_TEAMS_APP_SECRET, or remove this setting.',
      );
    return { ...options, tenants: [DEVELOPMENT_TENANT] };
  }
  const appId = options.appId.trim().toLowerCase();
  const tenants = options.tenants.map((t) => t.trim().toLowerCase());
  const missing = [
    ...(appId === '' ? ['COUNTERSIGN_TEAMS_APP_ID'] : []),
    ...(options.appSecret === '' ? ['COUNTERSIGN_TEAMS_APP_SECRET'] : []),
    ...(tenants.length === 0 ? ['COUNTERSIGN_TEAMS_TENANT'] : []),
  ];
  if (missing.length > 0)
    throw new TeamsSettingsError(
      `${missing.join(' and ')}: Teams needs app id, secret and tenant together. Without them anybody could forge an approver. docs/teams.md says where to find them.`,
    );
  if (!GUID.test(appId))
    throw new TeamsSettingsError(
      'COUNTERSIGN_TEAMS_APP_ID: write the application (client) id, such as 0a1b2c3d-0000-4000-8000-000000000000.',
    );
  const wrong = tenants.find((t) => !GUID.test(t));
  if (wrong !== undefined)
    throw new TeamsSettingsError(
      `COUNTERSIGN_TEAMS_TENANT: "${wrong.slice(0, 60)}" is no directory (tenant) id. Write the id, not the domain; several are separated by commas.`,
    );
  return { ...options, appId, tenants };
}
