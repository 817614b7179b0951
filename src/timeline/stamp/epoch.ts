// Instants written as one number: Unix time in five units, FILETIME, WebKit, TAI64N, and digit runs that are dates (LDAP, DMTF).
import { matchAt } from './clock-time.ts';
import type { Stamp } from './types.ts';
import { precisionOf } from './types.ts';

const FIRST_S = 631_152_000; //   1990: no log of interest is older, and smaller numbers are ids
const LAST_S = 4_102_444_800; //  2100
const WINDOWS_TO_UNIX_S = 11_644_473_600;

const absolute = (start: number, end: number, shape: string, seconds: number, fraction: string): Stamp => ({
  start,
  end,
  shape,
  epochMs: seconds * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3)),
  year: null,
  month: null,
  day: null,
  hour: 0,
  minute: 0,
  second: 0,
  fraction,
  precision: precisionOf(fraction),
  offsetMinutes: 0,
  zone: 'stated',
  numbers: null,
  orders: null,
  impossible: false,
  timeOnly: false,
});

const isPlausible = (seconds: number): boolean => seconds >= FIRST_S && seconds <= LAST_S;

/** Reads whole digits as an instant by their length: seconds, ms, us, ns since 1970; 17 digits WebKit, 18 digits FILETIME. */
export function epochOf(digits: string, fraction: string, start: number, end: number): Stamp | null {
  switch (digits.length) {
    case 9:
    case 10:
      return isPlausible(Number(digits)) ? absolute(start, end, 'epoch', Number(digits), fraction.slice(0, 9)) : null;
    case 13:
      return inUnits(digits, 3, 'epoch-ms', start, end, 0);
    case 16:
      return inUnits(digits, 6, 'epoch-us', start, end, 0);
    case 17:
      return inUnits(digits, 6, 'webkit', start, end, WINDOWS_TO_UNIX_S);
    case 18:
      return inUnits(digits, 7, 'filetime', start, end, WINDOWS_TO_UNIX_S);
    case 19:
      return inUnits(digits, 9, 'epoch-ns', start, end, 0);
    default:
      return null;
  }
}

function inUnits(
  digits: string,
  places: number,
  shape: string,
  start: number,
  end: number,
  zeroAt: number,
): Stamp | null {
  const seconds = Number(digits.slice(0, -places)) - zeroAt;
  return isPlausible(seconds) ? absolute(start, end, shape, seconds, digits.slice(-places)) : null;
}

const NUMBER = /(\d{9,19})(?:[.,](\d{1,9}))?(?!\d)(?!\.\d{1,3}\.)/y;
const TAI = /@?40000000([0-9a-f]{8})([0-9a-f]{8})?(?![0-9a-f])/y;
const TAI_TO_UNIX_S = 10; // what daemontools adds: TAI without leap seconds since 1972

/** An epoch number or a TAI64N label at an offset, or null. */
export function epochAt(text: string, at: number): Stamp | null {
  const tai = matchAt(TAI, text, at);
  if (tai) {
    const seconds = Number.parseInt(tai[1] ?? '', 16) - TAI_TO_UNIX_S;
    const nanos = tai[2] === undefined ? '' : String(Number.parseInt(tai[2], 16)).padStart(9, '0');
    return isPlausible(seconds) && nanos.length <= 9
      ? absolute(at, at + tai[0].length, 'tai64n', seconds, nanos)
      : null;
  }
  const number = matchAt(NUMBER, text, at);
  return number ? epochOf(number[1] ?? '', number[2] ?? '', at, at + number[0].length) : null;
}

const RUN = /(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:[.,](\d{1,9}))?(?:(Z)|([+-])(\d{3,4}))?(?!\d)/y;

/** Fourteen digits and more as a date: LDAP generalised time, WMI DMTF (offset in minutes), or bare. */
export function digitRunAt(text: string, at: number): Stamp | null {
  const run = matchAt(RUN, text, at);
  if (!run) return null;
  const [year, month, day, hour, minute, second] = run.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (
    year < 1970 ||
    year > 2100 ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > 31 ||
    hour > 23 ||
    minute > 59 ||
    second > 60
  )
    return null;
  const offset = run[10];
  const minutes =
    offset === undefined
      ? 0
      : offset.length === 3
        ? Number(offset)
        : Number(offset.slice(0, 2)) * 60 + Number(offset.slice(2));
  const hasZone = run[8] !== undefined || offset !== undefined;
  return {
    start: at,
    end: at + run[0].length,
    shape: 'digits',
    epochMs: null,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction: run[7] ?? '',
    precision: precisionOf(run[7] ?? ''),
    offsetMinutes: hasZone ? (run[9] === '-' ? -minutes : minutes) : null,
    zone: hasZone ? 'stated' : null,
    numbers: null,
    orders: null,
    impossible: false,
    timeOnly: false,
  };
}
