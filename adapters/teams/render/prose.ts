// Words as Adaptive Card runs. Text runs are literal; only text blocks read Markdown, and they get nothing but our own plain words.
import { reveal } from '../../../src/view/escape.ts';
import { utcText } from '../../../src/view/text.ts';
import type { Inline, Prose, TimeAs } from '../../../src/view/types.ts';

/** A piece of a card. */
export type Json = { readonly [key: string]: unknown };

interface Look {
  readonly size?: 'Small' | 'Medium' | 'Large';
  readonly isSubtle?: boolean;
  readonly color?: string;
  readonly spacing?: string;
}

/** A run of literal text. Leading spaces are kept by making them unbreakable. */
export const run = (text: string, more: Json = {}): Json => ({ type: 'TextRun', text: reveal(text), ...more });

/** Literal text as a block of its own. */
export const literal = (text: string, more: Json = {}): Json => ({
  type: 'RichTextBlock',
  inlines: [run(text === '' ? '\u00a0' : text, more)],
});

function runOf(inline: Inline, look: Json): Json {
  switch (inline.kind) {
    case 'plain':
    case 'untrusted':
      return run(inline.text, look);
    case 'strong':
      return run(inline.text, { ...look, weight: 'Bolder' });
    case 'code':
      return run(inline.text, { ...look, fontType: 'Monospace' });
    case 'time':
      return run(utcText(inline.at, inline.as), look);
    case 'person':
      return run(inline.person.label, look);
    case 'channel':
      return run(inline.channel.label, look);
  }
}

// What a text block could read as Markdown, a template or a link: such words go as literal runs.
const IS_CLEAN = /^[^\\`*_{}[\]<>()#+!|~&\u0000-\u001f]*$/;
const isClean = (text: string): boolean =>
  IS_CLEAN.test(text) &&
  !text.includes('://') &&
  !text.includes('www.') &&
  !text.includes('@') &&
  reveal(text) === text;

/** Card functions for the reader's own clock, with UTC beside it. */
function localTime(at: string, as: TimeAs): string {
  const seconds = `${at.slice(0, 19)}Z`;
  if (as === 'date') return at.slice(0, 10);
  const clock = `{{TIME(${seconds})}}`;
  return `${as !== 'time' ? `{{DATE(${seconds},SHORT)}} ` : ''}${clock} (${utcText(at, as)})`;
}

function asTextBlock(prose: Prose): string | null {
  if (!prose.some((i) => i.kind === 'time')) return null;
  const parts: string[] = [];
  for (const inline of prose) {
    if (inline.kind === 'time') {
      if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.test(inline.at)) return null;
      parts.push(localTime(inline.at, inline.as));
    } else if (inline.kind === 'plain' && isClean(inline.text)) parts.push(inline.text);
    else if (
      inline.kind === 'strong' &&
      isClean(inline.text) &&
      inline.text.trim() === inline.text &&
      inline.text !== ''
    )
      parts.push(`**${inline.text}**`);
    else if (inline.kind === 'person' && isClean(inline.person.label)) parts.push(inline.person.label);
    else return null;
  }
  const text = parts.join('');
  // A line that starts like a list would become one.
  return /^\s*(?:[-\d])/.test(text) ? null : text;
}

/** A sentence: with times in the reader's zone when every other word is our own, else literal with UTC. */
export function sentence(prose: Prose, look: Look = {}): Json {
  const { spacing, ...runLook } = look;
  const frame = spacing === undefined ? {} : { spacing };
  const block = asTextBlock(prose);
  if (block !== null) return { type: 'TextBlock', text: block, wrap: true, ...runLook, ...frame };
  const inlines = prose.map((inline) => runOf(inline, runLook as Json)).filter((r) => r['text'] !== '');
  return { type: 'RichTextBlock', inlines: inlines.length > 0 ? inlines : [run('\u00a0')], ...frame };
}
