// What can never be handled ends: it is kept, said and in nobody's way.
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_TRIES } from '../../src/chat/arrivals.ts';
import { selfTest } from '../../src/commands/doctor.ts';
import { createMetrics } from '../../src/metrics.ts';
import { TEAM } from '../doubles/fake-slack-api.ts';
import { idOf, SlackWorld } from './world.ts';

/** A reaction to a message in a channel that Slack will never let us read. */
const unreadable = (emoji: string, id: string) => ({
  type: 'event_callback',
  team_id: TEAM,
  event_id: id,
  event: {
    type: 'reaction_added',
    user: idOf('mira'),
    reaction: emoji,
    item: { type: 'message', channel: 'C0NOTOURS', ts: '1700000000.000100' },
  },
});

const DAY_MS = 86_400_000;

describe('a delivery that can never be handled', () => {
  let w: SlackWorld;
  afterEach(() => w.end());

  const mine = async () => (await w.store.arrivals.unhandled('slack:')).map((a) => [a.id, a.tries]);
  const again = async (): Promise<void> => {
    await w.crash();
    w = await w.restart();
  };
  const doctorSays = async (): Promise<string> =>
    (await selfTest(w.services)).find((r) => r.name === 'Inbox')?.says ?? 'no row';

  it('is tried at so many starts, then given up, on record, said to its author, and kept', async () => {
    w = await SlackWorld.start({ transport: 'socket', waits: { retryMs: 1 } });
    const { channel } = await w.open('mira');
    await w.store.arrivals.keep('slack:event:EvStuck', JSON.stringify(unreadable('pushpin', 'EvStuck')));
    for (let tries = 2; tries <= MAX_TRIES; tries += 1) {
      await again();
      await w.until(async () => (await mine())[0]?.[1] === tries);
    }
    expect(await w.records('delivery.given-up')).toHaveLength(0);
    expect(await doctorSays()).toContain('1 wait');
    await again();
    await w.until(async () => (await mine()).length === 0);
    await w.settled();

    const [record, ...others] = await w.records('delivery.given-up');
    expect(others).toEqual([]);
    expect(record?.record.body).toMatchObject({
      platform: 'slack',
      delivery: 'slack:event:EvStuck',
      kind: 'reaction',
      author: { id: idOf('mira') },
      tries: MAX_TRIES,
      because: 'tries',
      stands: [],
    });
    expect(w.private('mira')).toMatch(
      /could not handle your emoji: each of 5 tries failed.*Nothing of it is on record/s,
    );
    expect(await doctorSays()).toMatch(/1 of what people sent.*could not be handled.*slack:event:EvStuck/);
    expect((await w.store.arrivals.state()).givenUp).toMatchObject([{ id: 'slack:event:EvStuck', tries: MAX_TRIES }]);
    // Also when Slack delivers it again, and at the next start.
    expect(await w.store.arrivals.keep('slack:event:EvStuck', '{}')).toBe(false);
    await again();
    await w.command('mira', 'timeline add still at work at 08:00Z', channel);
    expect(await w.records('timeline.event-added')).toHaveLength(1);
    expect(await w.records('delivery.given-up')).toHaveLength(1);
  });

  it('stands in nobody\u2019s way: what came after it is handled at the same start', async () => {
    w = await SlackWorld.start({ transport: 'socket', waits: { retryMs: 1 } });
    const { channel } = await w.open('mira');
    await w.store.arrivals.keep('slack:event:EvTorn', 'not even JSON');
    const body = {
      command: '/ir',
      text: 'timeline add VPN rebooted at 08:00Z',
      team_id: TEAM,
      channel_id: channel,
      user_id: idOf('mira'),
      trigger_id: 'tr-after',
      response_url: `${w.fake.base}/response/gone`,
    };
    await w.store.arrivals.keep('slack:command:tr-after', JSON.stringify(body));
    await again();
    await w.until(async () => (await mine()).length === 1);
    expect((await mine())[0]?.[0]).toBe('slack:event:EvTorn');
    expect(await w.records('timeline.event-added')).toHaveLength(1);
    for (let i = 0; i < MAX_TRIES; i += 1) await again();
    await w.until(async () => (await mine()).length === 0);
    expect((await w.records('delivery.given-up'))[0]?.record.body).toMatchObject({ kind: 'unknown', author: null });
  });

  it('an order older than a day is not carried out any more: its author is told to say it again', async () => {
    let ageMs = 0;
    w = await SlackWorld.start({
      transport: 'socket',
      store: (s) => ({
        ...s,
        arrivals: {
          ...s.arrivals,
          unhandled: async (prefix) =>
            (await s.arrivals.unhandled(prefix)).map((a) => ({ ...a, atMs: a.atMs - ageMs })),
        },
      }),
    });
    const { channel } = await w.open('mira');
    const body = {
      command: '/ir',
      text: 'status phase containment',
      team_id: TEAM,
      channel_id: channel,
      user_id: idOf('mira'),
      trigger_id: 'tr-old',
      response_url: `${w.fake.base}/response/gone`,
    };
    await w.store.arrivals.keep('slack:command:tr-old', JSON.stringify(body));
    ageMs = DAY_MS + 60_000;
    await again();
    await w.until(async () => (await mine()).length === 0);
    await w.settled();
    expect(w.private('mira')).toMatch(/could not handle your command: it waited for more than a day/);
    expect(w.private('mira')).toContain('status phase containment');
    expect((await w.services.incidents.load('INC-1')).state.incident.phase).not.toBe('containment');
  });

  it('nobody is told of what nobody asked for', async () => {
    w = await SlackWorld.start({ transport: 'socket', waits: { retryMs: 1 } });
    await w.store.arrivals.keep('slack:event:EvThumb', JSON.stringify(unreadable('thumbsup', 'EvThumb')));
    for (let i = 0; i < MAX_TRIES; i += 1) await again();
    await w.until(async () => (await w.records('delivery.given-up')).length === 1);
    await w.settled();
    expect(w.private('mira')).not.toContain('could not handle');
  });

  it('is counted where health and metrics are asked', async () => {
    w = await SlackWorld.start({ transport: 'socket' });
    await w.store.arrivals.keep('slack:event:Ev1', '{}');
    await w.store.arrivals.giveUp('slack:event:Ev1');
    await w.store.arrivals.keep('slack:event:Ev2', '{}');
    const asked = async (path: '/healthz' | '/metrics'): Promise<string> => {
      let said = '';
      const response = {
        writeHead: () => response,
        end: (text: string) => {
          said = text;
        },
      };
      await createMetrics(w.store).answer(path, response as never);
      return said;
    };
    expect(JSON.parse(await asked('/healthz'))).toMatchObject({ status: 'ok', inbox: { waiting: 1, givenUp: 1 } });
    const metrics = await asked('/metrics');
    expect(metrics).toMatch(/^countersign_inbox_waiting 1$/m);
    expect(metrics).toMatch(/^countersign_inbox_given_up 1$/m);
  });
});
