// Abuse cases D: where a press comes from. A decision counts on its own card, in its own channel, and nowhere else.
import { afterEach, describe, expect, it } from 'vitest';
import { buttonsOf } from '../../src/view/build.ts';
import { viewText } from '../../src/view/text.ts';
import { isolate, person, remove, replyText, World } from './world.ts';

let world: World;
const given = async (): Promise<World> => {
  world = await World.make();
  return world.open();
};
afterEach(() => world.close());

const elsewhere = { platform: 'web', tenant: 'local', id: 'general' };

describe('where a press comes from', () => {
  it('invariant I10, abuse D1: a forwarded or copied card approves nothing', async () => {
    await given();
    const key = await world.propose();
    const card = world.card(key);
    const token = world.token(card.view, /^Approve/);
    await world.click('mira', token, { conversation: elsewhere, id: card.ref.id }, elsewhere);
    await world.click('mira', token, { ...card.ref, id: 'a-copy' });
    await world.click('mira', token, null);
    expect(await world.refusals()).toEqual(['wrong-context', 'wrong-context', 'wrong-context']);
    expect((await world.request(key)).votes).toEqual([]);
  });

  it('abuse D2, D3: the token of one card on another card, channel, incident or tenant approves nothing', async () => {
    await given();
    const first = await world.propose();
    const second = await world.propose('tomas', 'isolate-host', isolate('bastion-01'));
    const token = world.token(world.card(first).view, /^Approve/);
    await world.click('mira', token, world.card(second).ref);
    const otherTenant = { ...world.room, tenant: 'elsewhere' };
    await world.click('mira', token, { conversation: otherTenant, id: world.card(first).ref.id }, otherTenant);
    expect(await world.refusals()).toEqual(['wrong-context', 'wrong-context']);
    expect((await world.requests()).map((c) => c.state)).toEqual(['pending', 'pending']);
  });

  it('abuse D2: edited form values change no argument that the server set', async () => {
    await given();
    const first = await world.propose();
    const second = await world.propose('tomas', 'isolate-host', isolate('bastion-01'));
    const form = await world.press('ife', first, /Deny/);
    if (form.kind !== 'form') throw new Error('no form');
    await world.submit('ife', form.form, {
      reason: 'No.',
      request: second,
      digest: (await world.request(second)).digest,
      incident: 'INC-9',
    });
    expect((await world.requests()).map((c) => c.state)).toEqual(['denied', 'pending']);
  });

  it('what was just denied is refused with who denied it, why, and what to do', async () => {
    await given();
    const key = await world.propose();
    await world.pressAndFill('ife', key, /Deny/, { reason: 'Payroll runs on it' });
    await expect(world.propose()).rejects.toThrow(
      /It is what ife Sample denied as CA-1: .*Payroll runs on it.*\. Change what runs, or wait/,
    );
  });

  it('abuse D2: a form given to one person decides nothing for another', async () => {
    await given();
    const key = await world.propose('tomas', 'remove-persistence', remove());
    const form = await world.press('mira', key, /^Approve/);
    if (form.kind !== 'form') throw new Error('no form');
    await world.submit('noor', form.form, { typedTarget: 'web-01' });
    expect(await world.refusals()).toEqual(['wrong-context']);
    expect((await world.request(key)).votes).toEqual([]);
  });

  it('abuse D4: of two pending, the one that was pressed is decided', async () => {
    await given();
    const first = await world.propose();
    const second = await world.propose('tomas', 'isolate-host', isolate('bastion-01'));
    await world.approve('mira', second);
    expect((await world.request(first)).state).toBe('pending');
    expect((await world.request(second)).state).toBe('granted');
  });

  it('abuse D5: the card is drawn again from the state, whatever stood there', async () => {
    await given();
    const key = await world.propose();
    const shown = world.chat.messages.find((m) => m.ref.id === world.card(key).ref.id)!;
    const before = viewText(shown.view.view);
    shown.view = {
      view: { summary: 'APPROVED by everybody', tone: 'good', elements: [{ kind: 'heading', text: `${key} x` }] },
      tokens: [],
    };
    await world.type('mira', `contain withdraw ${key} not needed`);
    await world.settle();
    const after = viewText(shown.view.view);
    expect(after).not.toContain('APPROVED by everybody');
    expect(after).toContain('Withdrawn');
    expect(before).toContain('Waiting: 0 of 1');
  });

  it('abuse D6: what is shown only to one person in the channel has no button that decides', async () => {
    await given();
    const key = await world.propose();
    const shown = await world.type('mira', `contain show ${key}`);
    if (shown.kind !== 'private') throw new Error('nothing shown');
    expect(buttonsOf(shown.view.view)).toEqual([]);
    expect(viewText(shown.view.view)).toContain('use the buttons of the card');
  });

  it('abuse D7: in a private chat a decision counts only for whom the request was put there', async () => {
    await given();
    const key = await world.propose();
    const mine = world.chat.privately.find((p) => p.to === 'mira')!;
    const open = world.token(mine.view, /Read it and decide/);
    const dm = { platform: 'web', tenant: 'local', id: 'dm-mira' };
    await world.click('ife', open, null, { ...dm, id: 'dm-ife' });
    expect(await world.refusals()).toEqual(['wrong-context']);
    const full = await world.click('mira', open, null, dm);
    if (full.kind !== 'private') throw new Error('no full text');
    await world.click('mira', world.token(full.view, /^Approve/), null, dm);
    expect((await world.request(key)).state).toBe('granted');
  });

  it.each(['contain approve CA-1', 'contain approved CA-1', 'contain ok CA-1'])(
    'abuse D8: typing "%s" only points at the card, and is on record',
    async (words) => {
      await given();
      await world.propose();
      expect(replyText(await world.type('mira', words))).toContain('Typing does not approve anything');
      expect(await world.refusals()).toEqual(['wrong-context']);
      expect((await world.request('CA-1')).votes).toEqual([]);
    },
  );

  it('abuse D9: "approved", a thumbs-up and any other emoji are nothing', async () => {
    await given();
    const key = await world.propose();
    const { ref } = world.card(key);
    const came = { actor: person('mira'), conversation: world.room };
    await world.desk.handle({ kind: 'message', id: 'm1', ...came, text: 'approved', ref });
    for (const emoji of ['thumbsup', '+1', 'white_check_mark', 'heavy_check_mark', 'ok'])
      await world.desk.handle({
        kind: 'reaction',
        id: `r-${emoji}`,
        ...came,
        emoji,
        isAdded: true,
        message: { ref, author: person('bot'), text: '', sentAt: '' },
      });
    expect(await world.request(key)).toMatchObject({ state: 'pending', votes: [] });
  });

  it('abuse D10: a token that was never handed out does nothing and is on record', async () => {
    await given();
    const key = await world.propose();
    await world.click('mira', 'made-up-token', world.card(key).ref);
    expect((await world.request(key)).state).toBe('pending');
    expect((await world.records('command.refused')).map((r) => (r.body as { code: string }).code)).toEqual(['stale']);
  });

  it('abuse D11: a settled card has no buttons, and the ones it had decide nothing', async () => {
    await given();
    const key = await world.propose();
    const token = world.token(world.card(key).view, /^Approve/);
    await world.pressAndFill('ife', key, /Deny/, { reason: 'No.' });
    expect(buttonsOf(world.card(key).view.view)).toEqual([]);
    expect(viewText(world.card(key).view.view)).toContain('web-01');
    await world.click('mira', token, world.card(key).ref);
    expect((await world.request(key)).state).toBe('denied');
    expect(await world.refusals()).toEqual(['already-decided']);
  });
});
