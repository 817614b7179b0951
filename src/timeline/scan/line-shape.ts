// The shape of a line, from its bytes alone: words and punctuation as they are, numbers and ids masked. Two lines of one
// shape are read the same way; where the masked parts stand lets a plan find the time and the names in the next such line.

/** What was found out about one line. `end` is behind its last byte, without CR and LF; `next` is where the next line begins. */
export interface LineShape {
  end: number;
  next: number;
  /** False for bytes that need the careful reading: control characters, and all that is not ASCII. */
  isPlain: boolean;
  hash1: number;
  hash2: number;
  maskCount: number;
  readonly maskStart: Int32Array;
  readonly maskEnd: Int32Array;
}

const MOST_MASKS = 512;
const LONGEST_LINE = 8192;

const OTHER = 0;
const DIGIT = 1;
const LETTER = 2;
const STOP = 3;

const KIND = new Uint8Array(256).fill(STOP);
const IS_HEX = new Uint8Array(256);
for (let c = 32; c < 127; c++) KIND[c] = OTHER;
KIND[9] = OTHER;
for (let c = 48; c < 58; c++) KIND[c] = DIGIT;
for (let c = 65; c < 91; c++) KIND[c] = KIND[c + 32] = LETTER;
for (const c of '0123456789abcdefABCDEF') IS_HEX[c.charCodeAt(0)] = 1;

const P1 = 0x01000193;
const P2 = 0x85ebca6b | 0;
const NUMBER = 0x1b873593;
const OPAQUE = 0x2545f491;

// Numbers behind these words decide what a line means, so they are part of its shape.
const CODES =
  'status Status statusCode status_code code Code EventID eventID EventId eventid event_id EventCode http httpStatus error Error errno errorCode type Type level Level severity Severity priority res result exit rc uid UID auid'.split(
    ' ',
  );

/** Makes the function that reads shapes. The seeds keep a line's author from choosing which lines look alike. */
export function shapeReader(seed1: number, seed2: number): (bytes: Uint8Array, start: number, limit: number) => LineShape {
  const wordHash = (word: string): number => {
    let h = seed1;
    for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), P1);
    return h;
  };
  const codes = new Set(CODES.flatMap((word) => word.split('_').slice(-1)).map(wordHash));
  const sha = wordHash('SHA');
  const shape: LineShape = {
    end: 0, next: 0, isPlain: true, hash1: 0, hash2: 0, maskCount: 0,
    maskStart: new Int32Array(MOST_MASKS), maskEnd: new Int32Array(MOST_MASKS),
  };
  const { maskStart, maskEnd } = shape;

  return (bytes, start, limit) => {
    let h1 = seed1;
    let h2 = seed2;
    let masks = 0;
    let isPlain = true;
    let word = 0;
    let at = start;
    const cap = Math.min(limit, start + LONGEST_LINE);
    while (at < cap) {
      const c = bytes[at] as number;
      const kind = KIND[c];
      if (kind === OTHER) {
        h1 = Math.imul(h1 ^ c, P1);
        h2 = Math.imul((h2 + c) | 0, P2);
        at++;
        continue;
      }
      if (kind === STOP) break;
      const from = at;
      let raw = seed1;
      let value = 0;
      let k = kind;
      if (k === LETTER) {
        do {
          raw = Math.imul(raw ^ (bytes[at] as number), P1);
          at++;
          k = at < cap ? KIND[bytes[at] as number] : STOP;
        } while (k === LETTER);
      } else {
        do {
          raw = Math.imul(raw ^ (bytes[at] as number), P1);
          at++;
          k = at < cap ? KIND[bytes[at] as number] : STOP;
        } while (k === DIGIT);
      }
      if (k === OTHER || k === STOP) {
        if (kind === LETTER) {
          value = raw;
          const length = at - from;
          // A group of letters between colons is a part of an address.
          if ((length === 2 || length === 4) && bytes[from - 1] === 58 && bytes[at] === 58 && isHex(bytes, from, at)) {
            value = OPAQUE;
            if (masks < MOST_MASKS) {
              maskStart[masks] = from;
              maskEnd[masks++] = at;
            } else isPlain = false;
          }
          word = raw;
        } else {
          const length = at - from;
          const isCode =
            (length === 3 && bytes[from - 1] === 32 && bytes[from - 2] === 34) || (length <= 5 && word !== 0 && codes.has(word));
          if (isCode) value = raw;
          else {
            value = length >= 9 ? NUMBER + length : NUMBER;
            if (masks < MOST_MASKS) {
              maskStart[masks] = from;
              maskEnd[masks++] = at;
            } else isPlain = false;
          }
          if (from === start) value = Math.imul(value ^ length, P2);
          word = 0;
        }
      } else {
        // Letters and digits mixed: a name with a number keeps its letters, an id is masked whole.
        let runs = 1;
        let last = kind;
        let letters = seed1;
        let isAllHex = true;
        for (at = from; at < cap; at++) {
          const byte = bytes[at] as number;
          const now = KIND[byte] as number;
          if (now !== LETTER && now !== DIGIT) break;
          raw = at === from ? Math.imul(seed1 ^ byte, P1) : Math.imul(raw ^ byte, P1);
          if (IS_HEX[byte] === 0) isAllHex = false;
          if (now !== last) {
            runs++;
            last = now;
            if (now === DIGIT) letters = Math.imul(letters ^ 48, P1);
          } else if (at === from && now === DIGIT) letters = Math.imul(letters ^ 48, P1);
          if (now === LETTER) letters = Math.imul(letters ^ byte, P1);
        }
        const length = at - from;
        const isOctet = isAllHex && length <= 4 && (bytes[from - 1] === 58 || bytes[at] === 58);
        if (length <= 3 && !isOctet) value = raw;
        else {
          value = isOctet || (length >= 6 && (isAllHex || runs >= 4)) ? OPAQUE : letters;
          if (masks < MOST_MASKS) {
            maskStart[masks] = from;
            maskEnd[masks++] = at;
          } else isPlain = false;
        }
        // A key's fingerprint is one value up to the next blank.
        if (length === 6 && bytes[at] === 58 && KIND[bytes[from] as number] === LETTER && startsWithSha(bytes, from, sha, seed1)) {
          const begin = ++at;
          while (at < cap && (bytes[at] as number) > 32 && bytes[at] !== 34 && (bytes[at] as number) < 127) at++;
          value = Math.imul(value ^ OPAQUE, P1);
          if (masks < MOST_MASKS && at > begin) {
            maskStart[masks] = begin;
            maskEnd[masks++] = at;
          }
        }
        word = 0;
      }
      h1 = Math.imul(h1 ^ value, P1);
      h1 = (h1 << 13) | (h1 >>> 19);
      h2 = Math.imul((h2 + value) | 0, P2);
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
    shape.end = end;
    shape.next = next;
    shape.isPlain = isPlain;
    shape.hash1 = h1;
    shape.hash2 = h2;
    shape.maskCount = masks;
    return shape;
  };
}

function isHex(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (IS_HEX[bytes[at] as number] === 0) return false;
  return true;
}

function startsWithSha(bytes: Uint8Array, from: number, sha: number, seed: number): boolean {
  let h = seed;
  for (let i = 0; i < 3; i++) h = Math.imul(h ^ (bytes[from + i] as number), P1);
  return h === sha;
}
