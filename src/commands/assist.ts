// The assistant's sub-verbs of finding: it proposes and cites; people keep, judge and verify.
import { ask, eventsNamed, type Prepared, prepare } from '../assist/ask.ts';
import { builtIn } from '../assist/builtin.ts';
import type { Held } from '../assist/ground.ts';
import { materialFor } from '../assist/material.ts';
import { doubtedKinds } from '../assist/precision.ts';
import { promptText } from '../assist/prompt.ts';
import { type Assistant, type Dropped, type Kept, TASKS, type Task } from '../assist/types.ts';
import { answerView } from '../assist/view.ts';
import { maskSecrets } from '../evidence/secrets.ts';
import type { Dossier } from '../incident/dossier.ts';
import { readWhen } from '../incident/when.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { codeBlock, context, fields, notice, view } from '../view/build.ts';
import { clip } from '../view/escape.ts';
import { eventsOf } from './events.ts';
import { type Answer, type Argument, type Call, type Command, one } from './types.ts';

const MOST_RECORDED = 60;

/** Whether a model may be asked in this incident: a person's choice, or yes unless the incident is private. */
export const isModelOn = (dossier: Dossier): boolean => dossier.assist.isModelOn ?? !dossier.incident.isPrivate;

const modelFor = (call: Call, dossier: Dossier): Assistant =>
  call.services.model && isModelOn(dossier) ? call.services.model : builtIn;

const namesOf = (call: Call): readonly string[] =>
  call.services.organisation.organisation.people.flatMap((p) => [
    p.name,
    ...p.name.split(' ').filter((w) => w.length > 3),
  ]);

/** Everything a question rests on, or why it cannot be asked. */
async function prepared(call: Call, task: Task, about: string, since: string): Promise<Prepared | Refusal> {
  const dossier = call.dossier as Dossier;
  const events = await eventsOf(call.services, dossier);
  const subject = about.trim().toUpperCase();
  const finding = dossier.finding.findings.find((f) => f.key === subject);
  const subjectKeys = subject === '' ? [] : eventsNamed(subject, finding?.cites ?? [], events);
  if (subject !== '' && subjectKeys.length === 0)
    return refuse(
      'no-such-event',
      finding
        ? `${subject} cites nothing on the timeline, so there is nothing to compare. Complete it: finding edit ${subject}`
        : `There is no ${subject.slice(0, 20)} on the timeline. "timeline" shows the keys, such as EV-1:12 or TE-3.`,
    );
  const zone = dossier.incident.zone ?? call.services.organisation.organisation.zone;
  const from = since.trim() === '' ? null : readWhen(since, { nowAt: call.nowAt, zone });
  if (isRefusal(from)) return from;
  const candidates: string[] = [];
  for (const a of dossier.timeline.additions) {
    const result = await call.services.intake.result(a.result);
    candidates.push(...(result?.initialAccess ?? []).map((c) => `${a.evidence}:${c.line}`));
  }
  const material = materialFor(
    { task, subject: subject || null, subjectKeys, sinceAt: from?.at ?? null, nowMs: call.services.now(), candidates },
    dossier,
    events,
  );
  return prepare(material, namesOf(call), call.services.randomId);
}

const keptOf = (key: string, held: readonly Held[]): readonly Kept[] =>
  held.slice(0, MOST_RECORDED).map((h, i) => ({
    key: `${key}.${i + 1}`,
    kind: h.kind,
    text: maskSecrets(clip(h.text, 300)),
    cites: h.cites.slice(0, 20),
    ...(h.cause ? { cause: h.cause } : {}),
  }));

const droppedOf = (dropped: readonly Dropped[]): readonly Dropped[] =>
  dropped.slice(0, MOST_RECORDED).map((d) => ({ kind: d.kind, why: clip(d.why, 200) }));

async function answered(call: Call, task: Task, about = '', since = ''): Promise<Answer> {
  const ready = await prepared(call, task, about, since);
  if (isRefusal(ready)) return ready;
  const { services } = call;
  const { material, prompt, redact } = ready;
  const assistant = modelFor(call, call.dossier as Dossier);
  const sent = assistant.isModel ? await services.blobs.keep(new TextEncoder().encode(promptText(prompt))) : null;
  const asked = await services.act(material.incident, call.recordActor, (dossier) => {
    const key = `AR-${dossier.assist.answers.length + 1}`;
    return {
      records: [
        {
          type: 'assistant.asked',
          subject: key,
          body: {
            key,
            task,
            subject: material.subject,
            assistant: assistant.name,
            isModel: assistant.isModel,
            prompt:
              sent === null ? { absent: 'built-in rules read the record itself; nothing was sent' } : { sha256: sent },
            events: material.lines.slice(0, 500).map((l) => l.event.key),
            cut: { events: material.cut.events, characters: material.cut.characters },
            replaced: sent === null ? {} : redact.counts(),
          },
        },
      ],
    };
  });
  if (isRefusal(asked)) return asked;
  const key = asked.records[0]?.subject as string;
  const tokensLeft = services.assistantTokens - asked.state.assist.tokens;
  const done = await ask(assistant, ready, tokensLeft);
  const output = done.output === null ? null : await services.blobs.keep(new TextEncoder().encode(done.output));
  const { grounded } = done;
  const written = await services.act(material.incident, call.recordActor, () => ({
    records: [
      {
        type: 'assistant.answered',
        subject: key,
        body: {
          key,
          assistant: done.by.name,
          isModel: done.by.isModel,
          output: output === null ? { absent: done.fellBack ?? 'nothing came back' } : { sha256: output },
          fellBack: done.fellBack,
          tokens: done.tokens,
        },
      },
      {
        type: 'assistant.checked',
        subject: key,
        body: {
          key,
          kept: keptOf(key, grounded.held),
          dropped: droppedOf(grounded.dropped),
          omitted: grounded.omitted.slice(0, 200),
        },
      },
    ],
  }));
  if (isRefusal(written)) return written;
  return {
    kind: 'private',
    view: answerView({
      answer: { key, task, assistant: done.by.name, fellBack: done.fellBack },
      grounded,
      material,
      doubted: doubtedKinds(written.state.assist.answers),
    }),
  };
}

async function preview(call: Call): Promise<Answer> {
  const task = TASKS.find((t) => t === one(call.args, 'task')) ?? 'summarise';
  const ready = await prepared(call, task, one(call.args, 'about'), '');
  if (isRefusal(ready)) return ready;
  const dossier = call.dossier as Dossier;
  const assistant = modelFor(call, dossier);
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
            : 'The model is off in this incident: nothing is sent. This is what would be.',
      ),
      fields({
        Events: `${ready.material.lines.length} of ${ready.material.all.length}`,
        'Left out': ready.material.cut.events > 0 ? `${ready.material.cut.events} older or less severe` : 'nothing',
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

const about: Argument = { name: 'about', summary: 'EV-1:12, TE-3 or FI-1', isRequired: true };
const base = { effect: 'record', who: 'participant', needsIncident: true } as const;

export const assisting: readonly Command[] = [
  {
    ...base,
    name: 'finding summarise',
    summary: 'What a responder must know, cited; proposed, not verified',
    args: [{ name: 'since', summary: '-30m or a time; everything when left out', isRequired: false, isRest: true }],
    examples: ['finding summarise', 'finding summarise -30m'],
    run: (call) => answered(call, 'summarise', '', one(call.args, 'since')),
  },
  {
    ...base,
    name: 'finding hypotheses',
    summary: 'How they may have got in: ranked, with what speaks for and against each',
    args: [],
    examples: ['finding hypotheses'],
    run: (call) => answered(call, 'hypotheses'),
  },
  {
    ...base,
    name: 'finding explain',
    summary: 'What an event may mean, and what goes with it',
    args: [about],
    examples: ['finding explain EV-1:12'],
    run: (call) => answered(call, 'explain', one(call.args, 'about')),
  },
  {
    ...base,
    name: 'finding contradict',
    summary: 'What on the timeline speaks against a finding or an event',
    args: [about],
    examples: ['finding contradict FI-1'],
    run: (call) => answered(call, 'contradict', one(call.args, 'about')),
  },
  {
    ...base,
    name: 'finding suggest',
    summary: 'Which steps the playbooks offer next',
    args: [],
    examples: ['finding suggest'],
    run: (call) => answered(call, 'suggest'),
  },
  {
    ...base,
    name: 'finding translate',
    summary: 'What happened, for readers who are not technical',
    args: [],
    examples: ['finding translate'],
    run: (call) => answered(call, 'translate'),
  },
  {
    ...base,
    name: 'finding preview-prompt',
    summary: 'Exactly what a model would be sent, secrets and names replaced',
    args: [
      { name: 'task', summary: TASKS.join(', '), isRequired: false, choices: TASKS },
      { ...about, isRequired: false },
    ],
    examples: ['finding preview-prompt hypotheses'],
    effect: 'read',
    run: preview,
  },
];
