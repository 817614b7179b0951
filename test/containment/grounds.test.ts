// What a request rests on: keys that exist, findings in their lane, and the challenger's word on either.
import { afterEach, describe, expect, it } from 'vitest';
import { buttonsOf } from '../../src/view/build.ts';
import { viewText } from '../../src/view/text.ts';
import { isolate, organisation, person, remove, replyText, World } from './world.ts';

describe('the grounds of a request', () => {
  let world: World;
  afterEach(() => world.close());

  async function given(more: Record<string, string> = {}, options: Parameters<typeof World.make>[0] = {}) {
    world = await World.make(options);
    await world.open(more);
    return world;
  }
  const labels = (key: string) => buttonsOf(world.card(key).view.view).map((b) => b.label);
  const cardText = (key: string) => viewText(world.card(key).view.view);
  async function fill(who: string, words: string, values: Record<string, string>) {
    const form = await world.type(who, words);
    if (form.kind !== 'form') throw new Error(replyText(form));
    const reply = await world.submit(who, form.form, values);
    await world.settle();
    return reply;
  }

  it('evidence is a key that exists, in the proposal and in the outcome', async () => {
    const w = await given();
    const missing = await w.proposeReply('tomas', 'isolate-host', { ...isolate(), evidence: 'EV-1, TE-4' });
    expect(replyText(missing)).toContain('There is no EV-1, TE-4 in this incident');
    await w.type('tomas', 'log Nov 20 10:00:01 wk-7 sshd[1]: Failed password for root from 203.0.113.9');
    const key = await w.propose('tomas', 'isolate-host', { ...isolate(), evidence: 'ev-1' });
    await w.approve('mira', key);
    await w.press('tomas', key, /carry it out/);
    const outcome = { result: 'executed', summary: 'The port is down, I saw it.' };
    expect(replyText(await fill('tomas', `contain outcome ${key}`, { ...outcome, evidence: 'EV-7' }))).toContain(
      'There is no EV-7',
    );
    await fill('tomas', `contain outcome ${key}`, { ...outcome, evidence: 'EV-1, OPS-77' });
    expect((await w.request(key)).outcome?.evidence).toEqual(['EV-1', 'OPS-77']);
  });

  it('beyond B5: the challenger’s settled challenge of a finding it rests on counts for the request too', async () => {
    const w = await given({ severity: 'SEV1' });
    await w.type('mira', 'status role challenger @noor');
    await w.type('tomas', 'log Nov 20 10:00:01 wk-7 sshd[1]: Failed password for root from 203.0.113.9');
    await fill('tomas', 'finding add', { claim: 'The task starts the loader', cites: 'EV-1', kind: 'hypothesis' });
    const key = await w.propose('tomas', 'remove-persistence', { ...remove(), evidence: 'FI-1' });
    expect(cardText(key)).toContain('FI-1: NOT VERIFIED');
    expect(labels(key)).toContain('Challenge it');

    await fill('noor', 'finding challenge FI-1', { method: 'looked elsewhere', argument: 'It may be our updater.' });
    expect(cardText(key)).toContain('FI-1, on which it rests, is challenged and not settled');
    expect(labels(key)).not.toContain('Approve remove persistence web-01');
    // The challenger's word on the request itself does not settle what stands open against its grounds.
    await w.pressAndFill('noor', key, /^Challenge it/, { reason: 'Look at the hash of the task.' });
    expect(labels(key)).toEqual(['Deny', 'Ask for changes', 'Full text', 'Waive the challenge']);

    await fill('mira', 'finding settle FI-1', { answer: 'its hash is not one of ours' });
    expect(labels(key).some((l) => l.startsWith('Approve'))).toBe(true);
    const rests = await w.propose('tomas', 'remove-persistence', { ...remove('db-01'), evidence: 'FI-1' });
    expect(labels(rests).some((l) => l.startsWith('Approve'))).toBe(true);
    await w.pressAndFill('ife', rests, /^Approve/, { typedTarget: 'db-01' });
    expect((await w.request(rests)).votes).toHaveLength(1);
  });

  it('what rests on a refuted finding is held up, at the press too, until it is proposed anew or waived', async () => {
    const w = await given({ severity: 'SEV1' });
    await w.type('mira', 'status role challenger @noor');
    await w.type('tomas', 'log Nov 20 10:00:01 wk-7 sshd[1]: Failed password for root from 203.0.113.9');
    await fill('tomas', 'finding add', { claim: 'The task starts the loader', cites: 'EV-1', kind: 'hypothesis' });
    const key = await w.propose('tomas', 'remove-persistence', { ...remove(), evidence: 'FI-1' });
    await w.pressAndFill('noor', key, /^Challenge it/, { reason: 'Look at the hash of the task.' });
    const approve = w.token(await w.fullText('ife', key), /^Approve/);
    await fill('noor', 'finding refute FI-1', { method: 'its hash is our updater', cites: 'EV-1' });
    expect(cardText(key)).toContain('FI-1: REFUTED');
    expect(replyText(await w.click('ife', approve, null))).toContain('rests on FI-1, which was refuted');
    expect(await w.refusals()).toEqual(['challenge-missing']);
    expect((await w.request(key)).votes).toEqual([]);
    await w.pressAndFill('mira', key, /^Waive/, { reason: 'The host is rebuilt anyway.' });
    await w.pressAndFill('ife', key, /^Approve/, { typedTarget: 'web-01' });
    expect((await w.request(key)).votes).toHaveLength(1);
  });

  it('in a private incident only those inside may approve, and nobody outside learns of it', async () => {
    const w = await given({ isPrivate: 'yes' });
    await w.type('mira', 'status role responder @tomas');
    const refused = await w.proposeReply('mira', 'isolate-host', isolate());
    expect(replyText(refused)).toMatch(/Ife Sample may, but is not in this private incident.*status role observer/);
    const key = await w.propose('tomas', 'isolate-host', isolate());
    expect(cardText(key)).toContain('May approve: Mira Sample');
    expect(cardText(key)).not.toContain('Ife');
    expect(w.told('ife')).toBe('');
    await w.type('mira', 'status role observer @ife');
    await w.propose('tomas', 'isolate-host', isolate('db-01'));
    expect(w.told('ife')).toContain('isolate host db-01 waits for you');
  });

  it('in a private incident somebody who was let into its channel on record may approve too', async () => {
    const w = await given({ isPrivate: 'yes' });
    const letIn = { id: 'let-in-1', actor: person('mira'), conversation: w.room, person: person('ife') } as const;
    expect(await w.desk.handle({ kind: 'invited', ...letIn })).toEqual({ kind: 'none' });
    const key = await w.propose('mira', 'isolate-host', isolate());
    expect(cardText(key)).toContain('May approve: Ife Sample');
  });

  it('abuse E6: approvers hear of a flood once, with everything that waits in one message', async () => {
    const w = await given(
      {},
      { organisation: organisation(['  enabled: true\n', '  enabled: true\n  flood: { requests: 3, minutes: 10 }\n']) },
    );
    for (const host of ['web-01', 'db-01', 'mail-01']) await w.propose('tomas', 'isolate-host', isolate(host));
    const before = w.chat.privately.filter((p) => p.to === 'ife').length;
    for (let i = 0; i < 4; i += 1) await w.proposeReply('tomas', 'isolate-host', isolate('wk-7'));
    await w.settle();
    const after = w.chat.privately.filter((p) => p.to === 'ife').slice(before);
    expect(after).toHaveLength(1);
    expect(viewText(after[0]!.view.view)).toMatch(/3 requests wait for you[\s\S]*CA-1[\s\S]*CA-2[\s\S]*CA-3/);
    expect(w.told('tomas')).not.toContain('wait for you');
    expect(await w.refusals()).toEqual(Array(4).fill('too-many-pending'));
  });

  it('what became of it is told: to its proposer always, to everybody when it failed', async () => {
    const w = await given();
    const key = await w.propose('tomas', 'isolate-host', { ...isolate(), executor: 'noor' });
    await w.approve('mira', key);
    await w.press('noor', key, /carry it out/);
    const summary = 'The console refused <@U1> the command.';
    await fill('noor', `contain outcome ${key}`, { result: 'failed', summary, evidence: '' });
    expect(w.told('tomas')).toContain('FAILED. The console refused');
    const posted = w.chat.messages.map((m) => viewText(m.view.view)).join('\n');
    expect(posted).toContain('was approved and failed: The console refused');
    const again = await w.propose('tomas', 'isolate-host', isolate('bastion-01'));
    await w.approve('mira', again);
    await w.press('tomas', again, /carry it out/);
    await fill('tomas', `contain outcome ${again}`, { result: 'executed', summary: 'Port is down.', evidence: '' });
    expect(w.told('tomas')).toContain('done. Port is down.');
    expect(labels(again)).toEqual(['Propose undoing it']);
  });

  it('abuse E4: a stop is said before anybody fills in a form, and the attempt is on record', async () => {
    const w = await given();
    await w.type('mira', 'contain stop wrong list');
    expect(replyText(await w.type('tomas', 'contain isolate-host web-01'))).toContain('Containment is stopped');
    expect(await w.refusals()).toEqual(['kill-switch']);
  });
});
