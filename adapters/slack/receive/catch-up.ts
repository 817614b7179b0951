// After a gap, channel history says what was missed. Everything found carries the same key as if it had come in time.
import type { Notes, SlackLog } from '../options.ts';
import type { Installation } from '../parse/envelope.ts';
import { isId } from '../parse/envelope.ts';
import { hearMessage } from '../parse/hear.ts';
import { listAt, numberAt, objectAt, type Payload, textAt } from '../parse/payload.ts';
import type { Call } from '../send/clients.ts';
import type { Dispatch } from './dispatch.ts';

const SEEN = 'slack/seen-until';
/** Clocks differ a little, and a message may be on its way when the connection goes. */
const MARGIN_MS = 60_000;
/** Older than this nobody expects an answer any more. */
const FURTHEST_MS = 24 * 3_600_000;
const PAGES = 10;

export interface CatchUp {
  /** Remembers that everything up to now has come in. */
  seen(): Promise<void>;
  /** Reads what came since; gives the number of messages looked at. */
  run(): Promise<number>;
}

export function createCatchUp(parts: {
  readonly call: Call;
  readonly own: () => Installation;
  readonly dispatch: Dispatch;
  readonly notes: Notes;
  readonly now: () => number;
  readonly log: SlackLog;
}): CatchUp {
  async function pages(method: string, args: Payload, name: string): Promise<readonly unknown[]> {
    const all: unknown[] = [];
    let cursor = '';
    for (let page = 0; page < PAGES; page += 1) {
      const answer = await parts.call(method, { ...args, limit: 200, ...(cursor ? { cursor } : {}) });
      all.push(...listAt(answer, name));
      cursor = textAt(answer, 'response_metadata', 'next_cursor');
      if (cursor === '') break;
    }
    return all;
  }

  async function channelSince(channel: string, oldest: string): Promise<number> {
    const found = await pages('conversations.history', { channel, oldest }, 'messages');
    const messages: Payload[] = [];
    for (const message of found) {
      messages.push(objectAt({ message }, 'message'));
      if (numberAt(message, 'reply_count') > 0) {
        const replies = await pages(
          'conversations.replies',
          { channel, ts: textAt(message, 'ts'), oldest },
          'messages',
        );
        messages.push(
          ...replies
            .map((reply) => objectAt({ reply }, 'reply'))
            .filter((r) => textAt(r, 'ts') !== textAt(message, 'ts')),
        );
      }
    }
    messages.sort((a, b) => Number(textAt(a, 'ts')) - Number(textAt(b, 'ts')));
    for (const message of messages) {
      const user = textAt(message, 'user');
      const home = textAt(message, 'user_team') || parts.own().team;
      const sender = isId(user)
        ? { tenant: home === parts.own().team || parts.own().enterprise !== '' ? parts.own().tenant : home, user }
        : null;
      const heard = hearMessage({ ...message, channel }, parts.own(), sender, '');
      if (heard) await parts.dispatch.catchUp(heard);
    }
    return messages.length;
  }

  return {
    seen: () => parts.notes.setNote(SEEN, String(parts.now())),
    async run() {
      const since = Number(await parts.notes.note(SEEN));
      if (!Number.isFinite(since) || since <= 0) return 0;
      const oldest = String(Math.max(since - MARGIN_MS, parts.now() - FURTHEST_MS) / 1000);
      const channels = await pages(
        'users.conversations',
        { types: 'public_channel,private_channel,im', exclude_archived: true },
        'channels',
      );
      let looked = 0;
      for (const channel of channels) {
        try {
          looked += await channelSince(textAt(channel, 'id'), oldest);
        } catch (error) {
          parts.log.warn(
            { err: error, channel: textAt(channel, 'id') },
            'what a channel said during the gap could not be read',
          );
        }
      }
      return looked;
    },
  };
}
