import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

describe('a playbook in the channel', () => {
  let h: Harness;
  let where: Conversation;
  beforeEach(async () => {
    h = await harness();
    where = (await h.open('mira')).in;
    await h.type('mira', 'step start compromised-credentials', { in: where });
  });
  afterEach(() => h.end());

  const card = (): string => viewText(h.chat.messages.find((m) => m.key.startsWith('walker/'))!.view!.view);

  it('starts and shows the first step with its instructions', () => {
    expect(card()).toContain('ASK THE OWNER WHETHER IT WAS THEM');
    expect(card()).toContain('Do not use mail or chat');
  });

  it('says what is still needed, keeps what was filled in, and goes on when it is all there', async () => {
    const form = formOf(
      await h.press('tomas', 'Answer', { in: where }).catch(() => h.press('tomas', 'Done', { in: where })),
    );
    const missing = await h.submit('tomas', form, { entry_way: 'phishing' }, { in: where });
    expect(replyText(missing)).toContain('Did you speak to the owner');
    const { state } = await h.services.incidents.load('INC-1');
    expect(state.playbook.runs[0]?.values['entry_way']).toBe('phishing');
    const again = formOf(await h.type('tomas', 'step done confirm-with-owner', { in: where }));
    await h.submit('tomas', again, { owner_spoken_to: 'yes' }, { in: where });
    expect(card()).toContain('1 of');
  });

  it('skips with a reason that stays on record', async () => {
    await h.type('tomas', 'step skip confirm-with-owner the owner is on a plane', { in: where });
    expect(replyText(await h.type('bo', 'step all', { in: where }))).toContain('the owner is on a plane');
  });

  it('shows progress on the pinned card', () => {
    const pinned = h.chat.messages.find((m) => m.key.startsWith('card/INC-1'))!;
    expect(viewText(pinned.view!.view)).toContain('Compromised credentials: 0 of');
  });

  it('lets nobody who only observes settle a step', async () => {
    expect(replyText(await h.type('bo', 'step skip confirm-with-owner no reason', { in: where }))).toContain(
      'responders in the incident',
    );
  });
});
