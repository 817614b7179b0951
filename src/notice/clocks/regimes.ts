import { AMERICAN_REGIMES } from './regimes-america.ts';
import { ASIA_PACIFIC_REGIMES } from './regimes-asia-pacific.ts';
import { EUROPEAN_REGIMES } from './regimes-europe.ts';
import type { Regime } from './types.ts';

/** Every row of the clock table, switched on or off. */
export const ALL_REGIMES: readonly Regime[] = [...EUROPEAN_REGIMES, ...AMERICAN_REGIMES, ...ASIA_PACIFIC_REGIMES];

/** The ids of all rules, which is what a playbook may suggest. */
export const CLOCK_RULE_IDS: ReadonlySet<string> = new Set(
  ALL_REGIMES.flatMap((regime) => regime.rules.map((rule) => rule.id)),
);

/** The regime a rule belongs to. */
export function regimeOfRule(rule: string): Regime | undefined {
  return ALL_REGIMES.find((regime) => regime.rules.some((one) => one.id === rule));
}

/** What each rule is called where a person reads it: the regime and to whom. */
export const CLOCK_NAMES: ReadonlyMap<string, string> = new Map(
  ALL_REGIMES.flatMap((regime) => regime.rules.map((rule) => [rule.id, `${regime.name}, ${rule.to}`] as const)),
);
