// An exercise: what its playbook plants among what people say, and how the team did.
import type { NewRecord } from '../audit/record.ts';

/** A claim that the exercise put among the findings. Players see a finding like any other until the exercise is closed. */
export interface Planted {
  /** Id of the plant in its playbook. */
  readonly plant: string;
  readonly run: string;
  /** `FI-3`. */
  readonly finding: string;
  readonly isTrue: boolean;
  /** What shows that it is true or false. */
  readonly why: string;
}

export interface Exercise {
  /** When somebody first took command; null: nobody did. */
  readonly commandedAt: string | null;
  readonly closedAt: string | null;
  readonly planted: readonly Planted[];
}

export const noExercise: Exercise = { commandedAt: null, closedAt: null, planted: [] };

/** What became of a planted claim. */
export type Verdict = 'accepted' | 'relied-on' | 'accepted-then-rejected' | 'challenged' | 'rejected' | 'left-open';

export interface StepNamed {
  readonly run: string;
  readonly step: string;
  readonly title: string;
  /** Why it was skipped, waived or done without; empty where there is none. */
  readonly reason: string;
}

/** How the team did, from records alone. Times in milliseconds; null: it has not happened. There is no sum: what matters is named. */
export interface Score {
  readonly start: { readonly at: string; readonly from: 'detected' | 'opened' };
  /** From the start to somebody in command. */
  readonly acknowledgeMs: number | null;
  /** From the start to the first approval. */
  readonly firstApprovalMs: number | null;
  /** From that proposal to its approval. */
  readonly decisionMs: number | null;
  /** From the start to the first containment that was carried out. */
  readonly containMs: number | null;
  readonly steps: {
    readonly done: number;
    readonly late: number;
    readonly missed: readonly StepNamed[];
    readonly skipped: readonly StepNamed[];
    readonly waived: readonly StepNamed[];
    readonly untold: readonly StepNamed[];
  };
  readonly claims: readonly (Planted & { readonly claim: string; readonly verdict: Verdict })[];
}

export type ExerciseRecord =
  | NewRecord<'exercise.planted', Planted>
  | NewRecord<'exercise.scored', { readonly score: Score }>;
