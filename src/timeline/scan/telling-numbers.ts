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

const BLANK = 32;
const QUOTE = 34;
const HYPHEN = 45;
const LESS = 60;
const BAR = 124;
const INCORRECT = [...' incorrect'].map((c) => c.charCodeAt(0));
const LONGEST_WORD = 32;
const FILTER = 4096;

/** Whether the number at `from` to `to`, at most five digits, tells: WHOLE, which of its beginnings does, or 0. */
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
  // Nearly every word and number is turned away by one look into these.
  const words = new Uint8Array(FILTER);
  const numbers = new Uint8Array(FILTER);
  const beginnings = new Map<number, readonly Uint8Array[]>();
  const exact = new Set(anywhere);
  for (const [word, told] of after) {
    const hash = foldedHash(viewOf(word), 0, word.length, key);
    words[hash & (FILTER - 1)] = 1;
    beginnings.set(hash, told.map(bytesOf));
  }
  for (const number of anywhere) numbers[digitsKey(bytesOf(number), 0)] = 1;

  return (bytes, view, lineStart, from, to, wordFrom, wordTo) => {
    const length = to - from;
    const before = bytes[from - 1];
    // The status behind a quoted request, a syslog priority, the severity in %ASA-2-106017 and in CEF.
    if (length === 3 && before === BLANK && bytes[from - 2] === QUOTE) return WHOLE;
    if (from === lineStart + 1 && before === LESS) return WHOLE;
    if (length === 1 && before === HYPHEN && bytes[to] === HYPHEN) return WHOLE;
    if (length <= 2 && before === BAR && bytes[to] === BAR) return WHOLE;
    if (bytes[to + 1] === INCORRECT[1] && INCORRECT.every((c, i) => bytes[to + i] === c)) return WHOLE;
    if (length >= 3 && numbers[digitsKey(bytes, from)] === 1 && exact.has(textOf(bytes, from, to))) return WHOLE;
    if (wordTo < 0 || wordTo - wordFrom > LONGEST_WORD) return 0;
    const hash = foldedHash(view, wordFrom, wordTo - wordFrom, key);
    if (words[hash & (FILTER - 1)] === 0) return 0;
    const told = beginnings.get(hash);
    if (told === undefined) return 0;
    return told.length === 0 ? WHOLE : 1 + told.findIndex((digits) => digits.every((d, i) => bytes[from + i] === d));
  };
}

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const viewOf = (text: string): DataView => new DataView(bytesOf(text).buffer);
const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));
const digitsKey = (bytes: Uint8Array, from: number): number =>
  (((bytes[from] as number) & 15) << 8) |
  (((bytes[from + 1] as number) & 15) << 4) |
  ((bytes[from + 2] as number) & 15);

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
function foldedHash(view: DataView, from: number, length: number, key: number): number {
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
