import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { matchScore, termsOf } from '../../src/finding/ask.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const LOG = `Nov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2
Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2
Nov 19 09:00:00 web-01 cron[99]: (backup) CMD (run-parts /etc/cron.daily)
`;

describe('asking the record', () => {
  let h: Harness;
  let place: Conversation;
  beforeEach(async () => {
    h = await harness();
    place = (await h.open('mira')).in;
    await h.type('tomas', 'log', { in: place, files: [{ name: 'auth.log', bytes: new TextEncoder().encode(LOG) }] });
  });
  afterEach(() => h.end());
  const said = async (who: string, text: string): Promise<string> => replyText(await h.type(who, text, { in: place }));
  const addAll = async (): Promise<void> => {
    const form = formOf(await h.press('tomas', 'Preview and add', { in: place }));
    await h.submit('tomas', form, { zone: 'Europe/Berlin', which: 'all', events: [], indicators: [] }, { in: place });
  };

  it('answers with the events that say it, each cited and defanged', async () => {
    await addAll();
    const text = await said('bo', 'finding ask Did root log in from 203.0.113.9?');
    expect(text).toContain('Accepted password for root from 203[.]0[.]113[.]9');
    expect(text).toContain('[EV-1:2]');
    expect(text).not.toContain('run-parts');
  });

  it('shows what people verified before any log line', async () => {
    await addAll();
    await said('tomas', 'finding add Root logged in from 203.0.113.9 [EV-1:2]');
    const text = await said('bo', 'finding ask root 203.0.113.9');
    expect(text.indexOf('FI-1 NOT VERIFIED')).toBeGreaterThan(0);
    expect(text.indexOf('FI-1 NOT VERIFIED')).toBeLessThan(text.indexOf('ON THE TIMELINE'));
  });

  it('says not found, what it searched for and where, and that this proves nothing', async () => {
    await addAll();
    const text = await said('bo', 'finding ask Was anything sent to 198.51.100.77?');
    expect(text).toContain('Not found in what was collected');
    expect(text).toContain('`198.51.100.77`');
    expect(text).toContain('EV-1 auth.log, 3 lines');
    expect(text).toContain('Not found is not the same as not happened');
  });

  it('looks into evidence that nobody put on the timeline', async () => {
    expect(await said('bo', 'finding ask What about 203.0.113.9?')).toContain(
      'IN THE RAW EVIDENCE, NOT ON THE TIMELINE',
    );
  });

  it('keeps on record what was asked and what was cited', async () => {
    await said('bo', 'finding ask What about 203.0.113.9?');
    const [record] = await h.services.store.find({ incident: 'INC-1', typePrefix: 'finding.asked' });
    expect(record?.record.body).toMatchObject({
      terms: ['203.0.113.9'],
      cited: ['EV-1:1', 'EV-1:2'],
      searched: ['EV-1'],
    });
  });

  it('asks about a message when it is pointed at', async () => {
    const message = {
      ref: { conversation: place, id: 'm1' },
      author: h.who('bo'),
      text: 'is 203.0.113.9 ours?',
      sentAt: '2026-11-20T12:00:00.000Z',
    };
    const reply = await h.send({
      kind: 'shortcut',
      id: 's1',
      actor: h.who('tomas'),
      conversation: place,
      shortcut: 'ask-about-this',
      message,
    });
    expect(replyText(reply)).toContain('EV-1:1');
  });

  it('takes any text and gives at most twelve terms with scores from 0 to 1', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000, unit: 'binary' }), fc.string({ maxLength: 300 }), (question, text) => {
        const terms = termsOf(question);
        expect(terms.length).toBeLessThanOrEqual(12);
        const score = matchScore(text, terms);
        expect(score >= 0 && score <= 1).toBe(true);
      }),
    );
  });
});
