// Slack's rows of the self test: what was granted against what is declared, and whether it is connected.
import type { DoctorRow } from '../../src/adapter.ts';
import { textAt } from './parse/payload.ts';
import type { Connection } from './receive/socket.ts';
import { type Clients, SlackRefused } from './send/clients.ts';

const REINSTALL =
  'Open the app\u2019s settings at api.slack.com/apps, paste manifest.yml under "App Manifest", then "Install App" again.';

/** Never throws: what cannot be asked is a row that says so. */
export async function doctorRows(parts: {
  readonly clients: Clients;
  readonly scopes: readonly string[];
  /** Null in HTTP mode. */
  readonly connection: () => Connection | null;
  readonly lastDeliveryAgoMs: () => number | null;
}): Promise<readonly DoctorRow[]> {
  return [...(await tokenRows(parts)), transportRow(parts)];
}

async function tokenRows(parts: {
  readonly clients: Clients;
  readonly scopes: readonly string[];
}): Promise<readonly DoctorRow[]> {
  try {
    const answer = await parts.clients.urgent('auth.test');
    const granted = parts.clients.grantedScopes();
    const missing = granted === null ? null : parts.scopes.filter((s) => !granted.includes(s));
    return [
      { name: 'Slack token', state: 'good', says: `Valid for ${textAt(answer, 'team')} as ${textAt(answer, 'user')}.` },
      missing === null
        ? { name: 'Slack scopes', state: 'warning', says: 'Slack did not say which scopes are granted.' }
        : missing.length === 0
          ? { name: 'Slack scopes', state: 'good', says: `All ${parts.scopes.length} are granted.` }
          : { name: 'Slack scopes', state: 'bad', says: `Missing: ${missing.join(', ')}. ${REINSTALL}` },
    ];
  } catch (error) {
    const says =
      error instanceof SlackRefused
        ? `Slack says ${error.code}. Copy the bot token from "OAuth & Permissions" into COUNTERSIGN_SLACK_BOT_TOKEN and start again.`
        : `Slack cannot be reached: ${error instanceof Error ? error.message : String(error)}. Check the network and status.slack.com.`;
    return [{ name: 'Slack token', state: 'bad', says }];
  }
}

function transportRow(parts: {
  readonly connection: () => Connection | null;
  readonly lastDeliveryAgoMs: () => number | null;
}): DoctorRow {
  const connection = parts.connection();
  const ago = parts.lastDeliveryAgoMs();
  const heard =
    ago === null ? 'Nothing has come in since the start.' : `The last delivery came ${Math.round(ago / 1000)} s ago.`;
  if (connection === null)
    return {
      name: 'Slack receives over HTTP',
      state: ago === null ? 'warning' : 'good',
      says: ago === null ? `${heard} If that stays, check the request URLs in the app's settings.` : heard,
    };
  switch (connection.state) {
    case 'connected':
      return { name: 'Slack Socket Mode', state: 'good', says: `Connected. ${heard}` };
    case 'connecting':
      return { name: 'Slack Socket Mode', state: 'warning', says: 'Connecting.' };
    case 'waiting':
      return {
        name: 'Slack Socket Mode',
        state: 'bad',
        says: connection.needsPerson
          ? `Slack refuses the connection (${connection.because.slice(0, 120)}). Make an app-level token with connections:write under "Basic Information", put it into COUNTERSIGN_SLACK_APP_TOKEN and start again.`
          : `Not connected (${connection.because.slice(0, 120)}); it is tried again by itself.`,
      };
  }
}
