// What Slack delivered, as what happened: pure, and nothing yet looked up.
import type { ConversationChange, ShortcutName } from '../../../src/chat/types.ts';
import { FORM, readMetadata } from '../render/form.ts';
import { deliveryKey, type Installation, isId, type Sender, senderOf } from './envelope.ts';
import { flagAt, listAt, objectAt, type Payload, textAt } from './payload.ts';
import { decodeText, withoutMention } from './text.ts';

const SHORTCUTS: readonly ShortcutName[] = ['add-to-timeline', 'read-as-log', 'keep-as-evidence', 'ask-about-this'];

/** A button that only opens a form which could not be opened at once. */
export const OPEN_FORM = 'open-form';

export type What =
  | { readonly kind: 'command'; readonly text: string; readonly delivered: string; readonly files: readonly Payload[] }
  | { readonly kind: 'message'; readonly text: string; readonly ts: string; readonly files: readonly Payload[] }
  | { readonly kind: 'click'; readonly token: string; readonly ts: string | null }
  | { readonly kind: 'open-form'; readonly form: string }
  | { readonly kind: 'submit'; readonly token: string; readonly view: Payload }
  | { readonly kind: 'shortcut'; readonly shortcut: ShortcutName; readonly message: Payload }
  | { readonly kind: 'reaction'; readonly emoji: string; readonly isAdded: boolean; readonly ts: string }
  | { readonly kind: 'source-changed'; readonly change: 'deleted' | 'edited'; readonly ts: string }
  | { readonly kind: 'joined'; readonly inviter: string | null }
  | { readonly kind: 'met'; readonly isDirect: boolean }
  | { readonly kind: 'home' }
  | { readonly kind: 'conversation-changed'; readonly change: ConversationChange };

/** One thing that happened. */
export interface Heard {
  /** Same key, same thing: a mention that comes twice, as a message and from history, is one. */
  readonly id: string;
  /** Null: Slack itself. */
  readonly sender: Sender | null;
  /** Empty where the envelope names none: the home tab. */
  readonly channel: string;
  readonly thread?: string;
  readonly what: What;
  readonly ways: Ways;
}

/** Ways to answer the one who did it. */
export interface Ways {
  readonly responseUrl?: string;
  readonly triggerId?: string;
  /** The modal it happened in. */
  readonly modal?: string;
  readonly isDirect: boolean;
  /** It happened on the home tab: nobody looks at a channel, so answers open as windows. */
  readonly isHome?: boolean;
}

const isDirectChannel = (channel: string): boolean => channel.startsWith('D');

/** Reads a delivery; null when it means nothing to us, such as the bot's own messages. */
export function hear(body: Payload, own: Installation): Heard | null {
  if (textAt(body, 'command') !== '') return hearCommand(body, own);
  switch (textAt(body, 'type')) {
    case 'event_callback':
      return hearEvent(body, own);
    case 'block_actions':
      return hearClick(body, own);
    case 'view_submission':
      return hearSubmit(body, own);
    case 'message_action':
      return hearShortcut(body, own);
  }
  return null;
}

function hearCommand(body: Payload, own: Installation): Heard | null {
  const sender = senderOf(body, own);
  const channel = textAt(body, 'channel_id');
  const id = deliveryKey(body);
  if (!sender || !isId(channel) || id === null) return null;
  const delivered = textAt(body, 'text');
  return {
    id,
    sender,
    channel,
    what: { kind: 'command', text: decodeText(delivered), delivered, files: [] },
    ways: { ...waysOf(body), isDirect: isDirectChannel(channel) },
  };
}

const waysOf = (body: Payload): Omit<Ways, 'isDirect'> => {
  const responseUrl = textAt(body, 'response_url');
  const triggerId = textAt(body, 'trigger_id');
  return { ...(responseUrl ? { responseUrl } : {}), ...(triggerId ? { triggerId } : {}) };
};

const threadOf = (message: Payload): { readonly thread?: string } => {
  const thread = textAt(message, 'thread_ts');
  return thread === '' ? {} : { thread };
};

function hearClick(body: Payload, own: Installation): Heard | null {
  const sender = senderOf(body, own);
  const action = objectAt({ action: listAt(body, 'actions')[0] }, 'action');
  const id = deliveryKey(body);
  if (!sender || id === null || textAt(action, 'type') !== 'button') return null;
  const modal = textAt(body, 'view', 'type') === 'modal' ? textAt(body, 'view', 'id') : '';
  const origin = modal === '' ? null : readMetadata(objectAt(body, 'view'));
  const channel = textAt(body, 'channel', 'id') || textAt(body, 'container', 'channel_id') || (origin?.channel ?? '');
  const thread = textAt(body, 'message', 'thread_ts') || (origin?.thread ?? '');
  const value = textAt(action, 'value');
  const isFixed = textAt(body, 'container', 'type') === 'message' && !flagAt(body, 'container', 'is_ephemeral');
  return {
    id,
    sender,
    channel,
    ...(thread === '' ? {} : { thread }),
    what:
      textAt(action, 'action_id') === OPEN_FORM
        ? { kind: 'open-form', form: value }
        : { kind: 'click', token: value, ts: isFixed ? textAt(body, 'container', 'message_ts') : null },
    ways: { ...waysOf(body), ...(modal ? { modal } : {}), isDirect: isDirectChannel(channel) },
  };
}

function hearSubmit(body: Payload, own: Installation): Heard | null {
  const sender = senderOf(body, own);
  const view = objectAt(body, 'view');
  const origin = readMetadata(view);
  const id = deliveryKey(body);
  if (!sender || !origin || id === null || textAt(view, 'callback_id') !== FORM) return null;
  return {
    id,
    sender,
    channel: origin.channel,
    ...(origin.thread ? { thread: origin.thread } : {}),
    what: { kind: 'submit', token: origin.token, view },
    ways: { ...waysOf(body), modal: textAt(view, 'id'), isDirect: isDirectChannel(origin.channel) },
  };
}

function hearShortcut(body: Payload, own: Installation): Heard | null {
  const sender = senderOf(body, own);
  const shortcut = SHORTCUTS.find((s) => s === textAt(body, 'callback_id'));
  const channel = textAt(body, 'channel', 'id');
  const message = objectAt(body, 'message');
  const id = deliveryKey(body);
  if (!sender || !shortcut || !isId(channel) || id === null) return null;
  return {
    id,
    sender,
    channel,
    ...threadOf(message),
    what: { kind: 'shortcut', shortcut, message },
    ways: { ...waysOf(body), isDirect: isDirectChannel(channel) },
  };
}

function hearEvent(body: Payload, own: Installation): Heard | null {
  const event = objectAt(body, 'event');
  const sender = senderOf(body, own);
  const key = deliveryKey(body);
  if (key === null) return null;
  const came = (channel: string, what: What, who: Sender | null = sender): Heard | null =>
    isId(channel) && (who !== null || what.kind === 'conversation-changed')
      ? { id: key, sender: who, channel, what, ways: { isDirect: isDirectChannel(channel) } }
      : null;
  const channel = textAt(event, 'channel') || textAt(event, 'channel', 'id');
  switch (textAt(event, 'type')) {
    case 'app_mention':
    case 'message':
      return hearMessage(event, own, sender, key);
    case 'app_home_opened':
      return came(channel, textAt(event, 'tab') === 'messages' ? { kind: 'met', isDirect: true } : { kind: 'home' });
    case 'reaction_added':
    case 'reaction_removed': {
      const item = objectAt(event, 'item');
      if (textAt(item, 'type') !== 'message') return null;
      const isAdded = textAt(event, 'type') === 'reaction_added';
      return came(textAt(item, 'channel'), {
        kind: 'reaction',
        emoji: textAt(event, 'reaction'),
        isAdded,
        ts: textAt(item, 'ts'),
      });
    }
    case 'member_joined_channel':
      return sender?.user === own.botUser
        ? hearBrought(event, own, key)
        : came(channel, { kind: 'joined', inviter: isId(textAt(event, 'inviter')) ? textAt(event, 'inviter') : null });
    case 'channel_rename':
    case 'group_rename':
      return came(channel, { kind: 'conversation-changed', change: 'renamed' });
    case 'channel_archive':
    case 'group_archive':
      return came(channel, { kind: 'conversation-changed', change: 'archived' });
    case 'channel_deleted':
    case 'group_deleted':
      return came(channel, { kind: 'conversation-changed', change: 'deleted' });
    case 'channel_left':
    case 'group_left':
      return came(channel, { kind: 'conversation-changed', change: 'bot-removed' });
  }
  return null;
}

/** The bot came into a channel: heard when somebody brought it, not when it made the channel itself. */
function hearBrought(event: Payload, own: Installation, key: string): Heard | null {
  const inviter = textAt(event, 'inviter');
  const channel = textAt(event, 'channel');
  if (!isId(inviter) || inviter === own.botUser || !isId(channel)) return null;
  const what: What = { kind: 'met', isDirect: false };
  return { id: key, sender: { tenant: own.tenant, user: inviter }, channel, what, ways: { isDirect: false } };
}

/** A message, wherever it comes from: an event, a mention, or history after a gap. */
function hearMessage(event: Payload, own: Installation, sender: Sender | null, key: string): Heard | null {
  const channel = textAt(event, 'channel');
  if (!isId(channel) || !sender) return null;
  const ways = { isDirect: isDirectChannel(channel) };
  const subtype = textAt(event, 'subtype');
  if (subtype === 'message_changed' || subtype === 'message_deleted') {
    const before = objectAt(event, 'previous_message');
    const ts = textAt(before, 'ts') || textAt(event, 'deleted_ts');
    if (ts === '' || textAt(before, 'bot_id') !== '') return null;
    // Slack sends a change for every unfurled link too; only other words are an edit.
    if (subtype === 'message_changed' && textAt(before, 'text') === textAt(event, 'message', 'text')) return null;
    const change = subtype === 'message_deleted' ? 'deleted' : 'edited';
    return { id: key, sender, channel, what: { kind: 'source-changed', change, ts }, ways };
  }
  if (subtype !== '' && !['file_share', 'thread_broadcast', 'me_message'].includes(subtype)) return null;
  if (sender.user === own.botUser || textAt(event, 'bot_id') !== '') return null;
  const ts = textAt(event, 'ts');
  const delivered = textAt(event, 'text');
  const files = listAt(event, 'files').map((f) => objectAt({ f }, 'f'));
  const text = decodeText(delivered);
  const spoken = ways.isDirect ? (withoutMention(text, own.botUser) ?? text) : withoutMention(text, own.botUser);
  const what: What =
    spoken === null
      ? { kind: 'message', text, ts, files }
      : { kind: 'command', text: spoken === '' && files.length > 0 ? 'log' : spoken, delivered, files };
  return { id: `slack:message:${channel}:${ts}`, sender, channel, ...threadOf(event), what, ways };
}
