// From approval to outcome: the last check before anything happens, and what came of it. Pure.
import { humanKey } from '../organisation/people.ts';
import type { Refusal } from '../refusal.ts';
import type { PersonRef } from '../view/types.ts';
import { about, blocked, closedState, plusMinutes, type Ruling, refused, type Setting, voidOf } from './decide.ts';
import { judgeGrant, type Press } from './decide-approval.ts';
import { no, type ReasonCode } from './reasons.ts';
import { canonicalText, digestOf } from './request.ts';
import { harder } from './source.ts';
import { resolveTargets } from './targets.ts';
import type { CanonicalRequest, Containment, ContainmentRecord, Outcome, Result } from './types.ts';

const approved: unique symbol = Symbol('approved');

/**
 * A containment that may run now: approved, unchanged, inside its window, its approvers still entitled. Only this file
 * can make one, so no executor can be called with anything else.
 */
export interface ApprovedContainment {
  readonly [approved]: true;
  readonly request: CanonicalRequest;
  readonly digest: string;
  /** Ledger number of the approval. */
  readonly grant: number;
  /** The same for every attempt to run this approval: `INC-1/CA-3/<grant>`. */
  readonly idempotencyKey: string;
}

export interface Start extends Ruling {
  /** To be handed to the executor once the records are committed. */
  readonly go: ApprovedContainment | null;
}

/** Name under which an approval is executed at most once. */
export const idempotencyKeyOf = (c: Containment): string => `${c.request.incident}/${c.key}/${c.grant?.seq ?? 'none'}`;

/** Starts an approved containment, or says why it may not run any more. `by` is the named executor, null for a webhook. */
export function decideStart(
  s: Setting,
  c: Containment,
  by: PersonRef | null,
  facts: {
    readonly directory: Press['directory'];
    readonly isSourceCurrent: Press['isSourceCurrent'];
    readonly deadlineSeconds: number;
    readonly via: string;
  },
): Start {
  const stop = (refusal: Refusal<ReasonCode>, before: readonly ContainmentRecord[] = []): Start => ({
    ...refused(c, 'start', refusal, facts.via, before),
    go: null,
  });
  if (c.state !== 'granted' || !c.grant)
    return stop(c.state === 'pending' ? no('already-decided', `${c.key} is not approved yet.`) : closedState(c));
  const executor = c.request.executor;
  if (executor.kind === 'manual' && (by === null || humanKey(s.org, by) !== executor.person))
    return stop(
      no(
        'not-eligible',
        `${s.org.people.find((p) => p.key === executor.person)?.name ?? executor.person} is named to carry this out.`,
      ),
    );
  if (executor.kind === 'webhook' && by !== null)
    return stop(no('not-eligible', 'This one is carried out by the webhook, not by a person.'));
  if (executor.kind === 'webhook' && s.incident.kind === 'exercise')
    return stop(no('not-eligible', 'Nothing runs in an exercise.'));
  const end = voidOf(s, c, facts.isSourceCurrent);
  if (end)
    return stop(
      blocked(s) ??
        (end.type === 'containment.lapsed'
          ? no('expired', `It had to start by ${c.grant.startBy.slice(11, 19)}Z.`)
          : no('superseded')),
      [end],
    );
  const difference = differs(s, c);
  if (difference !== null)
    return stop(no('changed', difference), [
      { type: 'containment.superseded', subject: c.key, body: { ...about(c), code: 'changed', reason: difference } },
    ]);
  const judged = judgeGrant(s, c, facts.directory);
  if (judged?.code === 'directory-unavailable') return stop(judged);
  if (judged)
    return stop(judged, [
      {
        type: 'containment.superseded',
        subject: c.key,
        body: { ...about(c), code: judged.code, reason: judged.message },
      },
    ]);
  return {
    records: [
      {
        type: 'execution.started',
        subject: c.key,
        body: {
          ...about(c),
          by,
          grant: c.grant.seq,
          idempotencyKey: idempotencyKeyOf(c),
          deadlineAt: executor.kind === 'webhook' ? plusMinutes(s.nowAt, facts.deadlineSeconds / 60) : null,
        },
      },
    ],
    refusal: null,
    request: c.key,
    go: {
      [approved]: true,
      request: c.request,
      digest: c.digest,
      grant: c.grant.seq,
      idempotencyKey: idempotencyKeyOf(c),
    },
  };
}

/** What would run now that was not what was approved, in words; null when it is the same. */
function differs(s: Setting, c: Containment): string | null {
  if (digestOf(c.request) !== c.digest) return 'The request does not match the digest that was approved.';
  const action = s.org.actions[c.request.action];
  if (!action || harder(action.reversibility, c.request.reversibility) !== c.request.reversibility)
    return 'The action is declared differently now.';
  const now = resolveTargets(s.org, action, c.asked);
  if ('error' in now) return `Its targets can no longer be resolved: ${now.error}`;
  const same = canonicalText({ ...c.request, targets: now }) === canonicalText(c.request);
  return same
    ? null
    : `Its targets are now ${now.map((t) => t.name).join(', ') || 'none'}, and that is not what was approved.`;
}

/** What a named executor attests, or a webhook answered. An unknown outcome can be cleared up later; others stand. */
export function decideOutcome(s: Setting, c: Containment, outcome: Omit<Outcome, 'at'>): Ruling {
  const refuse = (refusal: Refusal<ReasonCode>) => refused(c, 'outcome', refusal, outcome.by ? 'command' : 'webhook');
  if (c.state !== 'executing' && c.state !== 'unknown')
    return refuse(
      c.state === 'executed' || c.state === 'failed'
        ? no('already-decided', `Its outcome is on record: ${c.outcome?.summary ?? c.state}`)
        : no('already-decided', `${c.key} has not been started, so it has no outcome yet.`),
    );
  const executor = c.request.executor;
  if (outcome.by && executor.kind === 'manual' && humanKey(s.org, outcome.by) !== executor.person)
    return refuse(
      no(
        'not-eligible',
        `Only ${s.org.people.find((p) => p.key === executor.person)?.name ?? executor.person}, who carries it out, can say what came of it.`,
      ),
    );
  if (outcome.by && executor.kind === 'webhook' && c.state !== 'unknown')
    return refuse(no('not-eligible', 'The webhook is still expected to answer.'));
  if (outcome.result === 'unknown' && c.state === 'unknown') return refuse(no('already-decided'));
  return { records: [outcomeRecord(c, outcome)], refusal: null, request: c.key };
}

const TYPE = {
  executed: 'execution.succeeded',
  failed: 'execution.failed',
  unknown: 'execution.unknown',
} as const satisfies Record<Result, string>;

const outcomeRecord = (c: Containment, { result, by, summary, evidence }: Omit<Outcome, 'at'>): ContainmentRecord => ({
  type: TYPE[result],
  subject: c.key,
  body: { ...about(c), by, summary, evidence },
});

/** Executions whose time is over with no outcome: nobody knows what happened, and nothing is tried again by itself. */
export function decideUnknown(s: Setting, isInFlight: (key: string) => boolean): readonly ContainmentRecord[] {
  return s.slice.all
    .filter((c) => c.state === 'executing' && c.run?.deadlineAt && s.nowAt >= c.run.deadlineAt && !isInFlight(c.key))
    .map((c) =>
      outcomeRecord(c, {
        result: 'unknown',
        by: null,
        evidence: [],
        summary:
          'No answer was recorded before Countersign stopped or gave up. Look at the target before anything else is done.',
      }),
    );
}

/** An approver disputes their own approval: before the start it blocks it, afterwards it marks it and asks for a rollback. */
export function decideDispute(s: Setting, c: Containment, by: PersonRef, reason: string): Ruling {
  const human = humanKey(s.org, by);
  const vote = c.votes.find((v) => v.human === human);
  const isTheirs = vote !== undefined || (c.grant?.brokenGlass && humanKey(s.org, c.grant.brokenGlass.by) === human);
  if (!isTheirs)
    return refused(
      c,
      'dispute',
      no(
        'not-eligible',
        `Only those who approved it can dispute it: ${c.votes.map((v) => v.person.label).join(', ') || 'nobody yet'}.`,
      ),
      'command',
    );
  if (!['pending', 'granted', 'executing', 'executed', 'failed', 'unknown'].includes(c.state) || c.contested)
    return refused(c, 'dispute', closedState(c), 'command');
  const until = plusMinutes(vote?.at ?? c.grant!.at, s.org.containment.dispute_minutes);
  if (s.nowAt >= until)
    return refused(
      c,
      'dispute',
      no('expired', `A dispute had to come by ${until.slice(11, 19)}Z. Propose the rollback instead.`),
      'command',
    );
  return {
    records: [{ type: 'containment.disputed', subject: c.key, body: { ...about(c), by, reason } }],
    refusal: null,
    request: c.key,
  };
}

/** Someone else looks at a use of break-glass afterwards. */
export function decideReview(s: Setting, c: Containment, by: PersonRef, words: string): Ruling {
  const human = humanKey(s.org, by);
  if (!c.grant?.brokenGlass || c.review)
    return refused(c, 'review', no('already-decided', 'No review is due.'), 'command');
  if (!s.org.containment.break_glass.reviewers.includes(human) || humanKey(s.org, c.grant.brokenGlass.by) === human)
    return refused(
      c,
      'review',
      no(
        'not-eligible',
        `Its reviewers are ${s.org.containment.break_glass.reviewers.join(', ')}, and never whoever broke the glass.`,
      ),
      'command',
    );
  return {
    records: [{ type: 'containment.reviewed', subject: c.key, body: { ...about(c), by, reason: words } }],
    refusal: null,
    request: c.key,
  };
}
