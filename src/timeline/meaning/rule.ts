// What a detection rule is, and the index that finds the few rules a record can match without trying them all.
import type { Technique } from '../types.ts';
import type { Facts } from './facts.ts';

/** One detection, as data. The sample is a line the rule must match; it is a test. */
export interface Rule {
  readonly id: string;
  /**
   * Any of these makes the rule a candidate. Each is lower-case phrases that must all occur, parted by ` & `; `#name` is a
   * tag from the facts (`#win4625`, `#http404`), `!phrase` must not occur. At least one phrase has a whole word in it.
   */
  readonly on: readonly string[];
  /** Runs on the lower-cased text once `on` holds. Linear patterns only: no nested or adjacent unbounded repeats. */
  readonly match?: RegExp;
  readonly severity: number;
  /** True when the line is known to be harmless: it lowers what level words and weaker rules would give. */
  readonly isBenign?: boolean;
  /** True when the line says that the matter is closed: this severity then stands whatever else matches. */
  readonly isClosed?: boolean;
  /** Technique ids parted by blanks; a trailing `!` says certain. */
  readonly techniques?: string;
  readonly action?: string;
  /** `unknown` where neither the line nor its status can tell. */
  readonly outcome?: 'success' | 'failure' | 'unknown';
  /** What the finding is called in reasons shown to people. */
  readonly says: string;
  readonly sample: string;
}

interface Clause {
  /** Texts that must occur anywhere. */
  readonly phrases: readonly string[];
  /** Words and tags that must be there whole. */
  readonly words: readonly string[];
  readonly not: readonly string[];
}

/** A rule made ready to run. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly techniques: readonly Technique[];
}

const WORD = /[a-z0-9_]+/g;
// A phrase of up to three letters or digits must be a word of its own: `et` is not in `completed`.
const WHOLE = /^(?:[a-z0-9_]{1,3}|#.+)$/;

function clauseOf(text: string): Clause {
  const parts = text.split(' & ');
  const wanted = parts.filter((part) => !part.startsWith('!'));
  return {
    phrases: wanted.filter((part) => !WHOLE.test(part)),
    words: wanted.filter((part) => WHOLE.test(part)),
    not: parts.filter((part) => part.startsWith('!')).map((part) => part.slice(1)),
  };
}

// Common words make poor anchors: nearly every line would try the rule.
const COMMON = new Set(
  'the a of to for in on user from with not and is by at error failed login http name type true false'.split(' '),
);

function anchorOf({ phrases, words }: Clause): string {
  const inPhrases = phrases.flatMap((phrase) => phrase.match(WORD) ?? []);
  const plain = [...inPhrases, ...words.filter((word) => !word.startsWith('#'))];
  const rare = plain.filter((word) => !COMMON.has(word) && word.length > 1).sort((a, b) => b.length - a.length);
  return rare[0] ?? words.find((word) => word.startsWith('#')) ?? plain[0] ?? '';
}

/** Reads `T1110.001! T1021` into techniques. */
export function techniquesOf(text: string | undefined): Technique[] {
  if (!text) return [];
  return text
    .split(' ')
    .map((part) =>
      part.endsWith('!') ? { id: part.slice(0, -1), certainty: 'certain' } : { id: part, certainty: 'possible' },
    );
}

/** A rule, and what has to be in a line for one of its clauses. */
export interface Candidate {
  readonly compiled: CompiledRule;
  readonly clause: Clause;
  /** The word or tag that the clause is found by: some word of a line has to begin with it. */
  readonly anchor: string;
}

/** Clauses by the beginning of a word, or by the tag, that must be in a record for them to be tried. */
export type RuleIndex = ReadonlyMap<string, readonly Candidate[]>;

const ANCHOR_CHARS = 4;
/** The key a word is looked up by: its beginning, so that `fail` finds `failed`. */
const keyOf = (word: string): string =>
  word.length > ANCHOR_CHARS && word[0] !== '#' ? word.slice(0, ANCHOR_CHARS) : word;

/** Makes the index of a list of rules; throws when a clause has nothing to be found by. */
export function compileRules(rules: readonly Rule[]): RuleIndex {
  const index = new Map<string, Candidate[]>();
  for (const rule of rules) {
    const compiled = { rule, techniques: techniquesOf(rule.techniques) };
    for (const clause of rule.on.map(clauseOf)) {
      const anchor = anchorOf(clause);
      if (anchor === '') throw new Error(`rule ${rule.id}: a clause has no word or tag to be found by`);
      const list = index.get(keyOf(anchor));
      if (list) list.push({ compiled, clause, anchor });
      else index.set(keyOf(anchor), [{ compiled, clause, anchor }]);
    }
  }
  return index;
}

function holds({ phrases, words, not }: Clause, facts: Facts): boolean {
  for (const word of words) if (!facts.words.has(word)) return false;
  for (const phrase of phrases) if (!facts.lower.includes(phrase)) return false;
  for (const phrase of not)
    if (phrase.startsWith('#') ? facts.words.has(phrase) : facts.lower.includes(phrase)) return false;
  return true;
}

/** The rules that match, each once, in no promised order. */
export function matchRules(index: RuleIndex, facts: Facts): CompiledRule[] {
  const found: CompiledRule[] = [];
  for (const word of facts.words) {
    const candidates = index.get(keyOf(word));
    if (candidates === undefined) continue;
    for (const { compiled, clause, anchor } of candidates) {
      if (!word.startsWith(anchor) || found.includes(compiled) || !holds(clause, facts)) continue;
      if (compiled.rule.match && !compiled.rule.match.test(facts.lower)) continue;
      found.push(compiled);
    }
  }
  return found;
}
