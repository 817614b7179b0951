// What every act of custody shares: its form, its one good line, and one way to the ledger.
import { type CustodyCommand, decideCustody } from '../audit/custody.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { notice, view } from '../view/build.ts';
import type { Element, Field, Form, Tone } from '../view/types.ts';
import { custodyIn, keyOf } from './custody.ts';
import { incidentOf } from './status.ts';
import type { Answer, Call, Message } from './types.ts';

/** One line for whoever did it. */
export const said = (words: string, tone: Tone = 'good', more: readonly Element[] = []): Answer => ({
  kind: 'private',
  view: view(words, [notice(tone, words), ...more], tone),
});

/** A line of a form that has to be filled in. */
export const line = (name: string, label: string, more: Partial<Field> = {}): Field =>
  ({ kind: 'line', name, label, isRequired: true, maxLength: 300, ...more }) as Field;

/** A form about the piece of evidence the call names. */
export const form = (
  call: Call,
  verb: string,
  title: string,
  submitLabel: string,
  fields: readonly Field[],
  intro: readonly Element[] = [],
): Answer => ({
  kind: 'form',
  form: {
    title,
    submitLabel,
    intent: { verb, args: { incident: incidentOf(call), key: keyOf(call) } },
    intro,
    fields,
  } as Form,
});

/** Decides a custody command on the newest state and commits it, with what is said then. */
export async function custodyAct(
  call: Call,
  command: CustodyCommand,
  say: readonly Message[] = [],
): Promise<{ readonly isIntact: boolean | null } | Refusal> {
  let isIntact: boolean | null = null;
  const done = await call.services.act(incidentOf(call), call.recordActor, async () => {
    const decided = decideCustody(await custodyIn(call, incidentOf(call)), command, call.nowAt);
    if (isRefusal(decided)) return decided;
    isIntact = decided.type === 'custody.transferred' ? decided.body.isIntact : null;
    return { records: [decided], say };
  });
  return isRefusal(done) ? done : { isIntact };
}
