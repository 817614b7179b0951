// Prose as rich text elements: Slack shows their text as it is, so nothing in it becomes a link, a mention or markup.
import { reveal } from '../../../src/view/escape.ts';
import { utcText } from '../../../src/view/text.ts';
import type { Inline, Prose } from '../../../src/view/types.ts';
import { BUDGET } from '../limits.ts';

export type Block = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A run inside a section, a list item or a fence. */
export interface Run extends Readonly<Record<string, unknown>> {
  readonly type: 'text' | 'user' | 'channel' | 'date';
}

interface Style {
  readonly bold?: true;
  readonly code?: true;
}

/** Text as it is, controls made visible; nothing for the empty text, which Slack refuses. */
export const run = (text: string, style?: Style): readonly Run[] =>
  text === '' ? [] : [{ type: 'text', text: reveal(text), ...(style ? { style } : {}) }];

const DATE_FORMATS = {
  datetime: '{date_short_pretty} {time_secs}',
  exact: '{date_short_pretty} {time_secs}',
  time: '{time_secs}',
  date: '{date_short_pretty}',
} as const;

function inlineRuns(inline: Inline): readonly Run[] {
  switch (inline.kind) {
    case 'plain':
    case 'untrusted':
      return run(inline.text);
    case 'strong':
      return run(inline.text, { bold: true });
    case 'code':
      return run(inline.text, { code: true });
    case 'time': {
      const ms = Date.parse(inline.at);
      const utc = utcText(inline.at, inline.as);
      if (!Number.isFinite(ms) || ms < 0) return run(utc);
      const date = {
        type: 'date',
        timestamp: Math.floor(ms / 1000),
        format: DATE_FORMATS[inline.as],
        fallback: utc,
      } as const;
      return [
        date,
        ...run(` (${inline.as === 'datetime' || inline.as === 'exact' ? utcText(inline.at, 'time') : utc})`),
      ];
    }
    case 'person':
      return inline.person.platform === 'slack' && /^[A-Z0-9]{2,32}$/.test(inline.person.id)
        ? [{ type: 'user', user_id: inline.person.id }]
        : run(inline.person.label, { bold: true });
    case 'channel':
      return inline.channel.platform === 'slack' && /^[CG][A-Z0-9]{2,32}$/.test(inline.channel.id)
        ? [{ type: 'channel', channel_id: inline.channel.id }]
        : run(inline.channel.label);
  }
}

export const runs = (prose: Prose): readonly Run[] => prose.flatMap(inlineRuns);

/** How much of the budget a run takes. */
export const runSize = (of: Run): number =>
  of.type === 'text' ? String(of['text']).length : of.type === 'date' ? 30 : 20;

const sizeOfRuns = (all: readonly Run[]): number => all.reduce((sum, r) => sum + runSize(r), 0);

/** Cuts runs into pieces of at most `max`, never inside a surrogate pair, at a line's end or a blank where there is one. */
export function splitRuns(all: readonly Run[], max: number = BUDGET.richText): readonly (readonly Run[])[] {
  const pieces: Run[][] = [[]];
  let size = 0;
  for (const one of all) {
    let rest: Run | null = one;
    while (rest !== null) {
      const room = max - size;
      const piece = pieces.at(-1) as Run[];
      if (runSize(rest) <= room) {
        piece.push(rest);
        size += runSize(rest);
        rest = null;
      } else if (rest.type !== 'text' || room < 20) {
        pieces.push([]);
        size = 0;
        if (rest.type !== 'text') {
          (pieces.at(-1) as Run[]).push(rest);
          size = runSize(rest);
          rest = null;
        }
      } else {
        const text: string = String(rest['text']);
        const end: number = cutAt(text, room);
        piece.push({ ...rest, text: text.slice(0, end) });
        rest = end < text.length ? { ...rest, text: text.slice(end) } : null;
        pieces.push([]);
        size = 0;
      }
    }
  }
  return pieces.filter((p) => p.length > 0);
}

/** Where to cut a text that is longer than `max`. */
export function cutAt(text: string, max: number): number {
  const line = text.lastIndexOf('\n', max - 1);
  if (line > max / 2) return line + 1;
  const blank = text.lastIndexOf(' ', max - 1);
  if (blank > max / 2) return blank + 1;
  const code = text.charCodeAt(max - 1);
  return code >= 0xd800 && code <= 0xdbff ? max - 1 : max;
}

const richText = (...elements: readonly Readonly<Record<string, unknown>>[]): Block => ({
  type: 'rich_text',
  elements,
});

/** Sections, as many blocks as the text needs. */
export const sections = (all: readonly Run[]): readonly Block[] =>
  splitRuns(all).map((piece) => richText({ type: 'rich_text_section', elements: piece }));

/** A fence, as many blocks as the text needs. */
export const fences = (text: string): readonly Block[] =>
  splitRuns(run(text === '' ? ' ' : text)).map((piece) =>
    richText({ type: 'rich_text_preformatted', elements: piece }),
  );

/** A list, as many blocks as its items need; an item that is too long alone goes on as an item of its own. */
export function lists(items: readonly (readonly Run[])[], isOrdered: boolean): readonly Block[] {
  const blocks: Block[] = [];
  let held: (readonly Run[])[] = [];
  let size = 0;
  let offset = 0;
  const flush = (): void => {
    if (held.length === 0) return;
    blocks.push(
      richText({
        type: 'rich_text_list',
        style: isOrdered ? 'ordered' : 'bullet',
        ...(isOrdered && offset > 0 ? { offset } : {}),
        elements: held.map((elements) => ({ type: 'rich_text_section', elements })),
      }),
    );
    offset += held.length;
    held = [];
    size = 0;
  };
  for (const item of items.filter((i) => i.length > 0)) {
    for (const piece of splitRuns(item)) {
      const more = sizeOfRuns(piece);
      if (size + more > BUDGET.richText) flush();
      held.push(piece);
      size += more;
    }
  }
  flush();
  return blocks;
}
