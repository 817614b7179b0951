// Whether a user's name or a number decides what a line means. Lines that differ in nothing else are judged alike when it does not.
import { isWeighted } from './baseline.ts';
import { RULE_INDEX } from './describe.ts';
import { isNobody, saysOutcome } from './entities.ts';
import { PHRASINGS } from './manipulation.ts';
import type { Candidate, RuleIndex } from './rule.ts';

/**
 * Whether a line could be judged otherwise if another stood at the place of this part: a user's name, as a value in quotes or
 * as the user of an access log, or a number that some rule looks for. Says yes wherever it is not sure. `lower` is the
 * text of the line as rules look at it.
 */
export type PartTeller = (part: string, lower: string) => boolean;

/** A run of letters, digits and hyphens in a phrase of a clause, and whether a name has to begin or end with it. */
interface Run {
  readonly candidate: Candidate;
  readonly isAtStart: boolean;
  readonly isAtEnd: boolean;
}

const NAMES_KEPT = 20_000;
const NEUTRAL = 'qqqq';
// What can stand around such a name, and where in a line it does.
const BEFORE = ['"', ' - '];
const AFTER = ['"', ' ['];
const PLACES = [
  [':"', '"'],
  [': "', '"'],
  [' - ', ' ['],
] as const;

const wordsOf = (text: string): Set<string> =>
  new Set((text.match(/[a-z0-9_]+/g) ?? []).flatMap((word) => [word, ...word.split('_')]));

const isTag = (word: string): boolean => word.startsWith('#');

/** A line's text, and its words once somebody asks for them. */
interface Text {
  readonly lower: string;
  words?: ReadonlySet<string>;
}

const hasPhrases = ({ clause: { phrases }, anchor }: Candidate, lower: string): boolean =>
  phrases.every((phrase) => lower.includes(phrase)) && (isTag(anchor) || lower.includes(anchor));

/** Whether a clause holds for a text, if the tags that it asks for are there. */
function holds(candidate: Candidate, text: Text): boolean {
  const { lower } = text;
  const { clause, anchor, compiled } = candidate;
  const { words, not } = clause;
  const { match } = compiled.rule;
  if (!hasPhrases(candidate, lower)) return false;
  if (not.some((phrase) => !isTag(phrase) && lower.includes(phrase)) || match?.test(lower) === false) return false;
  text.words ??= wordsOf(lower);
  const all = text.words;
  return (
    words.every((word) => isTag(word) || all.has(word)) &&
    (isTag(anchor) || [...all].some((word) => word.startsWith(anchor)))
  );
}

/** All that rules look for: runs of their phrases, whole words, beginnings of words, and parts of their patterns. */
interface Index {
  readonly runs: ReadonlyMap<string, readonly Run[]>;
  readonly words: ReadonlyMap<string, readonly Candidate[]>;
  readonly anchors: ReadonlyMap<string, readonly Candidate[]>;
  readonly literals: ReadonlyMap<string, readonly Candidate[]>;
}

const RUN = /[a-z0-9_-]+/g;
const mayStandBefore = (before: string): boolean =>
  before === '' || BEFORE.some((text) => text.endsWith(before) || before.endsWith(text));
const mayStandBehind = (after: string): boolean =>
  after === '' || AFTER.some((text) => text.startsWith(after) || after.startsWith(text));

function indexOf(rules: RuleIndex): Index {
  const runs = new Map<string, Run[]>();
  const words = new Map<string, Candidate[]>();
  const anchors = new Map<string, Candidate[]>();
  const literals = new Map<string, Candidate[]>();
  const put = <T>(map: Map<string, T[]>, key: string, item: T): void => {
    const list = map.get(key);
    if (list) list.push(item);
    else map.set(key, [item]);
  };
  const putRuns = (candidate: Candidate, phrase: string): void => {
    for (const { 0: run, index } of phrase.matchAll(RUN)) {
      const [before, after] = [phrase.slice(0, index), phrase.slice(index + run.length)];
      if (mayStandBefore(before) && mayStandBehind(after))
        put(runs, run, { candidate, isAtStart: before !== '', isAtEnd: after !== '' });
    }
  };
  for (const candidate of [...rules.values()].flat()) {
    const { clause, anchor, compiled } = candidate;
    put(anchors, anchor, candidate);
    for (const literal of compiled.rule.match?.source.replace(/\\[a-zA-Z]/g, ' ').match(/[a-z]+/g) ?? [])
      put(literal.length < 3 ? words : literals, literal, candidate);
    for (const word of clause.words) put(words, word, candidate);
    for (const phrase of clause.phrases) putRuns(candidate, phrase);
    for (const phrase of clause.not) putRuns(candidate, phrase);
  }
  return { runs, words, anchors, literals };
}

/** Makes the function that is asked about each part in each shape of line. */
export function partTeller(rules: RuleIndex = RULE_INDEX): PartTeller {
  let made: Index | null = null;
  const index = (): Index => (made ??= indexOf(rules));
  const phrasingWords = new Set(PHRASINGS.flatMap(({ words }) => words));
  /** The clauses that can see a name; null for a name that tells whatever the line. */
  const seenBy = new Map<string, readonly Candidate[] | null>();

  const find = (name: string): readonly Candidate[] | null => {
    const words = wordsOf(name);
    const isLoaded = [...words].some((word) => isWeighted(word) || phrasingWords.has(word));
    if (isLoaded || isNobody(name) || saysOutcome(name) || name.startsWith('cve')) return null;
    const { runs, anchors, literals, words: whole } = index();
    const found = new Set<Candidate>();
    const take = (candidates: readonly Candidate[] = []): void => {
      for (const candidate of candidates) found.add(candidate);
    };
    for (const word of words) {
      take(whole.get(word));
      for (let to = 1; to <= word.length; to++) take(anchors.get(word.slice(0, to)));
    }
    for (let from = 0; from < name.length; from++) {
      for (let to = from + 1; to <= name.length; to++) {
        const part = name.slice(from, to);
        take(literals.get(part));
        for (const { candidate, isAtStart, isAtEnd } of runs.get(part) ?? [])
          if ((!isAtStart || from === 0) && (!isAtEnd || to === name.length)) found.add(candidate);
      }
    }
    return [...found];
  };
  return (given, lower) => {
    if (/^\d+$/.test(given)) {
      const alone = (index().runs.get(given) ?? []).filter(({ isAtStart, isAtEnd }) => !isAtStart && !isAtEnd);
      const text: Text = { lower };
      return (
        alone.some(({ candidate }) => holds(candidate, text)) ||
        (index().words.get(given) ?? []).some((candidate) => holds(candidate, text))
      );
    }
    const name = given.toLowerCase();
    let known = seenBy.get(name);
    if (known === undefined) {
      if (seenBy.size >= NAMES_KEPT) seenBy.clear();
      seenBy.set(name, (known = find(name)));
    }
    if (known === null) return true;
    if (known.length === 0) return false;
    // Without the name no phrase is there that is not there with it.
    const near = known.filter((candidate) => hasPhrases(candidate, lower));
    if (near.length === 0) return false;
    const here: Text = { lower };
    const elsewhere: Text = {
      lower: PLACES.reduce(
        (text, [before, after]) => text.replaceAll(before + name + after, before + NEUTRAL + after),
        lower,
      ),
    };
    return near.some((candidate) => holds(candidate, here) !== holds(candidate, elsewhere));
  };
}
