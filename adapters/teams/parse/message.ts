// A message as the words of a command, with people by their ids and pasted lines as they were.
import type { IncomingFile } from '../../../src/chat/types.ts';
import type { TeamsActivity } from './activity.ts';
import { plainText } from './markup.ts';

const MENTION_SPAN = 'text/html';

export interface Said {
  /** What was typed, decoded, without the mention of the bot. */
  readonly text: string;
  readonly mentionsBot: boolean;
}

/** Reads the words. `objectId` gives the id of somebody by their Teams address, or null. */
export async function readWords(
  activity: TeamsActivity,
  objectId: (userId: string) => Promise<string | null>,
): Promise<Said> {
  const bot = activity.recipient?.id ?? '';
  const mentions = (activity.entities ?? []).filter((e) => e.type === 'mention');
  const named = await Promise.all(
    mentions.map(async (m) => {
      const userId = m.mentioned?.id ?? '';
      if (bot !== '' && userId === bot) return 'bot';
      const id = m.mentioned?.aadObjectId?.toLowerCase() ?? (userId === '' ? null : await objectId(userId));
      return id === null ? null : `<@${id}>`;
    }),
  );
  const html = activity.attachments?.find((a) => a.contentType === MENTION_SPAN && typeof a.content === 'string');
  const markup = html ? (html.content as string) : (activity.text ?? '');
  const text = plainText(markup, html !== undefined, (index, name) => {
    const who = named[index];
    return who === 'bot' ? '' : (who ?? `@${name}`);
  });
  return { text: text.replace(/^[ \n\r\t]+/, '').trimEnd(), mentionsBot: named.includes('bot') };
}

const LOG_LINE = /^(?:[/]?[a-z][a-z0-9-]{0,20} )?(?:(?:INC|EX)-\d{1,9} )?log[ \t]*$/i;

/** Lines below the word `log` are evidence, exactly as they were pasted: a file, not an argument. `delivered` is the whole message as Teams sent it. */
export function readCommand(
  said: string,
  root: string,
  delivered: string,
): { readonly text: string; readonly paste: IncomingFile | null } {
  const end = said.indexOf('\n');
  const head = end < 0 ? said : said.slice(0, end);
  const isLog = end >= 0 && LOG_LINE.test(head);
  const words = isLog ? head : said;
  const prefix = `${root} `;
  const bare = words.replace(/^\//, '');
  const text = bare.toLowerCase().startsWith(prefix)
    ? bare.slice(prefix.length)
    : bare.toLowerCase() === root
      ? ''
      : bare;
  const lines = isLog ? said.slice(end + 1) : '';
  return {
    text: text.trim(),
    paste:
      lines === ''
        ? null
        : {
            name: 'paste',
            bytes: new TextEncoder().encode(`${lines}\n`),
            isPaste: true,
            delivered: new TextEncoder().encode(delivered),
          },
  };
}
