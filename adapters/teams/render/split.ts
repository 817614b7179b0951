// Elements that are too large for one card, in smaller ones of the same kind that say they go on.
import type { Element, Prose } from '../../../src/view/types.ts';
import { LIMITS } from '../limits.ts';
import { elementPieces } from './element.ts';

export const weight = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const weightOf = (element: Element): number => weight(elementPieces(element, []));

/** Halves a list until every part is light enough; a single item stays as it is. */
function chunks<Item>(
  items: readonly Item[],
  isLight: (part: readonly Item[]) => boolean,
): readonly (readonly Item[])[] {
  if (items.length <= 1 || isLight(items)) return [items];
  const half = items.length >> 1;
  return [...chunks(items.slice(0, half), isLight), ...chunks(items.slice(half), isLight)];
}

/** A long text in pieces at line ends, or inside a line that is too long on its own; never inside a surrogate pair. */
function textChunks(text: string, isLight: (part: string) => boolean): readonly string[] {
  const whole = text.split('\n');
  const parts = chunks(whole, (part) => isLight(part.join('\n'))).map((part) => part.join('\n'));
  return parts.flatMap((part) => (isLight(part) ? [part] : inLine(part, isLight)));
}

function inLine(line: string, isLight: (part: string) => boolean): readonly string[] {
  if (line.length < 2 || isLight(line)) return [line];
  let half = line.length >> 1;
  const code = line.charCodeAt(half);
  if (code >= 0xdc00 && code <= 0xdfff) half -= 1;
  if (half === 0) return [line];
  return [...inLine(line.slice(0, half), isLight), ...inLine(line.slice(half), isLight)];
}

/** The element, or several that together show all of it, each light enough for a card of its own. */
export function splitElement(element: Element, partBytes: number = LIMITS.partBytes): readonly Element[] {
  const isLight = (e: Element): boolean => weightOf(e) <= partBytes;
  switch (element.kind) {
    case 'table': {
      const make = (rows: typeof element.rows): Element => ({ ...element, rows });
      const parts = chunks(element.rows, (rows) => rows.length <= LIMITS.tableRows && isLight(make(rows)));
      return parts.map((rows, i) => ({
        ...element,
        rows,
        caption: parts.length > 1 ? `${element.caption} (part ${i + 1} of ${parts.length})` : element.caption,
      }));
    }
    case 'list': {
      const parts = chunks(element.items, (items) => isLight({ ...element, items }));
      return parts.map((items) => ({ ...element, items }));
    }
    case 'fields': {
      const parts = chunks(element.fields, (fields) => isLight({ ...element, fields }));
      return parts.map((fields) => ({ ...element, fields }));
    }
    case 'code':
      return textChunks(element.text, (text) => isLight({ ...element, text })).map((text) => ({ ...element, text }));
    case 'quote':
      return textChunks(element.text, (text) => isLight({ ...element, text })).map((text, i) => ({
        ...element,
        text,
        source: i > 0 ? `${element.source}, continued` : element.source,
      }));
    case 'text':
    case 'context':
    case 'notice': {
      if (isLight(element)) return [element];
      const runs = element.prose.flatMap((inline): Prose => {
        if (!('text' in inline)) return [inline];
        return inLine(inline.text, (text) => weight({ text }) <= partBytes / 4).map((text) => ({ ...inline, text }));
      });
      return chunks(runs, (prose) => isLight({ ...element, prose })).map((prose) => ({ ...element, prose }));
    }
    case 'heading':
    case 'image':
    case 'actions':
    case 'divider':
      return [element];
  }
}
