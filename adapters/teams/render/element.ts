// Elements of a view as pieces of an Adaptive Card 1.5.

import { clip } from '../../../src/view/escape.ts';
import { proseText, utcText } from '../../../src/view/text.ts';
import type { Button, Element, Prose, Tone } from '../../../src/view/types.ts';
import { LIMITS } from '../limits.ts';
import { type Json, literal, run, sentence } from './prose.ts';

const STYLE: Readonly<Record<Tone, string>> = {
  info: 'accent',
  good: 'good',
  warning: 'warning',
  danger: 'attention',
};

const ACTION_STYLE: Readonly<Record<Button['style'], string>> = {
  normal: 'default',
  primary: 'positive',
  danger: 'destructive',
};

/** What a press sends back: nothing but which kind it is and an opaque token. */
export interface PressData {
  readonly countersign: 'press' | 'submit' | 'back' | 'refresh' | 'file';
  readonly token: string;
}

/** Action.Execute with an Action.Submit of the same data for clients that know no universal actions. */
export function execute(
  title: string,
  data: PressData,
  more: { readonly style?: Button['style']; readonly withInputs?: boolean; readonly isOverflow?: boolean } = {},
): Json {
  const shared = {
    title: clip(title, LIMITS.buttonLabel),
    data,
    style: ACTION_STYLE[more.style ?? 'normal'],
    associatedInputs: more.withInputs ? 'auto' : 'none',
    ...(more.isOverflow ? { mode: 'secondary' } : {}),
  };
  return {
    type: 'Action.Execute',
    verb: data.countersign,
    ...shared,
    fallback: { type: 'Action.Submit', ...shared },
  };
}

/** A button; one that asks first opens its question inside the card. */
function actionOf(button: Button, token: string, isOverflow: boolean): Json {
  const press = (title: string): Json =>
    execute(
      title,
      { countersign: 'press', token },
      { style: button.style, isOverflow: button.confirm ? false : isOverflow },
    );
  if (!button.confirm) return press(button.label);
  return {
    type: 'Action.ShowCard',
    title: clip(button.label, LIMITS.buttonLabel),
    style: ACTION_STYLE[button.style],
    ...(isOverflow ? { mode: 'secondary' } : {}),
    card: {
      type: 'AdaptiveCard',
      version: '1.5',
      body: [literal(button.confirm.title, { weight: 'Bolder' }), literal(button.confirm.text)],
      actions: [press(button.confirm.button)],
    },
  };
}

// One block a line, because line breaks inside a run are not kept by every client.
const lines = (text: string): readonly Json[] =>
  text.split('\n').map((line, i) => ({
    ...literal(
      line.replace(/^[ \t]+/, (s) => '\u00a0'.repeat(s.replaceAll('\t', '    ').length)),
      {
        fontType: 'Monospace',
        size: 'Small',
      },
    ),
    ...(i > 0 ? { spacing: 'None' } : {}),
  }));

const box = (style: string, items: readonly Json[]): Json => ({ type: 'Container', style, items });

/** The pieces of one element. `tokens` are those of its buttons, in order. */
export function elementPieces(element: Element, tokens: readonly string[]): readonly Json[] {
  switch (element.kind) {
    case 'heading':
      return [{ type: 'RichTextBlock', inlines: [run(element.text, { weight: 'Bolder', size: 'Large' })] }];
    case 'text':
      return [sentence(element.prose)];
    case 'context':
      return [sentence(element.prose, { size: 'Small', isSubtle: true })];
    case 'notice':
      return [
        box(STYLE[element.tone], [
          sentence(
            element.tone === 'danger' || element.tone === 'warning'
              ? [{ kind: 'plain', text: '! ' }, ...element.prose]
              : element.prose,
          ),
        ]),
      ];
    case 'fields':
      return element.fields.map((f, i) =>
        sentence([{ kind: 'strong', text: `${f.label}:` }, { kind: 'plain', text: ' ' }, ...f.value], {
          ...(i > 0 ? { spacing: 'Small' } : {}),
        }),
      );
    case 'list':
      return element.items.map((item, i) =>
        sentence([{ kind: 'plain', text: element.isOrdered ? `${i + 1}. ` : '\u2022 ' }, ...item], {
          spacing: 'Small',
        }),
      );
    case 'table':
      return [
        ...(element.caption ? [literal(element.caption, { weight: 'Bolder' })] : []),
        {
          type: 'Table',
          firstRowAsHeader: true,
          showGridLines: true,
          columns: widths(element.columns, element.rows).map((width) => ({ width })),
          rows: [
            row(element.columns.map((c) => literal(c, { weight: 'Bolder' }))),
            ...element.rows.map((cells) => row(cells.map(cell))),
          ],
        },
      ];
    case 'code':
      return [box('emphasis', lines(element.text))];
    case 'quote':
      return [
        box('emphasis', [literal(`${element.source}:`, { size: 'Small', isSubtle: true }), ...lines(element.text)]),
      ];
    case 'image':
      return [
        literal(`Picture: ${element.altText}`, { italic: true }),
        ...(element.png === ''
          ? []
          : [
              literal('It is offered as a file in your private chat with Countersign.', {
                size: 'Small',
                isSubtle: true,
              }),
            ]),
      ];
    case 'actions':
      return [
        {
          type: 'ActionSet',
          actions: element.buttons.map((b, i) =>
            actionOf(
              b,
              tokens[i] ?? '',
              element.buttons.length > LIMITS.primaryButtons + 1 && i >= LIMITS.primaryButtons,
            ),
          ),
        },
      ];
    case 'divider':
      return [
        { type: 'RichTextBlock', separator: true, spacing: 'Medium', inlines: [run('\u00a0', { size: 'Small' })] },
      ];
  }
}

/** A cell is narrow: times stand in UTC alone, which is what timelines are ordered by. */
const cell = (prose: Prose): Json =>
  sentence(
    prose.map((inline) => (inline.kind === 'time' ? { kind: 'plain', text: utcText(inline.at, inline.as) } : inline)),
    { size: 'Small' },
  );

/** Shares of the width: a column of sentences gets more than one of numbers. */
const widths = (columns: readonly string[], rows: readonly (readonly Prose[])[]): readonly number[] =>
  columns.map((title, i) => {
    const longest = Math.max(title.length, ...rows.map((cells) => proseText(cells[i] ?? []).length));
    return Math.min(6, Math.max(1, Math.round(Math.sqrt(longest) / 2)));
  });

const row = (cells: readonly Json[]): Json => ({
  type: 'TableRow',
  cells: cells.map((c) => ({ type: 'TableCell', items: [c] })),
});
