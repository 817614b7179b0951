// Where a line holds a user's name, by what stands around it: the value of a key that names a user, or the user of an access log.
import { foldedHash } from './telling-numbers.ts';

/** The end of the user's name that begins at `from`, or -1 when none does. `wordTo` is -1 where no word stands before it. */
export type NameFinder = (
  bytes: Uint8Array,
  view: DataView,
  from: number,
  cap: number,
  wordFrom: number,
  wordTo: number,
) => number;

const KEYS =
  'user username user_name login loginname account accountname acct actor principal usr suser duser srcuser dstuser targetusername subjectusername'.split(
    ' ',
  );
const LONGEST_NAME = 24;
const LONGEST_KEY = 16;
const FILTER = 1024;

const BLANK = 32;
const QUOTE = 34;
const HYPHEN = 45;
const SLASH = 47;
const COLON = 58;
const BRACKET = 91;

const IN_NAME = new Uint8Array(256);
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-') IN_NAME[c.charCodeAt(0)] = 1;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** Whether a name can begin at a place, by the two bytes before it: most words are turned away here. */
export function mayBeName(bytes: Uint8Array, from: number): boolean {
  const before = bytes[from - 1];
  if (before === QUOTE) return bytes[from - 2] === COLON || bytes[from - 3] === COLON;
  return before === BLANK && bytes[from - 2] === HYPHEN;
}

/** Makes the function that is asked of each word that may be one. The key is that of the hashes. */
export function nameFinder(key: number): NameFinder {
  const filter = new Uint8Array(FILTER);
  const keys = new Set<number>();
  for (const word of KEYS) {
    const bytes = Buffer.from(word);
    const hash = foldedHash(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, key);
    filter[hash & (FILTER - 1)] = 1;
    keys.add(hash);
  }
  return (bytes, view, from, cap, wordFrom, wordTo) => {
    const before = bytes[from - 1];
    if (before === QUOTE) {
      // "user":"name", with or without a blank behind the colon
      if (wordTo < 0 || bytes[wordTo] !== QUOTE || bytes[wordTo + 1] !== COLON) return -1;
      if (from - wordTo !== 3 && !(from - wordTo === 4 && bytes[wordTo + 2] === BLANK)) return -1;
      if (bytes[wordFrom - 1] !== QUOTE || wordTo - wordFrom > LONGEST_KEY) return -1;
      const hash = foldedHash(view, wordFrom, wordTo - wordFrom, key);
      if (filter[hash & (FILTER - 1)] === 0 || !keys.has(hash)) return -1;
      const end = runEnd(bytes, from, cap);
      return bytes[end] === QUOTE ? end : -1;
    }
    // 192.0.2.7 - name [19/Nov/2026:...
    if (before !== BLANK || bytes[from - 2] !== HYPHEN || bytes[from - 3] !== BLANK) return -1;
    const end = runEnd(bytes, from, cap);
    const isUser =
      bytes[end] === BLANK && bytes[end + 1] === BRACKET && isDigit(bytes[end + 2]) && bytes[end + 4] === SLASH;
    return isUser ? end : -1;
  };
}

function runEnd(bytes: Uint8Array, from: number, cap: number): number {
  const most = Math.min(cap, from + LONGEST_NAME + 1);
  let at = from;
  while (at < most && IN_NAME[bytes[at] as number] === 1) at++;
  return at;
}
