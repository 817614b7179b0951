// What people do with what the assistant said: keep it, judge it, or switch the model off.
import { type AssistCommand, claimOf, decideAssist } from '../assist/decide.ts';
import { ASSISTANT_ACTOR } from '../assist/types.ts';
import { live } from '../chat/outbox.ts';
import { findingView } from '../finding/view.ts';
import type { Dossier } from '../incident/dossier.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { notice, text, untrusted, view } from '../view/build.ts';
import type { Form } from '../view/types.ts';
import { isModelOn } from './assist.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

const act = (call: Call, command: AssistCommand, actor = call.recordActor) =>
  call.services.act(incidentOf(call), actor, (dossier) => {
    const records = decideAssist(command, dossier.assist, dossier.finding, call.recordActor);
    if (isRefusal(records)) return records;
    const { key, conversation } = dossier.incident;
    return {
      records,
      say: conversation
        ? records
            .filter((r) => r.type === 'finding.added')
            .map((r) => ({
              key: `finding/${key}/${r.subject}/${dossier.version}`,
              message: {
                op: 'put' as const,
                name: `finding/${key}/${r.subject}`,
                to: conversation,
                content: live('finding', key, r.subject ?? ''),
              },
            }))
        : [],
    };
  });

async function propose(call: Call): Promise<Answer> {
  const done = await act(call, { do: 'propose', claim: one(call.args, 'claim') }, ASSISTANT_ACTOR);
  if (isRefusal(done)) return done;
  const found = done.state.finding.findings.find((f) => f.key === done.records[0]?.subject);
  return found ? { kind: 'private', view: findingView(found, incidentOf(call)) } : { kind: 'none' };
}

const judgeForm = (incident: string, claim: string, words: string): Form => ({
  title: `Judge ${claim}`,
  submitLabel: 'Put on record',
  intent: { verb: 'finding judge', args: { incident, claim } },
  intro: [text(untrusted(words))],
  fields: [
    {
      kind: 'choice',
      name: 'verdict',
      label: 'Is it right?',
      isRequired: true,
      choices: [
        { value: 'right', label: 'Right' },
        { value: 'wrong', label: 'Wrong' },
      ],
    },
    { kind: 'line', name: 'why', label: 'Why', hint: 'Needed when it is wrong', isRequired: false, maxLength: 300 },
  ],
});

async function judge(call: Call): Promise<Answer> {
  const dossier = call.dossier as Dossier;
  const found = claimOf(one(call.args, 'claim'), dossier.assist);
  if (isRefusal(found)) return found;
  const verdict = one(call.args, 'verdict').toLowerCase();
  if (verdict !== 'right' && verdict !== 'wrong')
    return { kind: 'form', form: judgeForm(incidentOf(call), found.kept.key, found.kept.text) };
  const why = one(call.args, 'why').slice(0, 300);
  const done = await act(call, { do: 'judge', claim: found.kept.key, isRight: verdict === 'right', why });
  if (isRefusal(done)) return done;
  return {
    kind: 'private',
    view: view(`${found.kept.key}: ${verdict}`, [
      notice('good', `On record: ${found.kept.key} is ${verdict}. It counts in "audit metrics"; it verifies nothing.`),
    ]),
  };
}

async function onOrOff(call: Call): Promise<Answer> {
  const dossier = call.dossier as Dossier;
  const wanted = one(call.args, 'switch').toLowerCase();
  const { model } = call.services;
  if (wanted === '') {
    const state = isModelOn(dossier) ? 'on' : 'off';
    return {
      kind: 'private',
      view: view(`The model is ${model ? state : 'not set up'}`, [
        text(
          model
            ? `${model.name} is ${state} in this incident${dossier.assist.isModelOn === null && dossier.incident.isPrivate ? ': it is private, so somebody has to switch it on' : ''}.`
            : 'No model is set up, so nothing leaves this machine. The built-in rules answer everything. docs/assistant.md says how to set one up.',
        ),
        text(`${dossier.assist.tokens} tokens used of ${call.services.assistantTokens} for this incident.`),
      ]),
    };
  }
  if (wanted !== 'on' && wanted !== 'off') return refuse('bad-argument', 'Write: finding assistant on|off <reason>');
  const done = await act(call, { do: 'switch', isOn: wanted === 'on', reason: one(call.args, 'reason').slice(0, 300) });
  if (isRefusal(done)) return done;
  const says =
    wanted === 'on'
      ? model
        ? `${model.name} may be asked in this incident. Secrets and names are replaced before anything is sent.`
        : 'Switched on, but no model is set up: the built-in rules go on answering.'
      : 'No model is asked in this incident any more. The built-in rules answer everything.';
  return { kind: 'private', view: view(says, [notice('good', says)]) };
}

const base = { effect: 'record', needsIncident: true } as const;

export const assistDecisions: readonly Command[] = [
  {
    ...base,
    name: 'finding propose',
    summary: 'Keep a claim of the assistant as a finding, not verified',
    args: [{ name: 'claim', summary: 'AR-1.2 and so on', isRequired: true }],
    examples: ['finding propose AR-1.2'],
    who: 'responder',
    run: propose,
  },
  {
    ...base,
    name: 'finding judge',
    summary: 'Say whether a claim of the assistant is right or wrong, and why',
    args: [
      { name: 'claim', summary: 'AR-1.2 and so on', isRequired: true },
      { name: 'verdict', summary: 'right or wrong', isRequired: false, choices: ['right', 'wrong'] },
      { name: 'why', summary: 'Why', isRequired: false, isRest: true },
    ],
    examples: ['finding judge AR-1.2 wrong that was the backup job'],
    who: 'participant',
    run: judge,
  },
  {
    ...base,
    name: 'finding assistant',
    summary: 'Whether a model may be asked in this incident; on or off, with a reason',
    args: [
      { name: 'switch', summary: 'on or off', isRequired: false, choices: ['on', 'off'] },
      { name: 'reason', summary: 'Why', isRequired: false, isRest: true },
    ],
    examples: ['finding assistant off the provider is involved'],
    who: 'command',
    run: onOrOff,
  },
];
