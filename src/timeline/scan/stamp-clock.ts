// What completes a stamp that is read straight from bytes.
import { daysInMonth, utcMs } from '../stamp/calendar.ts';
import { givenYear } from '../stamp/given-year.ts';
import { zoneClock } from '../stamp/zone.ts';
import type { ReadOptions } from '../types.ts';
import type { StampClock } from './stamp-plan.ts';

const DAY_MS = 86_400_000;
const FURTHEST_ZONE_MS = 15 * 3_600_000;

/** The clock of some options. */
export function stampClock(options: ReadOptions): StampClock {
  const zone = zoneClock(options.zone);
  const isUtc = zone === zoneClock('UTC');
  const years = new Float64Array(13 * 32);
  for (let month = 1; month <= 12; month++)
    for (let day = 1; day <= 31; day++) years[month * 32 + day] = yearOf(month, day, options);
  return {
    zone: isUtc ? null : zone,
    offsetMs: options.overrides?.clockOffsetMs ?? 0,
    yearOf: (month, day) => years[month * 32 + day] as number,
  };
}

/**
 * The year of a year-less date: the last in which a part of that day, in any zone, may be past. A time of it that is not past
 * after all shows by itself, and is read the careful way.
 */
function yearOf(month: number, day: number, options: ReadOptions): number {
  const given = givenYear(options.overrides, month);
  if (given !== undefined) return given;
  const latest = options.now + DAY_MS;
  for (let year = new Date(latest).getUTCFullYear() + 1, i = 0; i < 10; i++, year--) {
    if (day > daysInMonth(year, month)) continue;
    const start = utcMs(year, month, day, 0, 0, 0);
    if (start - FURTHEST_ZONE_MS <= latest) return year;
  }
  return Number.NaN;
}
