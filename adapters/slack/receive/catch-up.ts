// After a gap, history says what was missed in channels and threads. Everything found carries the same key as if it had come in time.
import { TryLater } from '../../../src/chat/try-later.ts';
import type { Notes, SlackLog } from '../options.ts';
import type { Installation } from '../parse/envelope.ts';
import { listAt, numberAt, objectAt, type Payload, textAt } from '../parse/payload.ts';
import { type Call, SlackUnreachable } from '../send/clients.ts';
import type { Dispatch } from './dispatch.ts';

const SEEN = 'slack/seen-until';
/** Clocks differ a little, and a message may be on its way when the connection goes. */
const MARGIN_MS = 60_000;
/** Older than this nobody expects an answer any more. */
const FURTHEST_MS = 24 * 3_600_000;
const PAGES = 10;
/** Threads that began up to so long ago are looked at, where an incident lives and in private chats: a week, in so many pages. */
const THREADS_BACK_MS = 7 * 86_400_000;
const DIRECT_PAGES = 1;
/** Slack asks to wait for seconds, up to a minute; more often than this something else is wrong. */
const WAITS = 20;

export interface CatchUp {
  /** Remembers that everything up to now has come in. */
  seen(): Promise<void>;
  /** Reads what came since; gives the number of messages looked at. */
  run(): Promise<number>;
}

const isSince = (message: unknown, oldest: string): boolean => Number(textAt(message, 'ts')) > Number(oldest);

export function createCatchUp(parts: {
  readonly call: Call;
  readonly own: () => Installation;
  readonly dispatch: Dispatch;
  readonly notes: Notes;
  /** Whether an incident lives in a channel. */
  readonly hasIncident: (channel: string) => Promise<boolean>;
  readonly now: () => number;
  readonly log: SlackLog;
}): CatchUp {
  /** A call that waits as long as Slack asks: nothing depends on a gap being read at once. */
  async function patient(method: string, args: Payload): Promise<Payload> {
    for (let waits = 0; ; waits += 1) {
      try {
        return await parts.call(method, args);
      } catch (error) {
        if (!(error instanceof TryLater) || waits >= WAITS) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.afterMs).unref());
      }
    }
  }

  /** The newest first, as Slack gives them, at most so many pages. */
  async function pages(method: string, args: Payload, name: string, most = PAGES): Promise<readonly unknown[]> {
    const all: unknown[] = [];
    let cursor = '';
    for (let page = 0; page < most; page += 1) {
      const answer = await patient(method, { ...args, limit: 200, ...(cursor ? { cursor } : {}) });
      all.push(...listAt(answer, name));
      cursor = textAt(answer, 'response_metadata', 'next_cursor');
      if (cursor === '') break;
    }
    return all;
  }

  /** Replies of a thread since then, without its root. A thread that cannot be read keeps nothing else out. */
  async function repliesSince(channel: string, ts: string, oldest: string): Promise<readonly Payload[]> {
    try {
      return (await pages('conversations.replies', { channel, ts, oldest }, 'messages'))
        .map((reply) => objectAt({ reply }, 'reply'))
        .filter((r) => textAt(r, 'ts') !== ts && isSince(r, oldest));
    } catch (error) {
      if (error instanceof SlackUnreachable) throw error;
      parts.log.warn({ err: error, channel, ts }, 'what a thread said during the gap could not be read');
      return [];
    }
  }

  async function channelSince(channel: string, oldest: string): Promise<number> {
    const isDirect = channel.startsWith('D');
    const looksBack = isDirect || (await parts.hasIncident(channel));
    const from = looksBack ? String(Math.min(Number(oldest), (parts.now() - THREADS_BACK_MS) / 1000)) : oldest;
    const found = await pages(
      'conversations.history',
      { channel, oldest: from },
      'messages',
      isDirect ? DIRECT_PAGES : PAGES,
    );
    const messages: Payload[] = [];
    for (const message of found) {
      if (isSince(message, oldest)) messages.push(objectAt({ message }, 'message'));
      if (numberAt(message, 'reply_count') === 0) continue;
      // An older message says when it was last replied to: only what went on during the gap is asked for.
      const last = textAt(message, 'latest_reply');
      if (last === '' || Number(last) > Number(oldest))
        messages.push(...(await repliesSince(channel, textAt(message, 'ts'), oldest)));
    }
    messages.sort((a, b) => Number(textAt(a, 'ts')) - Number(textAt(b, 'ts')));
    const { team, enterprise } = parts.own();
    for (const message of messages)
      await parts.dispatch.catchUp({
        type: 'event_callback',
        team_id: team,
        ...(enterprise === '' ? {} : { enterprise_id: enterprise }),
        event_id: `history/${channel}/${textAt(message, 'ts')}`,
        event: { type: 'message', ...message, channel },
      });
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
          // Nothing is marked as seen then, and the gap is read again.
          if (error instanceof SlackUnreachable) throw error;
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
