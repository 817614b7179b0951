import { afterEach, describe, expect, it } from 'vitest';
import { viewText } from '../../src/view/text.ts';
import { isolate, organisation, person, remove, replyText, World, type WorldOptions } from './world.ts';

let world: World;
const given = async (options: WorldOptions = {}, incident: Readonly<Record<string, string>> = {}): Promise<World> => {
  world = await World.make(options);
  return world.open(incident);
};
afterEach(() => world.close());

describe('from proposal to outcome', () => {
  it('invariant I1, I17: one named person proposes, another approves, a named executor starts and attests, all on record', async () => {
    await given();
    const key = await world.propose();
    expect((await world.request(key)).state).toBe('pending');
    expect(viewText(world.card(key).view.view)).toContain('Waiting: 0 of 1 approvals');
    expect(world.told('mira')).toContain('waits for you');
    expect(replyText(await world.approve('mira', key))).toContain('CA-1 is approved');
    expect((await world.request(key)).state).toBe('granted');
    expect(replyText(await world.press('tomas', key, /carry it out/))).toContain('The approval holds');
    const done = await world.pressAndFill('tomas', key, /Record the outcome/, {
      result: 'executed',
      summary: 'Isolated in the console, ping fails.',
      evidence: 'OPS-9',
    });
    expect(replyText(done)).toContain('on record under your name');
    const c = await world.request(key);
    expect(c).toMatchObject({
      state: 'executed',
      outcome: { by: { id: 'tomas' }, evidence: ['OPS-9'] },
      votes: [{ human: 'mira' }],
    });
    const types = (await world.store.find({ incident: 'INC-1' })).map((r) => r.record.type);
    expect(types.filter((t) => /^(containment|approval|execution)\./.test(t))).toEqual([
      'containment.proposed',
      'containment.shown',
      'approval.voted',
      'approval.granted',
      'execution.started',
      'execution.succeeded',
    ]);
  });

  it('invariant I17: nobody but the named executor starts it or says what came of it', async () => {
    await given();
    const key = await world.propose();
    await world.approve('mira', key);
    expect(replyText(await world.press('ife', key, /carry it out/))).toContain(
      'Tomas Sample is named to carry this out',
    );
    expect((await world.request(key)).state).toBe('granted');
    await world.press('tomas', key, /carry it out/);
    await world.pressAndFill('ife', key, /Record the outcome/, { result: 'executed', summary: 'I think it worked' });
    expect((await world.request(key)).state).toBe('executing');
    expect(await world.refusals()).toEqual(['not-eligible', 'not-eligible']);
  });

  it('invariant I3: the proposer cannot approve, and the refusal names who can', async () => {
    await given();
    const key = await world.propose('mira');
    const said = replyText(await world.approve('mira', key));
    expect(said).toContain('somebody else has to approve it');
    expect(said).toContain('Ife Sample');
    expect((await world.request(key)).votes).toEqual([]);
    expect(await world.refusals()).toEqual(['self']);
  });

  it('invariant I12: one denial is final and has a reason', async () => {
    await given();
    const key = await world.propose();
    await world.pressAndFill('ife', key, /Deny/, { reason: 'Payroll runs on it tonight.' });
    const c = await world.request(key);
    expect(c).toMatchObject({ state: 'denied', ending: { by: { id: 'ife' }, reason: 'Payroll runs on it tonight.' } });
    expect(viewText(world.card(key).view.view)).toContain('Denied');
    expect(world.told('tomas')).toContain('Payroll runs on it tonight.');
  });

  it('invariant I9, past F14: an unanswered request expires, is not denied, and cannot be approved at the last instant', async () => {
    await given();
    const key = await world.propose();
    const card = world.card(key);
    const token = world.token(card.view, /^Approve/);
    world.nowMs += 30 * 60_000;
    expect(replyText(await world.click('mira', token, card.ref))).toContain('The time for this is over');
    expect((await world.request(key)).state).toBe('expired');
    await world.settle();
    expect(viewText(world.card(key).view.view)).toContain('Expired without a decision');
    expect(await world.records('approval.denied')).toEqual([]);
  });

  it('invariant I9: what was approved and not started inside its window never starts', async () => {
    await given();
    const key = await world.propose();
    await world.approve('mira', key);
    await world.pass(31);
    expect((await world.request(key)).state).toBe('lapsed');
    expect(viewText(world.card(key).view.view)).toContain('Approved, but not started in time');
  });

  it('invariant I13: what cannot be undone needs two distinct people and the target typed', async () => {
    await given();
    const key = await world.propose('tomas', 'remove-persistence', remove());
    expect(replyText(await world.pressAndFill('mira', key, /^Approve/, { typedTarget: 'web-02' }))).toContain('errors');
    await world.pressAndFill('mira', key, /^Approve/, { typedTarget: 'web-01' });
    expect((await world.request(key)).state).toBe('pending');
    expect(replyText(await world.pressAndFill('mira', key, /^Approve/, { typedTarget: 'web-01' }))).toContain(
      'counted already',
    );
    await world.pressAndFill('noor', key, /^Approve/, { typedTarget: 'web-01' });
    expect(await world.request(key)).toMatchObject({ state: 'granted', votes: [{ human: 'mira' }, { human: 'noor' }] });
    expect(await world.refusals()).toEqual(['not-fully-viewed', 'already-voted']);
  });

  it('invariant I8: a double click decides once, and the second is told who decided and when', async () => {
    await given();
    const key = await world.propose();
    const card = world.card(key);
    const token = world.token(card.view, /^Approve/);
    const [first, second] = await Promise.all([
      world.click('mira', token, card.ref),
      world.click('mira', token, card.ref),
    ]);
    expect([replyText(first), replyText(second)].filter((t) => t.includes('is approved'))).toHaveLength(1);
    await world.settle();
    expect(replyText(await world.click('ife', token, card.ref))).toMatch(/was approved at 03:00:00Z by mira Sample/);
    expect(await world.records('approval.granted')).toHaveLength(1);
  });

  it('invariant I4: a directory that fails, hangs or has forgotten somebody approves nothing', async () => {
    await given();
    const key = await world.propose();
    world.chat.directory = 'throws';
    await world.approve('mira', key);
    world.chat.directory = 'hangs';
    await world.approve('mira', key);
    world.chat.directory = 'works';
    world.chat.gone.add('mira');
    await world.approve('mira', key);
    expect(await world.refusals()).toEqual(['directory-unavailable', 'directory-unavailable', 'not-eligible']);
    expect((await world.request(key)).state).toBe('pending');
  });

  it('invariant I2: bots, guests, outsiders and accounts without a checkable id approve nothing', async () => {
    await given();
    const key = await world.propose();
    for (const who of [
      person('mira', { standing: 'bot' }),
      person('mira', { standing: 'guest' }),
      person('mira', { standing: 'external' }),
      person('mira', { standing: 'unknown' }),
      person('', {}),
      person('unknown', {}),
      person('mira', { standing: 'deactivated' }),
    ])
      await world.approve(who, key);
    expect(await world.refusals()).toEqual([
      'not-human',
      'external',
      'external',
      'unverified-identity',
      'unverified-identity',
      'unverified-identity',
      'not-eligible',
    ]);
    expect((await world.request(key)).votes).toEqual([]);
  });

  it('invariant I15: every attempt is a record with its reason, the person and the digest', async () => {
    await given();
    const key = await world.propose();
    await world.approve('tomas', key);
    await world.approve('bo', key);
    const refused = await world.records('approval.refused');
    expect(
      refused.map((r) => [r.actor.id, (r.body as { code: string }).code, (r.body as { digest: string }).digest]),
    ).toEqual([
      ['tomas', 'self', (await world.request(key)).digest],
      ['bo', 'not-eligible', (await world.request(key)).digest],
    ]);
  });

  it('abuse B11: a clock that jumps back gives an expired request no second life', async () => {
    await given();
    const key = await world.propose();
    await world.pass(31);
    world.nowMs -= 25 * 60_000;
    expect((await world.request(key)).state).toBe('expired');
    const other = await world.propose('tomas', 'isolate-host', isolate('bastion-01'));
    world.nowMs -= 60 * 60_000;
    await world.type('mira', 'status');
    expect((await world.request(other)).request.expiresAt > '2026-11-20T03:31').toBe(true);
  });

  it('abuse A12: with no approvers listed nobody may approve, and the proposer is told', async () => {
    await given({ organisation: organisation(['people: [mira, ife]', 'people: []']) });
    const reply = await world.proposeReply('tomas', 'isolate-host', isolate());
    expect(replyText(reply)).toContain('Nobody may approve this');
    expect(await world.requests()).toEqual([]);
    expect(await world.refusals()).toEqual(['no-approvers']);
  });
});
