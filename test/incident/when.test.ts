import { describe, expect, it } from 'vitest';
import { readPast, readWhen } from '../../src/incident/when.ts';
import { isRefusal } from '../../src/refusal.ts';
import { readDue } from '../../src/schedule/due-at.ts';

const BERLIN = { nowAt: '2026-11-20T12:00:00.000Z', zone: 'Europe/Berlin' };
const read = (typed: string, context = BERLIN): string => {
  const when = readWhen(typed, context);
  return isRefusal(when) ? when.code : when.at;
};

describe('a time that somebody types', () => {
  it.each([
    ['a wall time of the incident\u2019s zone', '2026-11-20 08:15', '2026-11-20T07:15:00.000Z'],
    ['the same with summer time', '2026-07-20 08:15', '2026-07-20T06:15:00.000Z'],
    ['an hour that a clock shows twice is the earlier', '2026-10-25 02:30', '2026-10-25T00:30:00.000Z'],
    ['an hour that a clock skips is read by the time after it', '2026-03-29 02:30', '2026-03-29T00:30:00.000Z'],
    ['a stated offset', '2026-11-20T08:15+05:30', '2026-11-20T02:45:00.000Z'],
    ['a time of day that has passed is today\u2019s', '12:59', '2026-11-20T11:59:00.000Z'],
    ['a time of day that is to come was yesterday\u2019s', '13:30', '2026-11-19T12:30:00.000Z'],
    ['a time of day in UTC', '08:15Z', '2026-11-20T08:15:00.000Z'],
    ['so long ago', '-15m', '2026-11-20T11:45:00.000Z'],
    ['two readings', '03/04', 'ambiguous-time'],
    ['a day that does not exist', '2026-02-30 10:00', 'bad-time'],
    ['words', 'around noon', 'bad-time'],
  ])('%s', (_, typed, expected) => {
    expect(read(typed)).toBe(expected);
  });

  it('that is to be of what has happened is refused when it is still to come, but for clocks that are off by little', () => {
    const past = (typed: string): string => {
      const when = readPast(typed, BERLIN);
      return isRefusal(when) ? when.message : when.at;
    };
    expect(past('2027-05-01T10:00Z')).toMatch(/"2027-05-01T10:00Z" is still to come: it is 2026-11-20 12:00Z now/);
    expect(past('2026-11-20T12:05Z')).toBe('2026-11-20T12:05:00.000Z');
    expect(past('2025-11-20T12:05Z')).toBe('2025-11-20T12:05:00.000Z');
  });

  it('when it is due, a time of day is the next one, also over a change of clocks', () => {
    const saturday = { nowAt: '2026-10-24T16:00:00.000Z', zone: 'Europe/Berlin' };
    expect(readDue('17:00', saturday)).toBe('2026-10-25T16:00:00.000Z');
  });
});
