// Reading cards as a person would: words, buttons, inputs.
import type { Posted } from '../doubles/fake-teams.ts';

export type Node = Readonly<Record<string, unknown>>;

const children = (node: Node): readonly unknown[] => Object.values(node);

/** Every object of a card, in reading order. */
export function nodesOf(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Node, ...children(value as Node).flatMap(nodesOf)];
}

/** The card of a posted activity, or null for a message without one. */
export function cardOf(posted: Pick<Posted, 'activity'> | undefined): Node | null {
  const attachments = (posted?.activity['attachments'] ?? []) as readonly { contentType: string; content: Node }[];
  return attachments.find((a) => a.contentType === 'application/vnd.microsoft.card.adaptive')?.content ?? null;
}

/** All words of a card. */
export const wordsOf = (card: unknown): string =>
  nodesOf(card)
    .filter((n) => n['type'] === 'TextRun' || n['type'] === 'TextBlock')
    .map((n) => String(n['text']))
    .join('\n');

export interface FoundButton {
  readonly title: string;
  readonly data: Node;
}

/** The buttons that send something, with the label a person sees first: of the question's opener where there is one. */
export function buttonsOf(card: unknown, opener: string | null = null): readonly FoundButton[] {
  if (Array.isArray(card)) return card.flatMap((c) => buttonsOf(c, opener));
  if (typeof card !== 'object' || card === null) return [];
  const node = card as Node;
  if (node['type'] === 'Action.ShowCard') return buttonsOf(node['card'], String(node['title']));
  if (node['type'] === 'Action.Execute')
    return [{ title: opener ?? String(node['title']), data: node['data'] as Node }];
  return Object.entries(node).flatMap(([name, value]) => (name === 'refresh' ? [] : buttonsOf(value, opener)));
}

/** Input ids of a card. */
export const inputsOf = (card: unknown): readonly Node[] =>
  nodesOf(card).filter((n) => String(n['type']).startsWith('Input.'));
