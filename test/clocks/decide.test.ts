import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockRemindersDue } from '../../src/notice/clock-slice.ts';
import { clockLines, openClocks, remindersOf } from '../../src/notice/clocks/board.ts';
import { decideClock } from '../../src/notice/clocks/decide.ts';
import { evolveClocks, noClocks } from '../../src/notice/clocks/evolve.ts';
import type { ClockCommand, ClockContext, ClockRefusal, ClockState } from '../../src/notice/clocks/types.ts';

const NOW = Date.UTC(2026, 10, 20, 16, 0);
const HOUR = 3_600_000;
const BERLIN = 'Europe/Berlin';

function context(more: Partial<ClockContext> = {}): ClockContext {
  return { now: NOW, actor: { kind: 'human', key: 'web:noor' }, roles: ['legal'], enabled: new Set(), ...more };
}

function play(commands: readonly (readonly [ClockCommand, Partial<ClockContext>?])[]): {
  readonly state: ClockState;
  readonly refusals: readonly ClockRefusal[];
  readonly types: readonly string[];
} {
  let state = noClocks;
  const refusals: ClockRefusal[] = [];
  const types: string[] = [];
  for (const [command, more] of commands) {
    const decided = decideClock(command, state, context(more));
    if ('kind' in decided) refusals.push(decided);
    else {
      types.push(...decided.map((record) => record.type));
      state = decided.reduce(evolveClocks, state);
    }
  }
  return { state, refusals, types };
}

const trigger = (regime: string, anchor: string, at: number, reason = ''): ClockCommand => ({
  kind: 'setTrigger',
  regime,
  anchor,
  at,
  zone: BERLIN,
  reason,
});
const mark = (
  regime: string,
  as: 'applies' | 'does-not-apply' | 'unknown',
  reason = 'Counsel said so',
): ClockCommand => ({ kind: 'mark', regime, mark: as, reason });
const submit = (rule: string, at: number): ClockCommand => ({
  kind: 'submit',
  rule,
  at,
  zone: BERLIN,
  reference: 'Receipt 17',
});
const line = (state: ClockState, rule: string, now = NOW) =>
  clockLines(state, now).find((one) => one.rule.id === rule)!;

describe('abuse B10 of the clocks: only a person starts one', () => {
  it.each(['bot', 'system'] as const)('a %s is refused for every command', (kind) => {
    const commands = [trigger('gdpr', 'aware', NOW), mark('gdpr', 'applies'), submit('gdpr-authority', NOW)];
    const { refusals, state } = play(commands.map((command) => [command, { actor: { kind, key: kind } }] as const));
    expect(refusals.map((one) => one.code)).toEqual(['not-human', 'not-human', 'not-human']);
    expect(state).toEqual(noClocks);
  });

  it('a person without the role is told who can', () => {
    const { refusals } = play([[trigger('gdpr', 'aware', NOW), { roles: ['responder'] }]]);
    expect(refusals[0]).toMatchObject({
      code: 'not-allowed',
      message: expect.stringMatching(/commander, the deputy or counsel/),
    });
  });
});

describe('a trigger', () => {
  it('starts every deadline that counts from it', () => {
    const { state, types } = play([[trigger('nis2', 'aware', NOW - HOUR)]]);
    expect(types).toEqual(['clock.started']);
    expect(line(state, 'nis2-early-warning')).toMatchObject({
      standing: 'running',
      dueAt: NOW + 23 * HOUR,
      mark: 'unknown',
    });
    expect(line(state, 'nis2-notification').dueAt).toBe(NOW + 71 * HOUR);
    expect(line(state, 'nis2-final').standing).toBe('waiting');
  });

  it.each([
    ['still to come', { at: NOW + HOUR }, 'in-the-future'],
    ['in no known zone', { zone: 'Berlin' }, 'bad-zone'],
    ['not a time', { at: Number.NaN }, 'bad-time'],
    ['of another regime', { anchor: 'classified' }, 'no-such-clock'],
    ['of no regime', { regime: 'gdpr2' }, 'no-such-clock'],
    ['of an object every object has', { regime: '__proto__' }, 'no-such-clock'],
  ])('%s is refused', (_name, wrong, code) => {
    const command = { ...trigger('gdpr', 'aware', NOW), ...wrong } as ClockCommand;
    expect(play([[command]]).refusals[0]?.code).toBe(code);
  });

  it('is corrected with a reason only; both are kept, and the earliest is shown beside the chosen one', () => {
    const { state, refusals, types } = play([
      [trigger('gdpr', 'aware', NOW - 10 * HOUR)],
      [trigger('gdpr', 'aware', NOW - 2 * HOUR)],
      [trigger('gdpr', 'aware', NOW - 2 * HOUR, 'The first alert was another matter')],
    ]);
    expect(refusals.map((one) => one.code)).toEqual(['reason-missing']);
    expect(types).toEqual(['clock.started', 'clock.trigger-corrected']);
    expect(line(state, 'gdpr-authority')).toMatchObject({
      dueAt: NOW + 70 * HOUR,
      trigger: { reason: 'The first alert was another matter', by: 'web:noor' },
      earliest: { dueAt: NOW + 62 * HOUR },
    });
    expect(state.triggers['gdpr']?.['aware']).toHaveLength(2);
  });
});

describe('a mark', () => {
  it('needs a reason', () => {
    expect(play([[mark('gdpr', 'applies', ' ')]]).refusals[0]?.code).toBe('reason-missing');
  });

  it('of unknown keeps ticking, does not apply stops, and applies ticks again', () => {
    const started = [trigger('gdpr', 'aware', NOW)] as const;
    const standing = (as: 'applies' | 'does-not-apply' | 'unknown') =>
      line(play([[started[0]], [mark('gdpr', as)]]).state, 'gdpr-authority').standing;
    expect([standing('unknown'), standing('does-not-apply'), standing('applies')]).toEqual([
      'running',
      'not-applicable',
      'running',
    ]);
  });

  it('shows the regime with what it waits for before any trigger is set', () => {
    expect(line(play([[mark('dora', 'unknown')]]).state, 'dora-initial')).toMatchObject({
      standing: 'waiting',
      deadline: { forAnchor: 'classified' },
    });
  });
});

describe('a submission', () => {
  it('meets its deadline, or meets it late, and starts what is chained to it', () => {
    const dora = [[trigger('dora', 'aware', NOW - 5 * HOUR)], [trigger('dora', 'classified', NOW - 5 * HOUR)]] as const;
    const inTime = play([...dora, [submit('dora-initial', NOW - 2 * HOUR)]]).state;
    const late = play([...dora, [submit('dora-initial', NOW)]]).state;
    expect(line(inTime, 'dora-initial').standing).toBe('met');
    expect(line(late, 'dora-initial').standing).toBe('met-late');
    expect(line(inTime, 'dora-intermediate')).toMatchObject({ standing: 'running', dueAt: NOW + 70 * HOUR });
  });

  it('is refused before the clock is started', () => {
    expect(play([[submit('gdpr-authority', NOW)]]).refusals[0]?.code).toBe('not-started');
  });
});

describe('a deferral', () => {
  it('is refused where no statute gives one, and moves the deadline where one does', () => {
    const until = NOW + 400 * 24 * HOUR;
    const { refusals, state } = play([
      [trigger('gdpr', 'aware', NOW)],
      [{ kind: 'defer', rule: 'gdpr-authority', until, basis: 'We are busy' }],
      [trigger('sec', 'material', NOW)],
      [{ kind: 'defer', rule: 'sec-8k', until, basis: 'Letter of the Attorney General, 12 November' }],
    ]);
    expect(refusals.map((one) => one.code)).toEqual(['cannot-defer']);
    expect(line(state, 'sec-8k')).toMatchObject({
      dueAt: until,
      deferredBasis: 'Letter of the Attorney General, 12 November',
    });
  });
});

describe('a switched-off row', () => {
  it('is refused with the reason until the organisation switches it on', () => {
    const command = trigger('circia', 'believed', NOW);
    expect(play([[command]]).refusals[0]).toMatchObject({
      code: 'switched-off',
      message: expect.stringMatching(/not in force/),
    });
    expect(play([[command, { enabled: new Set(['circia']) }]]).refusals).toEqual([]);
  });

  it('that was switched off again can still be met', () => {
    const on = { enabled: new Set(['circia']) };
    expect(play([[trigger('circia', 'believed', NOW), on], [submit('circia-incident', NOW)]]).refusals).toEqual([]);
  });
});

describe('a row past its expiry', () => {
  it('still counts, and is marked for counsel', () => {
    const { state, refusals } = play([[trigger('gdpr', 'aware', NOW), { now: Date.UTC(2030, 0) }]]);
    expect(refusals).toEqual([]);
    expect(line(state, 'gdpr-authority', Date.UTC(2030, 0)).isStale).toBe(true);
    expect(line(state, 'gdpr-authority').isStale).toBe(false);
  });
});

describe('reminders', () => {
  const { state } = play([[trigger('gdpr', 'aware', NOW)]]);

  it('come at half, 75 %, 90 % and when due', () => {
    expect(remindersOf(state, NOW).map((one) => [one.kind, (one.at - NOW) / HOUR])).toEqual([
      ['half', 36],
      ['three-quarters', 54],
      ['nine-tenths', 64.8],
      ['due', 72],
    ]);
  });

  it('stop when the thing is submitted', () => {
    expect(
      remindersOf(
        evolveClocks(state, {
          type: 'clock.submitted',
          body: {
            at: '',
            by: 'x',
            rule: 'gdpr-authority',
            submittedAt: new Date(NOW).toISOString(),
            zone: BERLIN,
            reference: 'r',
          },
        }),
        NOW,
      ),
    ).toEqual([]);
  });

  it('catch up with one a clock after a long sleep', () => {
    const due = clockRemindersDue({ state, reminded: [] }, NOW + 100 * HOUR);
    expect(due.map((one) => [one.reminder.kind, one.passed.length])).toEqual([['due', 4]]);
  });

  it('are given once each, whatever the moments at which somebody looks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 80 * 60 }), { maxLength: 40 }), (minutes) => {
        const looks = minutes.map((m) => NOW + m * 60_000);
        let reminded: readonly string[] = [];
        const given: string[] = [];
        for (const now of looks) {
          const due = clockRemindersDue({ state, reminded }, now);
          given.push(...due.map((one) => one.reminder.id));
          reminded = [...reminded, ...due.flatMap((one) => one.passed)];
        }
        expect(new Set(given).size).toBe(given.length);
        if (Math.max(...looks, NOW) >= NOW + 72 * HOUR) expect(given.some((id) => id.endsWith(':due'))).toBe(true);
      }),
    );
  });
});

describe('the close of an incident', () => {
  it('is blocked by running, overdue and owed clocks, not by met and ruled-out ones', () => {
    const { state } = play([
      [trigger('gdpr', 'aware', NOW)],
      [trigger('cert-in', 'noticed', NOW)],
      [mark('cert-in', 'does-not-apply')],
    ]);
    expect(openClocks(state, NOW + 80 * HOUR).map((one) => [one.rule.id, one.standing])).toEqual([
      ['gdpr-authority', 'overdue'],
      ['gdpr-people', 'owed'],
    ]);
  });
});
