// One question to the assistant, from material to what may be shown. The ledger is the caller's.
import type { TimelineEvent } from '../timeline/event.ts';
import { builtIn } from './builtin.ts';
import { type Grounded, ground } from './ground.ts';
import { promptFor, unmarked } from './prompt.ts';
import { accountsIn, type Redactor, redactor } from './redact.ts';
import type { Assistant, Material, Prompt } from './types.ts';

export interface Prepared {
  readonly material: Material;
  readonly prompt: Prompt;
  readonly redact: Redactor;
}

/** The prompt of a question with the means to put back what it hides. `names` are people; `random` cannot be guessed. */
export function prepare(material: Material, names: readonly string[], random: () => string): Prepared {
  const redact = redactor([...names, ...accountsIn(material.lines)]);
  const short = (): string =>
    random()
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(-16);
  return { material, redact, prompt: promptFor(material, redact, short(), `canary${short()}`) };
}

export interface Asked {
  readonly grounded: Grounded;
  /** Whoever's answer is shown. */
  readonly by: Assistant;
  /** What came back from the first one asked, or why nothing did. */
  readonly output: string | null;
  readonly fellBack: string | null;
  readonly tokens: number;
}

/** Asks, grounds, and takes the built-in rules when a model gives nothing that holds. What it refused stays counted. */
export async function ask(
  assistant: Assistant,
  prepared: Prepared,
  tokensLeft: number,
  onText?: (characters: number) => void,
): Promise<Asked> {
  const { material, prompt, redact } = prepared;
  const reply = await assistant.answer({ material, prompt, tokensLeft, ...(onText ? { onText } : {}) });
  const restore = (text: string): string => redact.restore(unmarked(text));
  const grounded =
    reply.kind === 'answered'
      ? ground(reply.text, material, prompt.canary, assistant.isModel ? restore : undefined)
      : { held: [], dropped: [], omitted: [], leftOut: [] };
  const output = reply.kind === 'answered' ? reply.text : null;
  const isEmpty = grounded.held.length === 0 && grounded.dropped.length > 0;
  if (!assistant.isModel || (reply.kind === 'answered' && !isEmpty))
    return { grounded, by: assistant, output, fellBack: null, tokens: reply.tokens };
  const why = reply.kind === 'failed' ? reply.message : 'nothing it said could be borne out by the record.';
  return inPlaceOf({ grounded, by: assistant, output, fellBack: null, tokens: reply.tokens }, prepared, why);
}

/** The rules' own answer in place of another one, with what was refused of that and why it is not shown. */
export async function inPlaceOf(asked: Asked, { material, prompt }: Prepared, why: string): Promise<Asked> {
  const ruled = await builtIn.answer({ material, prompt, tokensLeft: 0 });
  const own = ground(ruled.kind === 'answered' ? ruled.text : '', material, '');
  return {
    ...asked,
    grounded: { ...own, dropped: [...asked.grounded.dropped, ...own.dropped] },
    by: builtIn,
    fellBack: why,
  };
}

/** Keys of the events that a key names: the event itself, a line of evidence inside one, or what a finding cites. */
export function eventsNamed(
  key: string,
  cites: readonly string[],
  events: readonly TimelineEvent[],
): readonly string[] {
  const wanted = new Set([key, ...cites]);
  return events
    .filter((e) => wanted.has(e.key) || e.lines.some((l) => wanted.has(`${e.evidence}:${l}`)))
    .map((e) => e.key);
}
