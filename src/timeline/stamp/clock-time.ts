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
  /** Whether AM or PM is written. */
  readonly isHalfDay: boolean;
}

/** Ways to write a time of day that only stand behind some dates: 081530, 08.15.30, 08-15-30. */
export interface ClockShapes {
  readonly compact?: boolean;
  readonly dotted?: boolean;
  readonly dashed?: boolean;
}

const COLON =
  /(\d{1,2}):(\d\d)(?::(\d\d)(?:(?:\.(?=\d{1,9}(?!\d))|,(?=(?:\d{3}|\d{6}|\d{9})(?!\d|\.\d))|:(?=(?:\d{3}|\d{6})(?![\d:])))(\d{1,9}))?)?(?!\d)/y;
const DOTTED = /(\d\d)\.(\d\d)\.(\d\d)(?:[.,](\d{1,9}))?(?!\d)/y;
const DASHED = /(\d\d)-(\d\d)-(\d\d)(?:[.,](\d{1,9}))?(?![\d-])/y;
const COMPACT = /(\d\d)(\d\d)(\d\d)(?:[.,](\d{1,9}))?(?![\d])/y;
const LETTERED = /(\d{1,2})h(\d\d)(?:m?(\d\d)s?)?(?!\w)/y;
const CJK = /(\d{1,2}) ?[時时點点시] ?(\d{1,2}) ?[分분](?: ?(\d{1,2}) ?[秒초])?/y;
const HALF = / ?([AaPp])(?:\.?[Mm]\b\.?|\. [Mm]\b\.?)/y;
const HALF_BEFORE = /[ \t]{0,2}(?:(下午|午後|오후)|上午|午前|오전)[ \t]?(?=\d)/y;

/** AM or PM written in front of a time, as Chinese, Japanese and Korean do: the offset behind it, or null. */
export function halfDayBefore(
  text: string,
  at: number,
): { readonly end: number; readonly isAfternoon: boolean } | null {
  const half = matchAt(HALF_BEFORE, text, at);
  return half ? { end: at + half[0].length, isAfternoon: half[1] !== undefined } : null;
}

/** The time of day at an offset, or null. */
export function clockTimeAt(text: string, at: number, allow: ClockShapes): ClockTime | null {
  const match =
    matchAt(COLON, text, at) ??
    (allow.dotted ? matchAt(DOTTED, text, at) : null) ??
    (allow.compact ? matchAt(COMPACT, text, at) : null) ??
    (allow.dashed ? matchAt(DASHED, text, at) : null) ??
    matchAt(LETTERED, text, at) ??
    matchAt(CJK, text, at);
  if (!match) return null;
  let hour = Number(match[1]);
  const minute = Number(match[2]);
  const second = match[3] === undefined ? 0 : Number(match[3]);
  let end = at + match[0].length;
  const half = matchAt(HALF, text, end);
  const isHalfDay = half !== null && hour >= 1 && hour <= 12;
  if (isHalfDay) {
    hour = (hour % 12) + (half[1] === 'p' || half[1] === 'P' ? 12 : 0);
    end += half[0].length;
  }
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && (minute > 0 || second > 0))) return null;
  return { end, hour, minute, second, fraction: match[4] ?? '', hasSeconds: match[3] !== undefined, isHalfDay };
}

const OFFSET_TIGHT = /([+-])(\d\d)(?::?([0-5]\d))?(?!\d|:\d)/y;
const OFFSET_AFTER_BLANK = / {1,2}\(?([+-])(\d\d)(?::?([0-5]\d))(?!\d|:\d)\)?/y;
// Hours alone only where a bracket or a level follows, as PostgreSQL writes them: elsewhere a blank and -10 are a value.
const HOURS_AFTER_BLANK = / ([+-])([01]\d)(?=[\])]| \[| [A-Z]{3,9}:)/y;
const NAMED =
  /[ ,]{0,2}[([]?([A-Z]{2,5})(?:([+-])(\d{1,2})(?::?([0-5]\d))?)?(?![\w])(?! (?:Standard|Daylight|Summer) Time)[)\]]?/y;
const ZULU = /[Zz](?![\w])/y;

/** The zone at an offset: minutes east of UTC and the offset behind it, or null. */
export function zoneAt(text: string, at: number): { end: number; offsetMinutes: number } | null {
  const zulu = matchAt(ZULU, text, at);
  if (zulu) return { end: at + 1, offsetMinutes: 0 };
  const offset =
    matchAt(OFFSET_TIGHT, text, at) ?? matchAt(OFFSET_AFTER_BLANK, text, at) ?? matchAt(HOURS_AFTER_BLANK, text, at);
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
