import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, harness, replyText } from '../harness.ts';

describe('help', () => {
  let h: Harness;
  beforeEach(async () => {
    h = await harness();
  });
  afterEach(() => h.end());

  it('lists the verbs, and one verb with its sub-verbs', async () => {
    const all = replyText(await h.type('mira', 'help'));
    expect(all).toContain('Eleven verbs');
    expect(all).not.toContain('There is no verb');
    expect(replyText(await h.type('mira', 'help review'))).toContain('review publish');
  });

  it('says that a verb does not exist, as text, and lists those that do', async () => {
    const shown = replyText(await h.type('mira', 'help aprove'));
    expect(shown).toMatch(/There is no verb .?aprove/);
    expect(shown).toContain('contain');
  });
});
