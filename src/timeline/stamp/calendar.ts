// Civil dates to milliseconds, without Date objects (Hinnant, "chrono-Compatible Low-Level Date Algorithms").

/** Days since 1970-01-01 of a proleptic Gregorian date. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** The number of days of a month, 0 for a month that does not exist. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (LENGTHS[month - 1] ?? 0);
}

/** UTC milliseconds of wall fields; a leap second (60) gives the first instant of the next minute. */
export function utcMs(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return (((daysFromCivil(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

/** Month and day of an ISO 8601 week date (week 1 to 53, weekday 1 to 7), as a day count since 1970. */
export function daysFromWeekDate(year: number, week: number, weekday: number): number {
  const fourth = daysFromCivil(year, 1, 4);
  const mondayOfWeek1 = fourth - ((fourth + 3) % 7);
  return mondayOfWeek1 + (week - 1) * 7 + weekday - 1;
}

/** Year, month and day of a day count since 1970-01-01. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const date = new Date(days * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
