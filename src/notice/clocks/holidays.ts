import type { CalendarId } from './types.ts';
import { addDays, type Day, isoDay, weekdayOf } from './zone.ts';

/** Days on which an office is closed, beside weekends. A table is replaced as a whole, under a new version. */
export interface HolidayTable {
  readonly id: CalendarId;
  readonly version: string;
  readonly source: string;
  /** First and last year the table knows. */
  readonly years: readonly [number, number];
  readonly days: readonly string[];
}

/** The holiday tables by name. Only days that are certain are in them: a missing local holiday makes a deadline earlier, never later. */
export const HOLIDAY_TABLES: Readonly<Record<CalendarId, HolidayTable>> = {
  'us-federal': {
    id: 'us-federal',
    version: '2026-11',
    source: '5 USC 6103; https://www.opm.gov/policy-data-oversight/pay-leave/federal-holidays/',
    years: [2026, 2028],
    days: [
      ...['2026-01-01', '2026-01-19', '2026-02-16', '2026-05-25', '2026-06-19', '2026-07-03', '2026-09-07'],
      ...['2026-10-12', '2026-11-11', '2026-11-26', '2026-12-25'],
      ...['2027-01-01', '2027-01-18', '2027-02-15', '2027-05-31', '2027-06-18', '2027-07-05', '2027-09-06'],
      ...['2027-10-11', '2027-11-11', '2027-11-25', '2027-12-24', '2027-12-31'],
      ...['2028-01-17', '2028-02-21', '2028-05-29', '2028-06-19', '2028-07-04', '2028-09-04', '2028-10-09'],
      ...['2028-11-10', '2028-11-23', '2028-12-25'],
    ],
  },
  'au-national': {
    id: 'au-national',
    version: '2026-11',
    source: 'Days every state and territory keeps; https://www.fairwork.gov.au/employment-conditions/public-holidays',
    years: [2026, 2028],
    days: [
      ...['2026-01-01', '2026-01-26', '2026-04-03', '2026-04-06', '2026-12-25'],
      ...['2027-01-01', '2027-01-26', '2027-03-26', '2027-03-29', '2027-12-27', '2027-12-28'],
      ...['2028-01-26', '2028-04-14', '2028-04-17', '2028-04-25', '2028-12-25', '2028-12-26'],
    ],
  },
};

/** The day that ends a period of business days, or null when it leaves the years of the table. The day of the trigger is not counted. */
export function addBusinessDays(from: Day, count: number, table: HolidayTable): Day | null {
  const closed = new Set(table.days);
  let day = from;
  for (let left = count; left > 0; ) {
    day = addDays(day, 1);
    if (day.year > table.years[1] || from.year < table.years[0]) return null;
    const weekday = weekdayOf(day);
    if (weekday !== 0 && weekday !== 6 && !closed.has(isoDay(day))) left -= 1;
  }
  return day;
}
