import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadlineOf } from '../../src/notice/clocks/compute.ts';
import { addBusinessDays, HOLIDAY_TABLES } from '../../src/notice/clocks/holidays.ts';
import { ALL_REGIMES, regimeOfRule } from '../../src/notice/clocks/regimes.ts';
import type { Anchor, Deadline } from '../../src/notice/clocks/types.ts';
import {
  addDays,
  addMonths,
  type Day,
  dayOf,
  endOf,
  instantOf,
  isoDay,
  weekdayOf,
} from '../../src/notice/clocks/zone.ts';

/** A local wall time such as 2026-11-20 17:00. */
function local(text: string, zone: string): Anchor {
  const [date, time] = text.split(' ') as [string, string];
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  return { at: instantOf({ year, month, day }, hour * 60 + minute, zone), zone };
}

function wall(at: number, zone: string): string {
  const day = dayOf(at, zone);
  return `${isoDay(day)} ${new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(at)}`;
}

function of(rule: string, anchors: Record<string, Anchor>): Deadline {
  return deadlineOf(regimeOfRule(rule)!.rules.find((one) => one.id === rule)!.computation, anchors);
}

const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';
const LA = 'America/Los_Angeles';

describe('a clock in hours runs in UTC, through weekends and changes of the clock', () => {
  it.each([
    ['72 hours over a weekend', 'gdpr-authority', 'aware', '2026-11-20 17:00', BERLIN, '2026-11-23 17:00'],
    ['72 hours over the end of summer time', 'gdpr-authority', 'aware', '2026-10-24 12:00', BERLIN, '2026-10-27 11:00'],
    [
      '72 hours over the start of summer time',
      'nydfs-notice',
      'determined',
      '2027-03-13 20:00',
      NEW_YORK,
      '2027-03-16 21:00',
    ],
    [
      '6 hours over midnight in India',
      'cert-in-report',
      'noticed',
      '2026-11-20 22:30',
      'Asia/Kolkata',
      '2026-11-21 04:30',
    ],
  ])('%s', (_name, rule, anchor, from, zone, due) => {
    const deadline = of(rule, { [anchor]: local(from, zone) });
    expect(deadline.kind === 'due' && wall(deadline.dueAt, zone)).toBe(due);
  });
});

describe('a clock in days or months ends with the local day and is not moved', () => {
  it.each([
    ['HIPAA 60 days', 'hipaa-individuals', 'discovered', '2026-11-20 09:00', NEW_YORK, '2027-01-19'],
    [
      'the HIPAA list of small breaches of 2026',
      'hipaa-hhs-small',
      'discovered',
      '2026-05-05 09:00',
      NEW_YORK,
      '2027-03-01',
    ],
    [
      'the HIPAA list of small breaches of 2027',
      'hipaa-hhs-small',
      'discovered',
      '2027-12-31 23:00',
      NEW_YORK,
      '2028-02-29',
    ],
    [
      'California 30 days, ending on a Sunday',
      'california-residents',
      'discovered',
      '2026-11-20 09:00',
      LA,
      '2026-12-20',
    ],
    [
      'one month from 31 January',
      'nis2-final',
      'submitted:nis2-notification',
      '2027-01-31 10:00',
      BERLIN,
      '2027-02-28',
    ],
    [
      'one month from 31 January of a leap year',
      'nis2-final',
      'submitted:nis2-notification',
      '2028-01-31 10:00',
      BERLIN,
      '2028-02-29',
    ],
    [
      'one month from an ordinary day',
      'dora-final',
      'submitted:dora-intermediate',
      '2026-11-20 10:00',
      BERLIN,
      '2026-12-20',
    ],
    ['Singapore three days', 'singapore-pdpc', 'assessed', '2026-11-20 23:30', 'Asia/Singapore', '2026-11-23'],
    ['the CRA final report', 'cra-final-vulnerability', 'fix-available', '2026-11-20 10:00', BERLIN, '2026-12-04'],
  ])('%s', (_name, rule, anchor, from, zone, last) => {
    const deadline = of(rule, { [anchor]: local(from, zone) });
    expect(deadline).toMatchObject({ kind: 'due', lastDay: last });
    expect(deadline.kind === 'due' && wall(deadline.dueAt, zone)).toBe(`${last} 23:59`);
  });

  it('in the zone where it counts, not in UTC', () => {
    const at = Date.parse('2026-11-21T02:00:00Z');
    const lastDay = (zone: string) => of('hipaa-individuals', { discovered: { at, zone } });
    expect(lastDay(LA)).toMatchObject({ lastDay: '2027-01-19' });
    expect(lastDay('Asia/Tokyo')).toMatchObject({ lastDay: '2027-01-20' });
  });
});

describe('Form 8-K counts four business days of New York', () => {
  it.each([
    ['Tuesday before Thanksgiving', '2026-11-24 10:00', '2026-12-01'],
    ['Friday', '2026-11-20 10:00', '2026-11-27'],
    ['Saturday', '2026-11-21 10:00', '2026-11-27'],
    ['before Christmas 2027, when New Year of 2028 is kept on a Friday', '2027-12-28 10:00', '2028-01-04'],
  ])('from a %s', (_name, from, last) => {
    const deadline = of('sec-8k', { material: local(from, NEW_YORK) });
    expect(deadline).toMatchObject({ kind: 'due', lastDay: last });
    expect(deadline.kind === 'due' && wall(deadline.dueAt, NEW_YORK)).toBe(`${last} 17:30`);
  });

  it('counts the day of New York when the trigger was set elsewhere', () => {
    const at = Date.parse('2026-11-25T03:00:00Z');
    expect(of('sec-8k', { material: { at, zone: BERLIN } })).toMatchObject({ lastDay: '2026-12-01' });
  });

  it('says so instead of guessing when the holiday table ends', () => {
    expect(of('sec-8k', { material: local('2028-12-28 10:00', NEW_YORK) })).toMatchObject({ kind: 'unknown' });
  });
});

describe('DORA', () => {
  const aware = local('2026-11-20 08:00', BERLIN);
  const later = (hours: number): Anchor => ({ at: aware.at + hours * 3_600_000, zone: BERLIN });

  it.each([
    ['classified two hours later: four hours from there', 2, 6],
    ['classified 23 hours later: 24 hours from aware', 23, 24],
    ['classified 30 hours later: four hours from there', 30, 34],
  ])('%s', (_name, classified, due) => {
    expect(of('dora-initial', { aware, classified: later(classified) })).toMatchObject({ dueAt: later(due).at });
  });

  it('shows the four hours even while nobody has said when the awareness began', () => {
    expect(of('dora-initial', { classified: aware })).toMatchObject({
      dueAt: later(4).at,
      basis: expect.stringMatching(/set aware too/),
    });
  });

  it('chains: the intermediate report counts from the submission of the initial one, and waits for it', () => {
    expect(of('dora-intermediate', { aware })).toEqual({ kind: 'waiting', forAnchor: 'submitted:dora-initial' });
    expect(of('dora-intermediate', { 'submitted:dora-initial': later(5) })).toMatchObject({ dueAt: later(77).at });
  });
});

describe('the table', () => {
  it('has no expired row', () => {
    const today = new Date().toISOString().slice(0, 10);
    expect(ALL_REGIMES.filter((row) => row.expiresOn <= today).map((row) => row.id)).toEqual([]);
  });

  it('has a source, a reference, an anchor for every rule, and ids used once', () => {
    const ids = ALL_REGIMES.flatMap((row) => [row.id, ...row.rules.map((rule) => rule.id)]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const row of ALL_REGIMES) {
      expect(row.source).toMatch(/^https:\/\//);
      expect(row.reference).not.toBe('');
      const anchors = new Set([...row.anchors.map((a) => a.id), ...row.rules.map((rule) => `submitted:${rule.id}`)]);
      for (const rule of row.rules) {
        expect(anchors).toContain(rule.computation.from);
        if (rule.computation.kind === 'cappedHours') expect(anchors).toContain(rule.computation.cap.from);
      }
    }
  });

  it('has every regime of the design, and ships the unconfirmed ones switched off', () => {
    const off = ALL_REGIMES.filter((row) => row.status !== 'ready').map((row) => row.id);
    expect(off).toEqual([
      'colorado',
      'florida',
      'delaware',
      'circia',
      'us-banks',
      'card-brands',
      'au-soci',
      'au-ransom-payment',
      'apra',
    ]);
    expect(ALL_REGIMES).toHaveLength(23);
  });
});

describe('the holiday tables', () => {
  const nth = (year: number, month: number, weekday: number, n: number): Day => {
    let day: Day = { year, month, day: 1 };
    while (weekdayOf(day) !== weekday) day = addDays(day, 1);
    return addDays(day, 7 * (n - 1));
  };
  const last = (year: number, month: number, weekday: number): Day => {
    let day = addDays(addMonths({ year, month, day: 1 }, 1), -1);
    while (weekdayOf(day) !== weekday) day = addDays(day, -1);
    return day;
  };
  const observed = (day: Day): Day => addDays(day, weekdayOf(day) === 6 ? -1 : weekdayOf(day) === 0 ? 1 : 0);

  it('of the United States agrees with the rules of 5 USC 6103', () => {
    const expected: string[] = [];
    for (const year of [2026, 2027, 2028, 2029]) {
      const fixed = [
        [1, 1],
        [6, 19],
        [7, 4],
        [11, 11],
        [12, 25],
      ].map(([month, day]) => observed({ year, month: month!, day: day! }));
      const moving = [
        nth(year, 1, 1, 3),
        nth(year, 2, 1, 3),
        last(year, 5, 1),
        nth(year, 9, 1, 1),
        nth(year, 10, 1, 2),
        nth(year, 11, 4, 4),
      ];
      expected.push(...[...fixed, ...moving].map(isoDay));
    }
    const known = expected.filter((day) => day >= '2026-01-01' && day <= '2028-12-31').sort();
    expect([...HOLIDAY_TABLES['us-federal'].days].sort()).toEqual(known);
  });

  it('have no weekend day and no day twice', () => {
    for (const table of Object.values(HOLIDAY_TABLES)) {
      expect(new Set(table.days).size).toBe(table.days.length);
      const weekend = table.days.filter((text) => [0, 6].includes(new Date(`${text}T00:00:00Z`).getUTCDay()));
      expect(weekend).toEqual([]);
    }
  });
});

describe('for every zone and moment', () => {
  const zones = fc.constantFrom(
    BERLIN,
    NEW_YORK,
    LA,
    'Asia/Kolkata',
    'Asia/Beirut',
    'America/Santiago',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Asia/Kathmandu',
    'UTC',
    'Africa/Cairo',
  );
  const moments = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });

  it('the end of a day is its last second', () => {
    fc.assert(
      fc.property(zones, moments, (zone, at) => {
        const day = dayOf(at, zone);
        const end = endOf(day, zone);
        expect(isoDay(dayOf(end, zone))).toBe(isoDay(day));
        expect(isoDay(dayOf(end + 1000, zone))).toBe(isoDay(addDays(day, 1)));
        expect(end).toBeGreaterThanOrEqual(Math.floor(at / 1000) * 1000);
      }),
    );
  });

  it('a period of business days ends on a business day and never before that many days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 30 }), (shift, count) => {
        const from = addDays({ year: 2026, month: 1, day: 1 }, shift);
        const end = addBusinessDays(from, count, HOLIDAY_TABLES['us-federal']);
        if (!end) return;
        expect([0, 6]).not.toContain(weekdayOf(end));
        expect(HOLIDAY_TABLES['us-federal'].days).not.toContain(isoDay(end));
        expect(isoDay(end) >= isoDay(addDays(from, count))).toBe(true);
      }),
    );
  });
});
