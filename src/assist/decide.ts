// Decisions about the assistant: the switch, people's verdicts, and claims that become findings nobody has verified.
import type { Actor } from '../audit/record.ts';
import { decideFinding } from '../finding/decide.ts';
import type { FindingRecord, Findings } from '../finding/types.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { ASSISTANT_ACTOR, type AssistantAnswer, type AssistantRecord, type Assists, type Kept } from './types.ts';

export type AssistCommand =
  | { readonly do: 'switch'; readonly isOn: boolean; readonly reason: string; readonly audience: string | null }
  | { readonly do: 'judge'; readonly claim: string; readonly isRight: boolean; readonly why: string }
  | { readonly do: 'propose'; readonly claim: string };

/** The claim of a key such as AR-2.1, with the answer it stands in. */
export function claimOf(
  key: string,
  all: Assists,
): { readonly answer: AssistantAnswer; readonly kept: Kept } | Refusal<'no-claim'> {
  const wanted = key.trim().toUpperCase();
  for (const answer of all.answers) {
    const kept = answer.kept.find((k) => k.key === wanted);
    if (kept) return { answer, kept };
  }
  return refuse(
    'no-claim',
    `The assistant made no claim ${wanted.slice(0, 12) || 'of that key'}. Its cards number them, such as AR-1.2.`,
  );
}

/** What a command records, or why not. A finding it proposes is the assistant's, whoever pressed the button. */
export function decideAssist(
  command: AssistCommand,
  all: Assists,
  findings: Findings,
  actor: Actor,
): readonly (AssistantRecord | FindingRecord)[] | Refusal {
  switch (command.do) {
    case 'switch':
      return switched(command, all);
    case 'judge': {
      if (actor.kind !== 'human') return refuse('not-human', 'Only a person can judge what the assistant said.');
      const found = claimOf(command.claim, all);
      if (isRefusal(found)) return found;
      if (!command.isRight && command.why.trim() === '')
        return refuse('reason-missing', 'Say what is wrong with it: that is what makes the figure worth something.');
      const { isRight, why } = command;
      const { answer, kept } = found;
      return [
        { type: 'assistant.judged', body: { key: answer.key, claim: kept.key, isRight, why }, subject: answer.key },
      ];
    }
    case 'propose':
      return propose(command.claim, all, findings, actor);
  }
}

function switched(
  { isOn, reason, audience }: Extract<AssistCommand, { readonly do: 'switch' }>,
  all: Assists,
): readonly AssistantRecord[] | Refusal {
  const where = audience === null ? 'in this incident' : `for drafts to ${audience} in this incident`;
  if (reason.trim() === '')
    return refuse(
      'reason-missing',
      audience === null
        ? 'Say why: finding assistant off <reason>'
        : `Say why: finding assistant-for ${audience} ${isOn ? 'on' : 'off'} <reason>`,
    );
  if ((audience === null ? all.isModelOn : all.audiences[audience]) === isOn)
    return refuse('no-change', `The model is ${isOn ? 'on' : 'off'} ${where} already.`);
  return [{ type: 'assistant.switched', body: { isOn, reason, audience } }];
}

function propose(
  key: string,
  all: Assists,
  findings: Findings,
  actor: Actor,
): readonly (AssistantRecord | FindingRecord)[] | Refusal {
  const found = claimOf(key, all);
  if (isRefusal(found)) return found;
  const { answer, kept } = found;
  const existing = answer.proposed[kept.key];
  if (existing !== undefined)
    return refuse('no-change', `${kept.key} is ${existing} already. Show it: finding show ${existing}`);
  if (kept.kind === 'step' || kept.kind === 'absence')
    return refuse('no-finding', `${kept.key} is no claim about what happened, so it becomes no finding.`);
  const added = decideFinding(
    {
      do: 'add',
      claim: {
        claim: kept.text,
        plain: kept.cause?.plain ?? null,
        kind: kept.kind === 'cause' ? 'hypothesis' : 'observation',
        cites: kept.cites,
        against: kept.cause?.against ?? [],
        assumptions: kept.cause?.assumptions ?? [],
        alternatives: kept.cause?.alternatives ?? [],
        wouldChange: kept.cause?.wouldChange ?? '',
        confidence: kept.cause?.confidence ?? null,
        isLowTrust: false,
        mismatches: [],
        tlp: null,
      },
    },
    findings,
    ASSISTANT_ACTOR,
  );
  if (isRefusal(added)) return added;
  const finding = added[0]?.subject as string;
  return [
    ...added,
    {
      type: 'assistant.proposed',
      body: { key: answer.key, claim: kept.key, finding, askedBy: actor },
      subject: answer.key,
    },
  ];
}
