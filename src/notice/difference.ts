// What changed in a notice since the last one its readers have in hand.
import { diffArrays } from 'diff';
import { proseText } from '../view/text.ts';
import type { Element, View } from '../view/types.ts';

export interface Change {
  readonly kind: 'added' | 'removed';
  readonly line: string;
}

// Headings only name the version and the parts: what counts is what stands below them.
function linesOf(element: Element): readonly string[] {
  switch (element.kind) {
    case 'text':
    case 'notice':
      return [proseText(element.prose)];
    case 'fields':
      return element.fields.map((f) => `${f.label}: ${proseText(f.value)}`);
    case 'list':
      return element.items.map(proseText);
    case 'heading':
    case 'table':
    case 'code':
    case 'quote':
    case 'image':
    case 'context':
    case 'actions':
    case 'divider':
      return [];
  }
}

/** Lines that came and went, in reading order; times that change with every version are among them. */
export function differences(before: View, after: View): readonly Change[] {
  return diffArrays(before.elements.flatMap(linesOf), after.elements.flatMap(linesOf)).flatMap((part) =>
    part.added || part.removed
      ? part.value.map((line): Change => ({ kind: part.added ? 'added' : 'removed', line }))
      : [],
  );
}
