// finding: claims, their checking, and what nobody knows yet.
import { readCites } from '../finding/confidence.ts';
import {
  answerForm,
  challengeForm,
  claimForm,
  inlineClaim,
  plainForm,
  questionForm,
  readClaim,
  refuteForm,
  settleForm,
  verifyForm,
} from '../finding/forms.ts';
import { RED_FLAGS, type RedFlag } from '../finding/types.ts';
import { findingsView, findingView, questionView } from '../finding/view.ts';
import type { Dossier } from '../incident/dossier.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { readDue } from '../schedule/due-at.ts';
import { actions, button, notice, view } from '../view/build.ts';
import { cardView } from './assist-card.ts';
import { act, compared, named, onFinding } from './finding-act.ts';
import { personFromArgs } from './people.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Argument, type Call, type Command, many, one } from './types.ts';

const zoneOf = (call: Call): string => call.dossier?.incident.zone ?? call.services.organisation.organisation.zone;

const isSecondRequired = (call: Call): boolean =>
  call.dossier !== null &&
  call.services.organisation.organisation.second_verifier.includes(call.dossier.incident.severity);

const findingArg: Argument = { name: 'finding', summary: 'FI-1 and so on', isRequired: true };
const base = { effect: 'record', who: 'responder', needsIncident: true } as const;

async function question(call: Call): Promise<Answer> {
  const quoted = call.event.kind === 'reaction' || call.event.kind === 'shortcut' ? call.event.message.text : '';
  const words = one(call.args, 'text') || quoted.slice(0, 500);
  // Typed or quoted words open the form; the form itself comes back as a submission.
  if (words === '' || (call.event.kind !== 'submit' && call.event.kind !== 'reaction'))
    return { kind: 'form', form: questionForm(incidentOf(call), words, zoneOf(call)) };
  const answerer = await personFromArgs(call, 'answerer');
  if (isRefusal(answerer)) return answerer;
  const typedDue = one(call.args, 'due').trim();
  const due = typedDue === '' ? null : readDue(typedDue, { nowAt: call.nowAt, zone: zoneOf(call) });
  if (isRefusal(due)) return { kind: 'errors', errors: { due: due.message } };
  return act(call, {
    do: 'ask',
    question: { text: words, answerer, dueAt: due, evidenceWanted: one(call.args, 'evidenceWanted').slice(0, 300) },
  });
}

/** Which finding a check mark was set on: only on a card of ours, whose first words name it. */
function requested(call: Call): string {
  if (call.event.kind !== 'reaction') return one(call.args, 'finding');
  if (call.event.message.author.standing !== 'bot') return '';
  return /\bFI-\d{1,6}\b/.exec(call.event.message.text.slice(0, 80))?.[0] ?? '';
}

export const finding: readonly Command[] = [
  {
    ...base,
    name: 'finding',
    summary: 'What is verified, what is not, and what nobody knows',
    args: [],
    examples: ['finding'],
    effect: 'read',
    who: 'participant',
    run: async (call) => ({ kind: 'private', view: findingsView((call.dossier as Dossier).finding, incidentOf(call)) }),
  },
  {
    ...base,
    name: 'finding show',
    summary: 'One finding with its evidence, one question, or one answer of the assistant',
    args: [findingArg],
    examples: ['finding show FI-1'],
    effect: 'read',
    who: 'participant',
    async run(call) {
      const key = one(call.args, 'finding').toUpperCase();
      const asked = call.dossier?.finding.questions.find((q) => q.key === key);
      if (asked) return { kind: 'private', view: questionView(asked, incidentOf(call)) };
      const isAll = one(call.args, 'all') === 'yes';
      const said = await cardView(call.services, call.dossier as Dossier, key, isAll);
      if (said) return { kind: 'private', view: said };
      const found = named(call);
      return isRefusal(found) ? found : { kind: 'private', view: findingView(found, incidentOf(call)) };
    },
  },
  {
    ...base,
    name: 'finding add',
    summary: 'Put a claim on record, not verified yet',
    args: [
      { name: 'claim', summary: 'One sentence; evidence in brackets at its end', isRequired: false, isRest: true },
    ],
    examples: ['finding add web-01 served a web shell [EV-1:118]'],
    async run(call) {
      const typed = one(call.args, 'claim');
      if (typed === '') return { kind: 'form', form: claimForm(incidentOf(call), {}) };
      const claim = await compared(call, inlineClaim(typed));
      return act(call, { do: 'add', claim }, claim.cites);
    },
  },
  {
    ...base,
    name: 'finding save',
    summary: 'Save a finding from its form',
    args: [],
    examples: [],
    isHidden: true,
    async run(call) {
      const claim = readClaim(call.args);
      if ('errors' in claim) return { kind: 'errors', errors: claim.errors };
      const key = one(call.args, 'finding');
      const checked = await compared(call, claim);
      return act(call, key === '' ? { do: 'add', claim: checked } : { do: 'revise', key, claim: checked }, [
        ...claim.cites,
        ...claim.against,
      ]);
    },
  },
  {
    ...base,
    name: 'finding edit',
    summary: 'Complete or correct a finding that is not verified yet',
    args: [findingArg],
    examples: ['finding edit FI-1'],
    async run(call) {
      const found = named(call);
      if (isRefusal(found)) return found;
      if (found.state !== 'unverified')
        return refuse(
          'frozen',
          `${found.key} is ${found.state} and stays as it was checked. Challenge it, or add a new one.`,
        );
      return { kind: 'form', form: claimForm(incidentOf(call), found) };
    },
  },
  {
    ...base,
    name: 'finding plain',
    summary: 'Put a finding in plain words for readers who are not technical',
    args: [findingArg, { name: 'plain', summary: 'The words', isRequired: false, isRest: true }],
    examples: ['finding plain FI-1 Some customers cannot pay'],
    run: (call) =>
      onFinding(call, 'plain', plainForm, (found) =>
        act(call, { do: 'put-plainly', key: found.key, plain: one(call.args, 'plain').slice(0, 300) }),
      ),
  },
  {
    ...base,
    name: 'finding verify',
    summary: 'Verify a finding: how you checked it, and on what evidence',
    args: [findingArg],
    examples: ['finding verify FI-1'],
    run: (call) =>
      onFinding(
        call,
        'method',
        (i, f) => verifyForm(i, f, isSecondRequired(call)),
        async (found, cites) => {
          const second = await personFromArgs(call, 'second');
          if (isRefusal(second)) return { kind: 'errors', errors: { second: second.message } };
          return act(
            call,
            {
              do: 'verify',
              key: found.key,
              method: one(call.args, 'method').slice(0, 500),
              cites,
              second,
              isSecondRequired: isSecondRequired(call),
            },
            cites,
          );
        },
      ),
  },
  {
    ...base,
    name: 'finding confirm',
    summary: 'Confirm a verification as the second person',
    args: [findingArg],
    examples: ['finding confirm FI-1'],
    who: 'participant',
    run: (call) => act(call, { do: 'confirm', key: one(call.args, 'finding') }),
  },
  {
    ...base,
    name: 'finding refute',
    summary: 'Refute a finding: how you know, and on what evidence',
    args: [findingArg],
    examples: ['finding refute FI-1'],
    run: (call) =>
      onFinding(call, 'method', refuteForm, (found, cites) =>
        act(call, { do: 'refute', key: found.key, method: one(call.args, 'method').slice(0, 500), cites }, cites),
      ),
  },
  {
    ...base,
    name: 'finding challenge',
    summary: 'Attack a finding: what speaks against it, and red flags',
    args: [findingArg],
    examples: ['finding challenge FI-1'],
    run: (call) =>
      onFinding(call, 'method', challengeForm, async (found, cites) => {
        const second = await personFromArgs(call, 'second');
        if (isRefusal(second)) return { kind: 'errors', errors: { second: second.message } };
        const challenge = {
          method: one(call.args, 'method').slice(0, 500),
          argument: one(call.args, 'argument').slice(0, 500),
          cites,
          redFlags: many(call.args, 'redFlags').filter((f): f is RedFlag => Object.hasOwn(RED_FLAGS, f)),
          second,
        };
        return act(call, { do: 'challenge', key: found.key, challenge }, cites);
      }),
  },
  {
    ...base,
    name: 'finding settle',
    summary: 'Say what settled a challenge',
    args: [findingArg, { name: 'answer', summary: 'What settled it', isRequired: false, isRest: true }],
    examples: ['finding settle FI-1 the second log agrees'],
    run: (call) =>
      onFinding(call, 'answer', settleForm, (found) =>
        act(call, { do: 'answer-challenge', key: found.key, answer: one(call.args, 'answer').slice(0, 500) }),
      ),
  },
  {
    ...base,
    name: 'finding request-verification',
    summary: 'Ask others to verify a finding; it verifies nothing',
    args: [findingArg],
    examples: ['finding request-verification FI-1'],
    who: 'participant',
    async run(call) {
      const key = requested(call);
      if (key === '' && call.event.kind === 'reaction') {
        return {
          kind: 'private',
          view: view('A check mark verifies nothing.', [
            notice(
              'info',
              'A check mark asks for a finding to be verified, and this message is no finding. To make it one:',
            ),
            actions(button('Add a finding', 'finding add', { incident: incidentOf(call) })),
          ]),
        };
      }
      return act(call, { do: 'request-verification', key });
    },
  },
  {
    ...base,
    name: 'finding question',
    summary: 'Put on record what nobody knows yet, who finds out and by when',
    args: [{ name: 'text', summary: 'The question', isRequired: false, isRest: true }],
    examples: ['finding question Did the attacker read the customer table?'],
    who: 'participant',
    run: question,
  },
  {
    ...base,
    name: 'finding answer',
    summary: 'Answer an open question, with evidence',
    args: [
      { name: 'question', summary: 'QU-1 and so on', isRequired: true },
      { name: 'text', summary: 'The answer', isRequired: false, isRest: true },
    ],
    examples: ['finding answer QU-1 No: the database log shows no read'],
    async run(call) {
      const key = one(call.args, 'question').toUpperCase();
      const asked = call.dossier?.finding.questions.find((q) => q.key === key);
      if (!asked) return refuse('no-question', 'There is no such question. "finding" lists those that are open.');
      if (one(call.args, 'text') === '') return { kind: 'form', form: answerForm(incidentOf(call), key, asked.text) };
      const cites = readCites(one(call.args, 'cites'));
      if (cites.wrong.length > 0)
        return { kind: 'errors', errors: { cites: 'Write EV-1:12 or TE-4, separated by commas.' } };
      return act(
        call,
        { do: 'answer', key, text: one(call.args, 'text').slice(0, 500), cites: cites.cites },
        cites.cites,
      );
    },
  },
];
