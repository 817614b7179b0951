// Reads the stamp that begins at one offset: a date, what joins it to a time, the time, its zone, and a year behind it.
import { daysInMonth, utcMs } from './calendar.ts';
import { type ClockShapes, type ClockTime, clockTimeAt, halfDayBefore, matchAt, zoneAt } from './clock-time.ts';
import { fullYear, NAMED_DATES, NUMERIC_DATES, type WrittenDate } from './date-shapes.ts';
import { monthOf, zoneAbbreviation, zoneOfLongName } from './names.ts';
import { precisionOf, type Stamp } from './types.ts';
import { isZone, zoneClock } from './zone.ts';

const JOIN =
  /(?:[Tt_]|[:.-](?=\d)|[ \t]{0,4}(?:,|at|à|um|om|alle ore|alle|kl\.?|klo|a las|às|г\.,?|@|-|\|)[ \t]{1,4}|["']?[,;]["']?|\]\[|[ \t]{1,4}|\t)(?=\d)/y;
const WEEKDAY = /(?:[A-Za-zÀ-ÿ]{2,10}\.?,?) {1,2}(?=[A-Za-zÀ-ÿ]{3}|\d)/y;
const YEAR_BEHIND = / {1,2}(\d{4})(?![\d:])/y;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** The dated stamp at an offset, or null; a date alone is returned with precision `day`. */
export function stampAt(text: string, at: number): Stamp | null {
  const code = text.charCodeAt(at);
  if (isDigit(code)) return firstOf(NUMERIC_DATES, text, at, at) ?? dateTimeGroup(text, at);
  const direct = firstOf(NAMED_DATES, text, at, at);
  if (direct) return direct;
  const weekday = matchAt(WEEKDAY, text, at);
  if (!weekday || !isWeekday(weekday[0])) return null;
  const from = at + weekday[0].length;
  return firstOf(isDigit(text.charCodeAt(from)) ? NUMERIC_DATES : NAMED_DATES, text, from, at);
}

const GROUP = /(\d\d)(\d\d)(\d\d)Z ?([A-Z]{3}) ?(\d{4}|\d\d)(?!\w)/y;

/** A military date-time group: 191504Z NOV 26. */
function dateTimeGroup(text: string, at: number): Stamp | null {
  const g = text[at + 6] === 'Z' ? matchAt(GROUP, text, at) : null;
  const month = g ? monthOf(g[4] ?? '') : null;
  const [day, hour, minute] = (g ?? []).slice(1, 4).map(Number) as [number, number, number];
  if (!g || month === null || hour > 23 || minute > 59) return null;
  const year = fullYear(Number(g[5]));
  const date = { year, month, day, numbers: null, orders: null };
  const day0 = dateOnly(at, at + g[0].length, date, 'date-time-group');
  return { ...day0, hour, minute, precision: 'minute', offsetMinutes: 0, zone: 'stated' };
}

const WEEKDAYS =
  /^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|mie|jue|vie|sáb|sab|dom|seg|ter|qua|qui|sex|ma|wo|vr|za|zo|gio)/i;
const isWeekday = (word: string): boolean => WEEKDAYS.test(word);

function firstOf(shapes: typeof NUMERIC_DATES, text: string, at: number, start: number): Stamp | null {
  for (const shape of shapes) {
    const match = matchAt(shape.pattern, text, at);
    if (!match) continue;
    const behind = at + match[0].length;
    if (shape.needs && !matchAt(shape.needs, text, behind)) continue;
    if (shape.name === 'weekday-iso' && !isWeekday(match[0])) continue;
    const date = shape.read(match);
    if (!date) continue;
    const stamp = withTime(text, start, behind, date, shape.name, shape.time);
    if (stamp) return stamp;
  }
  return null;
}

function withTime(
  text: string,
  start: number,
  behindDate: number,
  written: WrittenDate,
  shape: string,
  allow: ClockShapes,
): Stamp | null {
  const join = matchAt(JOIN, text, behindDate);
  const isTight = join !== null && /^[Tt_:.-]$/.test(join[0]);
  const time = join
    ? clockTimeAt(text, behindDate + join[0].length, {
        compact: allow.compact === true && (isTight || join[0] === ' '),
        dotted: allow.dotted === true,
        dashed: allow.dashed === true && isTight,
      })
    : halfDayTime(text, behindDate);
  // A weekday or a bare month and day make a stamp only with a time.
  if (!time)
    return shape === 'iso' ||
      shape === 'cjk' ||
      shape === 'numbers-year' ||
      shape === 'month-day-year' ||
      shape === 'day-month-year'
      ? dateOnly(start, behindDate, written, shape)
      : null;
  let end = time.end;
  let { year } = written;
  let zone = zoneAt(text, end);
  if (!zone && join?.[0] === '-') zone = minutesZoneAt(text, end);
  if (zone) end = zone.end;
  if (year === null && written.numbers === null) {
    const behind = matchAt(YEAR_BEHIND, text, end);
    const value = behind ? Number(behind[1]) : 0;
    if (behind && value >= 1970 && value <= 2100) {
      year = value;
      end += behind[0].length;
      if (!zone) {
        zone = zoneAt(text, end);
        if (zone) end = zone.end;
      }
    }
  }
  if (!zone) zone = zoneBefore(text, start) ?? placeZoneAt(text, end, { ...written, year }, time);
  if (zone) end = Math.max(zone.end, end);
  return {
    start,
    end,
    shape,
    epochMs: null,
    year,
    month: written.month,
    day: written.day,
    hour: time.hour,
    minute: time.minute,
    second: time.second,
    fraction: time.fraction,
    precision: time.hasSeconds ? precisionOf(time.fraction) : 'minute',
    offsetMinutes: zone ? zone.offsetMinutes : null,
    zone: zone ? 'stated' : null,
    numbers: written.numbers,
    orders: written.orders,
    impossible: isImpossible(year, written),
    timeOnly: false,
    ...(written.settledOrder ? { settledOrder: written.settledOrder } : {}),
  };
}

const dateOnly = (start: number, end: number, written: WrittenDate, shape: string): Stamp => ({
  start,
  end,
  shape,
  epochMs: null,
  year: written.year,
  month: written.month,
  day: written.day,
  hour: 0,
  minute: 0,
  second: 0,
  fraction: '',
  precision: 'day',
  offsetMinutes: null,
  zone: null,
  numbers: written.numbers,
  orders: written.orders,
  impossible: isImpossible(written.year, written),
  timeOnly: false,
});

function isImpossible(year: number | null, { month, day, numbers }: WrittenDate): boolean {
  if (numbers) return false;
  return month === null || day === null || day < 1 || day > daysInMonth(year ?? 2000, month);
}

function halfDayTime(text: string, at: number): ClockTime | null {
  const half = halfDayBefore(text, at);
  const time = half ? clockTimeAt(text, half.end, {}) : null;
  if (!half || !time || time.hour < 1 || time.hour > 12) return null;
  return { ...time, hour: (time.hour % 12) + (half.isAfternoon ? 12 : 0), isHalfDay: true };
}

const PLACE =
  / ?[([]?((?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Z][A-Za-z_-]{2,20}(?:\/[A-Z][A-Za-z_-]{2,20})?)[)\]]?(?![\w/])/y;
const LONG_NAME = / ?\(?([A-Z][A-Za-z.]{1,11}(?: [A-Z][a-z]{1,11}){0,2}) (?:Standard|Daylight|Summer) Time\)?(?!\w)/y;

/** A zone written by a place or in full: Europe/Berlin, (India Standard Time). Its offset is that of the written day. */
function placeZoneAt(
  text: string,
  at: number,
  { year, month, day }: Pick<WrittenDate, 'year' | 'month' | 'day'>,
  time: ClockTime,
): { end: number; offsetMinutes: number } | null {
  if (year === null || month === null || day === null || day > daysInMonth(year, month)) return null;
  const place = matchAt(PLACE, text, at);
  const long = place ? null : matchAt(LONG_NAME, text, at);
  const name = place?.[1] ?? (long ? zoneOfLongName(long[1] ?? '') : null);
  if (name === null || !isZone(name)) return null;
  const wall = utcMs(year, month, day, time.hour, time.minute, time.second);
  const offsetMinutes = Math.round((wall - zoneClock(name).toUtc(wall)) / 60_000);
  return { end: at + (place ?? long ?? [''])[0].length, offsetMinutes };
}

const MINUTES = /([+-])(\d{3})(?!\d)/y;

/** A zone as minutes, as DB2 writes it behind 2026-11-19-08.15.30.123456. */
function minutesZoneAt(text: string, at: number): { end: number; offsetMinutes: number } | null {
  const zone = matchAt(MINUTES, text, at);
  const minutes = Number(zone?.[2] ?? 1000);
  return zone && minutes <= 15 * 60 ? { end: at + 4, offsetMinutes: zone[1] === '-' ? -minutes : minutes } : null;
}

const BEFORE = /([A-Z]{3,5}) $/;

/** Some programs write the zone in front: "PDT Apr 16 21:05:29". */
function zoneBefore(text: string, start: number): { end: number; offsetMinutes: number } | null {
  const name = BEFORE.exec(text.slice(Math.max(0, start - 6), start))?.[1];
  const offset = name === undefined ? null : zoneAbbreviation(name);
  return offset === null ? null : { end: start, offsetMinutes: offset };
}

const DATE_BEHIND = /[ \t,]{1,3}(?:- )?(?:on )?(?=\w)/y;

/** A time of day that a line begins with: with a date behind it, else with seconds, AM or PM, or a zone's name; or null. */
export function timeOfDayAt(text: string, at: number): Stamp | null {
  const time = clockTimeAt(text, at, {});
  if (!time) return null;
  const zone = zoneAt(text, time.end);
  const end = zone?.end ?? time.end;
  const join = matchAt(DATE_BEHIND, text, end);
  const date = join ? stampAt(text, end + join[0].length) : null;
  if (date?.precision === 'day') {
    const late = zone ?? zoneAt(text, date.end);
    return { ...date, ...timeFields(time, late), start: at, end: Math.max(date.end, late?.end ?? 0), timeOnly: false };
  }
  // Without seconds a note's time says what half of the day or which zone it is of, and something follows it.
  const isNote = (time.isHalfDay || zone !== null) && /^[\s:,\])-]{1,4}\S/.test(text.slice(end, end + 5));
  if (!time.hasSeconds && !isNote) return null;
  return {
    start: at,
    end,
    shape: 'time',
    epochMs: null,
    year: null,
    month: null,
    day: null,
    ...timeFields(time, zone),
    numbers: null,
    orders: null,
    impossible: false,
    timeOnly: true,
  };
}

const timeFields = (time: ClockTime, zone: { readonly offsetMinutes: number } | null) =>
  ({
    hour: time.hour,
    minute: time.minute,
    second: time.second,
    fraction: time.fraction,
    precision: time.hasSeconds ? precisionOf(time.fraction) : 'minute',
    offsetMinutes: zone?.offsetMinutes ?? null,
    zone: zone ? 'stated' : null,
  }) as const;
