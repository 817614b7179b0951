// How often people found the assistant right, by kind of claim. It decides what is shown first and what is held back, what
// may be read or drafted without being asked, and nothing else: no verdict ever lets anything act.
import { AUTOMATIC_EFFECTS } from '../organisation/assistant.ts';
import type { Organisation } from '../organisation/schema.ts';
import { type AssistantAnswer, CLAIM_KINDS, type ClaimKind } from './types.ts';

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
    const kept = answers.map((a) => new Set(a.kept.filter((k) => k.kind === kind).map((k) => k.key)));
    // Keys repeat from incident to incident, so a verdict is looked up in its own answer.
    const verdicts = answers.flatMap((a, i) => a.verdicts.filter((v) => kept[i]?.has(v.claim)));
    return {
      kind,
      shown: kept.reduce((sum, k) => sum + k.size, 0),
      right: verdicts.filter((v) => v.isRight).length,
      wrong: verdicts.filter((v) => !v.isRight).length,
      refused: answers.flatMap((a) => a.dropped).filter((d) => d.kind === kind).length,
    };
  });
}

type Setting = Organisation['assistant'];

/** `held back`: shown on demand only. `proven`: people found it right often enough for the organisation's setting. */
export interface Level {
  readonly level: 'held back' | 'as usual' | 'proven';
  /** What people found, or an empty string while too few have judged. */
  readonly says: string;
}

/** How a kind of claim is shown, from people's verdicts alone. */
export function levelOf(p: Precision | undefined, setting: Setting): Level {
  const judged = p ? p.right + p.wrong : 0;
  if (!p || judged < setting.after) return { level: 'as usual', says: '' };
  const share = (p.right / judged) * 100;
  const says = `People found ${p.right} of ${judged} such claims right.`;
  if (share >= setting.precision) return { level: 'proven', says };
  return { level: share < setting.hold_back ? 'held back' : 'as usual', says };
}

export type Levels = ReadonlyMap<ClaimKind, Level>;

/** The level of every kind of claim. */
export const levelsOf = (answers: readonly AssistantAnswer[], setting: Setting): Levels =>
  new Map(precisionOf(answers).map((p) => [p.kind, levelOf(p, setting)]));

export type Automatic = (typeof AUTOMATIC_EFFECTS)[number];

const RESTS_ON: Readonly<Record<Automatic, ClaimKind>> = {
  summarise: 'event',
  hypotheses: 'cause',
  propose: 'cause',
};

/** What it may do without being asked now: the organisation wants it, and people found enough of it right. */
export const automaticNow = (setting: Setting, levels: Levels): readonly Automatic[] =>
  AUTOMATIC_EFFECTS.filter((a) => setting.automatic.includes(a) && levels.get(RESTS_ON[a])?.level === 'proven');
