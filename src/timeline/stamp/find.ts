// Where in a line its time stands: the first stamp at a place where times stand, never a number that only looks like one.
import { digitRunAt, epochAt } from './epoch.ts';
import { stampAt, timeOfDayAt } from './stamp-at.ts';
import { precisionOf, type Stamp } from './types.ts';

const WINDOW = 600;

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isLetter = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c >= 0xc0;
const isWord = (c: number): boolean => isDigit(c) || isLetter(c) || c === 95;

/** Whether a token may begin here: a stamp is never the tail of a path, a version, an address or an id. */
function isOpening(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = text.charCodeAt(at - 1);
  if (isWord(before)) return false;
  // 10.11.19.26, v2.11.19, /2026-11-19/, 4000-8000
  if (before === 46 || before === 45 || before === 47 || before === 43 || before === 37 || before === 92)
    return at >= 2 ? !isWord(text.charCodeAt(at - 2)) : before !== 37;
  return true;
}

/** The first date with a time in the window from `from`, or null. A date that does not exist counts: it must be flagged, not skipped. */
export function findDated(text: string, from: number, window = WINDOW): Stamp | null {
  const last = Math.min(text.length, from + window);
  for (let at = from; at < last; at++) {
    const code = text.charCodeAt(at);
    const opens = isDigit(code) || isLetter(code);
    if (!opens) continue;
    if (isOpening(text, at)) {
      const stamp = stampAt(text, at);
      if (stamp && stamp.precision !== 'day' && closes(text, stamp)) return stamp;
      if (stamp?.impossible && stamp.precision === 'day') return null;
      const run = isDigit(code) ? digitRunAt(text, at) : null;
      if (run && closes(text, run)) return run;
    }
    // On to the next token: letters and digits inside one are never a beginning.
    while (at + 1 < last && isWord(text.charCodeAt(at + 1))) at++;
  }
  return null;
}

/** A stamp must not run into a word or a longer number, such as a UUID. */
function closes(text: string, stamp: Stamp): boolean {
  const code = text.charCodeAt(stamp.end);
  if (Number.isNaN(code)) return true;
  if (isDigit(code)) return false;
  if (code === 45) return !isWord(text.charCodeAt(stamp.end + 1));
  return !(isLetter(code) && code < 0xc0 && stamp.shape === 'digits');
}

const HEAD = /^[\s[({"'<|*~_-]{0,8}/;

/** Where the first token of a line begins, behind brackets and quotes. */
export function headOffset(text: string): number {
  return HEAD.exec(text)?.[0].length ?? 0;
}

/** An absolute number at an offset, when it stands alone there. */
export function epochHere(text: string, at: number): Stamp | null {
  const stamp = epochAt(text, at);
  if (!stamp) return null;
  const behind = text.charCodeAt(stamp.end);
  return Number.isNaN(behind) || !(isWord(behind) || behind === 45 || behind === 47) ? stamp : null;
}

/** The time of day that begins a line, or null. */
export function timeHere(text: string, at: number): Stamp | null {
  const stamp = timeOfDayAt(text, at);
  return stamp && closes(text, stamp) ? stamp : null;
}

const GLOG = /^[[(]?[IWEFDVTN](\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{1,9})/;

/** The head of a glog or klog line: a level letter, month and day in four digits, and the time. */
export function glogHead(text: string): Stamp | null {
  const g = GLOG.exec(text);
  if (!g) return null;
  const [month, day, hour, minute, second] = g.slice(1, 6).map(Number) as [number, number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  return {
    start: 1,
    end: g[0].length,
    shape: 'glog',
    epochMs: null,
    year: null,
    month,
    day,
    hour,
    minute,
    second,
    fraction: g[6] ?? '',
    precision: precisionOf(g[6] ?? ''),
    offsetMinutes: null,
    zone: null,
    numbers: null,
    orders: null,
    impossible: false,
    timeOnly: false,
  };
}

const MARKED = /(?:\b(?:at|time|ts|timestamp|since|visit|visited|on|epoch|when|date)[:= ]{1,2}["'(]?|@)$/i;
const LONG_ID =
  /(?:\b(?:id|no|nr|number|order|ticket|account|card|flow|serial|case|phone|user|uid|request|trace|session|invoice|customer|key|ref)[:=# ]{1,3}["'(]?|#)$/i;

/** A bare number inside a line as an instant: only behind a word that announces a time, or of a length that nothing else has. */
export function findMarkedEpoch(text: string): Stamp | null {
  const last = Math.min(text.length, WINDOW);
  for (let at = 1; at < last; at++) {
    if (!isDigit(text.charCodeAt(at)) || isWord(text.charCodeAt(at - 1))) continue;
    const stamp = isOpening(text, at) || text.charCodeAt(at - 1) === 64 ? epochHere(text, at) : null;
    if (stamp) {
      const before = text.slice(Math.max(0, at - 24), at);
      const digits = stamp.end - at;
      if (
        MARKED.test(before) ||
        ((stamp.shape === 'webkit' || stamp.shape === 'filetime') && digits >= 17 && !LONG_ID.test(before))
      )
        return stamp;
    }
    while (at + 1 < last && isWord(text.charCodeAt(at + 1))) at++;
  }
  return null;
}
