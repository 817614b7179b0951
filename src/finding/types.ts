// Findings: claims and their checking, in two lanes that never merge, and the questions that are open.
import type { Actor, NewRecord } from '../audit/record.ts';
import type { Tlp } from '../notice/tlp.ts';
import type { PersonRef } from '../view/types.ts';

/** Who proposed a claim. Only a person's verification moves one into the human-verified lane. */
export type Origin = 'assistant' | 'person';

export const FINDING_KINDS = ['observation', 'hypothesis', 'root-cause'] as const;
/** An observation says what is; a hypothesis explains it; a root cause says why it could happen. */
export type FindingKind = (typeof FINDING_KINDS)[number];

export const RED_FLAGS = {
  'textbook-match': 'It fits a textbook too well',
  contradiction: 'Something recorded speaks against it',
  'single-source': 'It rests on one source',
  'too-tidy': 'The timeline is too tidy',
  'unexplained-silence': 'There is a silence nobody explained',
} as const;
export type RedFlag = keyof typeof RED_FLAGS;

/** What is claimed and on what grounds. Citations are `EV-1:12`, `EV-1:12-20`, `TE-4`, `CA-2` or `FI-3`. */
export interface Claim {
  readonly claim: string;
  /** The same for readers who are not technical; null: there is none yet. */
  readonly plain: string | null;
  readonly kind: FindingKind;
  readonly cites: readonly string[];
  readonly against: readonly string[];
  readonly assumptions: readonly string[];
  readonly alternatives: readonly string[];
  /** What would change its author's mind. */
  readonly wouldChange: string;
  /** 0 to 100 as stated by its author; null: not stated. What is shown is capped (confidence.ts). */
  readonly confidence: number | null;
  readonly isLowTrust: boolean;
  /** Values it names that stand in nothing it cites, as code compared them when it was written. */
  readonly mismatches: readonly string[];
  /** Stricter handling than the notice it could go into; null: the notice decides. */
  readonly tlp: Tlp | null;
}

export interface Verification {
  readonly by: Actor;
  readonly at: string;
  readonly method: string;
  readonly cites: readonly string[];
  /** Somebody else who has to confirm; `confirmedAt` null while they have not. */
  readonly second: PersonRef | null;
  readonly confirmedAt: string | null;
}

export interface Challenge {
  readonly by: Actor;
  readonly at: string;
  readonly method: string;
  readonly argument: string;
  readonly cites: readonly string[];
  readonly redFlags: readonly RedFlag[];
  readonly second: PersonRef | null;
  /** How it was answered; null while it stands open. */
  readonly answer: string | null;
}

export interface Finding extends Claim {
  /** `FI-3`. */
  readonly key: string;
  readonly origin: Origin;
  readonly by: Actor;
  readonly at: string;
  readonly state: 'unverified' | 'verified' | 'refuted';
  readonly verification: Verification | null;
  readonly refutation: {
    readonly by: Actor;
    readonly at: string;
    readonly method: string;
    readonly cites: readonly string[];
  } | null;
  readonly challenges: readonly Challenge[];
  readonly askedToVerifyBy: readonly Actor[];
  readonly revisions: number;
}

/** Something nobody knows yet: who finds out, by when, and what would settle it. */
export interface Question {
  /** `QU-2`. */
  readonly key: string;
  readonly text: string;
  readonly by: Actor;
  readonly at: string;
  readonly answerer: PersonRef | null;
  readonly dueAt: string | null;
  readonly evidenceWanted: string;
  readonly answer: {
    readonly text: string;
    readonly cites: readonly string[];
    readonly by: Actor;
    readonly at: string;
  } | null;
}

export interface Findings {
  readonly findings: readonly Finding[];
  readonly questions: readonly Question[];
}

export const noFindings: Findings = { findings: [], questions: [] };

export type FindingRecord =
  | NewRecord<'finding.added', Claim & { readonly key: string; readonly origin: Origin }>
  | NewRecord<'finding.revised', Claim & { readonly key: string }>
  | NewRecord<'finding.put-plainly', { readonly key: string; readonly plain: string }>
  | NewRecord<'finding.verification-requested', { readonly key: string }>
  | NewRecord<
      'finding.verified',
      {
        readonly key: string;
        readonly method: string;
        readonly cites: readonly string[];
        readonly second: PersonRef | null;
      }
    >
  | NewRecord<'finding.confirmed', { readonly key: string }>
  | NewRecord<'finding.refuted', { readonly key: string; readonly method: string; readonly cites: readonly string[] }>
  | NewRecord<'finding.challenged', { readonly key: string } & Omit<Challenge, 'by' | 'at' | 'answer'>>
  | NewRecord<'finding.challenge-answered', { readonly key: string; readonly answer: string }>
  | NewRecord<'question.asked', Pick<Question, 'key' | 'text' | 'answerer' | 'dueAt' | 'evidenceWanted'>>
  | NewRecord<'question.answered', { readonly key: string; readonly text: string; readonly cites: readonly string[] }>;
