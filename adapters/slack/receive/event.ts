// What was heard, as an event for the desk: looks up who it was, fetches the files and the message it points at.
import type { ChatEvent, Conversation, Principal, QuotedMessage } from '../../../src/chat/types.ts';
import type { Installation } from '../parse/envelope.ts';
import type { Heard, What } from '../parse/hear.ts';
import { isoOf, listAt, objectAt, type Payload, textAt } from '../parse/payload.ts';
import { decodeText } from '../parse/text.ts';
import type { People } from '../people.ts';
import { readValues } from '../render/form.ts';
import type { Call } from '../send/clients.ts';
import { type DownloadParts, type Downloads, downloads } from './download.ts';
import { messageAt } from './message-at.ts';

export interface EventParts {
  readonly own: () => Installation;
  readonly people: People;
  /** For what is looked up. */
  readonly call: Call;
  readonly files: DownloadParts;
  /** Values behind the short names of long choices, by the form's token. */
  readonly longOf: (token: string) => ReadonlyMap<string, readonly string[]>;
}

/** The event; null when there is nothing to ask the desk, with what to tell the person instead. */
export interface Understood {
  readonly event: ChatEvent | null;
  readonly tell: readonly string[];
  readonly errors?: Readonly<Record<string, string>>;
}

/** Gives a function from what was heard to the event. It throws when Slack cannot be asked now. */
export function createEvents(parts: EventParts): (heard: Heard, what: What) => Promise<Understood> {
  const conversation = (heard: Heard): Conversation => ({
    platform: 'slack',
    tenant: parts.own().tenant,
    id: heard.channel,
  });

  async function quoted(message: Payload, heard: Heard): Promise<QuotedMessage> {
    const user = textAt(message, 'user');
    const author: Principal =
      user !== '' && textAt(message, 'bot_id') === ''
        ? await parts.people.principal({ tenant: textAt(message, 'user_team') || parts.own().tenant, user })
        : {
            platform: 'slack',
            tenant: parts.own().tenant,
            id: textAt(message, 'bot_id') || 'bot',
            label: 'App',
            standing: 'bot',
          };
    const delivered = textAt(message, 'text');
    const text = decodeText(delivered);
    const ts = textAt(message, 'ts');
    return {
      ref: { conversation: conversation(heard), id: ts },
      author,
      text,
      sentAt: isoOf(ts),
      ...(delivered === text ? {} : { bytes: new TextEncoder().encode(delivered) }),
    };
  }

  const fetched = async (files: readonly Payload[]): Promise<Downloads> =>
    files.length === 0 ? { files: [], refused: [] } : downloads(files, parts.files);

  /** Who let somebody into a channel; the app itself is nobody. */
  async function broughtBy(inviter: string | null): Promise<{ readonly by?: Principal }> {
    const { tenant, botUser } = parts.own();
    return inviter === null || inviter === botUser
      ? {}
      : { by: await parts.people.principal({ tenant, user: inviter }) };
  }

  /** The event for the desk; null when there is nothing to ask it, with what to tell the person instead. */
  async function eventOf(heard: Heard, what: What): Promise<Understood> {
    const actor: Principal = heard.sender
      ? await parts.people.principal(heard.sender)
      : { platform: 'slack', tenant: parts.own().tenant, id: 'slack', label: 'Slack', standing: 'bot' };
    const came = {
      id: heard.id,
      actor,
      conversation: conversation(heard),
      ...(heard.thread ? { thread: heard.thread } : {}),
    };
    const withFiles = (got: Downloads) => (got.files.length > 0 ? { files: got.files } : {});
    const ref = (ts: string) => ({ conversation: conversation(heard), id: ts });
    switch (what.kind) {
      case 'command': {
        const got = await fetched(what.files);
        if (what.files.length > 0 && got.files.length === 0) return { event: null, tell: got.refused };
        const delivered = what.delivered === what.text ? {} : { delivered: what.delivered };
        return {
          event: { kind: 'command', ...came, text: what.text, ...delivered, ...withFiles(got) },
          tell: got.refused,
        };
      }
      case 'message': {
        // A photograph is no log: an offer under every one of them would only be noise.
        const offered = what.files.filter((f) => !/^(?:image|video|audio)\//.test(textAt(f, 'mimetype')));
        return {
          event: {
            kind: 'message',
            ...came,
            text: what.text,
            ref: ref(what.ts),
            ...(offered.length > 0 ? { offered: offered.map((f) => textAt(f, 'name') || 'a file') } : {}),
          },
          tell: [],
        };
      }
      case 'click':
        return {
          event: { kind: 'click', ...came, token: what.token, message: what.ts === null ? null : ref(what.ts) },
          tell: [],
        };
      case 'submit': {
        const read = readValues(what.view, parts.longOf(what.token));
        if (read.forgotten.length > 0) {
          const words = 'This form is from before a restart. Close it and open it again; nothing was changed.';
          return { event: null, tell: [words], errors: Object.fromEntries(read.forgotten.map((f) => [f, words])) };
        }
        const got = await fetched(read.files.map((id) => ({ id })));
        if (read.files.length > 0 && got.files.length === 0) return { event: null, tell: got.refused };
        return {
          event: { kind: 'submit', ...came, token: what.token, values: read.values, ...withFiles(got) },
          tell: got.refused,
        };
      }
      case 'shortcut': {
        const got = await fetched(listAt(what.message, 'files').map((f) => objectAt({ f }, 'f')));
        const message = await quoted(what.message, heard);
        if (got.refused.length > 0 && got.files.length === 0 && message.text === '')
          return { event: null, tell: got.refused };
        return {
          event: { kind: 'shortcut', ...came, shortcut: what.shortcut, message, ...withFiles(got) },
          tell: got.refused,
        };
      }
      case 'reaction': {
        const message = await messageAt(parts.call, heard.channel, what.ts);
        if (!message) return { event: null, tell: [] };
        return {
          event: {
            kind: 'reaction',
            ...came,
            emoji: what.emoji,
            isAdded: what.isAdded,
            message: await quoted(message, heard),
          },
          tell: [],
        };
      }
      case 'source-changed':
        return { event: { kind: 'source-changed', ...came, change: what.change, ref: ref(what.ts) }, tell: [] };
      case 'met':
        return { event: { kind: 'met', ...came, isDirect: what.isDirect }, tell: [] };
      case 'joined':
        return { event: { kind: 'joined', ...came, ...(await broughtBy(what.inviter)) }, tell: [] };
      case 'conversation-changed':
        return { event: { kind: 'conversation-changed', ...came, change: what.change }, tell: [] };
      case 'home':
      case 'open-form':
        return { event: null, tell: [] };
    }
  }

  return eventOf;
}
