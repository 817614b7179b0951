// Containment: a request to change something in the attacked world, who let it pass, who did it, what came of it.
import type { NewRecord } from '../audit/record.ts';
import type { PersonRef } from '../view/types.ts';
import type { ReasonCode } from './reasons.ts';

export const REVERSIBILITY = ['reversible', 'externally_reversible', 'irreversible'] as const;
export type Reversibility = (typeof REVERSIBILITY)[number];

export const TARGET_KINDS = ['host', 'account', 'service', 'network', 'indicator', 'mail', 'credential'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** One thing it is done to, resolved before anybody sees the card: no wildcard, no group. */
export interface Target {
  readonly kind: TargetKind;
  readonly name: string;
  /** What the organisation's file knows it by; empty for what the file does not list. */
  readonly addresses: readonly string[];
  readonly isListed: boolean;
}

/** What asked for it: a person on their own, or a step of a playbook whose bytes had this hash. */
export type Source =
  | { readonly kind: 'person' }
  | {
      readonly kind: 'playbook';
      readonly playbook: string;
      readonly version: string;
      readonly hash: string;
      readonly run: string;
      readonly step: string;
    };

export type Executor =
  /** `person` is the key of a person of the organisation's file. */
  | { readonly kind: 'manual'; readonly person: string }
  | { readonly kind: 'webhook'; readonly webhook: string; readonly url: string };

export type ParameterValue = string | number | boolean;

/**
 * Everything that changes what runs, and nothing else. Its canonical bytes are what an approval covers: one byte of
 * difference is another request.
 */
export interface CanonicalRequest {
  readonly v: 1;
  /** `platform/tenant` of the incident's conversation. */
  readonly tenant: string;
  readonly incident: string;
  readonly request: string;
  readonly source: Source;
  readonly action: string;
  readonly targets: readonly Target[];
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly reversibility: Reversibility;
  readonly executor: Executor;
  /** SHA-256 of the organisation's file: which rules, which meaning of the action. */
  readonly policy: string;
  readonly expiresAt: string;
  /** Minutes after approval in which it must start. */
  readonly windowMinutes: number;
  readonly nonce: string;
}

/** What was done to keep evidence that the action would destroy. */
export interface Preservation {
  readonly key: string;
  readonly question: string;
  readonly answer: 'kept' | 'waived';
  /** Where it is kept, or why it is not. */
  readonly note: string;
}

export type State =
  | 'pending'
  | 'granted'
  | 'executing'
  | 'executed'
  | 'failed'
  | 'unknown'
  | 'denied'
  | 'withdrawn'
  | 'superseded'
  | 'expired'
  | 'lapsed'
  | 'disputed';

export interface Vote {
  /** Key of the human over all linked accounts. */
  readonly human: string;
  readonly person: PersonRef;
  readonly at: string;
  readonly isSteppedUp: boolean;
}

/** Who ended it before it ran, and why. */
export interface Ending {
  readonly by: PersonRef | null;
  readonly at: string;
  readonly reason: string;
}

export type Result = 'executed' | 'failed' | 'unknown';

export interface Outcome {
  readonly result: Result;
  /** The named executor who attests, or null for what a webhook answered. */
  readonly by: PersonRef | null;
  readonly at: string;
  readonly summary: string;
  readonly evidence: readonly string[];
}

/** What a proposal says besides what runs: for the people who decide. */
export interface Case {
  readonly reason: string;
  /** Keys of evidence, timeline events and findings. */
  readonly evidence: readonly string[];
  readonly preservation: readonly Preservation[];
  /** What breaks, who owns it, what must not be touched: from the organisation's file. */
  readonly blast: readonly string[];
  readonly rollbackOf: string | null;
  readonly supersedes: string | null;
}

export interface Containment extends Case {
  readonly key: string;
  readonly request: CanonicalRequest;
  /** SHA-256 over the canonical bytes of `request`. */
  readonly digest: string;
  readonly quorum: number;
  /** Standing role one of the approvers must have because its playbook says so, or null. */
  readonly needsRole: string | null;
  readonly proposer: PersonRef;
  /** Humans who can never approve it: proposer, and the proposers of what it supersedes. */
  readonly excluded: readonly string[];
  /** Keys of the people who may approve, as the policy stood when it was proposed: they were asked. */
  readonly eligible: readonly string[];
  /** Names as typed, to resolve again when it is about to run. */
  readonly asked: readonly string[];
  readonly proposedAt: string;
  readonly state: State;
  readonly votes: readonly Vote[];
  /** Humans who opened the full text. */
  readonly viewers: readonly string[];
  readonly challenge: {
    readonly by: PersonRef;
    readonly at: string;
    readonly isWaived: boolean;
    readonly text: string;
  } | null;
  readonly changesAsked: readonly { readonly by: PersonRef; readonly text: string }[];
  readonly grant: {
    readonly seq: number;
    readonly at: string;
    /** It must have started by then. */
    readonly startBy: string;
    readonly brokenGlass: { readonly by: PersonRef; readonly reason: string } | null;
  } | null;
  /** Someone else looked at the use of break-glass afterwards. */
  readonly review: Ending | null;
  readonly run: { readonly at: string; readonly by: PersonRef | null; readonly deadlineAt: string | null } | null;
  readonly outcome: Outcome | null;
  readonly ending: Ending | null;
  readonly contested: Ending | null;
  readonly isReminded: boolean;
}

/** The slice of an incident. */
export interface Containments {
  readonly all: readonly Containment[];
  /** Set while `contain stop` holds: nothing is proposed, approved or started. */
  readonly stopped: Ending | null;
  /** Latest time any record of the incident carries: a clock that jumps back cannot bring an expired request to life. */
  readonly latestAt: string;
}

export const noContainments: Containments = { all: [], stopped: null, latestAt: '' };

/** How an attempt reached us; for the record of refusals. */
export type Attempt =
  | 'propose'
  | 'approve'
  | 'deny'
  | 'withdraw'
  | 'ask-changes'
  | 'challenge'
  | 'break-glass'
  | 'review'
  | 'start'
  | 'outcome'
  | 'dispute'
  | 'stop'
  | 'view';

interface About {
  readonly request: string;
  readonly digest: string;
}

export type ContainmentRecord =
  | NewRecord<
      'containment.proposed',
      Case &
        Pick<
          Containment,
          'request' | 'digest' | 'quorum' | 'needsRole' | 'proposer' | 'excluded' | 'eligible' | 'asked'
        >
    >
  | NewRecord<'containment.shown', About & { readonly place: string; readonly message: string }>
  | NewRecord<'containment.viewed', About & { readonly human: string; readonly person: PersonRef }>
  | NewRecord<'approval.voted', About & { readonly vote: Omit<Vote, 'at'>; readonly via: string }>
  | NewRecord<'approval.voided', About & { readonly human: string; readonly code: ReasonCode }>
  | NewRecord<
      'approval.granted',
      About & {
        readonly humans: readonly string[];
        readonly startBy: string;
        readonly policy: string;
        readonly brokenGlass: { readonly by: PersonRef; readonly reason: string } | null;
      }
    >
  | NewRecord<'approval.denied', About & { readonly by: PersonRef; readonly reason: string }>
  | NewRecord<
      'approval.refused',
      {
        readonly request: string | null;
        readonly attempt: Attempt;
        readonly code: ReasonCode;
        readonly digest: string | null;
        readonly via: string;
      }
    >
  | NewRecord<'containment.changes-asked', About & { readonly by: PersonRef; readonly text: string }>
  | NewRecord<
      'containment.challenged',
      About & { readonly by: PersonRef; readonly isWaived: boolean; readonly text: string }
    >
  | NewRecord<'containment.withdrawn', About & { readonly by: PersonRef; readonly reason: string }>
  | NewRecord<'containment.superseded', About & { readonly code: ReasonCode; readonly reason: string }>
  | NewRecord<'containment.expired', About & { readonly expiresAt: string }>
  /** Approved and never started inside its window. */
  | NewRecord<'containment.lapsed', About & { readonly startBy: string }>
  | NewRecord<'containment.reminded', About>
  | NewRecord<'containment.disputed', About & { readonly by: PersonRef; readonly reason: string }>
  | NewRecord<'containment.reviewed', About & { readonly by: PersonRef; readonly reason: string }>
  | NewRecord<
      'execution.started',
      About & {
        readonly by: PersonRef | null;
        readonly grant: number;
        readonly idempotencyKey: string;
        /** After this without an outcome nobody knows what happened. Null for people. */
        readonly deadlineAt: string | null;
      }
    >
  | NewRecord<'execution.succeeded', About & Omit<Outcome, 'result' | 'at'>>
  | NewRecord<'execution.failed', About & Omit<Outcome, 'result' | 'at'>>
  | NewRecord<'execution.unknown', About & Omit<Outcome, 'result' | 'at'>>
  | NewRecord<'containment.stopped', { readonly by: PersonRef; readonly reason: string }>
  | NewRecord<'containment.resumed', { readonly by: PersonRef; readonly reason: string }>;

/** Still waiting for a decision or for its start. */
export const isOpen = (c: Containment): boolean => c.state === 'pending' || c.state === 'granted';

/** The request of that key (`CA-3`, case-insensitive), or null. */
export const containmentOf = (slice: Containments, key: string): Containment | null =>
  slice.all.find((c) => c.key === key.trim().toUpperCase()) ?? null;

/** Name of the card's message. */
export const cardNameOf = (incident: string, request: string): string => `containment/${incident}/${request}`;

/** The digest as people compare it: the first 16 hex digits in fours. */
export const shortDigest = (digest: string): string => digest.slice(0, 16).replace(/(.{4})(?=.)/g, '$1 ');
