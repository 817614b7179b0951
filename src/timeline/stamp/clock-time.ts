// The time of day and the zone that may follow a date.
import { zoneAbbreviation } from './names.ts';

/** A time of day as written; `end` is the offset behind it. */
export interface ClockTime {
  readonly end: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly fraction: string;
  readonly hasSeconds: boolean;
}

const COLON =
  /(\d{1,2}):(\d\d)(?::(\d\d)(?:(?:\.(?=\d{1,9}(?!\d))|,(?=(?:\d{3}|\d{6}|\d{9})(?!\d|\.\d))|:(?=(?:\d{3}|\d{6})(?![\d:])))(\d{1,9}))?)?(?!\d)/y;
const DOTTED = /(\d\d)\.(\d\d)\.(\d\d)(?:\.(\d{1,9}))?(?!\d)/y;
const COMPACT = /(\d\d)(\d\d)(\d\d)(?:[.,](\d{1,9}))?(?![\d])/y;
const LETTERED = /(\d{1,2})h(\d\d)(?:m?(\d\d)s?)?(?!\w)/y;
const HALF = / ?([AaPp])\.?[Mm]\b\.?/y;

/** The time of day at an offset, or null. `compact` also allows 081530, `dotted` 08.15.30. */
export function clockTimeAt(
  text: string,
  at: number,
  allow: { compact?: boolean; dotted?: boolean },
): ClockTime | null {
  const match =
    matchAt(COLON, text, at) ??
    (allow.dotted ? matchAt(DOTTED, text, at) : null) ??
    (allow.compact ? matchAt(COMPACT, text, at) : null) ??
    matchAt(LETTERED, text, at);
  if (!match) return null;
  let hour = Number(match[1]);
  const minute = Number(match[2]);
  const second = match[3] === undefined ? 0 : Number(match[3]);
  let end = at + match[0].length;
  const half = matchAt(HALF, text, end);
  if (half && hour >= 1 && hour <= 12) {
    hour = (hour % 12) + (half[1] === 'p' || half[1] === 'P' ? 12 : 0);
    end += half[0].length;
  }
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && (minute > 0 || second > 0))) return null;
  return { end, hour, minute, second, fraction: match[4] ?? '', hasSeconds: match[3] !== undefined };
}

const OFFSET_TIGHT = /([+-])(\d\d)(?::?([0-5]\d))?(?!\d|:\d)/y;
const OFFSET_AFTER_BLANK = / {1,2}\(?([+-])(\d\d)(?::?([0-5]\d))(?!\d|:\d)\)?/y;
const NAMED = /[ ,]{0,2}[([]?([A-Z]{2,5})(?:([+-])(\d{1,2})(?::?([0-5]\d))?)?(?![\w])[)\]]?/y;
const ZULU = /[Zz](?![\w])/y;

/** The zone at an offset: minutes east of UTC and the offset behind it, or null. */
export function zoneAt(text: string, at: number): { end: number; offsetMinutes: number } | null {
  const zulu = matchAt(ZULU, text, at);
  if (zulu) return { end: at + 1, offsetMinutes: 0 };
  const offset = matchAt(OFFSET_TIGHT, text, at) ?? matchAt(OFFSET_AFTER_BLANK, text, at);
  if (offset) {
    const minutes = minutesOf(offset[1], offset[2], offset[3]);
    return minutes === null ? null : { end: at + offset[0].length, offsetMinutes: minutes };
  }
  const named = matchAt(NAMED, text, at);
  if (!named) return null;
  const base = zoneAbbreviation(named[1] ?? '');
  if (base === null) return null;
  const shift = named[2] === undefined ? 0 : minutesOf(named[2], named[3], named[4]);
  return shift === null ? null : { end: at + named[0].length, offsetMinutes: base + shift };
}

function minutesOf(sign: string | undefined, hours: string | undefined, minutes: string | undefined): number | null {
  const total = Number(hours) * 60 + Number(minutes ?? 0);
  return total > 15 * 60 ? null : sign === '-' ? -total : total;
}

/** Runs a sticky expression at an offset. */
export function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}
