// The false-confidence brake: what a claim may be shown with, and what it lacks before anybody may cite it.
import type { Claim, Finding, RedFlag } from './types.ts';

export interface Capped {
  /** 0 to 100, or null when its author stated none. */
  readonly value: number | null;
  readonly stated: number | null;
  /** Why it is lower than stated, in words. */
  readonly reasons: readonly string[];
}

const CITED_LINE = /^EV-\d+:\d/;
const MOST_CITES = 50;

/** `EV-3:12-20` and `ev-3` of `EV-3`; `TE-4` and the like stand for themselves. */
const sourceOf = (cite: string): string => cite.split(':')[0] as string;

/**
 * Confidence after the caps: 45 with no cited line, 65 with a single source, 55 with a source of low trust, 40 when what is
 * cited lacks a value that the claim names.
 */
export function cappedConfidence(claim: Claim): Capped {
  const caps: (readonly [number, string])[] = [];
  if (!claim.cites.some((c) => CITED_LINE.test(c) || c.startsWith('TE-')))
    caps.push([45, 'no line of evidence is cited']);
  else if (new Set(claim.cites.map(sourceOf)).size < 2) caps.push([65, 'it rests on a single source']);
  if (claim.isLowTrust) caps.push([55, 'a source is of low trust']);
  if (claim.mismatches.length > 0) caps.push([40, 'what is cited does not match what is claimed']);
  const stated = claim.confidence;
  if (stated === null) return { value: null, stated, reasons: [] };
  const cap = Math.min(100, ...caps.map(([c]) => c));
  return { value: Math.min(stated, cap), stated, reasons: caps.filter(([c]) => c < stated).map(([, why]) => why) };
}

/** What is missing before it may be cited. Only explanations, and whatever the assistant proposes, need alternatives. */
export function missingParts(claim: Claim & Pick<Finding, 'origin'>): readonly string[] {
  if (claim.origin === 'person' && claim.kind === 'observation') return [];
  return [
    ...(claim.cites.length === 0 ? ['evidence'] : []),
    ...(claim.assumptions.length === 0 ? ['an assumption'] : []),
    ...(claim.alternatives.length < 2
      ? [claim.alternatives.length === 0 ? 'two alternatives' : 'a second alternative']
      : []),
    ...(claim.confidence === null ? ['a confidence'] : []),
    ...(claim.wouldChange.trim() === '' ? ['what would change your mind'] : []),
  ];
}

/** The red flags that code can see; whether one matters is for the challenger to say. */
export const flagsSeen = (claim: Claim): readonly RedFlag[] => [
  ...(claim.against.length > 0 || claim.mismatches.length > 0 ? (['contradiction'] as const) : []),
  ...(new Set(claim.cites.map(sourceOf)).size < 2 ? (['single-source'] as const) : []),
];

/** Open challenges: while there is one, nobody may rely on the claim outside. */
export const openChallenges = (finding: Finding): readonly Finding['challenges'][number][] =>
  finding.challenges.filter((c) => c.answer === null);

/** Whether a person verified it and nothing has been raised against it since. */
export const isSettled = (finding: Finding): boolean =>
  finding.state === 'verified' && openChallenges(finding).length === 0;

/** Whether it may be cited at all: settled, or complete and then always marked as unverified. */
export const isCitable = (finding: Finding): boolean =>
  finding.state === 'verified' || (finding.state === 'unverified' && missingParts(finding).length === 0);

/** Citations as people type them, separated by commas, semicolons, spaces or new lines; upper case, once each, at most 50. */
export function readCites(typed: string): { readonly cites: readonly string[]; readonly wrong: readonly string[] } {
  const words = typed
    .split(/[\s,;[\]]+/)
    .filter(Boolean)
    .slice(0, 500);
  const isCite = (w: string): boolean => /^(EV-\d{1,6}(:\d{1,9}(-\d{1,9})?)?|(TE|FI|CA|QU)-\d{1,6})$/.test(w);
  const upper = words.map((w) => w.toUpperCase());
  return {
    cites: [...new Set(upper.filter(isCite))].slice(0, MOST_CITES),
    wrong: words.filter((_, i) => !isCite(upper[i] as string)).slice(0, 5),
  };
}
