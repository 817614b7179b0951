// A view as plain text: the fallback of every message, for notifications, screen readers and the terminal.
import { reveal } from './escape.ts';
import type { Element, Inline, Prose, TimeAs, View } from './types.ts';

/** UTC as people read it: 2026-11-19 08:15:30Z, without milliseconds. */
export const utcText = (at: string, as: TimeAs = 'datetime'): string => {
  const date = at.slice(0, 10);
  const clock = `${at.slice(11, 19)}Z`;
  return as === 'date' ? date : as === 'time' ? clock : `${date} ${clock}`;
};

function inlineText(run: Inline): string {
  switch (run.kind) {
    case 'plain':
    case 'strong':
      return run.text;
    case 'code':
      return `\`${run.text}\``;
    case 'untrusted':
      return reveal(run.text);
    case 'time':
      return utcText(run.at, run.as);
    case 'person':
      return run.person.label;
    case 'channel':
      return run.channel.label;
  }
}

export const proseText = (prose: Prose): string => prose.map(inlineText).join('');

function elementText(element: Element): string {
  switch (element.kind) {
    case 'heading':
      return element.text.toUpperCase();
    case 'text':
    case 'context':
      return proseText(element.prose);
    case 'notice':
      return `${element.tone === 'danger' || element.tone === 'warning' ? '! ' : ''}${proseText(element.prose)}`;
    case 'fields':
      return element.fields.map((f) => `${f.label}: ${proseText(f.value)}`).join('\n');
    case 'list':
      return element.items.map((item, i) => `${element.isOrdered ? `${i + 1}.` : '-'} ${proseText(item)}`).join('\n');
    case 'table':
      return [
        element.caption,
        element.columns.join(' | '),
        ...element.rows.map((row) => row.map(proseText).join(' | ')),
      ].join('\n');
    case 'code':
      return element.text;
    case 'quote':
      return `${element.source}:\n${reveal(element.text).replace(/^/gm, '> ')}`;
    case 'image':
      return `[picture: ${element.altText}]`;
    case 'actions':
      return element.buttons.map((b) => `[${b.label}]`).join(' ');
    case 'divider':
      return '---';
  }
}

/** The whole view as lines of text, its summary first. */
export const viewText = (view: View): string =>
  [view.summary, ...view.elements.map(elementText)].filter((part) => part !== '').join('\n\n');
