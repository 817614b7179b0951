// Who did it and where, from the verified envelope alone; and the key that is the same when it is delivered again.
import { listAt, objectAt, type Payload, textAt } from './payload.ts';

/** The installation, as auth.test gives it. `tenant` is the enterprise id, or else the team id. */
export interface Installation {
  readonly tenant: string;
  readonly team: string;
  readonly enterprise: string;
  readonly botUser: string;
  readonly botId: string;
  readonly teamName: string;
}

/** Who sent something: the tenant is ours unless Slack says the person belongs to another one. */
export interface Sender {
  readonly tenant: string;
  readonly user: string;
}

const ID = /^[A-Z0-9]{2,32}$/;

/** Whether a value can be an id of Slack's: never a name, never empty. */
export const isId = (text: string): boolean => ID.test(text);

/** The body's workspace is the installed one. A delivery for any other workspace is not for us. */
export function isOurs(body: Payload, own: Installation): boolean {
  const team = textAt(body, 'team_id') || textAt(body, 'team', 'id');
  const enterprise = textAt(body, 'enterprise_id') || textAt(body, 'enterprise', 'id');
  if (team === '' && enterprise === '') return false;
  if (own.enterprise !== '' && enterprise !== '' && enterprise !== own.enterprise) return false;
  return team === own.team || (own.enterprise !== '' && enterprise === own.enterprise) || isSharedWithUs(body, own);
}

/** Events of a shared channel name the workspaces that are authorised to see them. */
const isSharedWithUs = (body: Payload, own: Installation): boolean =>
  listAt(body, 'authorizations').some((a) => textAt(a, 'team_id') === own.team);

/** The person behind a delivery, or null when its envelope names none with a usable id. */
export function senderOf(body: Payload, own: Installation): Sender | null {
  const event = objectAt(body, 'event');
  const user =
    textAt(body, 'user_id') ||
    textAt(body, 'user', 'id') ||
    textAt(event, 'user') ||
    textAt(event, 'user', 'id') ||
    textAt(event, 'message', 'user') ||
    textAt(event, 'previous_message', 'user');
  if (!isId(user)) return null;
  const home =
    textAt(body, 'user', 'team_id') || textAt(event, 'user_team') || textAt(event, 'source_team') || own.team;
  const isHome = home === own.team || home === own.enterprise || own.enterprise !== '';
  return { tenant: isHome ? own.tenant : home, user };
}

/** Key of a delivery: event_id, trigger_id, or message, action time and person. Null when it has none. */
export function deliveryKey(body: Payload): string | null {
  const type = textAt(body, 'type');
  if (type === 'event_callback') return named('event', textAt(body, 'event_id'));
  if (textAt(body, 'command') !== '') return named('command', textAt(body, 'trigger_id'));
  if (type === 'block_actions') {
    const action = listAt(body, 'actions')[0];
    const message = textAt(body, 'container', 'message_ts') || textAt(body, 'view', 'id');
    return named('click', [message, textAt(action, 'action_ts'), textAt(body, 'user', 'id')].join('/'));
  }
  if (type === 'view_submission' || type === 'message_action' || type === 'shortcut')
    return named(type, textAt(body, 'trigger_id') || `${textAt(body, 'view', 'id')}/${textAt(body, 'view', 'hash')}`);
  return null;
}

const named = (kind: string, id: string): string | null => (id === '' || id === '//' ? null : `slack:${kind}:${id}`);
