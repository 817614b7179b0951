// What one record means: rules matched, severity, techniques, entities and flags. Deterministic, without memory of other records.
import { type Phase, phaseOf } from '../phase.ts';
import type { LogRecord, Meaning } from '../record.ts';
import type { Technique } from '../types.ts';
import { baselineSeverity } from './baseline.ts';
import { entitiesOf } from './entities.ts';
import { factsOf } from './facts.ts';
import { isPossibleManipulation } from './manipulation.ts';
import { type CompiledRule, compileRules, matchRules } from './rule.ts';
import { RULES } from './rules/all.ts';

/** All detections, by what they are found by. */
export const RULE_INDEX = compileRules(RULES);
const MOST_TECHNIQUES = 6;
/** A line that tries to steer its reader is worth a look whatever else it says. */
const MANIPULATION_SEVERITY = 7;

/** Strongest first: severity, then certain before possible. */
function ranked(rules: readonly CompiledRule[]): CompiledRule[] {
  const surety = (one: CompiledRule): number =>
    one.techniques.some((technique) => technique.certainty === 'certain') ? 1 : 0;
  return [...rules].sort(
    (a, b) => b.rule.severity - a.rule.severity || surety(b) - surety(a) || (a.rule.id < b.rule.id ? -1 : 1),
  );
}

// What is certain leads; a rule's second technique stands behind its first, so that one long list does not crowd out another.
const CERTAIN_LEADS = 3;
const LATER_STANDS_BACK = 2;

function techniquesOf(rules: readonly CompiledRule[]): Technique[] {
  const all = rules.flatMap(({ rule, techniques }) =>
    techniques.map((technique, i) => ({
      technique,
      weight: rule.severity + (technique.certainty === 'certain' ? CERTAIN_LEADS : 0) - i * LATER_STANDS_BACK,
    })),
  );
  all.sort((a, b) => b.weight - a.weight);
  const found: Technique[] = [];
  for (const { technique } of all) if (!found.some((one) => one.id === technique.id)) found.push(technique);
  return found.slice(0, MOST_TECHNIQUES);
}

function severityOf(rules: readonly CompiledRule[], baseline: number): number {
  const closed = rules.find((one) => one.rule.isClosed);
  if (closed) return closed.rule.severity;
  const strongest = rules.find((one) => !one.rule.isBenign);
  if (rules.some((one) => one.rule.isBenign))
    return Math.max(strongest?.rule.severity ?? 0, rules.find((one) => one.rule.isBenign)!.rule.severity);
  return strongest === undefined ? Math.min(baseline, 7) : strongest.rule.severity;
}

/** A record's meaning, and the ids of the rules behind it. */
export interface Description extends Meaning {
  readonly rules: readonly string[];
  /** Where in an intrusion it would stand; null for the everyday. */
  readonly phase: Phase | null;
  /** What the strongest rule calls it; absent when no rule matched. */
  readonly says?: string;
}

/** Judges one record; the same record always gives the same meaning. */
export function describe(record: LogRecord): Description {
  const facts = factsOf(record);
  const rules = ranked(matchRules(RULE_INDEX, facts));
  const isManipulation = isPossibleManipulation(facts.lower, facts.words);
  const severity = severityOf(rules, baselineSeverity(facts));
  const strongest = rules[0]?.rule;
  const action = rules.find((one) => one.rule.action)?.rule.action;
  const outcome = rules.find((one) => one.rule.outcome)?.rule.outcome;
  const meaning = {
    severity: isManipulation ? Math.max(severity, MANIPULATION_SEVERITY) : severity,
    techniques: techniquesOf(rules),
    entities: entitiesOf(record, facts, { ...(action ? { action } : {}), ...(outcome ? { outcome } : {}) }),
    flags: isManipulation ? (['possible-manipulation'] as const) : [],
    rules: rules.map((one) => one.rule.id),
    ...(strongest ? { says: strongest.says } : {}),
  };
  return { ...meaning, phase: phaseOf(meaning) };
}
