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
  readonly apiUrl: string | undefined;
  readonly now: () => number;
  readonly scopes: readonly string[];
  /** Declared in the manifest, and heard since the start. */
  readonly events: readonly string[];
  readonly heard: ReadonlySet<string>;
  readonly posts: () => number;
  /** Null in HTTP mode. */
  readonly connection: () => Connection | null;
  readonly lastDeliveryAgoMs: () => number | null;
}): Promise<readonly DoctorRow[]> {
  return [...(await tokenRows(parts)), transportRow(parts), eventRow(parts), await clockRow(parts.apiUrl, parts.now)];
}

/**
 * Slack tells nobody but an app's owner which events it is set to send. What can be told: everything we post in a channel
 * comes back to us as a message, so silence after a post means that the subscription is missing.
 */
function eventRow(parts: {
  readonly events: readonly string[];
  readonly heard: ReadonlySet<string>;
  readonly posts: () => number;
}): DoctorRow {
  const name = 'Slack events';
  const kinds = new Set(parts.events.map((e) => e.split('.')[0] ?? e));
  const heard = [...kinds].filter((k) => parts.heard.has(k));
  const declared = `${parts.events.length} are declared in the manifest`;
  if (parts.posts() > 0 && !parts.heard.has('message'))
    return {
      name,
      state: 'bad',
      says: `${declared}, and Slack has sent no message back of the ${parts.posts()} we posted. Open "Event Subscriptions" in the app's settings: they must be on, with the bot events of manifest.yml; then "Install App" again.`,
    };
  if (heard.length === 0)
    return {
      name,
      state: 'warning',
      says: `${declared}; none has come since the start. Say something in a channel I am in, then look again.`,
    };
  return { name, state: 'good', says: `${declared}; since the start came ${heard.join(', ')}.` };
}

const SKEW_WARNS_S = 30;
/** Slack's signatures hold for five minutes, and so do the times people read. */
const SKEW_BREAKS_S = 240;

async function clockRow(apiUrl: string | undefined, now: () => number): Promise<DoctorRow> {
  const name = 'Clock';
  try {
    const response = await fetch(new URL('api.test', apiUrl ?? 'https://slack.com/api/'), {
      method: 'POST',
      signal: AbortSignal.timeout(5000),
    });
    await response.arrayBuffer();
    const theirs = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isFinite(theirs)) return { name, state: 'warning', says: 'Slack did not say what time it is.' };
    // The header has whole seconds.
    const off = Math.max(0, Math.round(Math.abs(now() - theirs) / 1000) - 1);
    const says = `This server's clock is ${off} s ${now() > theirs ? 'ahead of' : 'behind'} Slack's.`;
    if (off <= SKEW_WARNS_S)
      return { name, state: 'good', says: off === 0 ? "This server's clock agrees with Slack's." : says };
    return {
      name,
      state: off > SKEW_BREAKS_S ? 'bad' : 'warning',
      says: `${says} Set it by NTP: deadlines and records carry its time${off > SKEW_BREAKS_S ? ', and Slack\u2019s signed requests are refused' : ''}.`,
    };
  } catch {
    return { name, state: 'warning', says: "Slack's clock could not be asked." };
  }
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
