// Playbooks, runs of them, and the records a run is folded from.
import type { z } from 'zod';
import type { Refusal } from '../refusal.ts';
import type { playbookSchema, stepSchema } from './schema.ts';

type Deep<T> = T extends (infer U)[]
  ? readonly Deep<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Deep<T[K]> }
    : T;

/** A playbook as loaded: the names are those of the file (snake_case), every default filled in. */
export type Playbook = Deep<z.output<typeof playbookSchema>>;
/** One step of a playbook as loaded. */
export type Step = Deep<z.output<typeof stepSchema>>;
/** The `when` of a step. */
export type Condition = NonNullable<Step['when']>;
/** One test inside a condition. */
export type ConditionLeaf = Exclude<Condition, { readonly all: unknown } | { readonly any: unknown }>;
/** A declared variable. */
export type Variable = Playbook['variables'][string];

/** A playbook with the file it came from and the SHA-256 of that file's exact bytes (`sha256:` and 64 hex digits). */
export interface LoadedPlaybook {
  readonly playbook: Playbook;
  readonly hash: string;
  readonly file: string;
}

/** A reason why a file is not loaded: where, what is wrong and what to write instead. `line` is 1-based. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
}

/** Who acts. `key` is the stable principal key, never a name. */
interface Actor {
  readonly kind: 'human' | 'bot' | 'system';
  readonly key: string;
}

/** What a decision is given beside the command: time, ids, the verified actor and the roles they hold in the incident. */
export interface PlaybookContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly newId: () => string;
  readonly actor: Actor;
  readonly roles: readonly string[];
  /** True when the incident is an exercise. */
  readonly exercise: boolean;
  /** Notices of the incident that went out and were not taken back. */
  readonly sent: readonly SentNotice[];
}

/** A notice that went out, as far as a step needs to know. */
export interface SentNotice {
  /** `NO-1`. */
  readonly key: string;
  readonly audience: string;
}

/** What a notice step was done with. */
export interface Told {
  /** Keys of notices that were sent. */
  readonly notices: readonly string[];
  /** Audiences of the step that no notice went to. */
  readonly without: readonly string[];
  /** Why it is done without; empty when nothing is missing. */
  readonly reason: string;
}

/** An answer: text (yes and no for yes_no, ISO 8601 for time), a number, or a list. */
export type FieldValue = string | number | readonly string[];

/** What happened to a proposal that a containment step opened. */
export type ProposalOutcome =
  | 'pending'
  | 'approved'
  | 'denied'
  | 'expired'
  | 'withdrawn'
  | 'superseded'
  | 'executed'
  | 'failed'
  | 'unknown';

/** What a waiver lifts. */
export type WaivedThing = 'field' | 'evidence' | 'check' | 'dependency';

/** What a person asks of a run. */
export type PlaybookCommand =
  | { readonly kind: 'start'; readonly loaded: LoadedPlaybook; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: 'adopt'; readonly runId: string; readonly loaded: LoadedPlaybook }
  | { readonly kind: 'stop'; readonly runId: string; readonly reason: string }
  | {
      readonly kind: 'save';
      readonly runId: string;
      readonly stepId: string;
      readonly values?: Readonly<Record<string, unknown>>;
      readonly evidence?: Readonly<Record<string, readonly string[]>>;
      readonly checks?: Readonly<Record<string, 'yes' | 'no'>>;
    }
  | {
      readonly kind: 'done';
      readonly runId: string;
      readonly stepId: string;
      /** For a notice step: what was sent, and why nothing was. */
      readonly notices?: readonly string[];
      readonly without?: string;
    }
  | {
      readonly kind: 'answer';
      readonly runId: string;
      readonly stepId: string;
      readonly answer: 'yes' | 'no';
      readonly reason: string;
    }
  | { readonly kind: 'skip'; readonly runId: string; readonly stepId: string; readonly reason: string }
  | { readonly kind: 'notApplicable'; readonly runId: string; readonly stepId: string; readonly reason: string }
  | { readonly kind: 'note'; readonly runId: string; readonly stepId: string; readonly text: string }
  | { readonly kind: 'assign'; readonly runId: string; readonly stepId: string; readonly assignee: string | null }
  | {
      readonly kind: 'waive';
      readonly runId: string;
      readonly stepId: string;
      readonly what: WaivedThing;
      readonly id: string;
      readonly reason: string;
    }
  | { readonly kind: 'propose'; readonly runId: string; readonly stepId: string; readonly proposal: string }
  | {
      readonly kind: 'linkOutcome';
      readonly runId: string;
      readonly stepId: string;
      readonly proposal: string;
      readonly outcome: ProposalOutcome;
    };

interface Stamp {
  readonly runId: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Principal key. */
  readonly by: string;
}
interface StepStamp extends Stamp {
  readonly stepId: string;
}

/** What the ledger keeps of a run. The started record carries the whole playbook, so a run can be replayed without its file. */
export type PlaybookRecord =
  | {
      readonly type: 'playbook.started';
      readonly body: Stamp & {
        readonly key: string;
        readonly playbook: Playbook;
        readonly hash: string;
        readonly values: Readonly<Record<string, FieldValue>>;
      };
    }
  | {
      readonly type: 'playbook.adopted';
      readonly body: Stamp & { readonly playbook: Playbook; readonly hash: string; readonly from: string };
    }
  | { readonly type: 'playbook.stopped'; readonly body: Stamp & { readonly reason: string } }
  | { readonly type: 'playbook.finished'; readonly body: Stamp }
  | {
      readonly type: 'step.filled';
      readonly body: StepStamp & {
        readonly values: Readonly<Record<string, FieldValue>>;
        readonly evidence: Readonly<Record<string, readonly string[]>>;
        readonly checks: Readonly<Record<string, 'yes' | 'no'>>;
      };
    }
  | { readonly type: 'step.completed'; readonly body: StepStamp & { readonly told?: Told } }
  | {
      readonly type: 'step.answered';
      readonly body: StepStamp & { readonly answer: 'yes' | 'no'; readonly reason: string };
    }
  | { readonly type: 'step.skipped'; readonly body: StepStamp & { readonly reason: string } }
  | { readonly type: 'step.ruled-out'; readonly body: StepStamp & { readonly reason: string } }
  | { readonly type: 'step.reopened'; readonly body: StepStamp & { readonly because: string } }
  | { readonly type: 'step.noted'; readonly body: StepStamp & { readonly text: string } }
  | { readonly type: 'step.assigned'; readonly body: StepStamp & { readonly assignee: string | null } }
  | {
      readonly type: 'step.waived';
      readonly body: StepStamp & { readonly what: WaivedThing; readonly id: string; readonly reason: string };
    }
  | { readonly type: 'step.proposed'; readonly body: StepStamp & { readonly proposal: string } }
  | {
      readonly type: 'step.linked';
      readonly body: StepStamp & { readonly proposal: string; readonly outcome: ProposalOutcome };
    };

/** Something a person wrote into a step. Entries are only ever added. */
export interface Entry {
  readonly what: 'value' | 'evidence' | 'check' | 'note' | 'waiver' | 'answer' | 'reason' | 'told';
  readonly id: string;
  readonly value: FieldValue;
  readonly at: string;
  readonly by: string;
}

/** Where one step of a run stands, by its records alone. */
export interface StepState {
  readonly settled: 'no' | 'done' | 'skipped' | 'not-applicable';
  readonly settledAt: string | null;
  readonly settledBy: string | null;
  readonly reason: string | null;
  readonly answer: 'yes' | 'no' | null;
  /** Of a notice step that is done; null before, and for other steps. */
  readonly told: Told | null;
  readonly assignee: string | null;
  readonly evidence: Readonly<Record<string, readonly string[]>>;
  readonly checks: Readonly<Record<string, 'yes' | 'no'>>;
  readonly waived: Readonly<Record<string, string>>;
  readonly proposals: readonly { readonly proposal: string; readonly outcome: ProposalOutcome; readonly at: string }[];
  /** How often the step was answered no with a way back. */
  readonly attempts: number;
  readonly entries: readonly Entry[];
}

/** One run of a playbook in an incident. */
export interface PlaybookRun {
  readonly id: string;
  /** What people say: PR-1. */
  readonly key: string;
  readonly playbook: Playbook;
  readonly hash: string;
  readonly startedAt: string;
  readonly startedBy: string;
  readonly status: 'open' | 'finished' | 'stopped';
  readonly endedAt: string | null;
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly steps: Readonly<Record<string, StepState>>;
  /** Answers given at the start, which belong to no step. */
  readonly entries: readonly Entry[];
}

/** All runs of one incident, in order of their start. */
export interface PlaybookState {
  readonly runs: readonly PlaybookRun[];
}

/** Why a command about a run is refused. */
type PlaybookRefusalCode =
  | 'not-human'
  | 'not-allowed'
  | 'no-such-run'
  | 'run-ended'
  | 'no-such-step'
  | 'already-settled'
  | 'blocked'
  | 'hidden'
  | 'missing'
  | 'bad-value'
  | 'reason-missing'
  | 'needs-proposal'
  | 'needs-answer'
  | 'not-containment'
  | 'in-flight'
  | 'not-told'
  | 'no-such-proposal'
  | 'exercise-only'
  | 'already-running'
  | 'unchanged';

/** An expected no, with what to do about it. */
export type PlaybookRefusal = Refusal<PlaybookRefusalCode>;
