// View elements as Block Kit. No default branch: a new element does not compile until it has a shape here.
import type { DeliverableView } from '../../../src/chat/types.ts';
import { reveal } from '../../../src/view/escape.ts';
import { proseText, viewText } from '../../../src/view/text.ts';
import type { Button, Element, Tone } from '../../../src/view/types.ts';
import { BUDGET, LIMITS } from '../limits.ts';
import { plain, plainText } from './plain.ts';
import { type Block, fences, lists, type Run, run, runs, sections } from './rich-text.ts';

/** Blocks of one element. Buttons must be reachable, whatever else has to wait. */
export interface Piece {
  readonly blocks: readonly Block[];
  readonly isActions: boolean;
}

/** The word that carries a tone for those who do not see a colour. */
const TONE_WORDS: Readonly<Record<Tone, string>> = { info: 'Note', good: 'Done', warning: 'Warning', danger: 'Danger' };

/** A press; its value is the opaque token and nothing else. `at` makes its id unique in the message. */
function pressOf(button: Button, token: string, at: number): Block {
  const { confirm } = button;
  return {
    type: 'button',
    action_id: `press-${at}`,
    text: plainText(button.label, LIMITS.buttonText),
    value: token,
    ...(button.style === 'normal' ? {} : { style: button.style }),
    ...(confirm
      ? {
          confirm: {
            title: plainText(confirm.title, LIMITS.confirmTitle),
            text: plainText(confirm.text, LIMITS.confirmText),
            confirm: plainText(confirm.button, LIMITS.confirmButton),
            deny: plainText('Cancel', LIMITS.confirmButton),
            ...(button.style === 'normal' ? {} : { style: button.style }),
          },
        }
      : {}),
  };
}

const chunk = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

const joined = (cells: readonly (readonly Run[])[]): readonly Run[] =>
  cells.flatMap((cell, i) => (i === 0 ? cell : [...run(' \u00b7 '), ...cell]));

function blocksOf(element: Exclude<Element, { kind: 'actions' }>): readonly Block[] {
  switch (element.kind) {
    case 'heading':
      return reveal(element.text).length <= LIMITS.header - 10
        ? [{ type: 'header', text: plainText(element.text, LIMITS.header) }]
        : sections(run(element.text, { bold: true }));
    case 'text':
      return sections(runs(element.prose));
    case 'notice':
      return sections([...run(`${TONE_WORDS[element.tone]}: `, { bold: true }), ...runs(element.prose)]);
    case 'context':
      return [
        {
          type: 'context',
          elements: [plainText(proseText(element.prose), LIMITS.contextText)],
        },
      ];
    case 'fields':
      return sections(
        element.fields.flatMap((f, i) => [
          ...run(`${i === 0 ? '' : '\n'}${f.label}: `, { bold: true }),
          ...runs(f.value),
        ]),
      );
    case 'list':
      return lists(element.items.map(runs), element.isOrdered);
    case 'table':
      return [
        ...sections([...run(element.caption, { bold: true }), ...run(` (${element.columns.join(' \u00b7 ')})`)]),
        ...lists(
          element.rows.map((row) => joined(row.map(runs))),
          false,
        ),
      ];
    case 'code':
      return fences(element.text);
    case 'quote':
      return [...sections(run(`${element.source}:`, { bold: true })), ...fences(element.text)];
    case 'image':
      return [{ type: 'context', elements: [plainText(`Picture: ${element.altText}`, LIMITS.contextText)] }];
    case 'divider':
      return [{ type: 'divider' }];
  }
}

/** Every element as a piece, in reading order; buttons with their tokens. */
export function piecesOf({ view, tokens }: DeliverableView): readonly Piece[] {
  let next = 0;
  return view.elements.map((element) => {
    if (element.kind !== 'actions') return { blocks: blocksOf(element), isActions: false };
    const presses = element.buttons.flatMap((button) => {
      const at = next++;
      const token = tokens[at];
      return token === undefined ? [] : [pressOf(button, token, at)];
    });
    return {
      blocks: chunk(presses, LIMITS.actionsElements).map((elements) => ({ type: 'actions', elements })),
      isActions: true,
    };
  });
}

/** What is left when Slack refuses the blocks: the words and the buttons. Nothing may hide an approval. */
export function simplePieces(shown: DeliverableView): readonly Piece[] {
  const words: Piece[] = shown.view.elements
    .filter((e) => e.kind !== 'actions' && e.kind !== 'divider')
    .map((e) => ({
      blocks: [{ type: 'section', text: plainText(wordsOf(e), LIMITS.sectionText) }],
      isActions: false,
    }));
  return [...words, ...piecesOf(shown).filter((p) => p.isActions)];
}

const wordsOf = (element: Element): string => viewText({ summary: '', tone: null, elements: [element] });

/** How much of a message's total a block takes: every text that somebody reads. */
export function blockSize(block: unknown): number {
  if (Array.isArray(block)) return block.reduce((sum: number, b) => sum + blockSize(b), 0);
  if (typeof block !== 'object' || block === null) return 0;
  return Object.entries(block).reduce(
    (sum, [name, value]) =>
      sum +
      (typeof value === 'string'
        ? name === 'text' || name === 'alt_text' || name === 'fallback'
          ? value.length
          : 0
        : blockSize(value)),
    0,
  );
}

/** A line that says what waits elsewhere. */
export const heldBackLine = (words: string): Block => ({
  type: 'context',
  elements: [{ type: 'plain_text', text: plain(words, LIMITS.contextText), emoji: false }],
});

export const MESSAGE_ROOM = { blocks: LIMITS.blocksInMessage, total: BUDGET.messageTotal } as const;
/** A modal or a home tab. */
export const PANEL_ROOM = { blocks: LIMITS.blocksInView, total: BUDGET.viewTotal } as const;
