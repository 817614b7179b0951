// Proofs of what Slack and the network do to us, each in both transports where it applies.
import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/types.ts';
import { FakeSlack } from '../doubles/fake-slack.ts';
import { idOf, SlackWorld } from './world.ts';

const ADD = 'timeline add VPN rebooted at 08:00Z';

describe.each(['socket', 'http'] as const)('Slack over %s', (transport) => {
  let w: SlackWorld;
  afterEach(() => w.end());

  it('proof 5: when the delivery cannot be stored it is not acknowledged; the retry is taken once', async () => {
    let isFailing = false;
    const store = (s: Store): Store => ({
      ...s,
      arrivals: {
        ...s.arrivals,
        async keep(id, body) {
          if (isFailing) throw new Error('disk full');
          return s.arrivals.keep(id, body);
        },
      },
    });
    w = await SlackWorld.start({ transport, store });
    const { channel } = await w.open('mira');
    const said = w.fake.workspace.say(idOf('mira'), channel, `<@U0BOT> ${ADD}`);
    w.fake.ackMs = 400;
    isFailing = true;
    const refused = await w.fake.event({ ...said, type: 'app_mention' }, { event_id: 'Ev1' });
    expect(refused.acked).toBe(false);
    if (transport === 'http') expect(refused.status).toBe(500);
    isFailing = false;
    expect((await w.fake.event({ ...said, type: 'app_mention' }, { event_id: 'Ev1', retry: 1 })).acked).toBe(true);
    await w.settled();
    expect(await w.records('timeline.event-added')).toHaveLength(1);
  });

  it('proof 6: what was acknowledged and not handled is handled after the restart', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    // The process ends between the acknowledgement and the work: only the inbox knows.
    const body = {
      command: '/ir',
      text: ADD,
      team_id: 'T0EXAMPLE',
      channel_id: channel,
      user_id: idOf('mira'),
      trigger_id: 'tr-lost',
      response_url: `${w.fake.base}/response/gone`,
    };
    await w.store.arrivals.keep('slack:command:tr-lost', JSON.stringify(body));
    await w.crash();
    w = await w.restart();
    await w.until(async () => (await w.store.arrivals.unhandled('slack:')).length === 0);
    await w.settled();
    expect(await w.records('timeline.event-added')).toHaveLength(1);
    expect(w.text('mira', channel)).toMatch(/VPN rebooted|TE-1/);
  });

  it('the pinned card is found again after a restart and edited in place', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    const before = w.fake.workspace.messages.filter((m) => m.channel === channel && !m.onlyFor).length;
    await w.crash();
    w = await w.restart();
    await w.command('mira', 'status severity SEV1 data is leaving', channel);
    const after = w.fake.workspace.messages.filter((m) => m.channel === channel && !m.onlyFor);
    expect(
      after.filter((m) => JSON.stringify(m.blocks).includes('INC-1') && Number(m['edited'] ?? 0) > 0).length,
    ).toBeGreaterThan(0);
    expect(after.length).toBeLessThanOrEqual(before + 1);
    expect(w.fake.workspace.pins).toHaveLength(1);
  });

  it('a message whose posting broke off is not posted twice', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    const place = { platform: 'slack', tenant: 'T0EXAMPLE', id: channel };
    const view = { view: { summary: 'once', tone: null, elements: [] }, tokens: [] };
    w.fake.trouble('chat.postMessage', { kind: 'dropped', isDone: true });
    await expect(w.adapter.port.post(place, view, { key: 'once' })).rejects.toThrow();
    await w.adapter.port.post(place, view, { key: 'once' });
    expect(w.fake.workspace.messages.filter((m) => m.text === 'once')).toHaveLength(1);
  });

  it('proof 11: a 429 on the traffic delays no approval, and what waited arrives afterwards', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    const place = { platform: 'slack', tenant: 'T0EXAMPLE', id: channel };
    w.fake.trouble('chat.postMessage', { kind: 'rate-limited', afterSeconds: 2 });
    const view = (summary: string) => ({ view: { summary, tone: null, elements: [] }, tokens: [] });
    await expect(w.adapter.port.post(place, view('traffic'), { key: 'traffic' })).rejects.toMatchObject({
      name: 'TryLater',
      afterMs: 2000,
    });
    const startedMs = Date.now();
    await w.adapter.port.post(place, view('decision'), { key: 'decision', isUrgent: true });
    expect(Date.now() - startedMs, 'it does not wait as traffic has to').toBeLessThan(2000);
    await expect(w.adapter.port.post(place, view('traffic'), { key: 'traffic' })).rejects.toMatchObject({
      name: 'TryLater',
    });
    await w.until(async () => {
      try {
        await w.adapter.port.post(place, view('traffic'), { key: 'traffic' });
        return true;
      } catch {
        return false;
      }
    });
    expect(w.fake.workspace.messages.filter((m) => m.text === 'traffic')).toHaveLength(1);
  });

  it('somebody whom Slack calls a guest, a bot, a stranger or gone approves nothing; nor does an unanswered question', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    await w.command('tomas', 'contain isolate-host web-01', channel);
    await w.fill('tomas', {
      reason: 'The root password of web-01 was guessed, see the log',
      'param.keep-management': 'true',
      'keep.sessions': 'kept',
      'keep.sessions.note': 'ticket',
      executor: 'tomas',
    });
    const { on, value } = w.find('ife', /^Approve/, channel);
    const ife = w.fake.workspace.users.get(idOf('ife'))!;
    for (const more of [
      { deleted: true },
      { is_restricted: true },
      { is_ultra_restricted: true },
      { is_stranger: true },
      { is_bot: true },
      { team_id: 'T0OTHER' },
    ]) {
      w.fake.workspace.users.set(idOf('ife'), { ...ife, ...more });
      await w.fake.click(idOf('ife'), on, value);
      await w.settled();
      expect(await w.records('approval.granted'), JSON.stringify(more)).toHaveLength(0);
    }
    w.fake.workspace.users.set(idOf('ife'), ife);
    for (let i = 0; i < 6; i += 1) w.fake.trouble('users.info', { kind: 'status', status: 500 });
    await w.fake.click(idOf('ife'), on, value);
    await w.settled();
    expect(await w.records('approval.granted')).toHaveLength(0);
    w.fake.endTrouble('users.info');
    await w.fake.click(idOf('ife'), on, value);
    await w.settled();
    expect(await w.records('approval.granted')).toHaveLength(1);
  });

  it('proof 13: 500, a page, a dropped connection and invalid_auth at the start leave the program alive, red, and trying', async () => {
    const fake = await FakeSlack.start(transport);
    fake.trouble(
      'auth.test',
      { kind: 'status', status: 500 },
      { kind: 'page' },
      { kind: 'dropped' },
      ...Array.from({ length: 3 }, () => ({ kind: 'error', error: 'invalid_auth' }) as const),
    );
    w = await SlackWorld.start({ transport, fake, isPatient: true });
    await w.until(() => fake.callsOf('auth.test').length >= 4);
    expect((await w.adapter.doctor?.())?.find((r) => r.state === 'bad')?.says).toContain('COUNTERSIGN_SLACK_BOT_TOKEN');
    expect((await fake.command(idOf('mira'), 'C0LOBBY', 'help')).acked).toBe(false);
    await w.until(async () => (await fake.command(idOf('mira'), 'C0LOBBY', 'help')).acked, 15_000);
    await w.settled();
    expect(w.text('mira', 'C0LOBBY')).toContain('Eleven verbs');
  });

  it('a delivery for another workspace is left alone', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    const delivered = await w.fake.deliver('slash_commands', {
      command: '/ir',
      text: ADD,
      team_id: 'T0OTHER',
      channel_id: channel,
      user_id: idOf('mira'),
      trigger_id: 'tr-other',
    });
    expect(delivered.acked).toBe(true);
    await w.settled();
    expect(await w.records('timeline.event-added')).toHaveLength(0);
  });

  it('a token without a scope, or that Slack refuses, is a red row of the self test that says what to do', async () => {
    w = await SlackWorld.start({ transport });
    expect((await w.adapter.doctor?.())?.filter((r) => r.state === 'bad')).toEqual([]);
    w.fake.workspace.scopes = w.fake.workspace.scopes.filter((s) => s !== 'files:read');
    const rows = (await w.adapter.doctor?.()) ?? [];
    expect(rows.find((r) => r.state === 'bad')?.says).toMatch(/files:read.*Install App/);
    w.fake.trouble('auth.test', { kind: 'error', error: 'invalid_auth' });
    expect((await w.adapter.doctor?.())?.find((r) => r.state === 'bad')?.says).toContain('COUNTERSIGN_SLACK_BOT_TOKEN');
  });
});

describe('Slack over http', () => {
  it('proof 10, abuse B7: badly signed, stale and future requests are refused with 401 and leave nothing behind', async () => {
    const w = await SlackWorld.start({ transport: 'http' });
    try {
      for (const options of [{ isBadlySigned: true }, { clockOffSeconds: -600 }, { clockOffSeconds: 600 }]) {
        const delivered = await w.fake.command(idOf('mira'), 'C0LOBBY', 'open', options);
        expect(delivered.status).toBe(401);
      }
      await w.settled();
      expect(await w.store.arrivals.unhandled('')).toEqual([]);
      expect(w.fake.workspace.views).toEqual([]);
    } finally {
      await w.end();
    }
  });
});

describe('Slack over http, away for a while', () => {
  it('proof 12: what was said while nothing answered is found at the start, once, in threads too', async () => {
    let w = await SlackWorld.start({ transport: 'http' });
    try {
      const { channel } = await w.open('mira');
      const root = w.fake.workspace.say(idOf('bo'), channel, 'what do we know?');
      await w.crash();
      const said = w.fake.workspace.say(idOf('mira'), channel, `<@U0BOT> ${ADD}`);
      const event = { ...said, channel_type: 'channel' };
      expect((await w.fake.event(event, { event_id: 'Ev1' })).acked).toBe(false);
      w.fake.workspace.say(idOf('noor'), channel, '<@U0BOT> timeline add VPN came back at 08:10Z', {
        thread_ts: root.ts,
      });
      w = await w.restart();
      await w.until(async () => (await w.records('timeline.event-added')).length === 2);
      // Slack tries the last time after all.
      expect((await w.fake.event(event, { event_id: 'Ev1', retry: 3 })).acked).toBe(true);
      await w.settled();
      expect(await w.records('timeline.event-added')).toHaveLength(2);
    } finally {
      await w.end();
    }
  });
});

describe('Slack over socket', () => {
  let w: SlackWorld;
  afterEach(() => w.end());

  it('proof 12: Slack recycles the connection; another opens, and what was said in the gap is found', async () => {
    w = await SlackWorld.start({ transport: 'socket' });
    const { channel } = await w.open('mira');
    const opened = w.fake.callsOf('apps.connections.open').length;
    w.fake.refresh();
    w.fake.workspace.say(idOf('mira'), channel, `<@U0BOT> ${ADD}`);
    await w.until(
      () => w.fake.callsOf('apps.connections.open').length > opened && w.adapter.connection()?.state === 'connected',
    );
    await w.until(async () => (await w.records('timeline.event-added')).length === 1);
    await w.settled();
    expect(await w.records('timeline.event-added')).toHaveLength(1);
    expect(w.changes).toEqual([]);
  });

  it('proof 13: 500, a page and a dropped connection while reopening are got over; it is noted when it lasted', async () => {
    w = await SlackWorld.start({ transport: 'socket' });
    await w.open('mira');
    w.fake.trouble(
      'apps.connections.open',
      { kind: 'status', status: 500 },
      { kind: 'page' },
      { kind: 'dropped' },
      { kind: 'status', status: 503 },
    );
    w.fake.cut();
    await w.until(() => w.adapter.connection()?.state !== 'connected');
    await w.until(() => w.adapter.connection()?.state === 'connected');
    await w.command('mira', 'help');
    expect(w.changes.map((c) => c.state)).toEqual(['lost', 'regained']);
    await w.until(async () => (await w.records('incident.connection-', 'INC-1')).length === 2);
  });

  it('proof 13: invalid_auth leaves the process alive and the self test red, and it comes back by itself', async () => {
    w = await SlackWorld.start({ transport: 'socket' });
    const invalid = Array.from({ length: 2 }, () => ({ kind: 'error', error: 'invalid_auth' }) as const);
    w.fake.trouble('apps.connections.open', ...invalid);
    w.fake.cut();
    await w.until(() => w.adapter.connection()?.state === 'waiting');
    await w.until(() => w.fake.callsOf('apps.connections.open').length >= 2);
    const rows = (await w.adapter.doctor?.()) ?? [];
    expect(rows.find((r) => r.name === 'Slack Socket Mode')).toMatchObject({ state: 'bad' });
    await w.until(() => w.adapter.connection()?.state === 'connected', 12_000);
  });
});
