// How a date can be written. Each shape is a row: a sticky pattern of bounded length and what its groups mean.
import { civilFromDays, daysFromCivil, daysFromWeekDate, isLeapYear } from './calendar.ts';
import type { ClockShapes } from './clock-time.ts';
import { monthOf } from './names.ts';
import type { DateOrder } from './types.ts';

/** A date as written. `numbers` and `orders` are set while its order is open. */
export interface WrittenDate {
  readonly year: number | null;
  readonly month: number | null;
  readonly day: number | null;
  readonly numbers: readonly number[] | null;
  readonly orders: readonly DateOrder[] | null;
  readonly settledOrder?: 'dayFirst' | 'monthFirst' | 'yearFirst';
}

interface DateShape {
  readonly name: string;
  readonly pattern: RegExp;
  readonly read: (groups: RegExpExecArray) => WrittenDate | null;
  /** Times that may follow besides 08:15:30. */
  readonly time: ClockShapes;
  /** Refuse the shape unless this separator (and a time) follows: for digits that are often something else. */
  readonly needs?: RegExp;
  readonly letter?: boolean;
}

const civil = (year: number | null, month: number | null, day: number | null): WrittenDate => ({
  year,
  month,
  day,
  numbers: null,
  orders: null,
});
const open = (numbers: readonly number[], orders: readonly DateOrder[]): WrittenDate => ({
  year: null,
  month: null,
  day: null,
  numbers,
  orders,
});
const n = (text: string | undefined): number => Number(text);

/** The full year of two digits: 70 to 99 are of the last century. */
export const fullYear = (two: number): number => (two >= 100 ? two : two >= 70 ? 1900 + two : 2000 + two);

const named = (day: string | undefined, month: string | undefined, year: string | undefined): WrittenDate | null => {
  const number = monthOf(month ?? '');
  const full = year === undefined ? null : fullYear(n(year));
  // Four digits beside a month may be the size of a file.
  return number === null || (full !== null && (full < 1900 || full > 2200)) ? null : civil(full, number, n(day));
};

const couldBe = (orders: readonly DateOrder[], numbers: readonly number[]): DateOrder[] =>
  orders.filter((order) => {
    const [a = 0, b = 0, c = 0] = numbers;
    const [month, day] = order === 'ymd' ? [b, c] : order === 'dmy' || order === 'dm' ? [b, a] : [a, b];
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  });

/** The date that an order makes of bare numbers. */
export function inOrder(
  numbers: readonly number[],
  order: DateOrder,
): { year: number | null; month: number; day: number } {
  const [a = 0, b = 0, c = 0] = numbers;
  switch (order) {
    case 'ymd':
      return { year: fullYear(a), month: b, day: c };
    case 'dmy':
      return { year: fullYear(c), month: b, day: a };
    case 'mdy':
      return { year: fullYear(c), month: a, day: b };
    case 'dm':
      return { year: null, month: b, day: a };
    case 'md':
      return { year: null, month: a, day: b };
  }
}

function ordered(numbers: readonly number[], orders: readonly DateOrder[]): WrittenDate | null {
  const possible = couldBe(orders, numbers);
  if (possible.length > 1) {
    const [a, b] = numbers;
    // 05/05/2026 is the same day either way.
    if (a === b && possible.every((o) => o !== 'ymd'))
      return { ...civil(null, null, null), ...inOrder(numbers, possible[0] as DateOrder) };
    return open(numbers, possible);
  }
  const [only] = possible;
  // Numbers that no order makes a date of: keep the first order, so that the date is found impossible and flagged.
  const date = inOrder(numbers, only ?? orders[0] ?? 'dmy');
  const settled =
    only === undefined
      ? {}
      : ({
          settledOrder: only === 'ymd' ? 'yearFirst' : only === 'mdy' || only === 'md' ? 'monthFirst' : 'dayFirst',
        } as const);
  return { ...civil(date.year, date.month, date.day), ...settled };
}

const LETTERS = '([A-Za-zÀ-ſа-яёіА-ЯЁ]{3,12}\\.?)';

/** Dates with digits first. */
export const NUMERIC_DATES: readonly DateShape[] = [
  {
    name: 'cjk',
    pattern:
      /(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일](?: ?[(（]?[一二三四五六日月火水木金土월화수목금토일][)）]?)?/y,
    read: (g) => civil(n(g[1]), n(g[2]), n(g[3])),
    time: {},
  },
  {
    name: 'iso',
    pattern: /(\d{4})([-/.:_])(\d{1,2})\2(\d{1,2})(?!\d)/y,
    read: (g) => (n(g[1]) < 1900 || n(g[1]) > 2200 ? null : civil(n(g[1]), n(g[3]), n(g[4]))),
    time: { compact: true, dotted: true, dashed: true },
  },
  {
    name: 'spaced-iso',
    pattern: /((?:19|20)\d\d)\. (\d{1,2})\. (\d{1,2})\.?(?!\d)/y,
    read: (g) => civil(n(g[1]), n(g[2]), n(g[3])),
    time: {},
  },
  {
    name: 'iso-week',
    pattern: /(\d{4})-?W(\d\d)-?([1-7])/y,
    read: (g) => fromDays(daysFromWeekDate(n(g[1]), n(g[2]), n(g[3])), n(g[2]) >= 1 && n(g[2]) <= 53),
    time: { compact: true },
  },
  {
    name: 'iso-ordinal',
    pattern: /(\d{4})[-/](\d{3})(?!\d)/y,
    needs: /[T ]\d\d:/y,
    read: (g) =>
      fromDays(
        daysFromCivil(n(g[1]), 1, 1) + n(g[2]) - 1,
        n(g[2]) >= 1 && n(g[2]) <= (isLeapYear(n(g[1])) ? 366 : 365),
      ),
    time: {},
  },
  {
    name: 'year-month-day',
    pattern: new RegExp(`(\\d{4})(?:\\.?[ -]|(?=[A-Z]))${LETTERS}(?:[ -]|(?=\\d\\d))(\\d{1,2})\\.?(?!\\d)`, 'y'),
    read: (g) => named(g[3], g[2], g[1]),
    time: {},
  },
  {
    name: 'day-month-year',
    pattern: new RegExp(
      `(\\d{1,2})(?:\\.|st|nd|rd|th|º|ª|er)?(?: de)?[ /.-]{1,2}${LETTERS}(?: de|,)?[ /.-]{1,2}(\\d{4}|\\d\\d(?= \\d\\d[:.]\\d\\d))(?!\\d)`,
      'y',
    ),
    read: (g) => named(g[1], g[2], g[3]),
    time: { dotted: true },
  },
  {
    name: 'joined-day-month-year',
    pattern: /(\d{1,2})([A-Z][A-Za-z]{2})(\d{4}|\d\d)(?!\d)/y,
    needs: /[ :T]\d\d:\d\d/y,
    read: (g) => named(g[1], g[2], g[3]),
    time: {},
  },
  {
    name: 'day-month',
    pattern: new RegExp(`(\\d{1,2})(?:\\.|º)?[ /-]{1,2}${LETTERS}(?=,? {1,2}\\d{1,2}:)`, 'y'),
    read: (g) => named(g[1], g[2], undefined),
    time: {},
  },
  {
    name: 'numbers-year',
    pattern: /(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)/y,
    read: (g) => ordered([n(g[1]), n(g[3]), n(g[4])], g[2] === '/' ? ['mdy', 'dmy'] : ['dmy', 'mdy']),
    time: { dotted: true },
  },
  {
    name: 'numbers-short-year',
    pattern: /(\d\d?)([./-])(\d\d?)\2(\d\d)(?!\d|[./-]\d(?!\d:\d\d:))/y,
    needs: /[T ,;:_-] ?\d{1,2}[:.]?\d\d/y,
    read: (g) =>
      ordered(
        [n(g[1]), n(g[3]), n(g[4])],
        g[2] === '/' ? ['mdy', 'ymd', 'dmy'] : g[2] === '.' ? ['dmy', 'ymd', 'mdy'] : ['ymd', 'dmy', 'mdy'],
      ),
    time: {},
  },
  {
    name: 'basic',
    pattern: /(20\d\d|19[789]\d)(\d\d)(\d\d)(?!\d)/y,
    needs: /(?:[Tt_ :-]|, ?)\d\d:?[0-5]\d(?!\d)|[Tt_ :-]\d{6}(?!\d)/y,
    read: (g) => civil(n(g[1]), n(g[2]), n(g[3])),
    time: { compact: true },
  },
  {
    name: 'short-basic',
    pattern: /(\d\d)(\d\d)(\d\d)(?!\d)/y,
    needs: / {1,2}(?:\d{1,2}:\d\d:\d\d|\d{6}(?!\d))/y,
    read: (g) => civil(fullYear(n(g[1])), n(g[2]), n(g[3])),
    time: { compact: true },
  },
  {
    name: 'numbers',
    pattern: /(\d\d)([./-])(\d\d)(?!\d|[./-]\d(?!\d:\d\d:))/y,
    needs: /[ T-] ?\d\d:\d\d:\d\d/y,
    read: (g) => ordered([n(g[1]), n(g[3])], g[2] === '.' ? ['dm', 'md'] : ['md', 'dm']),
    time: {},
  },
];

/** Dates with a name first, a weekday optional. */
export const NAMED_DATES: readonly DateShape[] = [
  {
    name: 'weekday-iso',
    pattern: /[A-Za-zÀ-ÿ]{2,10}\.?,? {1,2}(\d{4})-(\d\d)-(\d\d)(?!\d)/y,
    read: (g) => civil(n(g[1]), n(g[2]), n(g[3])),
    time: {},
  },
  {
    name: 'month-day-year',
    pattern: new RegExp(`${LETTERS}[ ./-]{1,3}(\\d{1,2})(?:st|nd|rd|th)?,?[ ./-]{1,2}(\\d{4})(?![\\d:])`, 'y'),
    read: (g) => named(g[2], g[1], g[3]),
    time: {},
  },
  {
    name: 'month-day-short-year',
    pattern: /([A-Z][a-z]{2})-(\d{1,2})-(\d\d)(?!\d)/y,
    needs: / \d\d:\d\d:\d\d/y,
    read: (g) => named(g[2], g[1], g[3]),
    time: {},
  },
  {
    name: 'month-day',
    pattern: new RegExp(`${LETTERS}[ /-]{1,3}(\\d{1,2})(?:st|nd|rd|th)?(?!\\d)`, 'y'),
    read: (g) => named(g[2], g[1], undefined),
    time: {},
  },
];

function fromDays(days: number, isPossible: boolean): WrittenDate | null {
  if (!isPossible) return null;
  const { year, month, day } = civilFromDays(days);
  return civil(year, month, day);
}
