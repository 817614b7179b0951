// Which scopes Slack wants for a call, as its pages of the methods say.
import { type Payload, textAt } from '../../adapters/slack/parse/payload.ts';
import type { SlackWorkspace } from './fake-slack-api.ts';

const FIXED: Readonly<Record<string, string>> = {
  'chat.postMessage': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'chat.update': 'chat:write',
  'users.info': 'users:read',
  'conversations.open': 'im:write',
  'pins.add': 'pins:write',
  'files.info': 'files:read',
  'files.getUploadURLExternal': 'files:write',
  'files.completeUploadExternal': 'files:write',
};

const READ_BY_TYPE: Readonly<Record<string, string>> = {
  public_channel: 'channels:read',
  private_channel: 'groups:read',
  im: 'im:read',
};

function needed(method: string, args: Payload, workspace: SlackWorkspace): readonly string[] {
  const fixed = FIXED[method];
  if (fixed) return [fixed];
  if (method === 'users.conversations')
    return textAt(args, 'types')
      .split(',')
      .flatMap((type) => READ_BY_TYPE[type] ?? []);
  const id = textAt(args, 'channel');
  const isPrivate = workspace.channels.get(id)?.isPrivate ?? false;
  const family = id.startsWith('D') ? 'im' : isPrivate ? 'groups' : 'channels';
  switch (method) {
    case 'conversations.history':
    case 'conversations.replies':
      return [`${family}:history`];
    case 'conversations.info':
      return [`${family}:read`];
    case 'conversations.create':
      return [args['is_private'] === true ? 'groups:write' : 'channels:manage'];
    case 'conversations.invite':
      return [isPrivate ? 'groups:write' : 'channels:manage'];
  }
  return [];
}

/** The scopes that were not granted, as Slack names them; null when none is missing. Before any scope is set, nothing is checked. */
export function missingScope(method: string, args: Payload, workspace: SlackWorkspace): string | null {
  if (workspace.scopes.length === 0) return null;
  const missing = needed(method, args, workspace).filter((scope) => !workspace.scopes.includes(scope));
  return missing.length === 0 ? null : missing.join(',');
}
