// What a line leaves out is completed, told, and can be corrected by a person.
import { describe, expect, it } from 'vitest';
import { buildTimeline } from '../../../src/timeline/build.ts';
import { readEntries } from '../../../src/timeline/entries.ts';
import type { ReadOptions } from '../../../src/timeline/types.ts';

const BASE: ReadOptions = { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' };
const read = (text: string, options: Partial<ReadOptions> = {}) => {
  const [first] = readEntries(Buffer.from(text), { ...BASE, ...options }).filter((e) => e.kind === 'entry');
  return (
    first && { at: first.occurredAt, assumed: first.assumed, zoneBasis: first.zoneBasis, precision: first.precision }
  );
};

describe('assumptions', () => {
  it('a line that states everything assumes nothing', () => {
    expect(read('2026-11-19T08:15:30.123+01:00 web1 app: x')).toEqual({
      at: '2026-11-19T07:15:30.123Z',
      assumed: [],
      zoneBasis: 'stated',
      precision: 'ms',
    });
  });
  it('a year-less line takes the nearest past year and says so', () => {
    expect(read('Dec 31 23:59:58 web1 sshd[9]: x')).toMatchObject({
      at: '2025-12-31T23:59:58.000Z',
      assumed: ['year', 'zone'],
    });
    expect(read('Nov 21 11:00:00 web1 sshd[9]: x')?.at).toBe('2026-11-21T11:00:00.000Z');
    expect(read('Nov 21 13:00:00 web1 sshd[9]: x')?.at).toBe('2025-11-21T13:00:00.000Z');
    expect(read('Feb 29 10:00:00 web1 sshd[9]: x')?.at).toBe('2024-02-29T10:00:00.000Z');
  });
  it('a bare time of day is the last such time, never a future one', () => {
    expect(read('11:59:00 [main] x')).toMatchObject({ at: '2026-11-20T11:59:00.000Z', assumed: ['date', 'zone'] });
    expect(read('12:01:00 [main] x')?.at).toBe('2026-11-19T12:01:00.000Z');
  });
  it('a zone-less line is read in the given zone, summer time included', () => {
    expect(read('2026-07-01 12:00:00 x', { zone: 'Europe/Berlin' })).toMatchObject({
      at: '2026-07-01T10:00:00.000Z',
      zoneBasis: 'assumed',
      assumed: ['zone'],
    });
    expect(read('2026-12-01 12:00:00 x', { zone: 'Europe/Berlin' })?.at).toBe('2026-12-01T11:00:00.000Z');
  });
  it('a zone that a person set is the incident’s, no assumption', () => {
    expect(read('2026-07-01 12:00:00 x', { zone: 'Europe/Berlin', zoneIsKnown: true })).toMatchObject({
      zoneBasis: 'incident',
      assumed: [],
    });
  });
  it('a format that is UTC by definition takes its zone from there', () => {
    expect(
      read('2026-11-19 08:15:30 10.0.0.1 POST /owa - 443 - 203.0.113.9 Mozilla/5.0 - 200 0 0 15', {
        zone: 'Asia/Tokyo',
      }),
    ).toMatchObject({ at: '2026-11-19T08:15:30.000Z', zoneBasis: 'source', assumed: [] });
  });
  it('an open day and month order is flagged, settled by a neighbour, or set by a person', () => {
    expect(read('03/04/2026 08:00:00 login failed')).toMatchObject({
      at: '2026-03-04T08:00:00.000Z',
      assumed: ['dayMonthOrder', 'zone'],
    });
    expect(read('03/04/2026 08:00:00 login failed\n25/04/2026 09:00:00 login failed')).toMatchObject({
      at: '2026-04-03T08:00:00.000Z',
      assumed: ['zone'],
    });
    expect(read('03/04/2026 08:00:00 login failed', { overrides: { dayMonthOrder: 'dayFirst' } })).toMatchObject({
      at: '2026-04-03T08:00:00.000Z',
      assumed: ['zone'],
    });
  });
  it('a year that is given is of the first line, and of the months after a New Year the next', () => {
    const line = (day: string, i: number) =>
      `${day} 08:00:${String(i).padStart(2, '0')} web1 sshd[9]: Failed password for root from 203.0.113.9 port 41 ssh2`;
    const days = ['Nov 30', 'Dec  1', 'Dec 31', 'Jan  1', 'Feb 28'];
    const text = days.flatMap((day) => Array.from({ length: 60 }, (_, i) => line(day, i))).join('\n');
    const options: ReadOptions = { ...BASE, overrides: { year: 2023, firstMonth: 12 } };
    const years = ['2023-11-30', '2023-12-01', '2023-12-31', '2024-01-01', '2024-02-28'];
    // Line by line, and by the shapes of the lines.
    const entries = readEntries(Buffer.from(text), options).flatMap((e) =>
      e.kind === 'entry' ? [e.occurredAt?.slice(0, 10)] : [],
    );
    expect(entries).toEqual(years.flatMap((day) => Array.from({ length: 60 }, () => day)));
    const { receipt } = buildTimeline(Buffer.from(text), options);
    expect([receipt.firstAt, receipt.lastAt, receipt.entries]).toEqual([
      '2023-11-30T08:00:00.000Z',
      '2024-02-28T08:00:59.000Z',
      300,
    ]);
  });
  it('a year and a clock offset can be set for a source', () => {
    expect(read('Nov 19 08:15:30 web1 sshd[9]: x', { overrides: { year: 2024, clockOffsetMs: 90_000 } })).toMatchObject(
      { at: '2024-11-19T08:17:00.000Z', assumed: ['zone'] },
    );
  });
  it('a date that does not exist is never rolled over', () => {
    expect(read('2026-02-30 08:15:30 x')).toMatchObject({ at: null, assumed: [] });
  });
  it('the inner time of a carried record wins, but not when it lies in the future', () => {
    expect(
      read('Nov 19 08:15:31 lb haproxy[1]: 203.0.113.9:33320 [19/Nov/2026:08:15:30.655] f b/s 0/0/1/1/2 200 7')?.at,
    ).toBe('2026-11-19T08:15:30.655Z');
    expect(
      read('Nov 19 08:15:31 lb haproxy[1]: 203.0.113.9:33320 [19/Nov/2027:08:15:30.655] f b/s 0/0/1/1/2 200 7')?.at,
    ).toBe('2026-11-19T08:15:31.000Z');
  });
  it('a carrier’s zone serves an inner time without one', () => {
    expect(
      read('2026-11-19T09:15:30+01:00 fw.example 1,2026/11/19 09:15:30,0042,THREAT,url,1,2026/11/19 09:15:30,192.0.2.1')
        ?.at,
    ).toBe('2026-11-19T08:15:30.000Z');
  });
});
