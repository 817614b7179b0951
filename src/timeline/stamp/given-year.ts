// The year that a person gave a source: of its first line, and of the months after a New Year the next.
import type { ReadOptions } from '../types.ts';

/**
 * The year of a year-less date of a month (1 to 12), or undefined when nobody gave one. Months before the first line's are of the
 * year after. The month just before it is not: lines a little out of order would jump a year ahead.
 */
export function givenYear(overrides: ReadOptions['overrides'], month: number): number | undefined {
  const { year, firstMonth } = overrides ?? {};
  if (year === undefined || firstMonth === undefined) return year;
  return month < firstMonth - 1 ? year + 1 : year;
}
