// Stamps read straight from bytes at a known place. A plan is only made where it gives what the careful reading gave.
import { daysFromCivil, daysInMonth } from '../stamp/calendar.ts';
import type { ZoneClock } from '../stamp/zone.ts';
import { type LineShape, maskStart } from './line-shape.ts';

/** How the stamp of a shape is written, and at which masked part it stands. */
export interface StampPlan {
  readonly kind: StampKind;
  /** Its number among the parsers. */
  readonly parser: number;
  readonly mask: number;
}

const KINDS = ['iso', 'clf', 'month-day', 'epoch', 'weekday', 'glog'] as const;
export type StampKind = (typeof KINDS)[number];

/** What completes a stamp: the year of a year-less date (NaN when it needs the careful reading), and the zone. */
export interface StampClock {
  readonly yearOf: (month: number, day: number) => number;
  /** Null for UTC. */
  readonly zone: ZoneClock | null;
  readonly offsetMs: number;
}

/** Reads a stamp at a byte offset as UTC milliseconds; NaN when it is not quite as expected. */
export type StampParser = (bytes: Uint8Array, at: number, clock: StampClock) => number;

const digit = (bytes: Uint8Array, at: number): number => {
  const d = (bytes[at] as number) - 48;
  return d >= 0 && d <= 9 ? d : Number.NaN;
};
const two = (bytes: Uint8Array, at: number): number => digit(bytes, at) * 10 + digit(bytes, at + 1);
const four = (bytes: Uint8Array, at: number): number => two(bytes, at) * 100 + two(bytes, at + 2);
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

let lastYear = 0;
let lastMonth = 0;
let lastDay = 0;
let lastDayMs = 0;
function dayMs(year: number, month: number, day: number): number {
  if (day === lastDay && month === lastMonth && year === lastYear) return lastDayMs;
  if (!(day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  lastYear = year;
  lastMonth = month;
  lastDay = day;
  lastDayMs = daysFromCivil(year, month, day) * 86_400_000;
  return lastDayMs;
}

/** hh:mm:ss at an offset as milliseconds. */
function timeMs(bytes: Uint8Array, at: number): number {
  if (bytes[at + 2] !== 58 || bytes[at + 5] !== 58) return Number.NaN;
  const hour = two(bytes, at);
  const minute = two(bytes, at + 3);
  const second = two(bytes, at + 6);
  return hour < 24 && minute < 60 && second < 60 ? ((hour * 60 + minute) * 60 + second) * 1000 : Number.NaN;
}

let fractionEnd = 0;
/** The fraction at an offset as whole milliseconds; `fractionEnd` is behind it. */
function fractionMs(bytes: Uint8Array, at: number): number {
  fractionEnd = at;
  if (bytes[at] !== 46 && bytes[at] !== 44) return 0;
  let end = at + 1;
  while (end < at + 10 && isDigit(bytes[end])) end++;
  const length = end - at - 1;
  if (length === 0) return 0;
  if (bytes[at] === 44 && length !== 3 && length !== 6) return Number.NaN;
  fractionEnd = end;
  const hundreds = digit(bytes, at + 1) * 100;
  return hundreds + (length > 1 ? digit(bytes, at + 2) * 10 : 0) + (length > 2 ? digit(bytes, at + 3) : 0);
}

const UTC_WORDS = ['UTC', 'GMT'].map((word) => Buffer.from(word));
const IN_NAME = /[\w+-]/;

/** Whether UTC or GMT stands at an offset or behind a blank, by itself: not GMT+2, not GMT Standard Time. */
function isUtcWord(bytes: Uint8Array, at: number): boolean {
  const from = bytes[at] === 32 ? at + 1 : at;
  const first = bytes[from];
  if (first !== 85 && first !== 71) return false;
  if (!UTC_WORDS.some((word) => word.every((byte, i) => bytes[from + i] === byte))) return false;
  const [after, then] = [bytes[from + 3] ?? 10, bytes[from + 4] ?? 10];
  return !IN_NAME.test(String.fromCharCode(after)) && !(after === 32 && (then === 83 || then === 68));
}

/** The instant of wall milliseconds, by the offset written at `at` or the clock's zone. */
function zoned(bytes: Uint8Array, at: number, wall: number, clock: StampClock): number {
  const sign = bytes[at];
  if (sign === 90 || sign === 122 || isUtcWord(bytes, at)) return wall + clock.offsetMs;
  const from = sign === 32 && (bytes[at + 1] === 43 || bytes[at + 1] === 45) ? at + 1 : at;
  if ((bytes[from] === 43 || bytes[from] === 45) && isDigit(bytes[from + 1])) {
    const colon = bytes[from + 3] === 58 ? 1 : 0;
    const minutes = two(bytes, from + 1) * 60 + two(bytes, from + 3 + colon);
    return wall - (bytes[from] === 45 ? -minutes : minutes) * 60_000 + clock.offsetMs;
  }
  return (clock.zone === null ? wall : clock.zone.toUtc(wall)) + clock.offsetMs;
}

const MONTHS = new Int8Array(32 * 32 * 32);
for (const [i, name] of 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').entries())
  MONTHS[((name.charCodeAt(0) & 31) << 10) | ((name.charCodeAt(1) & 31) << 5) | (name.charCodeAt(2) & 31)] = i + 1;
const month3 = (bytes: Uint8Array, at: number): number =>
  MONTHS[
    (((bytes[at] as number) & 31) << 10) | (((bytes[at + 1] as number) & 31) << 5) | ((bytes[at + 2] as number) & 31)
  ] as number;

// Each begins at the masked part that the plan names.
const BY_KIND: Readonly<Record<StampKind, StampParser>> = {
  // 2026-11-19T08:15:30.123+01:00, also with a blank and with slashes
  iso(bytes, at, clock) {
    const sep = bytes[at + 4];
    if ((sep !== 45 && sep !== 47) || bytes[at + 7] !== sep) return Number.NaN;
    const wall = dayMs(four(bytes, at), two(bytes, at + 5), two(bytes, at + 8)) + timeMs(bytes, at + 11);
    const ms = fractionMs(bytes, at + 19);
    return zoned(bytes, fractionEnd, wall + ms, clock);
  },
  // 19/Nov/2026:08:15:30 +0000
  clf(bytes, at, clock) {
    if (bytes[at + 2] !== 47 || bytes[at + 6] !== 47 || bytes[at + 11] !== 58) return Number.NaN;
    const wall = dayMs(four(bytes, at + 7), month3(bytes, at + 3), two(bytes, at)) + timeMs(bytes, at + 12);
    const ms = fractionMs(bytes, at + 20);
    return zoned(bytes, fractionEnd, wall + ms, clock);
  },
  // Nov 19 08:15:30; the masked part is the day
  'month-day'(bytes, at, clock) {
    const width = isDigit(bytes[at + 1]) ? 2 : 1;
    const blanks = bytes[at - 2] === 32 ? 2 : 1;
    if (at < 3 + blanks || bytes[at - 1] !== 32 || bytes[at + width] !== 32) return Number.NaN;
    const month = month3(bytes, at - 3 - blanks);
    const day = width === 2 ? two(bytes, at) : digit(bytes, at);
    const time = at + width + 1;
    const ms = fractionMs(bytes, time + 8);
    return zoned(bytes, fractionEnd, dayMs(clock.yearOf(month, day), month, day) + timeMs(bytes, time) + ms, clock);
  },
  // 1795076130, with a fraction, and in ms, us or ns
  epoch(bytes, at, clock) {
    let end = at;
    let whole = 0;
    while (end < at + 10 && isDigit(bytes[end])) whole = whole * 10 + digit(bytes, end++);
    if (end - at !== 10 || whole < 631_152_000 || whole > 4_102_444_800) return Number.NaN;
    let more = 0;
    while (more < 10 && isDigit(bytes[end + more])) more++;
    if (more === 0) return whole * 1000 + fractionMs(bytes, end) + clock.offsetMs;
    if (more !== 3 && more !== 6 && more !== 9) return Number.NaN;
    return whole * 1000 + digit(bytes, end) * 100 + digit(bytes, end + 1) * 10 + digit(bytes, end + 2) + clock.offsetMs;
  },
  // Thu Nov 19 08:15:30.123456 2026; the masked part is the day
  weekday(bytes, at, clock) {
    const width = isDigit(bytes[at + 1]) ? 2 : 1;
    const blanks = bytes[at - 2] === 32 ? 2 : 1;
    if (at < 3 + blanks || bytes[at + width] !== 32) return Number.NaN;
    const time = at + width + 1;
    const ms = fractionMs(bytes, time + 8);
    const year = fractionEnd;
    if (bytes[year] !== 32 || isDigit(bytes[year + 5])) return Number.NaN;
    const day = width === 2 ? two(bytes, at) : digit(bytes, at);
    const wall = dayMs(four(bytes, year + 1), month3(bytes, at - 3 - blanks), day) + timeMs(bytes, time) + ms;
    return (clock.zone === null ? wall : clock.zone.toUtc(wall)) + clock.offsetMs;
  },
  // E1119 08:15:30.123456
  glog(bytes, at, clock) {
    if (isDigit(bytes[at]) || bytes[at + 5] !== 32) return Number.NaN;
    const month = two(bytes, at + 1);
    const day = two(bytes, at + 3);
    const wall = dayMs(clock.yearOf(month, day), month, day) + timeMs(bytes, at + 6) + fractionMs(bytes, at + 14);
    return (clock.zone === null ? wall : clock.zone.toUtc(wall)) + clock.offsetMs;
  },
};

/** The parsers by number. */
export const PARSERS: readonly StampParser[] = KINDS.map((kind) => BY_KIND[kind]);

// A zone that nobody has.
const NOBODYS: ZoneClock = { offsetAt: () => 17, toUtc: (wallMs) => wallMs - 17 * 60_000 };

/**
 * The plan that reads `expected` from a line whose masked parts are known, or null when no plan does. Where the line has its
 * zone in words, or from elsewhere, a plan that takes the clock's zone would be right by chance: CET is Berlin's time in
 * January, not in July.
 */
export function planFor(
  bytes: Uint8Array,
  shape: LineShape,
  clock: StampClock,
  expected: number,
  isZoneWritten: boolean,
): StampPlan | null {
  const most = Math.min(shape.maskCount, 64);
  const elsewhere: StampClock = { ...clock, zone: NOBODYS };
  for (let mask = 0; mask < most; mask++)
    for (const [parser, kind] of KINDS.entries())
      if (
        BY_KIND[kind](bytes, maskStart(shape, mask), clock) === expected &&
        (!isZoneWritten || BY_KIND[kind](bytes, maskStart(shape, mask), elsewhere) === expected)
      )
        return { kind, parser, mask };
  return null;
}
