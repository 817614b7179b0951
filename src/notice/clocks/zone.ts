// Local days of any IANA zone.
import { zoneClock } from '../../timeline/stamp/zone.ts';

/** A calendar day, month 1 to 12. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Local wall time minus UTC at an instant, in milliseconds. */
const offsetAt = (at: number, zone: string): number => zoneClock(zone).offsetAt(at) * 60_000;

/** The local day of an instant (epoch milliseconds). */
export function dayOf(at: number, zone: string): Day {
  const local = new Date(at + offsetAt(at, zone));
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
}

/** The instant of a local wall time; the first of two when a clock goes back, the end of the gap when it goes forward. */
export function instantOf(day: Day, minutes: number, zone: string): number {
  const wall = Date.UTC(day.year, day.month - 1, day.day, 0, minutes);
  const before = offsetAt(wall - 86_400_000, zone);
  const after = offsetAt(wall + 86_400_000, zone);
  const found = [before, after].map((offset) => wall - offset).filter((at) => at + offsetAt(at, zone) === wall);
  return found.length > 0 ? Math.min(...found) : wall - before;
}

/** The last second of a local day. */
export function endOf(day: Day, zone: string): number {
  return instantOf(addDays(day, 1), 0, zone) - 1000;
}

/** The day so many days later or earlier. */
export function addDays(day: Day, days: number): Day {
  const date = new Date(Date.UTC(day.year, day.month - 1, day.day + days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The same day of the month so many months later, or the last day of a shorter month. */
export function addMonths(day: Day, months: number): Day {
  const first = new Date(Date.UTC(day.year, day.month - 1 + months, 1));
  const last = new Date(Date.UTC(day.year, day.month + months, 0)).getUTCDate();
  return { year: first.getUTCFullYear(), month: first.getUTCMonth() + 1, day: Math.min(day.day, last) };
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOf(day: Day): number {
  return new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay();
}

/** The day as an ISO date. */
export function isoDay(day: Day): string {
  return new Date(Date.UTC(day.year, day.month - 1, day.day)).toISOString().slice(0, 10);
}
