import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { commands } from '../../src/commands/registry.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

describe('legal clocks in an incident', () => {
  let h: Harness;
  let place: Conversation;
  beforeEach(async () => {
    // Friday 20 November 2026, 17:00 in Berlin.
    h = await harness({ now: Date.parse('2026-11-20T16:00:00Z') });
    place = (await h.open('mira')).in;
  });
  afterEach(() => h.end());

  const said = async (who: string, text: string): Promise<string> => replyText(await h.type(who, text, { in: place }));
  const start = async (who: string, values: Record<string, string> = {}): Promise<string> => {
    const form = formOf(await h.type(who, 'notice clock start gdpr', { in: place }));
    return replyText(
      await h.submit(
        who,
        form,
        { anchor: 'aware', when: '17:00', zone: 'Europe/Berlin', reason: '', ...values },
        { in: place },
      ),
    );
  };
  const reminders = async (): Promise<unknown[]> =>
    (await h.services.store.find({ incident: 'INC-1', typePrefix: 'clock.reminded' })).map(
      (r) => (r.record.body as { kind: string }).kind,
    );
  const card = (): string => {
    const m = h.chat.messages.find((p) => p.key.startsWith('card/INC-1'));
    return m?.view ? viewText(m.view.view) : '';
  };

  it('past F17: says what starting one sets running before it starts', async () => {
    const form = formOf(await h.type('mira', 'notice clock start gdpr', { in: place }));
    expect(JSON.stringify(form.form.intro)).toContain('within 72 hours');
    expect(await said('mira', 'notice clock')).toContain('No clock was started');
  });

  it('beyond B10: is started by the commander, the deputy or counsel, and by nobody else', async () => {
    expect(await said('tomas', 'notice clock start gdpr')).toContain('set by the commander, the deputy or counsel');
    expect(await start('noor')).toContain('2026-11-23 16:00 UTC (17:00 Europe/Berlin)');
    expect(card()).toContain('GDPR (EU), supervisory authority by 2026-11-23 16:00:00Z');
  });

  it('beyond B10: no log line and no message starts one', async () => {
    const text =
      'Nov 20 15:00:00 web-01 app: /ir notice clock start gdpr; the organisation is aware, start the 72 hour clock now\n';
    await h.type('tomas', 'log', { in: place, files: [{ name: 'app.log', bytes: new TextEncoder().encode(text) }] });
    const message = {
      ref: { conversation: place, id: 'm-9' },
      author: h.who('bo'),
      text: '/ir notice clock start gdpr',
      sentAt: '2026-11-20T16:00:00.000Z',
    };
    await h.send({
      kind: 'reaction',
      id: 'r',
      actor: h.who('mira'),
      conversation: place,
      emoji: 'white_check_mark',
      isAdded: true,
      message,
    });
    expect(await said('mira', 'notice clock')).toContain('No clock was started');
    // Nothing that works without a person leads to a clock command.
    expect(
      commands.filter((c) => c.name.startsWith('notice clock-')).every((c) => c.isHidden && c.who === 'legal'),
    ).toBe(true);
  });

  it('reminds at half, three quarters, nine tenths and when it is due, once each', async () => {
    await start('noor');
    for (const hours of [36, 18, 10.8, 7.2]) {
      await h.pass(hours * 60 - 1);
      const before = (await reminders()).length;
      await h.pass(1);
      await h.pass(0);
      expect((await reminders()).length).toBe(before + 1);
    }
    expect(await reminders()).toEqual(['half', 'three-quarters', 'nine-tenths', 'due']);
    await h.pass(1);
    expect(await said('bo', 'status')).toContain('OVERDUE GDPR (EU), supervisory authority');
  });

  it('gives one reminder after a long stop', async () => {
    await start('noor');
    await h.pass(80 * 60);
    expect(await reminders()).toEqual(['due']);
    await h.pass(60);
    expect(await reminders()).toEqual(['due']);
  });

  it('keeps an incident open until it is met, and says who may waive that', async () => {
    await start('noor');
    expect(await said('mira', 'status close')).toContain('the clock GDPR (EU), supervisory authority is open');
    await h.pass(60);
    const form = formOf(await h.press('noor', 'Record the submission'));
    const met = await h.submit('noor', form, { when: '-5m', reference: 'portal, 2026-118' }, { in: place });
    expect(replyText(met)).toContain('supervisory authority: met');
    expect(await said('mira', 'status close')).not.toContain('supervisory authority');
  });

  it('tells legal readers which run, who started them and when', async () => {
    await start('noor');
    expect(await said('mira', 'notice draft legal')).toContain(
      'GDPR (EU), supervisory authority: running, due 2026-11-23 16:00 UTC (17:00 Europe/Berlin); started by Noor Sample',
    );
  });

  it('keeps both times when one is corrected, with the reason', async () => {
    await start('noor');
    expect(await start('noor', { when: '16:00' })).toContain('Say in at most');
    const board = await start('noor', { when: '2026-11-20 16:30', reason: 'The ticket is older' });
    expect(board).toContain('2026-11-23 15:30 UTC');
    const later = await start('noor', { when: '2026-11-20 16:45', reason: 'That ticket was another one' });
    expect(later).toContain('Earlier time once set: 2026-11-20 15:30 UTC');
  });

  it('is deferred only where a statute says so, with what it rests on', async () => {
    const sec = formOf(await h.type('mira', 'notice clock start sec', { in: place }));
    await h.submit(
      'mira',
      sec,
      { anchor: 'material', when: '16:00Z', zone: 'America/New_York', reason: 'the board' },
      { in: place },
    );
    await start('mira');
    expect(await said('mira', 'notice clock')).toContain('[Record a deferral]');
    const form = formOf(await h.press('mira', 'Record a deferral', { in: place }));
    expect(JSON.stringify(form.form.intro)).toContain('a request alone defers nothing');
    const late = await h.submit('mira', form, { until: '-1h', basis: 'letter of the Attorney General' }, { in: place });
    expect(late).toMatchObject({ kind: 'errors', errors: { until: expect.stringContaining('has passed') } });
    const put = await h.submit(
      'mira',
      form,
      { until: '+30d', basis: 'Letter of the Attorney General, 20 Nov' },
      { in: place },
    );
    expect(replyText(put)).toContain('2026-12-20 16:00 UTC');
    expect(replyText(put)).toContain('Put off by: Letter of the Attorney General, 20 Nov');
    expect(replyText(put).match(/Record a deferral/g)).toHaveLength(1);
  });

  it('is one of the rules that ship, each with its reference, whether it is on, and when counsel reads it again', async () => {
    const rules = await said('bo', 'notice clock rules');
    expect(rules).toContain('GDPR (EU) (gdpr)');
    expect(rules).toMatch(/CIRCIA[^\n]*not in force/);
    expect(rules).toMatch(/counsel confirms it first/);
    expect(rules).toContain('2027-06-30');
    await start('mira');
    expect(await said('bo', 'notice clock')).toContain('Counsel reads this rule again before 2027-06-30');
  });

  it('stand on the home tab of everybody inside, the next one first', async () => {
    const home = async (who: string): Promise<string> => viewText((await h.desk.home(h.who(who))).view);
    expect(await home('bo')).not.toContain('LEGAL DEADLINES');
    await start('mira');
    const shown = await home('bo');
    expect(shown).toContain('LEGAL DEADLINES: INC-1');
    expect(shown).toMatch(
      /GDPR \(EU\), supervisory authority: [^\n]*Due 2026-11-23 16:00:00Z[\s\S]*people concerned: [^\n]*Without undue delay/,
    );
    await h.pass(73 * 60);
    expect(await home('mira')).toContain('OVERDUE, was due 2026-11-23 16:00:00Z');
  });
});
