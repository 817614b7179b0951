// Whether a user's name or a number decides what a line means. Lines that differ in nothing else are judged alike when it does not.
import { isWeighted } from './baseline.ts';
import { isNobody, saysOutcome } from './entities.ts';
import { PHRASINGS } from './manipulation.ts';
import { anchorOf, type Clause, clauseOf, type Rule } from './rule.ts';
import { RULES } from './rules/all.ts';

/**
 * Whether a line could be judged otherwise if another stood at the place of this part: a user's name, as a value in quotes or
 * as the user of an access log, or a number that some rule looks for. Says yes wherever it is not sure. `lower` is the
 * text of the line as rules look at it.
 */
export type PartTeller = (part: string, lower: string) => boolean;

/** One clause of a rule, the pattern of the rule, and the word that it is found by. */
interface Search {
  readonly clause: Clause;
  readonly anchor: string;
  readonly match: RegExp | undefined;
}

/** A run of letters, digits and hyphens in a phrase of a clause, with what stands before and behind it there. */
interface Run {
  readonly search: Search;
  readonly before: string;
  readonly after: string;
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

const hasPhrases = ({ clause: { phrases }, anchor }: Search, lower: string): boolean =>
  phrases.every((phrase) => lower.includes(phrase)) && (isTag(anchor) || lower.includes(anchor));

/** Whether a clause holds for a text, if the tags that it asks for are there. */
function holds(search: Search, text: Text): boolean {
  const { lower } = text;
  const {
    clause: { words, not },
    anchor,
    match,
  } = search;
  if (!hasPhrases(search, lower)) return false;
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
  readonly words: ReadonlyMap<string, readonly Search[]>;
  readonly anchors: ReadonlyMap<string, readonly Search[]>;
  readonly literals: ReadonlyMap<string, readonly Search[]>;
}

function indexOf(rules: readonly Rule[]): Index {
  const runs = new Map<string, Run[]>();
  const words = new Map<string, Search[]>();
  const anchors = new Map<string, Search[]>();
  const literals = new Map<string, Search[]>();
  const put = <T>(map: Map<string, T[]>, key: string, item: T): void => {
    const list = map.get(key);
    if (list) list.push(item);
    else map.set(key, [item]);
  };
  for (const { on, match } of rules) {
    const written = new Set(match?.source.replace(/\\[a-zA-Z]/g, ' ').match(/[a-z]+/g) ?? []);
    for (const clause of on.map(clauseOf)) {
      const search: Search = { clause, anchor: anchorOf(clause), match };
      put(anchors, search.anchor, search);
      for (const literal of written) put(literal.length < 3 ? words : literals, literal, search);
      for (const word of clause.words) put(words, word, search);
      for (const phrase of [...clause.phrases, ...clause.not])
        for (const { 0: run, index } of phrase.matchAll(/[a-z0-9_-]+/g))
          put(runs, run, { search, before: phrase.slice(0, index), after: phrase.slice(index + run.length) });
    }
  }
  return { runs, words, anchors, literals };
}

/** Whether a run of a phrase that is in a name could be found there, or across one of the name's ends. */
function fits({ before, after }: Run, run: string, name: string): boolean {
  if (before !== '' && !(name.startsWith(run) && BEFORE.some((text) => text.endsWith(before) || before.endsWith(text))))
    return false;
  return after === '' || (name.endsWith(run) && AFTER.some((text) => text.startsWith(after) || after.startsWith(text)));
}

/** Makes the function that is asked about each part in each shape of line. */
export function partTeller(rules: readonly Rule[] = RULES): PartTeller {
  let made: Index | null = null;
  const index = (): Index => (made ??= indexOf(rules));
  const phrasingWords = new Set(PHRASINGS.flatMap(({ words }) => words));
  /** The clauses that can see a name; null for a name that tells whatever the line. */
  const seenBy = new Map<string, readonly Search[] | null>();

  const find = (name: string): readonly Search[] | null => {
    const words = wordsOf(name);
    const isLoaded = [...words].some((word) => isWeighted(word) || phrasingWords.has(word));
    if (isLoaded || isNobody(name) || saysOutcome(name) || name.startsWith('cve')) return null;
    const { runs, anchors, literals, words: whole } = index();
    const found = new Set<Search>();
    const take = (searches: readonly Search[] = []): void => searches.forEach((search) => void found.add(search));
    for (const word of words) take(whole.get(word));
    const listed = [...words];
    for (const [anchor, searches] of anchors) if (listed.some((word) => word.startsWith(anchor))) take(searches);
    for (const [literal, searches] of literals) if (name.includes(literal)) take(searches);
    for (const [run, places] of runs)
      if (name.includes(run)) for (const place of places) if (fits(place, run, name)) found.add(place.search);
    return [...found];
  };
  return (given, lower) => {
    if (/^\d+$/.test(given)) {
      const alone = (index().runs.get(given) ?? []).filter(({ before, after }) => before === '' && after === '');
      return [...alone.map(({ search }) => search), ...(index().words.get(given) ?? [])].some((search) =>
        holds(search, { lower }),
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
    const near = known.filter((search) => hasPhrases(search, lower));
    if (near.length === 0) return false;
    const here: Text = { lower };
    const elsewhere: Text = {
      lower: PLACES.reduce(
        (text, [before, after]) => text.replaceAll(before + name + after, before + NEUTRAL + after),
        lower,
      ),
    };
    return near.some((search) => holds(search, here) !== holds(search, elsewhere));
  };
}
