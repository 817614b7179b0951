// Flattens JSON to dotted paths in one pass: no recursion, no throw, and what is cut off or broken keeps what could be read.
import { newFields } from './reading.ts';

const MOST_FIELDS = 600;
const DEEPEST = 40;
const LONGEST_VALUE = 8192;

/** The scalar values of a JSON text by dotted path, and where the value ended (-1 when it is cut off). */
export interface FlatJson {
  readonly fields: Record<string, string>;
  readonly end: number;
}

interface Level {
  readonly isArray: boolean;
  readonly path: string;
  key: string;
  index: number;
}

/** Reads the object or array that begins at `from`. */
export function scanJson(text: string, from: number): FlatJson {
  const fields = newFields();
  let count = 0;
  const levels: Level[] = [];
  let expectKey = false;
  let skipped = 0;
  let at = from;
  const pathHere = (): string => {
    const top = levels[levels.length - 1];
    if (!top) return '';
    const name = top.isArray ? String(top.index) : top.key;
    return top.path === '' ? name : `${top.path}.${name}`;
  };
  const keep = (value: string): void => {
    if (count >= MOST_FIELDS) return;
    const path = pathHere();
    if (path.length > 300 || path in fields) return;
    fields[path] = value.length > LONGEST_VALUE ? value.slice(0, LONGEST_VALUE) : value;
    count++;
  };
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (c === 123 || c === 91) {
      if (levels.length >= DEEPEST) skipped++;
      else {
        levels.push({ isArray: c === 91, path: levels.length === 0 ? '' : pathHere(), key: '', index: 0 });
        expectKey = c === 123;
      }
      at++;
    } else if (c === 125 || c === 93) {
      if (skipped > 0) skipped--;
      else levels.pop();
      at++;
      expectKey = false;
      if (levels.length === 0) return { fields, end: at };
    } else if (c === 44) {
      const top = levels[levels.length - 1];
      if (top && skipped === 0) {
        if (top.isArray) top.index++;
        else expectKey = true;
      }
      at++;
    } else if (c === 34) {
      const end = stringEnd(text, at);
      const value = unescaped(text.slice(at + 1, end));
      at = Math.min(end + 1, text.length);
      if (skipped > 0) continue;
      if (expectKey) {
        const top = levels[levels.length - 1];
        if (top) top.key = value.slice(0, 120);
        expectKey = false;
      } else keep(value);
    } else if (c === 58 || c <= 32) at++;
    else {
      const start = at;
      while (at < text.length && !isStop(text.charCodeAt(at))) at++;
      if (at === start) at++;
      else if (skipped === 0 && !expectKey) keep(text.slice(start, at));
    }
  }
  return { fields, end: -1 };
}

const isStop = (c: number): boolean =>
  c === 44 || c === 125 || c === 93 || c === 34 || c <= 32 || c === 58 || c === 123 || c === 91;

/** The offset of the quote that ends the string which begins at `at`, or the text's length. */
function stringEnd(text: string, at: number): number {
  let end = at + 1;
  for (;;) {
    const quote = text.indexOf('"', end);
    if (quote === -1) return text.length;
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return quote;
    end = quote + 1;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '/': '/',
  '\\': '\\',
  '"': '"',
};

function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, one: string | undefined) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (ESCAPES[one ?? ''] ?? one ?? ''),
  );
}

/** How the brackets of a text stand: depth left open at its end, string-aware. `inString` carries over lines. */
export function bracketBalance(text: string, depth: number): number {
  let open = depth;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (isString) {
      if (c === 92) at++;
      else if (c === 34) isString = false;
    } else if (c === 34) isString = true;
    else if (c === 123 || c === 91) open++;
    else if (c === 125 || c === 93) open--;
  }
  return open;
}
