// `log find`: searches evidence byte for byte, without an index, fast enough that none is needed. Regular expressions run on
// RE2's automata (linear in the input for every pattern), a slice at a time, so that a search never holds up the bot.
import { RE2JS } from 're2js';
import { type Refusal, refuse } from '../refusal.ts';
import { lineAt, lineStart, type SearchSource } from './search-source.ts';

/** What to look for. A literal is taken as it stands; a regular expression is RE2 syntax and matches within one line. */
export interface SearchQuery {
  readonly kind: 'literal' | 'regex';
  readonly pattern: string;
  readonly isCaseSensitive: boolean;
}

/** One line that matches. Lines are 1-based, bytes are offsets into the evidence; the excerpt is untrusted text, at most 240 characters of the line around the match. */
export interface SearchHit {
  readonly kind: 'hit';
  readonly evidence: string;
  readonly line: number;
  readonly byteStart: number;
  readonly byteEnd: number;
  readonly excerpt: { readonly before: string; readonly match: string; readonly after: string };
}

/** How a search ended. `next` is where the first answer beyond the limit stands; null says that everything was searched. */
export interface SearchEnd {
  readonly kind: 'end';
  readonly hits: number;
  readonly searchedBytes: number;
  readonly next: { readonly evidence: string; readonly line: number } | null;
}

export interface SearchOptions {
  /** Most hits to give; 50 unless told. */
  readonly limit?: number;
  /** Stops the search between two slices. */
  readonly signal?: AbortSignal;
}

/** A query that can run. */
export interface Search {
  /** Start and end of the first match in `bytes` that begins in [from, to), as offsets, or null. Never reads beyond `to`. */
  readonly find: (bytes: Buffer, from: number, to: number) => readonly [number, number] | null;
  /** Bytes that one call may look at without holding up the bot. */
  readonly slice: number;
  readonly overlap: number;
}

const LONGEST_PATTERN = 1_000;
const LITERAL_SLICE = 16 << 20;
const REGEX_SLICE = 256 << 10;
const PART_SLICE = 2 << 20;
const LONGEST_LINE = 1 << 20;
const DEFAULT_LIMIT = 50;
const EXCERPT = 240;
const YIELD_AFTER_MS = 8;

/** Checks a query and makes it ready; refuses with a phrase that says what to change. */
export function prepareSearch(query: SearchQuery): Search | Refusal<'empty-pattern' | 'long-pattern' | 'bad-pattern'> {
  const { pattern } = query;
  if (pattern === '') return refuse('empty-pattern', 'Say what to look for, such as: log find 203.0.113.66');
  if (pattern.length > LONGEST_PATTERN) {
    return refuse(
      'long-pattern',
      `The pattern has ${pattern.length} characters; ${LONGEST_PATTERN} are the most. Look for a part of it.`,
    );
  }
  if (/[\n\r]/.test(pattern)) return refuse('bad-pattern', 'A search looks within one line. Leave the line break out.');
  if (query.kind === 'literal' && query.isCaseSensitive) return literalSearch(Buffer.from(pattern, 'utf8'));
  if (query.kind === 'literal' && /^[\x20-\x7e]*$/.test(pattern)) return anyCaseSearch(pattern);
  try {
    const source = query.kind === 'literal' ? RE2JS.quote(pattern) : pattern;
    const flags = RE2JS.MULTILINE | (query.isCaseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
    const compiled = RE2JS.compile(source, flags);
    if (compiled.test(''))
      return refuse('bad-pattern', `"${pattern}" matches every line. Say at least one character that must be there.`);
    return regexSearch(compiled);
  } catch (error) {
    return refuse('bad-pattern', `The regular expression cannot be used: ${whyNot(error)} ${REMEDY}`);
  }
}

const REMEDY = 'To look for it as plain text, leave out the slashes.';

/** What is wrong with an expression, and what to do about it. */
function whyNot(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  // The flags in front are ours.
  const why = said
    .replace(/^error parsing regexp: /, '')
    .replace('`(?m)(?i)', '`')
    .replace('`(?m)', '`');
  if (/escape sequence: `\\[1-9]/.test(why)) return `${why}. Backreferences do not exist here (RE2 syntax).`;
  if (/\(\?[=!<]/.test(why))
    return `${why}. Lookaround does not exist here (RE2 syntax): search for what must be there.`;
  if (why.startsWith('missing closing )'))
    return `a bracket "(" is never closed. A bracket that is meant as such is written \\(.`;
  if (why.startsWith('missing closing ]')) return `a "[" is never closed. One that is meant as such is written \\[.`;
  if (why.startsWith('unexpected )')) return `a ")" has no "(" before it. One that is meant as such is written \\).`;
  if (why.startsWith('missing argument to repetition'))
    return `${why}. "*", "+" and "?" stand behind what they repeat; as such they are written \\*, \\+, \\?.`;
  return why === '' ? 'it is not understood.' : `${why}.`;
}

/** Gives the lines that match, in order, one hit a line, then how it ended; lets others run every few milliseconds. */
export async function* search(
  sources: readonly SearchSource[],
  prepared: Search,
  options: SearchOptions = {},
): AsyncGenerator<SearchHit | SearchEnd> {
  const limit = options.limit ?? DEFAULT_LIMIT;
  let hits = 0;
  let searchedBytes = 0;
  let busySince = performance.now();
  for (const source of sources) {
    const bytes = source.bytes;
    for (let at = 0; at < bytes.length; ) {
      if (performance.now() - busySince > YIELD_AFTER_MS) {
        await new Promise(setImmediate);
        options.signal?.throwIfAborted();
        busySince = performance.now();
      }
      const end = Math.min(bytes.length, at + prepared.slice);
      const to = sliceEnd(bytes, at, end);
      const found = prepared.find(bytes, at, to);
      if (!found) {
        const next = to >= bytes.length ? to : isLineEnd(bytes, to) ? to : Math.max(at + 1, to - prepared.overlap);
        searchedBytes += next - at;
        at = next;
        continue;
      }
      const line = lineAt(source, found[0]);
      if (hits >= limit) return yield { kind: 'end', hits, searchedBytes, next: { evidence: source.evidence, line } };
      hits += 1;
      const hit = hitOf(source, line, found);
      yield hit;
      const next = Math.min(bytes.length, hit.byteEnd + 1);
      searchedBytes += next - at;
      at = next;
    }
  }
  yield { kind: 'end', hits, searchedBytes, next: null };
}

// A slice ends behind a line break, unless one line fills it: then it goes on with an overlap.
function sliceEnd(bytes: Buffer, from: number, end: number): number {
  if (end >= bytes.length) return bytes.length;
  const lineBreak = bytes.lastIndexOf(10, end - 1);
  if (lineBreak >= from) return lineBreak + 1;
  const next = bytes.subarray(0, Math.min(bytes.length, from + LONGEST_LINE)).indexOf(10, end);
  return next < 0 ? Math.min(bytes.length, Math.max(end, from + LONGEST_LINE)) : next + 1;
}

const isLineEnd = (bytes: Buffer, at: number) => bytes[at - 1] === 10;

function literalSearch(needle: Buffer): Search {
  return {
    find: (bytes, from, to) => {
      const at = bytes.subarray(0, to).indexOf(needle, from);
      return at < 0 ? null : [at, at + needle.length];
    },
    slice: LITERAL_SLICE,
    overlap: needle.length - 1,
  };
}

// An escaped literal has nothing to backtrack over, so the engine's own matcher may look for it; Latin-1 keeps one character
// a byte, so that its offsets are ours.
function anyCaseSearch(pattern: string): Search {
  // Addresses, numbers and paths hold parts that no case changes: those are found as bytes, at the speed of memory.
  const part = longestOf(pattern.match(/[^a-z]+/gi) ?? []);
  if (part.length === pattern.length) return literalSearch(Buffer.from(pattern));
  if (part.length >= PART_LENGTH) return aroundPart(pattern.toLowerCase(), part);
  const literal = new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'i');
  return {
    find: (bytes, from, to) => {
      const at = bytes.toString('latin1', from, to).search(literal);
      return at < 0 ? null : [from + at, from + at + pattern.length];
    },
    slice: REGEX_SLICE,
    overlap: pattern.length - 1,
  };
}

const PART_LENGTH = 3;

const longestOf = (parts: readonly string[]): string => parts.reduce((a, b) => (b.length > a.length ? b : a), '');

function aroundPart(lower: string, part: string): Search {
  const needle = Buffer.from(part);
  const before = lower.indexOf(part);
  return {
    find: (bytes, from, to) => {
      const within = bytes.subarray(0, to);
      for (let at = within.indexOf(needle, from + before); at >= 0; at = within.indexOf(needle, at + 1)) {
        const start = at - before;
        if (within.toString('latin1', start, start + lower.length).toLowerCase() === lower)
          return [start, start + lower.length];
      }
      return null;
    },
    slice: PART_SLICE,
    overlap: lower.length - 1,
  };
}

function regexSearch(compiled: RE2JS): Search {
  return {
    find: (bytes, from, to) => {
      const text = bytes.toString('utf8', from, to);
      if (!compiled.test(text)) return null;
      // The automaton says only that something matches, perhaps across a line break: find the line it is on.
      for (let start = from; start < to; ) {
        const lineBreak = bytes.indexOf(10, start);
        const end = lineBreak < 0 || lineBreak >= to ? to : lineBreak;
        const line = bytes.toString('utf8', start, end);
        if (compiled.test(line)) return offsetsIn(compiled, bytes, start, end);
        start = end + 1;
      }
      return null;
    },
    slice: REGEX_SLICE,
    overlap: LONGEST_LINE >> 4,
  };
}

function offsetsIn(compiled: RE2JS, bytes: Buffer, start: number, end: number): readonly [number, number] {
  const line = bytes.toString('utf8', start, end);
  const matcher = compiled.matcher(line);
  matcher.find();
  return [offsetOf(matcher.start()), offsetOf(matcher.end())];

  function offsetOf(chars: number): number {
    if (Buffer.byteLength(line) === end - start) return start + Buffer.byteLength(line.slice(0, chars));
    // Invalid UTF-8 decodes to characters of another length than its bytes: find the prefix that decodes to as many.
    let [low, high] = [0, end - start];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bytes.toString('utf8', start, start + middle).length < chars) low = middle + 1;
      else high = middle;
    }
    return start + low;
  }
}

function hitOf(source: SearchSource, line: number, [from, to]: readonly [number, number]): SearchHit {
  const { bytes } = source;
  const byteStart = lineStart(bytes, from);
  const lineBreak = bytes.indexOf(10, from);
  const byteEnd = lineBreak < 0 ? bytes.length : lineBreak;
  const room = Math.max(0, EXCERPT - (to - from));
  const before = Math.max(byteStart, from - (room >> 1));
  const match = bytes.toString('utf8', from, Math.min(to, from + EXCERPT));
  const after = bytes.toString('utf8', to, Math.min(byteEnd, to + EXCERPT - Math.min(EXCERPT, to - before)));
  return {
    kind: 'hit',
    evidence: source.evidence,
    line,
    byteStart,
    byteEnd,
    excerpt: { before: bytes.toString('utf8', before, from), match, after: after.replace(/\r$/, '') },
  };
}
