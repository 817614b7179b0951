import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, LOBBY, replyText } from '../harness.ts';

describe('briefings', () => {
  let h: Harness;
  let place: Conversation;
  beforeEach(async () => {
    h = await harness();
    // SEV2: a briefing every 60 minutes.
    place = (await h.open('mira')).in;
    await h.type('tomas', 'status claim liaison', { in: place });
  });
  afterEach(() => h.end());

  const said = async (who: string, text: string): Promise<string> => replyText(await h.type(who, text, { in: place }));
  const posts = (): string[] =>
    h.chat.messages
      .filter((m) => m.ref.conversation.id === place.id && m.key.startsWith('briefing/') && m.view)
      .map((m) => (m.view ? viewText(m.view.view) : ''));
  const toldTo = (who: string): string[] =>
    h.chat.messages.filter((m) => m.onlyFor === who && m.view).map((m) => (m.view ? viewText(m.view.view) : ''));
  const types = async (prefix: string): Promise<string[]> =>
    (await h.services.store.find({ incident: 'INC-1', typePrefix: prefix })).map((r) => r.record.type);
  const post = async (changes: Record<string, string> = {}): Promise<string> => {
    const form = formOf(await h.type('tomas', 'notice brief', { in: place }));
    const values = Object.fromEntries(form.form.fields.map((f) => [f.name, 'value' in f ? String(f.value ?? '') : '']));
    return replyText(await h.submit('tomas', form, { ...values, ...changes }, { in: place }));
  };

  it('drafts one when the cadence of the severity is over, and not before', async () => {
    await h.pass(59);
    expect(posts()).toEqual([]);
    await h.pass(1);
    expect(posts()).toHaveLength(1);
    expect(posts()[0]).toContain('DRAFT, not posted');
    expect(await types('briefing.')).toEqual(['briefing.due']);
  });

  it('keeps one reminder open however often it looks', async () => {
    await h.pass(60);
    for (let i = 0; i < 4; i += 1) await h.pass(1);
    expect(await types('briefing.due')).toHaveLength(1);
    expect(posts()).toHaveLength(1);
  });

  it('gives one reminder after a long stop, not one for every time it missed', async () => {
    await h.pass(7 * 60);
    expect(await types('briefing.due')).toHaveLength(1);
  });

  it('is read and posted by a person, and promises when the next word comes', async () => {
    await h.pass(60);
    expect(await post({ impact: 'The shop takes no orders.' })).toContain('2026-11-20 14:00:00Z');
    expect(posts().join('\n')).toContain('The shop takes no orders.');
    expect(await types('briefing.')).toEqual(['briefing.due', 'briefing.posted']);
    await h.pass(59);
    expect(await types('briefing.due')).toHaveLength(1);
    await h.pass(1);
    expect(await types('briefing.due')).toHaveLength(2);
  });

  it('says what changed since the last one, and keeps what it means until somebody changes it', async () => {
    await post({ impact: 'The shop takes no orders.' });
    await h.pass(1);
    await said('mira', 'status phase containment the way in is known');
    await said('tomas', 'finding add Orders are stuck since noon');
    const form = formOf(await h.type('tomas', 'notice brief', { in: place }));
    const value = (name: string): string =>
      String((form.form.fields.find((f) => f.name === name) as { value?: string }).value);
    expect(value('changed')).toBe(
      'The team moved on to stopping it from spreading.\nOrders are stuck since noon [FI-1]',
    );
    expect(value('impact')).toBe('The shop takes no orders.');
  });

  it('marks for managers what nobody has verified', async () => {
    await said('tomas', 'finding add Orders are stuck since noon');
    await post();
    expect(await said('bo', 'notice latest')).toContain('Not verified: Orders are stuck since noon');
  });

  it('waits 15, 30 or 60 minutes with a reason, on record, and reminds once more', async () => {
    await h.pass(60);
    await said('tomas', 'notice snooze 30 the commander is in a call');
    await h.pass(29);
    expect(await types('briefing.due')).toHaveLength(1);
    await h.pass(1);
    expect(await types('briefing.due')).toHaveLength(2);
    const [snoozed] = await h.services.store.find({ incident: 'INC-1', typePrefix: 'briefing.snoozed' });
    expect(snoozed?.record.body).toMatchObject({ reason: 'the commander is in a call' });
    expect(await said('tomas', 'notice snooze 20 because')).toContain('Use one of 15, 30, 60');
  });

  it('goes on to the commander once, then to the deputy once, and then stops', async () => {
    await said('mira', 'status role deputy ife');
    await h.pass(60);
    await h.pass(15);
    expect(toldTo('mira').filter((t) => t.includes('overdue'))).toHaveLength(1);
    expect(toldTo('ife').filter((t) => t.includes('overdue'))).toHaveLength(0);
    await h.pass(15);
    expect(toldTo('ife').filter((t) => t.includes('overdue'))).toHaveLength(1);
    for (let i = 0; i < 6; i += 1) await h.pass(15);
    expect(await types('briefing.escalated')).toHaveLength(2);
  });

  it('comes sooner when the severity rises', async () => {
    await post();
    await h.pass(10);
    await said('mira', 'status severity SEV1 customer data is leaving');
    await h.pass(29);
    expect(await types('briefing.due')).toHaveLength(0);
    await h.pass(1);
    expect(await types('briefing.due')).toHaveLength(1);
  });

  it('takes "none" for the next update only with a reason, and then stays quiet', async () => {
    expect(await post({ next: 'none' })).toContain('Say why no update follows');
    await post({ next: 'none', noReminder: 'handed over to the provider' });
    await h.pass(24 * 60);
    expect(await types('briefing.due')).toHaveLength(0);
  });

  it('stops with the incident', async () => {
    await h.pass(60);
    for (const which of ['detected', 'contained', 'recovered']) await said('mira', `status time ${which} 12:00Z`);
    const form = formOf(await h.type('mira', 'status close', { in: place }));
    await h.submit('mira', form, { outcome: 'Fixed' }, { in: place });
    await h.pass(24 * 60);
    expect(await types('briefing.')).toEqual(['briefing.due']);
  });

  it('loses and doubles nothing over a crash between the decision and its message', async () => {
    h.chat.failNext = 1;
    await h.pass(60);
    h = await h.restart();
    await h.pass(1);
    expect(await types('briefing.due')).toHaveLength(1);
    expect(posts()).toHaveLength(1);
  });

  it('stands on the home tab of managers, in their words', async () => {
    await post({ impact: 'The shop takes no orders.' });
    const home = viewText((await h.desk.home(h.who('bo'))).view);
    expect(home).toContain('The shop takes no orders.');
    expect(LOBBY.id).toBe('general');
  });
});
