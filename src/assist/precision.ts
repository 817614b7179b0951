// How often people found the assistant right, by kind of claim. It decides what is shown with a warning, and nothing else.
import type { AssistantAnswer, ClaimKind } from './types.ts';

const CLAIM_KINDS = ['event', 'count', 'cause', 'absence', 'step'] as const satisfies readonly ClaimKind[];
const FEWEST = 4;

export interface Precision {
  readonly kind: ClaimKind;
  /** Claims shown, and of those judged right and wrong. */
  readonly shown: number;
  readonly right: number;
  readonly wrong: number;
  /** Claims of this kind that grounding refused. */
  readonly refused: number;
}

/** Precision by kind of claim, over these answers. A verdict counts once a claim, the latest one. */
export function precisionOf(answers: readonly AssistantAnswer[]): readonly Precision[] {
  return CLAIM_KINDS.map((kind) => {
    const kept = answers.flatMap((a) => a.kept.filter((k) => k.kind === kind).map((k) => k.key));
    const verdicts = answers.flatMap((a) => a.verdicts).filter((v) => kept.includes(v.claim));
    return {
      kind,
      shown: kept.length,
      right: verdicts.filter((v) => v.isRight).length,
      wrong: verdicts.filter((v) => !v.isRight).length,
      refused: answers.flatMap((a) => a.dropped).filter((d) => d.kind === kind).length,
    };
  });
}

/** Kinds judged at least four times and wrong more often than right, with the words that say so. */
export const doubtedKinds = (answers: readonly AssistantAnswer[]): ReadonlyMap<ClaimKind, string> =>
  new Map(
    precisionOf(answers)
      .filter((p) => p.right + p.wrong >= FEWEST && p.wrong > p.right)
      .map((p) => [p.kind, `People found ${p.wrong} of ${p.right + p.wrong} such claims wrong in this incident.`]),
  );
