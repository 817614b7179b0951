// Abuse cases B: the same thing twice, at once, too late, or after a crash.
import { afterEach, describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../src/store/types.ts';
import { isolate, noting, person, remove, replyText, World, type WorldOptions, withWebhook } from './world.ts';

let world: World;
const given = async (options: WorldOptions = {}): Promise<World> => {
  world = await World.make(options);
  return world.open();
};
afterEach(() => world.close());

describe('twice, at once, too late', () => {
  it('abuse B1, past F12: the same press twice decides once and tells the second who decided and when', async () => {
    const { ran, executor } = noting();
    await given({ organisation: withWebhook('http://127.0.0.1:9/'), executor });
    const key = await world.propose();
    const card = world.card(key);
    const token = world.token(card.view, /^Approve/);
    await world.click('mira', token, card.ref);
    expect(replyText(await world.click('mira', token, card.ref))).toMatch(/approved at 03:00:00Z by mira Sample/);
    await world.executions.settled();
    await world.click('mira', token, card.ref);
    await world.executions.settled();
    expect(ran).toHaveLength(1);
    expect(await world.records('approval.granted')).toHaveLength(1);
    expect(await world.refusals()).toEqual(['already-decided', 'already-decided']);
  });

  it('abuse B3: approve and deny at once: one wins, both are on record', async () => {
    await given();
    const key = await world.propose();
    const card = world.card(key);
    const form = await world.click('ife', world.token(card.view, /Deny/), card.ref);
    if (form.kind !== 'form') throw new Error('no form');
    await Promise.all([
      world.click('mira', world.token(card.view, /^Approve/), card.ref),
      world.submit('ife', form.form, { reason: 'Not now.' }),
    ]);
    const c = await world.request(key);
    const decisions = [...(await world.records('approval.granted')), ...(await world.records('approval.denied'))];
    expect(decisions).toHaveLength(1);
    expect(['granted', 'denied']).toContain(c.state);
    expect(await world.refusals()).toEqual(['already-decided']);
  });

  it('abuse B4: after a restart a replay does nothing, and the first legitimate click works', async () => {
    await given();
    const first = await world.propose();
    const second = await world.propose('tomas', 'isolate-host', isolate('bastion-01'));
    const used = world.token(world.card(first).view, /^Approve/);
    const fresh = world.token(world.card(second).view, /^Approve/);
    await world.approve('mira', first);
    world = await world.restart();
    expect(replyText(await world.click('mira', used, world.card(first).ref))).toContain('decided already');
    expect(replyText(await world.click('mira', fresh, world.card(second).ref))).toContain('is approved');
    expect(await world.records('approval.granted')).toHaveLength(2);
  });

  it('abuse B5: a replay after expiry, denial and execution', async () => {
    await given();
    const expired = await world.propose();
    const at = { token: world.token(world.card(expired).view, /^Approve/), ref: world.card(expired).ref };
    await world.pass(31);
    await world.click('mira', at.token, at.ref);
    const denied = await world.propose('tomas', 'isolate-host', isolate('bastion-01'));
    const deniedAt = { token: world.token(world.card(denied).view, /^Approve/), ref: world.card(denied).ref };
    await world.pressAndFill('ife', denied, /Deny/, { reason: 'No.' });
    await world.click('mira', deniedAt.token, deniedAt.ref);
    expect(await world.refusals()).toEqual(['expired', 'already-decided']);
    expect(await world.records('approval.granted')).toEqual([]);
  });

  it('abuse B6: a platform that delivers one event twice has one effect', async () => {
    await given();
    const key = await world.propose();
    const card = world.card(key);
    const event = {
      kind: 'click',
      id: 'the-same',
      actor: person('mira'),
      conversation: world.room,
      token: world.token(card.view, /^Approve/),
      message: card.ref,
    } as const;
    await world.desk.handle(event);
    await world.desk.handle(event);
    expect(await world.records('approval.voted')).toHaveLength(1);
    expect(await world.refusals()).toEqual([]);
  });

  it('abuse B9: one vote more than needed', async () => {
    await given();
    const key = await world.propose('tomas', 'remove-persistence', remove());
    const card = world.card(key);
    const token = world.token(card.view, /^Approve/);
    for (const who of ['mira', 'noor']) await world.pressAndFill(who, key, /^Approve/, { typedTarget: 'web-01' });
    await world.click('ife', token, card.ref);
    expect((await world.request(key)).votes.map((v) => v.human)).toEqual(['mira', 'noor']);
    expect(await world.refusals()).toEqual(['already-decided']);
  });

  it('abuse B11: a clock that jumps forward expires, one that jumps back revives nothing', async () => {
    await given();
    const key = await world.propose();
    const card = world.card(key);
    const token = world.token(card.view, /^Approve/);
    world.nowMs += 24 * 3600_000;
    await world.click('mira', token, card.ref);
    world.nowMs -= 24 * 3600_000;
    await world.click('mira', token, card.ref);
    expect((await world.request(key)).state).toBe('expired');
    expect(await world.refusals()).toEqual(['expired', 'expired']);
  });

  it('invariant I8: twenty presses at once by people who may are one decision and one execution', async () => {
    const { ran, executor } = noting();
    await given({ organisation: withWebhook('http://127.0.0.1:9/'), executor });
    const key = await world.propose();
    const card = world.card(key);
    const token = world.token(card.view, /^Approve/);
    await Promise.all(Array.from({ length: 20 }, (_, i) => world.click(i % 2 ? 'mira' : 'ife', token, card.ref)));
    await Promise.all([world.executions.settled(), world.executions.settled()]);
    expect(await world.records('approval.granted')).toHaveLength(1);
    expect(await world.records('execution.started')).toHaveLength(1);
    expect(await world.refusals()).toHaveLength(19);
    expect(ran).toHaveLength(1);
  });
});

describe('order and failure', () => {
  it('invariant I11, past F19: a chat that is down changes neither decision nor timer', async () => {
    await given();
    const key = await world.propose();
    const card = world.card(key);
    const token = world.token(card.view, /^Approve/);
    const { expiresAt } = (await world.request(key)).request;
    world.chat.isDown = true;
    await world.click('mira', token, card.ref);
    await world.settle();
    expect(await world.request(key)).toMatchObject({ state: 'granted', request: { expiresAt } });
    world.chat.isDown = false;
    world.nowMs += 600_000;
    await world.settle();
    expect(world.card(key).view.view.summary).toContain('approved, not started');
  });

  it('invariant I11, abuse G1: a ledger that takes no record: nothing is decided and nothing runs', async () => {
    const { ran, executor } = noting();
    let isFull = false;
    await given({
      organisation: withWebhook('http://127.0.0.1:9/'),
      executor,
      wrapStore: (store) => ({
        ...store,
        async append(appends, outbox) {
          if (isFull) throw new LedgerUnavailable('database or disk is full');
          return store.append(appends, outbox);
        },
      }),
    });
    const key = await world.propose();
    isFull = true;
    expect(replyText(await world.approve('mira', key))).toContain('The ledger cannot be written, so nothing was done');
    isFull = false;
    expect((await world.request(key)).state).toBe('pending');
    await world.approve('mira', key);
    isFull = true;
    await world.executions.settled();
    expect(ran).toEqual([]);
    isFull = false;
    await world.executions.settled();
    expect(ran).toHaveLength(1);
  });

  it('invariant I11: an execution whose process is gone becomes unknown and is never repeated', async () => {
    const never = { deadlineSeconds: () => 30, run: () => new Promise<never>(() => {}) };
    await given({ organisation: withWebhook('http://127.0.0.1:9/'), executor: () => never });
    const key = await world.propose();
    await world.approve('mira', key);
    world.executions.nudge();
    await expect.poll(async () => (await world.request(key)).state).toBe('executing');
    const { ran, executor } = noting();
    world = await world.restart({ organisation: withWebhook('http://127.0.0.1:9/'), executor });
    await world.executions.settled();
    expect((await world.request(key)).state).toBe('executing');
    await world.pass(1);
    expect((await world.request(key)).state).toBe('unknown');
    expect(ran).toEqual([]);
  });

  it('invariant I7: a button carries nothing but a random token, and only its hash is kept', async () => {
    await given();
    const key = await world.propose();
    const token = world.token(world.card(key).view, /^Approve/);
    expect(token).not.toContain(key);
    const { readFileSync } = await import('node:fs');
    const raw = Buffer.concat(
      ['countersign.db', 'countersign.db-wal'].map((f) => readFileSync(`${world.folder}/${f}`)),
    );
    expect(raw.includes((await world.request(key)).digest)).toBe(true);
    expect(raw.includes(token)).toBe(false);
  });
});
