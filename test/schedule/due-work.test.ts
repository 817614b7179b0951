import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerRecord } from '../../src/audit/record.ts';
import { briefingDuty } from '../../src/notice/decide-briefing.ts';
import { evolveNotices } from '../../src/notice/evolve.ts';
import { type Notices, noNotices } from '../../src/notice/types.ts';
import { isRefusal } from '../../src/refusal.ts';
import { readDue } from '../../src/schedule/due-at.ts';
import { harness, replyText } from '../harness.ts';

const START = Date.parse('2026-11-20T12:00:00Z');
const iso = (minute: number): string => new Date(START + minute * 60_000).toISOString();
const CADENCE = 60;
const record = (type: string, body: unknown, at: string): LedgerRecord =>
  ({ type, body, ts: at, actor: { kind: 'system', platform: 'x', tenant: 'x', id: 'x', label: 'x' } }) as never;

/** What one look at one moment writes. */
function look(state: Notices, dueAt: string, at: string): Notices {
  const duty = briefingDuty(state, dueAt, CADENCE, at);
  if (!duty) return state;
  return duty.kind === 'remind'
    ? evolveNotices(state, record('briefing.due', { dueAt, draft: {} }, at))
    : evolveNotices(state, record('briefing.escalated', { to: duty.to }, at));
}

describe('due work', () => {
  it('misses no reminder and doubles none, however the clock and the looks fall', () => {
    fc.assert(
      fc.property(
        // Minutes between looks: many at once, none for hours, and a clock that jumps back.
        fc.array(fc.integer({ min: -30, max: 300 }), { minLength: 1, maxLength: 60 }),
        (steps) => {
          let [minute, state] = [0, noNotices];
          let latest = 0;
          for (const step of steps) {
            minute = Math.max(0, minute + step);
            latest = Math.max(latest, minute);
            // A look may be repeated: two servers, or a restart right after.
            state = look(look(state, iso(CADENCE), iso(minute)), iso(CADENCE), iso(minute));
          }
          expect(state.reminder.given).toBe(latest >= CADENCE ? 1 : 0);
          expect(state.reminder.escalatedTo.length).toBeLessThanOrEqual(2);
          expect(new Set(state.reminder.escalatedTo).size).toBe(state.reminder.escalatedTo.length);
        },
      ),
    );
  });

  it('is done by one of two servers on the same database', async () => {
    const first = await harness();
    const { in: place } = await first.open('mira');
    const second = await harness({ folder: first.folder, now: first.clock.now });
    second.clock.now = first.clock.now = first.clock.now + 61 * 60_000;
    await Promise.all([first.pass(0), second.pass(0)]);
    const due = await first.services.store.find({ incident: 'INC-1', typePrefix: 'briefing.due' });
    expect(due).toHaveLength(1);
    expect(replyText(await second.type('bo', 'status', { in: place }))).toContain('overdue');
    await second.services.store.close();
    await first.end();
  });

  it('names every stream once, however many records each has', async () => {
    const h = await harness();
    for (let i = 0; i < 3; i += 1) await h.open('mira');
    expect((await h.services.store.streams()).filter((s) => s.startsWith('INC-'))).toEqual(['INC-1', 'INC-2', 'INC-3']);
    await h.end();
  });
});

describe('times that lie ahead', () => {
  const read = (typed: string): string => {
    const at = readDue(typed, { nowAt: '2026-11-20T12:00:00.000Z', zone: 'Europe/Berlin' });
    return isRefusal(at) ? at.code : at;
  };
  it.each([
    ['+30m', '2026-11-20T12:30:00.000Z'],
    ['2h', '2026-11-20T14:00:00.000Z'],
    ['14:00', '2026-11-20T13:00:00.000Z'],
    ['12:00', '2026-11-21T11:00:00.000Z'],
    ['13:30Z', '2026-11-20T13:30:00.000Z'],
    ['2026-11-20T16:00+01:00', '2026-11-20T15:00:00.000Z'],
    ['2026-11-19T16:00Z', 'past'],
    ['03/04', 'ambiguous-time'],
    ['soon', 'bad-time'],
  ])('reads %s as %s', (typed, at) => expect(read(typed)).toBe(at));

  it('keeps the wall time over the night the clocks change', () => {
    // 27 March 2027, 23:00 in Berlin: the next 01:30 stands before the jump, the next 03:30 after it.
    const when = { nowAt: '2027-03-27T22:00:00.000Z', zone: 'Europe/Berlin' };
    expect(readDue('01:30', when)).toBe('2027-03-28T00:30:00.000Z');
    expect(readDue('03:30', when)).toBe('2027-03-28T01:30:00.000Z');
  });
});
