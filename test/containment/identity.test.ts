// Abuse cases A: who presses. Every one is refused, on record with its reason, told privately, and changes nothing.
import { afterEach, describe, expect, it } from 'vitest';
import { settingOf } from '../../src/containment/act.ts';
import { type ApprovePress, decideApprove } from '../../src/containment/decide-approval.ts';
import {
  isolate,
  noting,
  organisation,
  person,
  remove,
  replyText,
  World,
  type WorldOptions,
  withWebhook,
} from './world.ts';

let world: World;
const given = async (options: WorldOptions = {}): Promise<World> => {
  world = await World.make(options);
  return world.open();
};
afterEach(() => world.close());

/** A press as decisions see it, from an account of any platform. */
const pressFrom = (
  platform: string,
  tenant: string,
  id: string,
  digest: string,
  more: Partial<ApprovePress> = {},
): ApprovePress => ({
  by: { platform, tenant, id, label: 'Mira Sample' },
  standing: 'member',
  digest,
  isFullText: false,
  misplaced: null,
  directory: () => 'member',
  isSourceCurrent: () => true,
  via: 'test',
  typedTarget: '',
  stepUp: 'not-asked',
  ...more,
});

const linked = (): WorldOptions => ({
  organisation: organisation(
    ['ids: { web: tomas }', 'ids: { web: tomas, slack: T1/U1 }'],
    ['people: [mira, ife]', 'people: [mira, ife, tomas]'],
  ),
});

describe('who presses', () => {
  it('abuse A1: the requester', async () => {
    await given(linked());
    const key = await world.propose('tomas');
    expect(replyText(await world.approve('tomas', key))).toContain('You proposed this');
    expect(await world.request(key)).toMatchObject({ state: 'pending', votes: [] });
    expect(await world.refusals()).toEqual(['self']);
  });

  it('abuse A2: the requester from another account of theirs', async () => {
    await given(linked());
    const key = await world.propose('tomas');
    const c = await world.request(key);
    const setting = settingOf(world.services, (await world.services.incidents.load('INC-1')).state);
    expect(decideApprove(setting, c, pressFrom('slack', 'T1', 'U1', c.digest)).refusal?.code).toBe('self');
  });

  it('abuse B8: one human twice for a quorum of two, from two accounts', async () => {
    await given({ organisation: organisation(['ids: { web: mira }', 'ids: { web: mira, slack: T1/U9 }']) });
    const key = await world.propose('tomas', 'remove-persistence', remove());
    await world.pressAndFill('mira', key, /^Approve/, { typedTarget: 'web-01' });
    const c = await world.request(key);
    const setting = settingOf(world.services, (await world.services.incidents.load('INC-1')).state);
    const ruling = decideApprove(setting, c, pressFrom('slack', 'T1', 'U9', c.digest, { typedTarget: 'web-01' }));
    expect(ruling.refusal?.code).toBe('already-voted');
    expect(ruling.records.map((r) => r.type)).toEqual(['approval.refused']);
  });

  it.each([
    ['abuse A3: a bot', person('mira', { standing: 'bot' }), 'not-human'],
    ['abuse A4: somebody with the name of an approver', person('intruder', { label: 'Mira Sample' }), 'not-eligible'],
    [
      'abuse A5: a renamed user with an address an approver once had',
      person('mira-2', { label: 'mira@outfitters.example' }),
      'not-eligible',
    ],
    ['abuse A6: a deactivated user', person('mira', { standing: 'deactivated' }), 'not-eligible'],
    ['abuse A7: a guest', person('mira', { standing: 'guest' }), 'external'],
    ['abuse A7: somebody from outside', person('mira', { standing: 'external' }), 'external'],
    ['abuse A7: the same id in another tenant', person('mira', { tenant: 'elsewhere' }), 'not-eligible'],
    ['abuse A8: an empty id', person(''), 'unverified-identity'],
    ['abuse A8: an id of "unknown"', person('unknown'), 'unverified-identity'],
    ['abuse A8: an empty tenant', person('mira', { tenant: '' }), 'unverified-identity'],
    ['abuse A8: a standing nobody could check', person('mira', { standing: 'unknown' }), 'unverified-identity'],
  ])('%s', async (_name, who, code) => {
    await given();
    const key = await world.propose();
    // The envelope says who it is; that the conversation is the right one is not enough.
    const reply = await world.approve(who, key);
    expect(replyText(reply)).not.toBe('');
    expect(await world.request(key)).toMatchObject({ state: 'pending', votes: [] });
    expect(await world.refusals()).toEqual([code]);
  });

  it('abuse A7: an id whose guest standing only the directory knows', async () => {
    await given();
    const key = await world.propose();
    world.chat.resolvePerson = async (who) => ({ principal: person(who.id, { standing: 'guest' }) });
    await world.approve('mira', key);
    expect(await world.refusals()).toEqual(['external']);
  });

  it('abuse A9: an answer of the directory about somebody else than the envelope names', async () => {
    await given();
    const key = await world.propose();
    world.chat.resolvePerson = async () => ({ principal: person('ife') });
    await world.approve('mira', key);
    expect(await world.refusals()).toEqual(['directory-unavailable']);
    expect((await world.request(key)).votes).toEqual([]);
  });

  it('abuse A10: an approver who leaves between card and click', async () => {
    await given();
    const key = await world.propose();
    world.chat.gone.add('mira');
    await world.approve('mira', key);
    expect(await world.refusals()).toEqual(['not-eligible']);
  });

  it('invariant I4, abuse A10: a voter who leaves before the quorum no longer counts', async () => {
    await given();
    const key = await world.propose('tomas', 'remove-persistence', remove());
    await world.pressAndFill('mira', key, /^Approve/, { typedTarget: 'web-01' });
    world.chat.gone.add('mira');
    await world.pressAndFill('noor', key, /^Approve/, { typedTarget: 'web-01' });
    expect(await world.request(key)).toMatchObject({ state: 'pending', votes: [{ human: 'noor' }] });
    expect((await world.records('approval.voided')).map((r) => (r.body as { human: string }).human)).toEqual(['mira']);
    await world.pressAndFill('ife', key, /^Approve/, { typedTarget: 'web-01' });
    expect((await world.request(key)).state).toBe('granted');
  });

  it('invariant I4, abuse A10: an approver who leaves between click and dispatch stops it', async () => {
    const { ran, executor } = noting();
    await given({ organisation: withWebhook('http://127.0.0.1:9/'), executor });
    const key = await world.propose();
    await world.approve('mira', key);
    world.chat.gone.add('mira');
    await world.executions.settled();
    expect(ran).toEqual([]);
    expect((await world.request(key)).state).toBe('superseded');
    expect(await world.refusals()).toEqual(['not-eligible']);
  });

  it.each(['throws', 'hangs'] as const)(
    'abuse A11: at dispatch a directory that %s starts nothing, and the window still ends',
    async (state) => {
      const { ran, executor } = noting();
      await given({ organisation: withWebhook('http://127.0.0.1:9/'), executor });
      const key = await world.propose();
      await world.approve('mira', key);
      world.chat.directory = state;
      await world.executions.settled();
      expect((await world.request(key)).state).toBe('granted');
      await world.pass(31);
      expect((await world.request(key)).state).toBe('lapsed');
      expect(ran).toEqual([]);
    },
  );

  it('abuse A11: a directory that knows nobody', async () => {
    await given();
    const key = await world.propose();
    world.chat.resolvePerson = async () => null;
    await world.approve('mira', key);
    expect(await world.refusals()).toEqual(['not-eligible']);
  });

  it('invariant I3: whoever changed what it runs cannot approve it, nor can whoever proposed it before', async () => {
    await given({ organisation: organisation(['people: [mira, ife]', 'people: [mira, ife, tomas]']) });
    const first = await world.propose('mira');
    const form = await world.type('ife', `contain change ${first}`);
    if (form.kind !== 'form') throw new Error('no form');
    await world.submit('ife', form.form, isolate('bastion-01'));
    await world.settle();
    expect((await world.request(first)).state).toBe('superseded');
    await world.approve('ife', 'CA-2');
    await world.approve('mira', 'CA-2');
    expect(await world.refusals()).toEqual(['self', 'self']);
    await world.approve('tomas', 'CA-2');
    expect((await world.request('CA-2')).state).toBe('granted');
  });
});
