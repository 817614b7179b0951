// The assistant's sub-verbs of finding: it proposes and cites; people keep, judge and verify.
import { promptText } from '../assist/prompt.ts';
import { TASKS } from '../assist/types.ts';
import { placeOf } from '../chat/tokens.ts';
import type { Dossier } from '../incident/dossier.ts';
import { audienceKeys } from '../notice/recipients.ts';
import { isRefusal } from '../refusal.ts';
import { codeBlock, context, fields, notice, view } from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { Form } from '../view/types.ts';
import { asked, assistantFor, prepared, type Wanted } from './assist-ask.ts';
import { BRIEFING } from './assist-draft.ts';
import { type Answer, type Argument, type Call, type Command, one } from './types.ts';

export const askerOf = (call: Call) => ({
  services: call.services,
  dossier: call.dossier as Dossier,
  actor: call.recordActor,
  nowAt: call.nowAt,
  isAutomatic: false,
});

/** Asks, and answers the asker: with the card at once, or with a word that it stands in the channel and is being filled in. */
export async function answered(call: Call, wanted: Wanted): Promise<Answer> {
  const { conversation } = (call.dossier as Dossier).incident;
  const isHere = conversation !== null && placeOf(conversation) === placeOf(call.event.conversation);
  const done = await asked(askerOf(call), wanted, isHere);
  if (isRefusal(done)) return done;
  if (done.kind === 'answered') return { kind: 'private', view: done.view };
  const words = `${done.key} is being answered. Its card is in the channel and fills in by itself; go on working.`;
  return { kind: 'private', view: view(words, [context(words)]) };
}

async function preview(call: Call): Promise<Answer> {
  const task = TASKS.find((t) => t === one(call.args, 'task')) ?? 'summarise';
  const rest = one(call.args, 'about');
  const wanted: Wanted = {
    task,
    ...(task === 'ask' ? { question: rest } : task === 'draft' ? { audience: rest || BRIEFING } : { about: rest }),
  };
  const ready = await prepared(askerOf(call), wanted);
  if (isRefusal(ready)) return ready;
  const dossier = call.dossier as Dossier;
  const assistant = assistantFor(call.services, dossier, ready.material.audience);
  const text = promptText(ready.prompt);
  const counts = Object.entries(ready.redact.counts());
  return {
    kind: 'private',
    view: view(`What a model would get for "${task}"`, [
      notice(
        'info',
        assistant.isModel
          ? `This goes to ${assistant.name} when you ask. The fence and the canary are new each time.`
          : call.services.model === null
            ? 'No model is set up: nothing leaves this machine. This is what would be sent.'
            : 'The model is off here: nothing is sent. This is what would be.',
      ),
      fields({
        Events: `${ready.material.lines.length} of ${ready.material.all.length}`,
        'Left out': ready.material.cut.events > 0 ? `${ready.material.cut.events} older or less severe` : 'nothing',
        'Sentences of the record': String(ready.material.offers.length),
        Replaced: counts.length > 0 ? counts.map(([k, n]) => `${n} ${k}`).join(', ') : 'nothing',
      }),
      codeBlock(clip(text, 2500)),
      context('All of it is in the file.'),
    ]),
    file: {
      name: `${ready.material.incident.toLowerCase()}-prompt.txt`,
      mediaType: 'text/plain',
      bytes: new TextEncoder().encode(text),
    },
  };
}

const draftForm = (incident: string, audiences: readonly string[]): Form => ({
  title: 'What belongs into the draft',
  submitLabel: 'Ask the assistant',
  intent: { verb: 'finding draft', args: { incident } },
  intro: [context('It chooses among sentences of the record. You make it a draft, and others review it.')],
  fields: [
    {
      kind: 'choice',
      name: 'audience',
      label: 'For whom',
      isRequired: true,
      choices: audiences.map((value) => ({ value, label: value })),
    },
  ],
});

async function draft(call: Call): Promise<Answer> {
  const audience = one(call.args, 'audience').trim().toLowerCase();
  const all = [BRIEFING, ...audienceKeys(call.services.organisation.organisation).filter((k) => k !== BRIEFING)];
  if (audience === '') return { kind: 'form', form: draftForm((call.dossier as Dossier).incident.key, all) };
  return answered(call, { task: 'draft', audience });
}

const about: Argument = { name: 'about', summary: 'EV-1:12, TE-3 or FI-1', isRequired: true };
const since: Argument = {
  name: 'since',
  summary: '-30m or a time; everything when left out',
  isRequired: false,
  isRest: true,
};
const base = { effect: 'record', who: 'participant', needsIncident: true } as const;

export const assisting: readonly Command[] = [
  {
    ...base,
    name: 'finding summarise',
    summary: 'What a responder must know, cited; proposed, not verified',
    args: [since],
    examples: ['finding summarise', 'finding summarise -30m'],
    run: (call) => answered(call, { task: 'summarise', since: one(call.args, 'since') }),
  },
  {
    ...base,
    name: 'finding brief-me',
    summary: 'What somebody who joins late must read first, chosen by the assistant',
    args: [since],
    examples: ['finding brief-me', 'finding brief-me -2h'],
    run: (call) => answered(call, { task: 'catch-up', since: one(call.args, 'since') }),
  },
  {
    ...base,
    name: 'finding hypotheses',
    summary: 'How they may have got in: ranked, with what speaks for and against each',
    args: [],
    examples: ['finding hypotheses'],
    run: (call) => answered(call, { task: 'hypotheses' }),
  },
  {
    ...base,
    name: 'finding explain',
    summary: 'What an event may mean, and what goes with it',
    args: [about],
    examples: ['finding explain EV-1:12'],
    run: (call) => answered(call, { task: 'explain', about: one(call.args, 'about') }),
  },
  {
    ...base,
    name: 'finding contradict',
    summary: 'What on the timeline speaks against a finding or an event',
    args: [about],
    examples: ['finding contradict FI-1'],
    run: (call) => answered(call, { task: 'contradict', about: one(call.args, 'about') }),
  },
  {
    ...base,
    name: 'finding suggest',
    summary: 'Which steps the playbooks offer next',
    args: [],
    examples: ['finding suggest'],
    run: (call) => answered(call, { task: 'suggest' }),
  },
  {
    ...base,
    name: 'finding translate',
    summary: 'What happened, for readers who are not technical',
    args: [],
    examples: ['finding translate'],
    run: (call) => answered(call, { task: 'translate' }),
  },
  {
    ...base,
    name: 'finding draft',
    summary: 'Which sentences of the record belong into a briefing or a notice, and which are left out',
    args: [{ name: 'audience', summary: 'briefing, executive, customers and so on', isRequired: false }],
    examples: ['finding draft briefing', 'finding draft customers'],
    who: 'responder',
    run: draft,
  },
  {
    ...base,
    name: 'finding preview-prompt',
    summary: 'Exactly what a model would be sent, secrets and names replaced',
    args: [
      { name: 'task', summary: TASKS.join(', '), isRequired: false, choices: TASKS },
      { name: 'about', summary: 'EV-1:12, FI-1, an audience, or a question', isRequired: false, isRest: true },
    ],
    examples: ['finding preview-prompt hypotheses'],
    effect: 'read',
    run: preview,
  },
];
