// What people do with what the assistant said: keep it, judge it, or switch the model off.
import { type AssistCommand, claimOf, decideAssist } from '../assist/decide.ts';
import { ASSISTANT_ACTOR, type Kept } from '../assist/types.ts';
import { findingView } from '../finding/view.ts';
import type { Dossier } from '../incident/dossier.ts';
import { audienceKeys } from '../notice/recipients.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { actions, button, context, fields, heading, notice, text, untrusted, view } from '../view/build.ts';
import { clip, reveal } from '../view/escape.ts';
import type { Form, View } from '../view/types.ts';
import { isModelOn } from './assist-ask.ts';
import { cardMessage } from './assist-card.ts';
import { BRIEFING } from './assist-draft.ts';
import { findingCard } from './finding-act.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Argument, type Call, type Command, type Message, one } from './types.ts';

const act = (call: Call, command: AssistCommand, actor = call.recordActor) =>
  call.services.act(incidentOf(call), actor, (dossier) => {
    const records = decideAssist(command, dossier.assist, dossier.finding, call.recordActor);
    if (isRefusal(records)) return records;
    return {
      records,
      say: [
        ...records.filter((r) => r.type === 'finding.added').flatMap((r) => findingCard(dossier, r.subject ?? '')),
        ...(command.do === 'judge' ? answerCard(dossier, command.claim) : []),
      ],
    };
  });

/** The card of an answer that stands in the channel shows the verdict too. */
function answerCard(dossier: Dossier, claim: string): readonly Message[] {
  const found = claimOf(claim, dossier.assist);
  const { key, conversation } = dossier.incident;
  return conversation && !isRefusal(found) && found.answer.isModel
    ? [cardMessage(key, found.answer.key, conversation, `judged-${dossier.version + 1}`)]
    : [];
}

async function propose(call: Call): Promise<Answer> {
  const done = await act(call, { do: 'propose', claim: one(call.args, 'claim') }, ASSISTANT_ACTOR);
  if (isRefusal(done)) return done;
  const found = done.state.finding.findings.find((f) => f.key === done.records[0]?.subject);
  return found ? { kind: 'private', view: findingView(found, incidentOf(call)) } : { kind: 'none' };
}

const judgeForm = (incident: string, claims: readonly Kept[]): Form => ({
  title: claims.length === 1 ? `Judge ${claims[0]?.key}` : 'Judge a claim',
  submitLabel: 'Put on record',
  intent: {
    verb: 'finding judge',
    args: { incident, ...(claims.length === 1 && claims[0] ? { claim: claims[0].key } : {}) },
  },
  intro:
    claims.length === 1 && claims[0]
      ? [text(untrusted(claims[0].text))]
      : [context('It counts in "audit metrics" and verifies nothing.')],
  fields: [
    ...(claims.length > 1
      ? [
          {
            kind: 'choice' as const,
            name: 'claim',
            label: 'Which claim',
            isRequired: true,
            choices: claims.map((k) => ({ value: k.key, label: clip(reveal(`${k.key} ${k.text}`), 70) })),
          },
        ]
      : []),
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
    {
      kind: 'line',
      name: 'why',
      label: 'Why',
      hint: 'Needed when it is wrong',
      isRequired: false,
      isNeeded: true,
      maxLength: 300,
    },
  ],
});

async function judge(call: Call): Promise<Answer> {
  const dossier = call.dossier as Dossier;
  const named = one(call.args, 'claim').trim().toUpperCase();
  const whole = dossier.assist.answers.find((a) => a.key === named && a.kept.length > 0);
  const found = claimOf(whole ? (whole.kept[0]?.key ?? '') : named, dossier.assist);
  if (isRefusal(found)) return found;
  const claims = whole ? whole.kept : [found.kept];
  const verdict = one(call.args, 'verdict').toLowerCase();
  if ((verdict !== 'right' && verdict !== 'wrong') || claims.length > 1)
    return { kind: 'form', form: judgeForm(incidentOf(call), claims) };
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

/** What the assistant can be asked, whether a model answers, and where it is switched off. */
function menu(call: Call): View {
  const dossier = call.dossier as Dossier;
  const { services } = call;
  const org = services.organisation.organisation;
  const { model } = services;
  const incident = incidentOf(call);
  const isOn = isModelOn(dossier, org);
  const off = [BRIEFING, ...audienceKeys(org)].filter((a) => isOn && !isModelOn(dossier, org, a));
  const isOwnChoice = dossier.assist.isModelOn === null && dossier.incident.isPrivate && !isOn;
  const ask = (label: string, verb: string, more: Readonly<Record<string, string>> = {}) =>
    button(label, verb, { incident, ...more });
  return view(`The assistant: the model is ${model ? (isOn ? 'on' : 'off') : 'not set up'}`, [
    heading('Ask the assistant'),
    context('It proposes and cites. Nothing it says is verified until a person has checked it.'),
    actions(
      ask('Summarise', 'finding summarise'),
      ask('The last 30 minutes', 'finding summarise', { since: '-30m' }),
      ask('What to read first', 'finding brief-me'),
      ask('How they got in', 'finding hypotheses'),
    ),
    actions(
      ask('Next steps', 'finding suggest'),
      ask('In plain words', 'finding translate'),
      ask('Help with a draft', 'finding draft'),
      ask('Ask the record', 'finding ask'),
    ),
    fields({
      Model: model
        ? `${model.name} is ${isOn ? 'on' : 'off'} in this incident${isOwnChoice ? ': it is private, so somebody has to switch it on' : ''}`
        : 'none is set up, so nothing leaves this machine; the built-in rules answer everything (docs/assistant.md)',
      'No model for': off.length > 0 ? off.join(', ') : null,
      Tokens: model ? `${dossier.assist.tokens} of ${services.assistantTokens} used in this incident` : null,
      Answers: String(dossier.assist.answers.length),
    }),
    actions(
      ask('What would be sent', 'finding preview-prompt'),
      ...(dossier.assist.answers.length > 0 ? [ask('What it has said', 'audit assistant')] : []),
    ),
    context(
      '"finding assistant on|off <reason>" switches the model in this incident; "finding assistant-for <audience> on|off <reason>" for one audience.',
    ),
  ]);
}

async function onOrOff(call: Call): Promise<Answer> {
  const org = call.services.organisation.organisation;
  const { model } = call.services;
  const wanted = one(call.args, 'switch').toLowerCase();
  const audience = one(call.args, 'audience').toLowerCase() || null;
  if (wanted === '' && audience === null) return { kind: 'private', view: menu(call) };
  if (wanted !== 'on' && wanted !== 'off')
    return refuse(
      'bad-argument',
      audience === null
        ? 'Write: finding assistant on|off <reason>'
        : `Write: finding assistant-for ${audience.slice(0, 30)} on|off <reason>`,
    );
  const known = [BRIEFING, ...audienceKeys(org)];
  if (audience !== null && !known.includes(audience))
    return refuse('no-audience', `"${audience.slice(0, 30)}" is no audience. There are ${known.join(', ')}.`);
  const done = await act(call, {
    do: 'switch',
    isOn: wanted === 'on',
    reason: one(call.args, 'reason').slice(0, 300),
    audience,
  });
  if (isRefusal(done)) return done;
  const where = audience === null ? 'in this incident' : `for drafts to ${audience} in this incident`;
  const stillOff = wanted === 'on' && audience !== null && !isModelOn(done.state, org);
  const says =
    wanted === 'off'
      ? `No model is asked ${where} any more. The built-in rules answer everything.`
      : !model
        ? 'Switched on, but no model is set up: the built-in rules go on answering.'
        : stillOff
          ? `Switched on ${where}, but the model is off in the whole incident: "finding assistant on <reason>" is needed too.`
          : `${model.name} may be asked ${where}. Secrets and names are replaced before anything is sent.`;
  return { kind: 'private', view: view(says, [notice('good', says)]) };
}

const base = { effect: 'record', needsIncident: true } as const;
const claimArg: Argument = { name: 'claim', summary: 'AR-1.2 and so on', isRequired: true };
const switchArg: Argument = { name: 'switch', summary: 'on or off', isRequired: false, choices: ['on', 'off'] };
const reasonArg: Argument = { name: 'reason', summary: 'Why', isRequired: false, isRest: true };

export const assistDecisions: readonly Command[] = [
  {
    ...base,
    name: 'finding propose',
    summary: 'Keep a claim of the assistant as a finding, not verified',
    args: [claimArg],
    examples: ['finding propose AR-1.2'],
    who: 'responder',
    run: propose,
  },
  {
    ...base,
    name: 'finding judge',
    summary: 'Say whether a claim of the assistant is right or wrong, and why',
    args: [
      claimArg,
      { name: 'verdict', summary: 'right or wrong', isRequired: false, choices: ['right', 'wrong'] },
      { name: 'why', summary: 'Why', isRequired: false, isRest: true },
    ],
    examples: ['finding judge AR-1.2 wrong that was the backup job'],
    who: 'participant',
    run: judge,
  },
  {
    ...base,
    name: 'finding menu',
    summary: 'What the assistant can be asked, and whether a model answers',
    args: [],
    examples: ['finding menu'],
    effect: 'read',
    who: 'participant',
    run: async (call) => ({ kind: 'private', view: menu(call) }),
  },
  {
    ...base,
    name: 'finding assistant',
    summary: 'Whether a model may be asked in this incident; on or off, with a reason',
    args: [switchArg, reasonArg],
    examples: ['finding assistant off the provider is involved'],
    who: 'command',
    run: onOrOff,
  },
  {
    ...base,
    name: 'finding assistant-for',
    summary: 'Whether a model may choose what goes into drafts for one audience in this incident',
    args: [{ name: 'audience', summary: 'briefing, customers and so on', isRequired: true }, switchArg, reasonArg],
    examples: ['finding assistant-for customers off counsel wants it so'],
    who: 'command',
    run: onOrOff,
  },
];
