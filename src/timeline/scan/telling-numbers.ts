// Numbers that decide what a line means, so that they are part of its shape. Most are read from the rules themselves.
import type { Rule } from '../meaning/rule.ts';
import { RULES } from '../meaning/rules/all.ts';

/** The numbers that tell, as digits. */
export interface TellingNumbers {
  /** By the word before them, lower-case: the beginnings that tell; none means the whole number does. */
  readonly after: ReadonlyMap<string, readonly string[]>;
  /** Wherever they stand. */
  readonly anywhere: readonly string[];
}

// Numbers behind these words are codes, whatever they are.
const CODES =
  'status statuscode status_code code eventid event_id eventcode http httpstatus error errno errorcode type level severity priority res result exit rc uid method audit_success audit_failure information warning'.split(
    ' ',
  );

// What patterns of rules look at, where no phrase says it.
const IN_PATTERNS: readonly (readonly [string, string])[] = [
  ['logontype', '3 10'],
  ['destinationport', '445 139 135 3389 5985 5986 389 636 3268'],
  ['files', '0'],
  ['cve', '19 20'],
];

/** Reads the telling numbers out of phrases such as `syscall=59`, `dst=224.` and `1017`. */
export function tellingNumbers(rules: readonly Rule[] = RULES): TellingNumbers {
  const after = new Map<string, readonly string[]>();
  const anywhere = new Set<string>();
  const add = (word: string, number: string): void => {
    after.set(word, [...new Set([...(after.get(word) ?? []), number])]);
  };
  for (const phrase of rules.flatMap((rule) => rule.on.flatMap((clause) => clause.split(' & ')))) {
    if (phrase.startsWith('#') || phrase.startsWith('!#')) continue;
    for (const [, word, number] of phrase.matchAll(/([a-z_]{2,32})[^a-z0-9_]{1,3}(\d{1,8})/g))
      add(word as string, number as string);
    for (const [number] of phrase.matchAll(/^\d{3,5}$/g)) anywhere.add(number);
  }
  for (const [word, numbers] of IN_PATTERNS) for (const number of numbers.split(' ')) add(word, number);
  for (const code of CODES) after.set(code, []);
  return { after, anywhere: [...anywhere] };
}

/** The whole number is part of the shape. */
export const WHOLE = -1;
/** Some rule looks for the number wherever it stands: it is part of the shape until it is clear that it tells nothing there. */
export const IN_DOUBT = -2;

const BLANK = 32;
const QUOTE = 34;
const HYPHEN = 45;
const LESS = 60;
const BAR = 124;
const INCORRECT = Buffer.from(' incorrect');
const LONGEST_WORD = 32;
/** Letters by their last five bits, whatever their case. */
const LETTERS = 32;

/** Whether the number at `from` to `to`, at most five digits, tells: WHOLE, IN_DOUBT, which of its beginnings does, or 0. */
export type NumberTeller = (
  bytes: Uint8Array,
  view: DataView,
  lineStart: number,
  from: number,
  to: number,
  wordFrom: number,
  wordTo: number,
) => number;

/** Makes the function that is asked of each number. `wordTo` is -1 where no word stands before it. */
export function numberTeller({ after, anywhere }: TellingNumbers, key: number): NumberTeller {
  // Nearly every word is turned away by its length and its two ends.
  const words = new Uint8Array((LONGEST_WORD + 1) * LETTERS * LETTERS);
  /** By value: the length of a number that is looked for wherever it stands. */
  const exact = new Uint8Array(100_000);
  const beginnings = new Map<number, readonly Uint8Array[]>();
  for (const [word, told] of after) {
    const hash = foldedHash(viewOf(word), 0, word.length, key);
    words[lookOf(bytesOf(word), 0, word.length)] = 1;
    beginnings.set(hash, told.map(bytesOf));
  }
  for (const number of anywhere) exact[Number(number)] = number.length;

  return (bytes, view, lineStart, from, to, wordFrom, wordTo) => {
    const length = to - from;
    const before = bytes[from - 1];
    // The status behind a quoted request, a syslog priority, the severity in %ASA-2-106017 and in CEF.
    if (length === 3 && before === BLANK && bytes[from - 2] === QUOTE) return WHOLE;
    if (from === lineStart + 1 && before === LESS) return WHOLE;
    if (length === 1 && before === HYPHEN && bytes[to] === HYPHEN) return WHOLE;
    if (length <= 2 && before === BAR && bytes[to] === BAR) return WHOLE;
    if (bytes[to + 1] === INCORRECT[1] && isAt(INCORRECT, bytes, to)) return WHOLE;
    const other = length >= 3 && exact[numberAt(bytes, from, to)] === length ? IN_DOUBT : 0;
    if (wordTo < 0 || wordTo - wordFrom > LONGEST_WORD) return other;
    if (words[lookOf(bytes, wordFrom, wordTo)] === 0) return other;
    const told = beginnings.get(foldedHash(view, wordFrom, wordTo - wordFrom, key));
    if (told === undefined) return other;
    if (told.length === 0) return WHOLE;
    for (let i = 0; i < told.length; i++) if (isAt(told[i] as Uint8Array, bytes, from)) return 1 + i;
    return other;
  };
}

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const viewOf = (text: string): DataView => new DataView(bytesOf(text).buffer);
/** A small number of a word, by its length, its first and its last letter. */
const lookOf = (bytes: Uint8Array, from: number, to: number): number =>
  ((to - from) * LETTERS + ((bytes[from] as number) & (LETTERS - 1))) * LETTERS +
  ((bytes[to - 1] as number) & (LETTERS - 1));

function isAt(wanted: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

/** The value of at most five digits. */
function numberAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + (bytes[at] as number) - 48;
  return value;
}

/** A keyed hash of some bytes, four at a time; the last four may overlap. */
export function hashOf(view: DataView, from: number, length: number, key: number): number {
  let h = length;
  if (length >= 4) {
    const last = from + length - 4;
    for (let at = from; at < last; at += 4) {
      h = Math.imul(h ^ view.getInt32(at, true), key);
      h ^= h >>> 15;
    }
    h = Math.imul(h ^ view.getInt32(last, true), key);
  } else {
    for (let at = from; at < from + length; at++) h = (h << 8) | view.getUint8(at);
    h = Math.imul(h, key);
  }
  return h ^ (h >>> 15);
}

/** The same for a word, whatever the case of its letters. */
export function foldedHash(view: DataView, from: number, length: number, key: number): number {
  let h = length;
  if (length >= 4) {
    const last = from + length - 4;
    for (let at = from; at < last; at += 4) {
      h = Math.imul(h ^ (view.getInt32(at, true) | 0x20202020), key);
      h ^= h >>> 15;
    }
    h = Math.imul(h ^ (view.getInt32(last, true) | 0x20202020), key);
  } else {
    for (let at = from; at < from + length; at++) h = (h << 8) | view.getUint8(at) | 32;
    h = Math.imul(h, key);
  }
  return h ^ (h >>> 15);
}
