// Builders for views: the only way commands and nouns write them.
import type { Button, ChannelRef, Element, Inline, Intent, PersonRef, Prose, TimeAs, Tone, View } from './types.ts';

type Words = string | Inline;

const inline = (words: Words): Inline => (typeof words === 'string' ? { kind: 'plain', text: words } : words);

/** Prose from strings (plain) and inline runs. */
export const prose = (...words: readonly Words[]): Prose => words.map(inline);

export const strong = (text: string): Inline => ({ kind: 'strong', text });
export const code = (text: string): Inline => ({ kind: 'code', text });
/** Text somebody else wrote: logs, chat, names from outside. */
export const untrusted = (text: string): Inline => ({ kind: 'untrusted', text });
/** `at` is UTC ISO 8601. */
export const time = (at: string, as: TimeAs = 'datetime'): Inline => ({ kind: 'time', at, as });
export const person = (ref: PersonRef): Inline => ({
  kind: 'person',
  person: { platform: ref.platform, tenant: ref.tenant, id: ref.id, label: ref.label },
});
/** A way to a conversation; `label` stands for it where there is none. */
export const channel = (to: Omit<ChannelRef, 'label'>, label: string): Inline => ({
  kind: 'channel',
  channel: { platform: to.platform, tenant: to.tenant, id: to.id, label },
});

export const heading = (text: string): Element => ({ kind: 'heading', text });
export const text = (...words: readonly Words[]): Element => ({ kind: 'text', prose: prose(...words) });
export const context = (...words: readonly Words[]): Element => ({ kind: 'context', prose: prose(...words) });
export const notice = (tone: Tone, ...words: readonly Words[]): Element => ({
  kind: 'notice',
  tone,
  prose: prose(...words),
});
export const divider: Element = { kind: 'divider' };
export const quote = (quoted: string, source: string): Element => ({ kind: 'quote', text: quoted, source });
export const codeBlock = (block: string): Element => ({ kind: 'code', text: block });

/** Label and value pairs; a value of null is left out. */
export const fields = (pairs: Readonly<Record<string, Words | Prose | null>>): Element => ({
  kind: 'fields',
  fields: Object.entries(pairs).flatMap(([label, value]) => (value === null ? [] : [{ label, value: asProse(value) }])),
});

const asProse = (value: Words | Prose): Prose =>
  typeof value === 'string' || 'kind' in value ? [inline(value as Words)] : value;

export const list = (items: readonly (Words | Prose)[], isOrdered = false): Element => ({
  kind: 'list',
  items: items.map(asProse),
  isOrdered,
});

export const table = (
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly (Words | Prose)[])[],
): Element => ({
  kind: 'table',
  caption,
  columns,
  rows: rows.map((row) => row.map(asProse)),
});

export const intent = (verb: string, args: Readonly<Record<string, string>> = {}): Intent => ({ verb, args });

export const button = (
  label: string,
  verb: string,
  args: Readonly<Record<string, string>> = {},
  more: Partial<Pick<Button, 'style' | 'confirm' | 'meantFor'>> = {},
): Button => ({
  label,
  intent: intent(verb, args),
  style: more.style ?? 'normal',
  ...(more.confirm ? { confirm: more.confirm } : {}),
  ...(more.meantFor ? { meantFor: more.meantFor } : {}),
});

export const actions = (...buttons: readonly Button[]): Element => ({ kind: 'actions', buttons });

export const view = (summary: string, elements: readonly Element[], tone: Tone | null = null): View => ({
  summary,
  tone,
  elements,
});

/** Every button of a view, in reading order: the order of `DeliverableView.tokens`. */
export const buttonsOf = (shown: View): readonly Button[] =>
  shown.elements.flatMap((e) => (e.kind === 'actions' ? e.buttons : []));
