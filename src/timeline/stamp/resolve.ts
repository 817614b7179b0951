// Completes a stamp with the clock, the zone and the corrections of the incident, and says what had to be assumed.
import type { Assumption, Precision, ReadOptions, ZoneBasis } from '../types.ts';
import { civilFromDays, daysInMonth, utcMs } from './calendar.ts';
import { inOrder } from './date-shapes.ts';
import { givenYear } from './given-year.ts';
import type { DateOrder, Stamp } from './types.ts';
import { zoneClock } from './zone.ts';

/** A time in UTC with its basis. `timeMs` is null for a date that does not exist. */
export interface ResolvedTime {
  readonly timeMs: number | null;
  readonly precision: Precision;
  readonly zoneBasis: ZoneBasis;
  readonly assumed: readonly Assumption[];
}

const DAY_MS = 86_400_000;
const TEN_YEARS_MS = 10 * 365.25 * DAY_MS;

/** Which order the unambiguous dates of the same source use, when they agree. */
export type OrderVote = 'dayFirst' | 'monthFirst' | 'yearFirst' | null;

/** Resolves one stamp. Year-less dates take the nearest past year, never more than a day ahead; a bare time of day the last such time. */
export function resolveStamp(stamp: Stamp, options: ReadOptions, vote: OrderVote = null): ResolvedTime {
  const assumed: Assumption[] = [];
  const done = (timeMs: number | null): ResolvedTime => {
    const offset = options.overrides?.clockOffsetMs ?? 0;
    const moved = timeMs === null ? null : timeMs + offset;
    const isDatable = moved !== null && Math.abs(moved) <= 8.64e15;
    return {
      timeMs: isDatable ? moved : null,
      precision: stamp.precision,
      zoneBasis: isDatable ? basisOf(stamp, options) : 'none',
      assumed: isDatable ? assumed : [],
    };
  };
  if (stamp.epochMs !== null) return done(stamp.epochMs);
  if (stamp.impossible) return done(null);

  let { year, month, day } = stamp;
  if (stamp.numbers && stamp.orders) {
    const choice = chooseOrder(stamp.numbers, stamp.orders, options, vote);
    ({ year, month, day } = inOrder(stamp.numbers, choice.order));
    if (stamp.year !== null) year = stamp.year;
    if (!choice.isKnown) assumed.push('dayMonthOrder');
  }
  if (stamp.offsetMinutes === null && options.zoneIsKnown !== true) assumed.push('zone');
  const toUtc = (y: number, mo: number, d: number): number => {
    const wall =
      utcMs(y, mo, d, stamp.hour, stamp.minute, stamp.second) + Number(stamp.fraction.slice(0, 3).padEnd(3, '0'));
    return stamp.offsetMinutes === null ? zoneClock(options.zone).toUtc(wall) : wall - stamp.offsetMinutes * 60_000;
  };

  if (stamp.timeOnly) {
    assumed.unshift('date');
    const shift = stamp.offsetMinutes === null ? zoneClock(options.zone).offsetAt(options.now) : stamp.offsetMinutes;
    const today = Math.floor((options.now + shift * 60_000) / DAY_MS);
    const at = (days: number): number => {
      const date = civilFromDays(days);
      return toUtc(date.year, date.month, date.day);
    };
    return done(at(today) > options.now ? at(today - 1) : at(today));
  }
  if (month === null || day === null) return done(null);
  if (year === null) {
    year = givenYear(options.overrides, month) ?? null;
    if (year === null) {
      year = nearestPastYear(month, day, toUtc, options.now);
      assumed.unshift('year');
    }
  }
  if (year === null || day > daysInMonth(year, month)) return done(null);
  return done(toUtc(year, month, day));
}

function basisOf(stamp: Stamp, options: ReadOptions): ZoneBasis {
  if (stamp.zone) return stamp.zone;
  return options.zoneIsKnown === true ? 'incident' : 'assumed';
}

function nearestPastYear(
  month: number,
  day: number,
  toUtc: (y: number, m: number, d: number) => number,
  now: number,
): number | null {
  const last = new Date(now + DAY_MS).getUTCFullYear();
  // 29 February needs up to eight years back.
  for (let year = last + 1; year >= last - 8; year--) {
    if (day <= daysInMonth(year, month) && toUtc(year, month, day) <= now + DAY_MS) return year;
  }
  return null;
}

function chooseOrder(
  numbers: readonly number[],
  orders: readonly DateOrder[],
  options: ReadOptions,
  vote: OrderVote,
): { order: DateOrder; isKnown: boolean } {
  const fits = (order: DateOrder, wish: OrderVote): boolean =>
    wish === (order === 'ymd' ? 'yearFirst' : order === 'dmy' || order === 'dm' ? 'dayFirst' : 'monthFirst');
  const wished = options.overrides?.dayMonthOrder;
  const set = wished === undefined ? undefined : orders.find((o) => fits(o, wished));
  if (set) return { order: set, isKnown: true };
  const voted = orders.find((o) => fits(o, vote));
  if (voted) return { order: voted, isKnown: true };
  const first = orders[0] as DateOrder;
  if (!orders.includes('ymd')) return { order: first, isKnown: false };
  // Two-digit years: the reading that is past and nearest to the clock, unless the usual order is recent enough.
  const age = (order: DateOrder): number => {
    const { year, month, day } = inOrder(numbers, order);
    const ms = options.now + DAY_MS - utcMs(year ?? 2000, month, day, 0, 0, 0);
    return ms < 0 ? Number.POSITIVE_INFINITY : ms;
  };
  if (first !== 'ymd' && age(first) < TEN_YEARS_MS / 5) return { order: first, isKnown: false };
  const best = orders.reduce((a, b) => (age(b) < age(a) ? b : a));
  return { order: best, isKnown: false };
}
