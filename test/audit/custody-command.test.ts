import { describe, expect, it } from 'vitest';
import { harness, replyText } from '../harness.ts';

describe('audit custody', () => {
  it('shows a paste as the copy it is, and a legal hold with who set it and why', async () => {
    const core = await harness();
    try {
      const { in: place } = await core.open('mira');
      const type = async (who: string, text: string) => replyText(await core.type(who, text, { in: place }));
      await type('mira', 'log Nov 20 10:00:01 wk-7 sshd[1]: Failed password for root from 203.0.113.9 port 22');
      expect(await type('mira', 'audit custody EV-1')).toMatch(
        /copy, not a forensic original[\s\S]*received as a copy \(paste\)/,
      );
      expect(await type('mira', 'audit hold EV-1 litigation expected')).toContain('EV-1 is under legal hold');
      const shown = await type('mira', 'audit custody ev-1');
      expect(shown).toContain('Legal hold: nothing of it may be disposed of');
      expect(shown).toContain('legal hold: litigation expected');
      expect(await type('mira', 'audit unhold EV-1 matter closed')).toContain('no longer under legal hold');
      expect(await type('mira', 'audit unhold EV-1 again')).toContain('under no legal hold');
      expect(await type('mira', 'audit custody EV-9')).toContain('There is no evidence EV-9');
    } finally {
      await core.end();
    }
  });
});
