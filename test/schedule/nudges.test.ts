import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness } from '../harness.ts';

describe('nudges', () => {
  let h: Harness;
  beforeEach(async () => {
    h = await harness();
  });
  afterEach(() => h.end());
  const shown = (match: string): number =>
    h.chat.messages.filter((m) => m.key.startsWith('nudge/') && m.view && viewText(m.view.view).includes(match)).length;

  it('ask for a commander after five and ten minutes, and then stop', async () => {
    await h.open('mira', { isCommander: 'no' });
    await h.pass(4);
    expect(shown('Nobody commands')).toBe(0);
    await h.pass(1);
    expect(shown('Nobody commands')).toBe(1);
    await h.pass(5);
    expect(shown('Nobody commands')).toBe(2);
    await h.pass(30);
    expect(shown('Nobody commands')).toBe(2);
  });

  it('say it once after a long stop', async () => {
    await h.open('mira', { isCommander: 'no' });
    await h.pass(40);
    await h.pass(1);
    expect(shown('Nobody commands')).toBe(1);
  });

  it('leave an incident alone that somebody commands', async () => {
    await h.open('mira');
    await h.pass(15);
    expect(shown('Nobody commands')).toBe(0);
  });

  it('beyond B15: tell whoever was to answer a question, alone and once', async () => {
    const { in: place } = await h.open('mira');
    const form = formOf(await h.type('mira', 'finding question Who else logged in?', { in: place }));
    await h.submit(
      'mira',
      form,
      { text: 'Who else logged in?', answerer: 'tomas', due: '+20m', evidenceWanted: '' },
      { in: place },
    );
    await h.pass(19);
    expect(shown('QU-1')).toBe(0);
    await h.pass(1);
    await h.pass(10);
    expect(h.chat.messages.filter((m) => m.onlyFor === 'tomas' && m.key.includes('question/QU-1'))).toHaveLength(1);
  });
});
