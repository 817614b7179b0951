// How much an event is worth a look, and why: severity, novelty, and its place in a chain.
import type { Cluster } from './collapse.ts';

/** A score and the reasons people are shown for it. */
export interface Ranked {
  readonly score: number;
  readonly reasons: readonly string[];
}

/** What rarity and novelty are measured against. */
export interface RankContext {
  /** Records of the kind of a cluster. */
  readonly recordsOf: (cluster: Cluster) => number;
  /** Ordinal of the first dated record of its kind. */
  readonly firstOf: (cluster: Cluster) => number;
  readonly dated: number;
  /** Ordinals up to this one teach what is usual. */
  readonly warmUp: number;
  /** True for the first cluster of a pair of user and address that logged in. */
  readonly isNewPair: (cluster: Cluster) => boolean;
}

const FEWEST_FOR_NOVELTY = 50;
const BURST = 20;
const MANIPULATION = 3;

/** Ranks one cluster: severity 0 to 10, up to 3 for novelty, up to 6 for its place in a chain. */
export function rank(cluster: Cluster, context: RankContext): Ranked {
  const { turn, count } = cluster;
  const { meaning } = cluster.kind;
  const reasons: string[] = [];
  let score = meaning.severity;
  if (turn) {
    score += turn.bonus;
    const { words } = cluster;
    reasons.push(turn.why('message' in words ? words.message : words.line));
  }
  if (meaning.flags.includes('possible-manipulation')) {
    // Whoever writes to the reader is at work: it stands among the turns of the story.
    score += MANIPULATION;
    reasons.push('possible manipulation: the line speaks to its reader');
  }
  // What the chain made of it is said already.
  if (meaning.says && meaning.severity >= 3 && !turn?.raised) reasons.push(meaning.says);
  if (
    context.dated >= FEWEST_FOR_NOVELTY &&
    context.firstOf(cluster) > context.warmUp &&
    context.recordsOf(cluster) <= Math.max(3, context.dated / 500)
  ) {
    score += meaning.severity >= 3 ? 1.5 : 0.5;
    reasons.push('this kind of line is new and rare in this log');
  }
  if (context.isNewPair(cluster)) {
    score += 1.5;
    reasons.push('first login of this account from this address');
  }
  if (count >= BURST && meaning.severity >= 4) {
    score += Math.min(1.5, Math.log10(count) / 2);
    reasons.push(`${count} times${cluster.isManyAddresses ? ' from many addresses, of which the line shows one' : ''}`);
  }
  return { score: Math.round(10 * score) / 10, reasons };
}
