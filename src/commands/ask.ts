// finding ask: an answer from the record, without a model.
import { maskSecrets } from '../evidence/secrets.ts';
import { answer } from '../finding/ask.ts';
import { askView, type RawHit } from '../finding/ask-view.ts';
import type { Dossier } from '../incident/dossier.ts';
import { isRefusal } from '../refusal.ts';
import { divider, notice } from '../view/build.ts';
import type { Form } from '../view/types.ts';
import { answered as ask } from './assist.ts';
import { assistantFor } from './assist-ask.ts';
import { eventsOf } from './events.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

const askForm = (incident: string): Form => ({
  title: 'Ask the record',
  submitLabel: 'Ask',
  intent: { verb: 'finding ask', args: { incident } },
  intro: [],
  fields: [
    {
      kind: 'paragraph',
      name: 'question',
      label: 'What do you want to know',
      hint: 'Names, addresses and actions find most: what did root do on web-01',
      isRequired: true,
      maxLength: 500,
    },
  ],
});

const MOST_RAW = 5;

async function askRecord(call: Call): Promise<Answer> {
  const dossier = call.dossier as Dossier;
  const quoted = call.event.kind === 'shortcut' ? call.event.message.text : '';
  const question = (one(call.args, 'question') || quoted).replace(/\s+/g, ' ').trim().slice(0, 500);
  if (question === '') return { kind: 'form', form: askForm(incidentOf(call)) };
  const answered = answer(question, dossier, await eventsOf(call.services, dossier));
  const raw: RawHit[] = [];
  const rawWords: string[] = [];
  // Only a name or an address is worth reading every byte for; an everyday word is everywhere.
  if (answered.events.length === 0) {
    for (const term of answered.terms.filter((t) => t.isSpecific).slice(0, 3)) {
      const found = await call.services.search(dossier.evidence.items, term.word, MOST_RAW);
      rawWords.push(term.word);
      if (!isRefusal(found)) raw.push(...found.hits.slice(0, MOST_RAW - raw.length));
    }
  }
  const done = await call.services.act(incidentOf(call), call.recordActor, () => ({
    records: [
      {
        type: 'finding.asked',
        body: {
          question: maskSecrets(question),
          terms: answered.terms.map((t) => maskSecrets(t.word)),
          cited: [
            ...answered.findings.map((f) => f.key),
            ...answered.questions.map((q) => q.key),
            ...answered.events.map((e) => e.key),
            ...raw.map((h) => `${h.evidence}:${h.line}`),
          ],
          searched: dossier.evidence.items.map((e) => e.key),
        },
      },
    ],
  }));
  if (isRefusal(done)) return done;
  const shown = askView({ question, answered, raw, rawWords }, dossier);
  if (!assistantFor(call.services, dossier).isModel) return { kind: 'private', view: shown };
  // What code found is there at once; the model's choice comes beside it, in a card of its own.
  const more = await ask(call, { task: 'ask', question });
  const words =
    more.kind === 'private' ? more.view.elements : more.kind === 'refused' ? [notice('warning', more.message)] : [];
  return { kind: 'private', view: { ...shown, elements: [...shown.elements, divider, ...words] } };
}

export const asking: readonly Command[] = [
  {
    name: 'finding ask',
    summary: 'Ask the record: what is there, cited; or not found, and where was looked',
    args: [{ name: 'question', summary: 'Names, addresses and actions find most', isRequired: false, isRest: true }],
    examples: ['finding ask What did root do on web-01?'],
    effect: 'read',
    who: 'participant',
    needsIncident: true,
    run: askRecord,
  },
];
