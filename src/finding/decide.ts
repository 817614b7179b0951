// Decisions on findings and questions. Pure. The assistant may propose; moving a claim is for people.

import type { Actor } from '../audit/record.ts';
import { isSameAccount } from '../chat/actor.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { PersonRef } from '../view/types.ts';
import { missingParts, openChallenges } from './confidence.ts';
import type { Challenge, Claim, Finding, FindingRecord, Findings, Question } from './types.ts';

export type FindingCommand =
  | { readonly do: 'add'; readonly claim: Claim }
  | { readonly do: 'revise'; readonly key: string; readonly claim: Claim }
  | { readonly do: 'put-plainly'; readonly key: string; readonly plain: string }
  | { readonly do: 'request-verification'; readonly key: string }
  | {
      readonly do: 'verify';
      readonly key: string;
      readonly method: string;
      readonly cites: readonly string[];
      readonly second: PersonRef | null;
      /** The organisation wants two people for findings of this severity. */
      readonly isSecondRequired: boolean;
    }
  | { readonly do: 'confirm'; readonly key: string }
  | { readonly do: 'refute'; readonly key: string; readonly method: string; readonly cites: readonly string[] }
  | { readonly do: 'challenge'; readonly key: string; readonly challenge: Omit<Challenge, 'by' | 'at' | 'answer'> }
  | { readonly do: 'answer-challenge'; readonly key: string; readonly answer: string }
  | { readonly do: 'ask'; readonly question: Pick<Question, 'text' | 'answerer' | 'dueAt' | 'evidenceWanted'> }
  | { readonly do: 'answer'; readonly key: string; readonly text: string; readonly cites: readonly string[] };

const find = (all: Findings, key: string): Finding | Refusal =>
  all.findings.find((f) => f.key === key.toUpperCase()) ??
  refuse(
    'no-finding',
    all.findings.length === 0
      ? 'There is no finding yet. Add one: finding add <what you found>'
      : `There is no finding ${key.slice(0, 12) || 'of that key'}. "finding" lists them: ${all.findings
          .slice(-5)
          .map((f) => f.key)
          .join(', ')}.`,
  );

const peopleOnly = (actor: Actor): Refusal | null =>
  actor.kind === 'human'
    ? null
    : refuse('not-human', 'Only a named person can verify, confirm, challenge or refute a finding.');

const wantsMethod = (method: string, cites: readonly string[], what: string): Refusal | null => {
  if (method.trim() === '')
    return refuse('method-missing', `Say how you checked it: ${what} goes on record with a method.`);
  if (cites.length === 0)
    return refuse(
      'evidence-missing',
      `Name the evidence, such as EV-1:12 or TE-4: ${what} rests on something others can look at.`,
    );
  return null;
};

/** What a command records, or why not. `actor` is who does it, a person or the assistant. */
export function decideFinding(
  command: FindingCommand,
  all: Findings,
  actor: Actor,
): readonly FindingRecord[] | Refusal {
  switch (command.do) {
    case 'add': {
      if (command.claim.claim.trim() === '') return refuse('claim-missing', 'Say what you found, in one sentence.');
      const key = `FI-${all.findings.length + 1}`;
      const origin = actor.kind === 'human' ? ('person' as const) : ('assistant' as const);
      return [{ type: 'finding.added', body: { ...command.claim, key, origin }, subject: key }];
    }
    case 'ask': {
      if (command.question.text.trim() === '') return refuse('question-missing', 'Say what nobody knows yet.');
      const key = `QU-${all.questions.length + 1}`;
      return [{ type: 'question.asked', body: { ...command.question, key }, subject: key }];
    }
    case 'answer': {
      const question = all.questions.find((q) => q.key === command.key.toUpperCase());
      if (!question) return refuse('no-question', 'There is no such question. "finding" lists those that are open.');
      if (question.answer) return refuse('no-change', `${question.key} was answered by ${question.answer.by.label}.`);
      if (command.text.trim() === '') return refuse('answer-missing', 'Say what the answer is.');
      return [
        {
          type: 'question.answered',
          body: { key: question.key, text: command.text, cites: command.cites },
          subject: question.key,
        },
      ];
    }
    case 'revise':
    case 'put-plainly':
    case 'request-verification':
    case 'verify':
    case 'confirm':
    case 'refute':
    case 'challenge':
    case 'answer-challenge': {
      const finding = find(all, command.key);
      return isRefusal(finding) ? finding : decideOn(command, finding, actor);
    }
  }
}

type OnFinding = Exclude<FindingCommand, { readonly do: 'add' | 'ask' | 'answer' }>;

function decideOn(command: OnFinding, finding: Finding, actor: Actor): readonly FindingRecord[] | Refusal {
  const { key } = finding;
  switch (command.do) {
    case 'revise':
      if (finding.state !== 'unverified')
        return refuse(
          'frozen',
          `${key} is ${finding.state} and stays as it was checked. Challenge it, or add a new finding that replaces it.`,
        );
      if (actor.kind !== 'human' && finding.origin === 'person')
        return refuse('frozen', `${key} was written by a person; the assistant can only propose one of its own.`);
      return [{ type: 'finding.revised', body: { ...command.claim, key }, subject: key }];
    case 'put-plainly': {
      // The claim stays as it was checked; this is how it is told to others, and people read it again before it goes out.
      const no = peopleOnly(actor);
      if (no) return no;
      if (finding.state === 'refuted') return refuse('no-change', `${key} is refuted: there is nothing to tell.`);
      if (command.plain.trim() === '')
        return refuse('words-missing', 'Say it in plain words: no addresses, no tool names.');
      return [{ type: 'finding.put-plainly', body: { key, plain: command.plain.trim() }, subject: key }];
    }
    case 'request-verification':
      if (finding.state !== 'unverified') return refuse('no-change', `${key} is ${finding.state} already.`);
      if (finding.askedToVerifyBy.some((a) => isSameAccount(a, actor)))
        return refuse(
          'no-change',
          `You asked for ${key} to be verified already. Somebody still has to do it, with method and evidence.`,
        );
      return [{ type: 'finding.verification-requested', body: { key }, subject: key }];
    case 'verify':
      return verify(command, finding, actor);
    case 'confirm': {
      const no = peopleOnly(actor);
      if (no) return no;
      const waiting = finding.state === 'unverified' ? finding.verification : null;
      if (!waiting?.second) return refuse('no-change', `${key} does not wait for a second person.`);
      if (!isSameAccount(waiting.second, actor))
        return refuse('not-second', `${waiting.by.label} named ${waiting.second.label} to confirm ${key}.`);
      return [{ type: 'finding.confirmed', body: { key }, subject: key }];
    }
    case 'refute': {
      const no = peopleOnly(actor) ?? wantsMethod(command.method, command.cites, 'a refutation');
      if (no) return no;
      if (finding.state === 'refuted') return refuse('no-change', `${key} is refuted already.`);
      return [{ type: 'finding.refuted', body: { key, method: command.method, cites: command.cites }, subject: key }];
    }
    case 'challenge': {
      const { challenge } = command;
      const no = peopleOnly(actor);
      if (no) return no;
      if (finding.state === 'refuted') return refuse('no-change', `${key} is refuted: there is nothing to challenge.`);
      if (challenge.method.trim() === '')
        return refuse('method-missing', 'Say how you attack it: what you compared, looked for or tried.');
      if (challenge.argument.trim() === '' && challenge.redFlags.length === 0)
        return refuse('argument-missing', 'Say what speaks against it, or tick a red flag.');
      return [{ type: 'finding.challenged', body: { ...challenge, key }, subject: key }];
    }
    case 'answer-challenge': {
      const no = peopleOnly(actor);
      if (no) return no;
      if (openChallenges(finding).length === 0) return refuse('no-change', `No challenge to ${key} is open.`);
      if (openChallenges(finding).some((c) => isSameAccount(c.by, actor)) === false && isSameAccount(finding.by, actor))
        return refuse('own-claim', `You proposed ${key}, so its challenge is for somebody else to settle.`);
      if (command.answer.trim() === '') return refuse('answer-missing', 'Say what settled it.');
      return [{ type: 'finding.challenge-answered', body: { key, answer: command.answer }, subject: key }];
    }
  }
}

function verify(
  command: Extract<FindingCommand, { readonly do: 'verify' }>,
  finding: Finding,
  actor: Actor,
): readonly FindingRecord[] | Refusal {
  const { key } = finding;
  const no = peopleOnly(actor) ?? wantsMethod(command.method, command.cites, 'a verification');
  if (no) return no;
  if (finding.state === 'verified') return refuse('no-change', `${key} is verified already.`);
  const missing = missingParts(finding);
  if (missing.length > 0)
    return refuse(
      'incomplete',
      `${key} is incomplete: it lacks ${missing.join(', ')}. Complete it first ("finding edit ${key}"), so that nobody verifies the first explanation that came along.`,
    );
  if (openChallenges(finding).length > 0)
    return refuse(
      'challenged',
      `${key} has an open challenge. Settle it first: finding settle ${key} <what settled it>`,
    );
  if (command.second && isSameAccount(command.second, actor))
    return refuse('same-person', 'The second person has to be somebody else.');
  if (command.isSecondRequired && !command.second)
    return refuse('second-missing', 'Your organisation wants a second person for findings of this severity. Name one.');
  return [
    {
      type: 'finding.verified',
      body: { key, method: command.method, cites: command.cites, second: command.second },
      subject: key,
    },
  ];
}
