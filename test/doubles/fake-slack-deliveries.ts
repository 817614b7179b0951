// What Slack sends, built as Slack builds it, and how its HTTP requests are signed.
import { createHmac } from 'node:crypto';
import { isObject, listAt, objectAt, type Payload, textAt } from '../../adapters/slack/parse/payload.ts';
import { APP, BOT, type SlackMessage, type SlackView, type SlackWorkspace, TEAM } from './fake-slack-api.ts';

export interface DeliveryOptions {
  /** Number of the retry; the same event_id is delivered again. */
  readonly retry?: number;
  readonly isBadlySigned?: boolean;
  /** Seconds the request's time is off; negative is the past. */
  readonly clockOffSeconds?: number;
}

interface Came {
  readonly user: string;
  readonly triggerId: string;
}

function common(workspace: SlackWorkspace, { user, triggerId }: Came): Payload {
  const team_id = workspace.users.get(user)?.team_id ?? TEAM;
  return {
    team: { id: TEAM, domain: 'example' },
    enterprise: null,
    is_enterprise_install: false,
    api_app_id: APP,
    token: 'x',
    user: { id: user, username: user, name: user, team_id },
    trigger_id: triggerId,
  };
}

export function commandBody(
  workspace: SlackWorkspace,
  came: Came & { readonly channel: string; readonly text: string; readonly responseUrl: string },
): Payload {
  return {
    token: 'x',
    team_id: TEAM,
    team_domain: 'example',
    channel_id: came.channel,
    channel_name: workspace.channels.get(came.channel)?.name ?? '',
    user_id: came.user,
    user_name: came.user,
    command: '/ir',
    text: came.text,
    api_app_id: APP,
    is_enterprise_install: 'false',
    response_url: came.responseUrl,
    trigger_id: came.triggerId,
  };
}

export function eventBody(workspace: SlackWorkspace, event: Payload, event_id: string): Payload {
  const channel = workspace.channels.get(textAt(event, 'channel'));
  return {
    token: 'x',
    team_id: TEAM,
    api_app_id: APP,
    event,
    type: 'event_callback',
    event_id,
    event_time: Math.floor(workspace.now() / 1000),
    is_ext_shared_channel: channel?.isExternallyShared ?? false,
    authorizations: [{ enterprise_id: null, team_id: TEAM, user_id: BOT, is_bot: true, is_enterprise_install: false }],
  };
}

export function clickBody(
  workspace: SlackWorkspace,
  came: Came & {
    readonly on: SlackMessage | SlackView;
    readonly value: string;
    readonly actionTs: string;
    readonly responseUrl: string;
  },
): Payload {
  const { on } = came;
  const blocks = listAt(on, 'blocks');
  const element = blocks.flatMap((b) => listAt(b, 'elements')).find((e) => textAt(e, 'value') === came.value);
  const block = blocks.find((b) => listAt(b, 'elements').includes(element));
  const isView = typeof on['ts'] !== 'string';
  const channel = isView ? '' : String(on['channel']);
  const action = {
    ...objectAt({ element }, 'element'),
    block_id: textAt(block, 'block_id') || 'b',
    action_ts: came.actionTs,
  };
  const place = isView
    ? { container: { type: 'view', view_id: on['id'] }, view: on }
    : {
        container: {
          type: 'message',
          message_ts: on['ts'],
          channel_id: channel,
          is_ephemeral: on['onlyFor'] !== undefined,
        },
        channel: { id: channel, name: 'x' },
        message: on,
        response_url: came.responseUrl,
      };
  return { type: 'block_actions', ...common(workspace, came), ...place, actions: [action] };
}

export function submitBody(
  workspace: SlackWorkspace,
  came: Came & { readonly view: SlackView; readonly values: Readonly<Record<string, Payload>> },
): Payload {
  const state = { values: Object.fromEntries(Object.entries(came.values).map(([id, value]) => [id, { value }])) };
  return { type: 'view_submission', ...common(workspace, came), view: { ...came.view, state }, response_urls: [] };
}

export function shortcutBody(
  workspace: SlackWorkspace,
  came: Came & { readonly callbackId: string; readonly message: SlackMessage; readonly responseUrl: string },
): Payload {
  return {
    type: 'message_action',
    ...common(workspace, came),
    callback_id: came.callbackId,
    response_url: came.responseUrl,
    channel: { id: came.message.channel, name: 'x' },
    message_ts: came.message.ts,
    message: came.message,
  };
}

/** Posts a delivery as Slack does over HTTP: events as JSON, the rest as forms, all signed. */
export async function post(
  url: string,
  type: 'events_api' | 'slash_commands' | 'interactive',
  payload: Payload,
  options: DeliveryOptions & { readonly secret: string; readonly ackMs: number },
): Promise<{ readonly acked: boolean; readonly status: number; readonly body: Payload }> {
  const body =
    type === 'events_api'
      ? JSON.stringify(payload)
      : type === 'slash_commands'
        ? new URLSearchParams(payload as Record<string, string>).toString()
        : new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(Date.now() / 1000) + (options.clockOffSeconds ?? 0));
  const key = options.isBadlySigned ? 'another secret' : options.secret;
  const signature = `v0=${createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': type === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
        'x-slack-signature': signature,
        'x-slack-request-timestamp': timestamp,
        ...(options.retry
          ? { 'x-slack-retry-num': String(options.retry), 'x-slack-retry-reason': 'http_timeout' }
          : {}),
      },
      body,
      signal: AbortSignal.timeout(options.ackMs),
    });
    const text = await response.text();
    const read: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    return { acked: response.ok, status: response.status, body: isObject(read) ? read : {} };
  } catch {
    return { acked: false, status: 0, body: {} };
  }
}
