// Messages of other people that somebody points at: by the menu on a message, by an emoji, or by a reply that says the words of the menu.
import type { Desk, Principal, QuotedMessage, Reply, ShortcutName } from '../../src/chat/types.ts';
import type { TeamsActivity } from './parse/activity.ts';
import { emojiOf, instant, readPointed } from './parse/quoted.ts';
import type { People } from './people.ts';
import type { Asker } from './reply.ts';
import type { Seen, SeenMessage } from './seen.ts';

export interface MarksParts {
  readonly seen: Seen;
  readonly people: People;
  readonly now: () => number;
}

/** An event's own part: what all of them share. */
export type Came = Asker & { readonly id: string };

export class Marks {
  readonly #parts: MarksParts;

  constructor(parts: MarksParts) {
    this.#parts = parts;
  }

  /** Holds a message that was said to others, where there is an incident. */
  async hear(came: Came, activity: TeamsActivity, text: string, desk: Desk): Promise<void> {
    if (text === '' || !(await desk.hasIncident(came.conversation))) return;
    await this.#parts.seen.keep(came.conversation.id, this.#message(came, activity, text));
  }

  /** The words of a held message changed, or it was taken back. */
  async changed(came: Came, activity: TeamsActivity, text: string): Promise<void> {
    const { seen } = this.#parts;
    const id = activity.id as string;
    const before = await seen.find(came.conversation.id, id);
    if (before === null) return;
    if (activity.type === 'messageDelete') await seen.forget(came.conversation.id, id);
    else await seen.keep(came.conversation.id, { ...this.#message(came, activity, text), sentAt: before.sentAt });
  }

  #message({ actor }: Came, activity: TeamsActivity, text: string): SeenMessage {
    return {
      id: activity.id as string,
      author: { id: actor.id, label: actor.label },
      text,
      delivered: deliveredOf(activity),
      sentAt: instant(activity.timestamp) ?? new Date(this.#parts.now()).toISOString(),
    };
  }

  async #quoted(came: Came, message: SeenMessage, isByApp: boolean): Promise<QuotedMessage> {
    const who = { tenant: came.actor.tenant, id: message.author.id };
    const author: Principal = {
      platform: 'teams',
      ...who,
      label: message.author.label,
      standing: isByApp ? 'bot' : await this.#parts.people.standing(who),
    };
    return {
      ref: { conversation: came.conversation, id: message.id },
      author,
      text: message.text,
      sentAt: message.sentAt,
      ...(message.delivered === message.text ? {} : { bytes: new TextEncoder().encode(message.delivered) }),
    };
  }

  /** An entry of the menu on a message; null when the invoke is none of ours. */
  async byMenu(came: Came, activity: TeamsActivity, desk: Desk): Promise<Reply | null> {
    const pointed = readPointed(activity.value, new Date(this.#parts.now()).toISOString());
    if (pointed === null) return null;
    const message = await this.#quoted(came, pointed.message, pointed.isByApp);
    return desk.handle({ kind: 'shortcut', ...came, shortcut: pointed.shortcut, message });
  }

  /** A reply with the words of the menu, about the message at the top of its thread; null when that was not seen. */
  async byReply(came: Came, shortcut: ShortcutName, desk: Desk): Promise<Reply | null> {
    const root = came.thread === undefined ? null : await this.#parts.seen.find(came.conversation.id, came.thread);
    if (root === null) return null;
    const message = await this.#quoted(came, root, false);
    return desk.handle({ kind: 'shortcut', ...came, shortcut, message });
  }

  /** Emoji set or taken back on a message that was seen. */
  async byEmoji(came: Came, activity: TeamsActivity, desk: Desk): Promise<readonly Reply[]> {
    const on = activity.replyToId;
    const found = on === undefined ? null : await this.#parts.seen.find(came.conversation.id, on);
    if (found === null) return [];
    const message = await this.#quoted(came, found, false);
    const replies: Reply[] = [];
    for (const [marks, isAdded] of [
      [activity.reactionsAdded ?? [], true],
      [activity.reactionsRemoved ?? [], false],
    ] as const)
      for (const { type } of marks) {
        const emoji = emojiOf(type);
        if (emoji === null) continue;
        const id = `${came.id}/${isAdded ? 'added' : 'removed'}/${emoji}`;
        replies.push(await desk.handle({ kind: 'reaction', ...came, id, emoji, isAdded, message }));
      }
    return replies;
  }
}

/** A message as Teams delivered it: its HTML where there is some. */
export function deliveredOf(activity: TeamsActivity): string {
  const html = activity.attachments?.find((a) => a.contentType === 'text/html' && typeof a.content === 'string');
  return html ? (html.content as string) : (activity.text ?? '');
}
