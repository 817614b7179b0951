// The shape of a line, from its bytes alone: words and punctuation as they are, numbers and ids masked. Two lines of one
// shape are read the same way; where the masked parts stand lets a plan find the time and the names in the next such line.

import { mayBeName, nameFinder } from './name-places.ts';
import { hashOf, IN_DOUBT, numberTeller, type TellingNumbers, tellingNumbers, WHOLE } from './telling-numbers.ts';

/** What was found out about one line. `end` is behind its last byte, without CR and LF; `next` is where the next line begins. */
export interface LineShape {
  end: number;
  next: number;
  /** False for bytes that need the careful reading: control characters, and all that is not ASCII. */
  isPlain: boolean;
  hash1: number;
  hash2: number;
  /** The masked parts: start and end of each in `masks`, from `maskAt` on. */
  maskCount: number;
  masks: Int32Array;
  maskAt: number;
  /** Its own room for them. */
  readonly room: Int32Array;
  /** Which of the masked parts are part of the shape all the same, though they may tell nothing: users' names, some numbers. */
  doubtCount: number;
  readonly doubtMask: Int32Array;
  /** What another thread has found out already: the class of the line or -1, and what its plan reads. */
  known: number;
  timeMs: number;
  address1: number;
  address2: number;
}

/** Where a masked part of a line begins. */
export const maskStart = ({ masks, maskAt }: LineShape, mask: number): number => masks[maskAt + 2 * mask] as number;

/** Where a masked part of a line ends. */
export const maskEnd = ({ masks, maskAt }: LineShape, mask: number): number => masks[maskAt + 2 * mask + 1] as number;

const MOST_MASKS = 512;
/** Numbers that the masked parts of one line may take up. */
export const MASK_ROOM = 2 * (MOST_MASKS + 2);
const MOST_DOUBTS = 8;
const LONGEST_LINE = 8192;

const OTHER = 0;
const DIGIT = 1;
const LETTER = 2;
const STOP = 3;
const DOT = 46;
const LOWER_I = 105;
const UNDERSCORE = 95;

const KIND = new Uint8Array(256).fill(STOP);
const IS_HEX = new Uint8Array(256);
for (let c = 32; c < 127; c++) KIND[c] = OTHER;
KIND[9] = OTHER;
for (let c = 48; c < 58; c++) KIND[c] = DIGIT;
for (let c = 65; c < 91; c++) KIND[c] = KIND[c + 32] = LETTER;
for (const c of '0123456789abcdefABCDEF') IS_HEX[c.charCodeAt(0)] = 1;

// Behind these a number of one or two digits may tell, whatever the word before it.
const TELLS_AFTER = new Uint8Array(256);
for (const c of '<-|') TELLS_AFTER[c.charCodeAt(0)] = 1;

const NUMBER = 0x1b873593;
const OPAQUE = 0x2545f491;
const NAME = 0x3c6ef372;

/** An empty shape, to be filled again and again. */
export const newShape = (room: Int32Array = new Int32Array(MASK_ROOM)): LineShape => ({
  end: 0,
  next: 0,
  isPlain: true,
  hash1: 0,
  hash2: 0,
  maskCount: 0,
  masks: room,
  maskAt: 0,
  room,
  doubtCount: 0,
  doubtMask: new Int32Array(MOST_DOUBTS),
  known: -1,
  timeMs: Number.NaN,
  address1: -1,
  address2: -1,
});

/** Reads the shape of the line at `start` into `into`, masked parts from its `maskAt` on. The view is over the same bytes. */
export type ShapeReader = (bytes: Uint8Array, view: DataView, start: number, limit: number, into: LineShape) => void;

/** What a reader of shapes is told. */
export interface ShapeOptions {
  readonly telling?: TellingNumbers;
  /** Lines that differ in nothing but parts in doubt have one shape. */
  readonly isWithoutDoubts?: boolean;
}

/** Makes the function that reads shapes. The keys keep a line's author from choosing which lines look alike. */
export function shapeReader(
  key1: number,
  key2: number,
  { telling = tellingNumbers(), isWithoutDoubts = false }: ShapeOptions = {},
): ShapeReader {
  const k1 = key1 | 1;
  const k2 = key2 | 1;
  const tells = numberTeller(telling, k1);
  const nameEnd = nameFinder(k1);

  const read: ShapeReader = (bytes, view, start, limit, into) => {
    const { masks: parts, maskAt, doubtMask } = into;
    let part = maskAt;
    const lastPart = maskAt + 2 * MOST_MASKS;
    let doubts = 0;
    let h1 = k2;
    let h2 = k1;
    let isPlain = true;
    let wordFrom = 0;
    let wordTo = -1;
    let at = start;
    const cap = Math.min(limit, start + LONGEST_LINE);
    while (at < cap) {
      const c = bytes[at] as number;
      const kind = KIND[c] as number;
      if (kind === OTHER) {
        h1 = Math.imul(h1 ^ c, k1);
        h2 = Math.imul((h2 + c) | 0, k2);
        at++;
        continue;
      }
      if (kind === STOP) break;
      const from = at;
      let word = 0;
      if (kind === LETTER) {
        // Four letters at a time, hashed as they are found.
        for (;;) {
          const four = at + 4 <= cap ? view.getInt32(at, true) : restAt(bytes, at, cap);
          const bits = letterBits(four);
          const count = bits === HIGH ? 4 : before(bits);
          if (count > 0) {
            word = Math.imul(word ^ (four & (ALL >>> (32 - 8 * count))), k1);
            word ^= word >>> 15;
          }
          at += count;
          if (count < 4) break;
        }
        word ^= at - from;
      } else at = digitsEnd(bytes, view, from, cap);
      const k = at < cap ? (KIND[bytes[at] as number] as number) : STOP;
      let value = 0;
      const name =
        kind === LETTER && mayBeName(bytes, from) && doubts < MOST_DOUBTS
          ? nameEnd(bytes, view, from, cap, wordFrom, wordTo)
          : -1;
      if (name !== -1) {
        value = isWithoutDoubts ? NAME : hashOf(view, from, name - from, k1);
        doubtMask[doubts++] = (part - maskAt) >> 1;
        parts[part] = from;
        parts[part + 1] = name;
        part += 2;
        at = name;
        wordTo = -1;
      } else if (k === OTHER || k === STOP) {
        const length = at - from;
        if (kind === LETTER) {
          value = word;
          // event_id is one word, id by itself another.
          if (wordTo !== from - 1 || bytes[wordTo] !== UNDERSCORE) wordFrom = from;
          wordTo = at;
          // A group of letters between colons is a part of an address.
          if (bytes[at] === 58 && bytes[from - 1] === 58 && (length === 2 || length === 4) && isHex(bytes, from, at)) {
            value = OPAQUE;
            parts[part] = from;
            parts[part + 1] = at;
            part += 2;
          }
        } else {
          const mayTell =
            length < 6 &&
            (wordTo >= 0 || length > 2 || TELLS_AFTER[bytes[from - 1] as number] === 1 || bytes[at + 1] === LOWER_I);
          const told = mayTell ? tells(bytes, view, start, from, at, wordFrom, wordTo) : 0;
          if (told === WHOLE || (told === IN_DOUBT && doubts === MOST_DOUBTS)) value = hashOf(view, from, length, k1);
          else if (told === IN_DOUBT) {
            value = isWithoutDoubts ? NUMBER : hashOf(view, from, length, k1);
            doubtMask[doubts++] = (part - maskAt) >> 1;
            parts[part] = from;
            parts[part + 1] = at;
            part += 2;
          } else {
            value = (length >= 9 ? NUMBER + length : NUMBER) + (told << 8);
            parts[part] = from;
            parts[part + 1] = at;
            part += 2;
          }
          // A date or a number at the very beginning is told by its length; the first part of an address is not.
          if (from === start && (length > 3 || bytes[at] !== DOT)) value = Math.imul(value ^ length, k2);
          wordTo = -1;
        }
      } else {
        // Letters and digits mixed: a name with a number keeps its letters, an id is masked whole.
        let runs = 2;
        let last = k as number;
        let letters = kind === LETTER ? word : k2;
        let isAllHex = isHex(bytes, from, at);
        const firstRun = at;
        for (; at < cap; at++) {
          const byte = bytes[at] as number;
          const now = KIND[byte] as number;
          if (now !== LETTER && now !== DIGIT) break;
          if (IS_HEX[byte] === 0) isAllHex = false;
          if (now !== last) {
            runs++;
            last = now;
          }
          if (now === LETTER) letters = Math.imul(letters ^ byte, k1);
          else if (now !== KIND[bytes[at - 1] as number]) letters = Math.imul(letters ^ 48, k1);
        }
        const length = at - from;
        const isOctet = isAllHex && length <= 4 && (bytes[from - 1] === 58 || bytes[at] === 58);
        if (length <= 3 && !isOctet) value = hashOf(view, from, length, k1);
        else {
          // Of the lengths of ids only those of hashes matter.
          value =
            isOctet || (length >= 6 && (isAllHex || runs >= 4)) || (isAllHex && (runs >= 3 || length >= 5))
              ? OPAQUE + (length >= 32 ? length : 0)
              : letters;
          parts[part] = from;
          parts[part + 1] = at;
          part += 2;
        }
        // A key's fingerprint is one value up to the next blank.
        if (length === 6 && bytes[at] === 58 && firstRun === from + 3 && isSha256(bytes, from)) {
          const begin = ++at;
          while (at < cap && (bytes[at] as number) > 32 && bytes[at] !== 34 && (bytes[at] as number) < 127) at++;
          value = Math.imul(value ^ OPAQUE, k1);
          if (at > begin) {
            parts[part] = begin;
            parts[part + 1] = at;
            part += 2;
          }
        }
        wordTo = -1;
      }
      if (part >= lastPart) {
        isPlain = false;
        part = maskAt;
      }
      h1 = Math.imul(h1 ^ value, k1);
      h1 = (h1 << 13) | (h1 >>> 19);
      h2 = Math.imul((h2 + value) | 0, k2);
      h2 ^= h2 >>> 15;
    }
    let next = at + 1;
    let end = at;
    if (at >= limit) next = limit;
    else if (bytes[at] !== 10) {
      if (bytes[at] === 13 && bytes[at + 1] === 10) next = at + 2;
      else {
        isPlain = false;
        const lf = bytes.indexOf(10, at);
        end = lf === -1 || lf >= limit ? limit : lf;
        next = end === limit ? limit : end + 1;
        if (end > start && bytes[end - 1] === 13) end--;
      }
    }
    into.end = end;
    into.next = next;
    into.isPlain = isPlain;
    into.hash1 = h1;
    into.hash2 = h2;
    into.maskCount = (part - maskAt) >> 1;
    into.known = -1;
    into.doubtCount = isPlain ? doubts : 0;
  };
  exercise(read);
  return read;
}

// One line for each way through the reader. A way that is first taken when the reader is compiled already has it compiled anew,
// and read slowly until then: for a file that takes a second, that was a third of it.
const EXERCISE = new TextEncoder().encode(
  [
    '192.0.2.7 - name [19/Nov/2026:08:15:30 +0000] "GET /a_b/app.js?id=1017&x=535 HTTP/1.1" 404 12 "-" "x/5.0 (a; b)"',
    '{"ts":"2026-11-19T08:15:30.123Z","user":"name","login": "name-2","n":123456789,"trace":"17f0a97f","h":"0f1e2d"}',
    'Nov 19 08:15:30 web-1 sshd[811]: Accepted publickey for a from 2001:db8::ab:7 port 22 ssh2: RSA SHA256:abc/d+1',
    `<34>Nov  9 a%ASA-2-106017: x|5|9| event_id=4625 code 7 spt=53 ab:cd:ef 3 incorrect x ${'a1'.repeat(20)} k9 ab12`,
    `1795076130 ${'"user":"n",'.repeat(9)} 1017 1017 ${'7 '.repeat(520)}\r`,
    'a tab\there, \u0001 a control character, and f\u00fcnf letters',
    'cut \r in two',
    'and nothing behind its end',
  ].join('\n'),
);
const ROUNDS = 30;

function exercise(read: ShapeReader): void {
  const view = new DataView(EXERCISE.buffer, EXERCISE.byteOffset, EXERCISE.length);
  const shape = newShape();
  for (let round = 0; round < ROUNDS; round++)
    for (let at = 0; at < EXERCISE.length; at = shape.next) read(EXERCISE, view, at, EXERCISE.length, shape);
}

// Four bytes at once: the high bit of each byte says whether it is a letter, or a digit.
const HIGH = 0x80808080 | 0;
const LOW = 0x7f7f7f7f;
const letterBits = (four: number): number => {
  const folded = (four | 0x20202020) & LOW;
  return (folded + 0x1f1f1f1f) & ~(folded + 0x05050505) & ~four & HIGH;
};
const digitBits = (four: number): number => {
  const low = four & LOW;
  return (low + 0x50505050) & ~(low + 0x46464646) & ~four & HIGH;
};
/** How many bytes come before the first one whose bit is not set. */
const before = (bits: number): number => {
  const rest = bits ^ HIGH;
  return (31 - Math.clz32(rest & -rest)) >> 3;
};

const ALL = 0xffffffff;
/** The bytes before `cap`, zeros behind them. */
function restAt(bytes: Uint8Array, at: number, cap: number): number {
  let four = 0;
  for (let i = 0; i < 4 && at + i < cap; i++) four |= (bytes[at + i] as number) << (8 * i);
  return four;
}

function digitsEnd(bytes: Uint8Array, view: DataView, from: number, cap: number): number {
  let at = from;
  for (; at + 4 <= cap; at += 4) {
    const bits = digitBits(view.getInt32(at, true));
    if (bits !== HIGH) return at + before(bits);
  }
  while (at < cap && KIND[bytes[at] as number] === DIGIT) at++;
  return at;
}

function isHex(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (IS_HEX[bytes[at] as number] === 0) return false;
  return true;
}

const SHA256 = [...'SHA256'].map((c) => c.charCodeAt(0));
const isSha256 = (bytes: Uint8Array, from: number): boolean => SHA256.every((c, i) => bytes[from + i] === c);
