// What a notice and a briefing tell beside findings: events that people put forward, and containment that was carried out.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const LOG = `Nov 20 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2
Nov 20 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2
Nov 20 08:16:02 web-01 systemd[1]: payments.service: Main process exited, code=killed, status=9/KILL
`;

describe('what is told of the timeline and of containment', () => {
  let h: Harness;
  let place: Conversation;
  beforeEach(async () => {
    h = await harness();
    place = (await h.open('mira')).in;
    await h.type('tomas', 'status claim liaison', { in: place });
    await h.type('tomas', 'log', { in: place, files: [{ name: 'auth.log', bytes: new TextEncoder().encode(LOG) }] });
    const form = formOf(await h.type('tomas', 'log preview EV-1', { in: place }));
    await h.submit('tomas', form, { zone: 'Europe/Berlin', which: 'all', events: [], indicators: [] }, { in: place });
  });
  afterEach(() => h.end());

  const said = async (who: string, text: string): Promise<string> => replyText(await h.type(who, text, { in: place }));
  const contain = async (): Promise<void> => {
    const form = formOf(await h.type('tomas', 'contain disable-account k.sample', { in: place }));
    await h.submit(
      'tomas',
      form,
      { targets: 'k.sample', reason: 'The account is used from abroad', evidence: 'EV-1', executor: 'tomas' },
      { in: place },
    );
    await h.press('ife', /^Approve/, { in: place });
    await h.press('tomas', 'I carry it out now', { in: place });
    const outcome = formOf(await h.press('tomas', 'Record the outcome', { in: place }));
    await h.submit(
      'tomas',
      outcome,
      { result: 'executed', summary: 'Nobody can sign in with it', evidence: '' },
      { in: place },
    );
  };
  const knownIn = async (audience: string) => {
    await h.type('tomas', `notice draft ${audience}`, { in: place });
    const made = (await h.services.incidents.load('INC-1')).state.notice.notices.at(-1);
    return {
      known: (made?.body.known ?? []).join('\n'),
      done: (made?.body.beingDone ?? []).join('\n'),
      leftOut: made?.leftOut ?? [],
    };
  };

  it('puts no log line before readers because it looks severe: a person stars it first', async () => {
    expect((await knownIn('legal')).known).not.toContain('payments.service');
    await said('tomas', 'timeline star EV-1:3');
    expect((await knownIn('legal')).known).toContain('2026-11-20 07:16 UTC (08:16 Europe/Berlin): ');
    expect((await knownIn('legal')).known).toContain('[EV-1:3]');
    expect(await said('tomas', 'notice show NO-3')).toMatch(/Not verified: 2026-11-20 07:16 UTC[^\n]*\[EV-1:3\]/);
  });

  it('keeps a starred line that names an address from executives, and says so', async () => {
    await said('tomas', 'timeline star EV-1:2');
    const { known, leftOut } = await knownIn('executive');
    expect(known).not.toContain('203');
    expect(leftOut).toContainEqual({ what: 'EV-1:2 on the timeline', why: expect.stringContaining('for responders') });
  });

  it.each(['customers', 'employees', 'media'])('tells %s verified findings only, never an event', async (audience) => {
    await said('tomas', 'timeline add The shop was slow since 9 at 2026-11-20T08:00Z');
    const { known, leftOut } = await knownIn(audience);
    expect(known).not.toContain('slow');
    expect(leftOut).toContainEqual({ what: 'TE-1 on the timeline', why: expect.stringContaining('finding add') });
  });

  it('tells managers once what people wrote on the timeline, marked as not verified', async () => {
    await said('tomas', 'timeline add The shop was slow since 9 at 2026-11-20T08:00Z');
    await h.pass(60);
    const post = async (): Promise<string> => {
      const form = formOf(await h.type('tomas', 'notice brief', { in: place }));
      const values = Object.fromEntries(
        form.form.fields.map((f) => [f.name, 'value' in f ? String(f.value ?? '') : '']),
      );
      await h.submit('tomas', form, values, { in: place });
      return said('bo', 'notice latest');
    };
    expect(await post()).toContain(
      'Not verified: 2026-11-20 08:00 UTC (09:00 Europe/Berlin): The shop was slow since 9',
    );
    expect(await post()).not.toContain('slow');
  });

  it('tells our own people what containment was carried out, and outsiders nothing of it', async () => {
    await contain();
    expect((await knownIn('executive')).done).toContain('Done: disable account k.sample. [CA-1]');
    expect((await knownIn('legal')).done).toContain('[CA-1]');
    const customers = await knownIn('customers');
    expect(customers.done).not.toContain('k.sample');
    expect(customers.done).not.toContain('CA-1');
  });

  it('tells managers of containment in the words of whoever attested it', async () => {
    await contain();
    await h.pass(60);
    const draft = (await h.services.incidents.load('INC-1')).state.notice.briefingDraft;
    expect(draft?.changed.join('\n')).toContain('Done: Nobody can sign in with it. [CA-1]');
  });
});
