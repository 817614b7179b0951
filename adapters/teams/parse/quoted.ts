// A message that somebody points at: from the menu on it, as Teams sends it along, or by an emoji on it.
import { z } from 'zod';
import type { ShortcutName } from '../../../src/chat/types.ts';
import type { SeenMessage } from '../seen.ts';
import { plainText } from './markup.ts';

const SHORTCUTS: readonly ShortcutName[] = ['add-to-timeline', 'read-as-log', 'keep-as-evidence', 'ask-about-this'];

/** The entry of the menu, by the id its manifest gives it; null for none of ours. */
export const shortcutOf = (commandId: unknown): ShortcutName | null => SHORTCUTS.find((s) => s === commandId) ?? null;

/** A reply that says just the words of a menu entry asks for the same, of the message it replies to. */
export const shortcutSaid = (text: string): ShortcutName | null => {
  const words = text.trim().toLowerCase().replace(/\s+/g, '-');
  return words.length > 40 ? null : shortcutOf(words);
};

const payloadSchema = z.object({
  commandId: z.string().max(64),
  messagePayload: z.object({
    id: z.string().min(1).max(300),
    createdDateTime: z.string().max(60).optional(),
    from: z
      .object({
        user: z.object({ id: z.string().max(100), displayName: z.string().nullish() }).nullish(),
        application: z.object({ id: z.string().max(300), displayName: z.string().nullish() }).nullish(),
      })
      .nullish(),
    body: z.object({ content: z.string().max(400_000), contentType: z.string().max(20) }),
    mentions: z
      .array(z.object({ mentionText: z.string().nullish() }))
      .max(500)
      .optional(),
  }),
});

export interface Pointed {
  readonly shortcut: ShortcutName;
  readonly message: SeenMessage;
  readonly isByApp: boolean;
}

/** Reads the invoke of a menu entry; null when it is none of ours or names no message. */
export function readPointed(value: unknown, nowAt: string): Pointed | null {
  const read = payloadSchema.safeParse(value);
  const shortcut = read.success ? shortcutOf(read.data.commandId) : null;
  if (!read.success || shortcut === null) return null;
  const { id, from, body, createdDateTime } = read.data.messagePayload;
  const isHtml = body.contentType.toLowerCase() === 'html';
  const user = from?.user ?? null;
  return {
    shortcut,
    isByApp: user === null,
    message: {
      id,
      author: {
        id: (user?.id ?? from?.application?.id ?? 'unknown').toLowerCase(),
        label: (user?.displayName ?? from?.application?.displayName ?? 'somebody').slice(0, 120),
      },
      text: isHtml ? plainText(body.content, true, (_, name) => `@${name}`).trim() : body.content,
      delivered: body.content,
      sentAt: instant(createdDateTime) ?? nowAt,
    },
  };
}

/** A time as UTC ISO 8601, or null when it is none. */
export function instant(time: string | undefined): string | null {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** Emoji that mean something, by the code point Teams puts first in their names, such as 1f4cc_pushpin. */
const EMOJI: Readonly<Record<string, string>> = {
  '1f4cc': 'pushpin',
  '1f4cd': 'pushpin',
  '2705': 'white_check_mark',
  '2753': 'question',
};

/** The emoji as the desk names it; null for one that means nothing. */
export const emojiOf = (type: string): string | null => EMOJI[type.toLowerCase().split('_')[0] ?? ''] ?? null;
