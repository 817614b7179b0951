// key=value pairs, read in one pass without backtracking.
import { newFields } from './reading.ts';

const MOST_PAIRS = 400;
const LONGEST_VALUE = 4096;

const isKey = (c: number): boolean =>
  (c >= 48 && c <= 57) ||
  (c >= 65 && c <= 90) ||
  (c >= 97 && c <= 122) ||
  c === 95 ||
  c === 45 ||
  c === 46 ||
  c === 64 ||
  c === 47 ||
  c === 35;

/** How the values of a text end: at a blank (logfmt), or where the next key begins (CEF, whose values hold blanks). */
export type ValueEnd = 'blank' | 'next-key';

/** All pairs of a text in order; the first value of a repeated key is kept. Keys are at most 64 characters. */
export function readPairs(text: string, from = 0, end: ValueEnd = 'blank', separator = ''): Record<string, string> {
  const fields = newFields();
  let count = 0;
  let at = text.indexOf('=', from);
  let floor = from;
  while (at !== -1 && count < MOST_PAIRS) {
    let keyStart = at;
    while (keyStart > floor && at - keyStart < 64 && isKey(text.charCodeAt(keyStart - 1))) keyStart--;
    const key = text.slice(keyStart, at);
    let next = at + 1;
    if (key !== '' && /[A-Za-z_]/.test(key)) {
      const [value, valueEnd] =
        separator !== ''
          ? untilSeparator(text, at + 1, separator)
          : end === 'blank'
            ? untilBlank(text, at + 1)
            : untilNextKey(text, at + 1);
      if (!(key in fields)) {
        fields[key] = value.slice(0, LONGEST_VALUE);
        count++;
      }
      next = Math.max(next, valueEnd);
    }
    floor = next;
    at = text.indexOf('=', next);
  }
  return fields;
}

function untilSeparator(text: string, from: number, separator: string): [string, number] {
  const stop = text.indexOf(separator, from);
  const end = stop === -1 ? text.length : stop;
  return [text.slice(from, end), end];
}

function untilBlank(text: string, from: number): [string, number] {
  const quote = text[from];
  if (quote === '"' || quote === "'") {
    let at = from + 1;
    while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
    // An audit record's msg='op=login acct="root"' holds pairs of its own: read them instead of the whole.
    if (quote === "'" && text.slice(from + 1, at).includes('=')) return ['', from + 1];
    return [text.slice(from + 1, at).replace(/\\"/g, '"'), Math.min(at + 1, text.length)];
  }
  let at = from;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (
      c === 32 ||
      c === 9 ||
      c === 10 ||
      c === 59 ||
      (c === 44 && (at + 1 >= text.length || text[at + 1] === ' ' || isKey(text.charCodeAt(at + 1))))
    )
      break;
    at++;
  }
  return [text.slice(from, at).replace(/['")\]]$/, ''), at];
}

const NEXT_KEY = / ([A-Za-z_][\w.-]{0,63})=/g;

function untilNextKey(text: string, from: number): [string, number] {
  NEXT_KEY.lastIndex = from;
  const match = NEXT_KEY.exec(text);
  const end = match ? match.index : text.length;
  return [text.slice(from, end).trim(), end];
}
