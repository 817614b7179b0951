import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { decideFinding } from '../../src/finding/decide.ts';
import { inlineClaim } from '../../src/finding/forms.ts';
import { isRefusal } from '../../src/refusal.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const ASSISTANT = {
  kind: 'system',
  platform: 'countersign',
  tenant: 'local',
  id: 'assistant',
  label: 'Assistant',
} as const;
const LOG = 'Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2\n';

describe('findings in two lanes', () => {
  let h: Harness;
  let place: Conversation;
  beforeEach(async () => {
    h = await harness();
    place = (await h.open('mira')).in;
    await h.type('tomas', 'log', { in: place, files: [{ name: 'auth.log', bytes: new TextEncoder().encode(LOG) }] });
  });
  afterEach(() => h.end());

  /** What the actor reads: the answer and the cards of findings and questions as they stand in the channel. */
  const read = (reply: Awaited<ReturnType<Harness['type']>>): string =>
    [
      replyText(reply),
      ...h.chat.messages
        .filter((m) => m.key.startsWith('finding/INC-1/') && m.view)
        .map((m) => (m.view ? viewText(m.view.view) : '')),
    ].join('\n');
  const said = async (who: string, text: string): Promise<string> => read(await h.type(who, text, { in: place }));
  const fill = async (who: string, command: string, values: Record<string, string | string[]>): Promise<string> =>
    read(await h.submit(who, formOf(await h.type(who, command, { in: place })), values, { in: place }));
  const state = async () => (await h.services.incidents.load('INC-1')).state.finding;
  const asAssistant = (command: Parameters<typeof decideFinding>[0]) =>
    h.services.act('INC-1', ASSISTANT, (d) => {
      const records = decideFinding(command, d.finding, ASSISTANT);
      return isRefusal(records) ? records : { records };
    });
  const complete = {
    ...inlineClaim('The password was guessed [EV-1:1]'),
    kind: 'hypothesis' as const,
    confidence: 90,
    assumptions: ['the log is whole'],
    alternatives: ['a key was stolen', 'an administrator logged in from abroad'],
    wouldChange: 'a key login before it',
  };

  it('adds a claim as not verified, whoever adds it', async () => {
    expect(await said('tomas', 'finding add Root logged in from abroad [EV-1:1]')).toContain(
      'NOT VERIFIED. Proposed by Tomas Sample',
    );
  });

  it('verifies with a named person, a method and evidence, and not without', async () => {
    await said('tomas', 'finding add Root logged in from abroad [EV-1:1]');
    const form = formOf(await h.type('ife', 'finding verify FI-1', { in: place }));
    expect(form.form.fields.filter((f) => f.isRequired).map((f) => f.name)).toEqual(['method', 'cites']);
    expect(await fill('ife', 'finding verify FI-1', { method: 'Read the line', cites: '' })).toContain(
      'Name the evidence',
    );
    expect(await fill('ife', 'finding verify FI-1', { method: 'Read the line', cites: 'EV-1:1' })).toContain(
      'VERIFIED by Ife Sample: Read the line (EV-1:1)',
    );
  });

  it('refuses evidence that does not exist', async () => {
    expect(await said('tomas', 'finding add Root logged in [EV-1:400]')).toContain('There is no EV-1:400');
    expect(await said('tomas', 'finding add Root logged in [EV-9:1]')).toContain('There is no EV-9:1');
  });

  it('beyond B3: the assistant can propose and never verify, confirm or refute', async () => {
    await asAssistant({ do: 'add', claim: complete });
    expect((await state()).findings[0]).toMatchObject({ origin: 'assistant', state: 'unverified' });
    for (const command of [
      { do: 'verify', key: 'FI-1', method: 'I am sure', cites: ['EV-1:1'], second: null, isSecondRequired: false },
      { do: 'refute', key: 'FI-1', method: 'I am sure', cites: ['EV-1:1'] },
      { do: 'confirm', key: 'FI-1' },
    ] as const) {
      expect(await asAssistant(command)).toMatchObject({ kind: 'refused', code: 'not-human' });
    }
    expect(await said('mira', 'finding show FI-1')).toContain('PROPOSED BY THE ASSISTANT, NOT VERIFIED');
  });

  it('beyond B3: freezes a verified finding against the assistant', async () => {
    await asAssistant({ do: 'add', claim: complete });
    await fill('ife', 'finding verify FI-1', { method: 'Read the line', cites: 'EV-1:1' });
    expect(
      await asAssistant({ do: 'revise', key: 'FI-1', claim: { ...complete, claim: 'Nothing happened' } }),
    ).toMatchObject({ code: 'frozen' });
  });

  it('beyond B3: waits for the second person when one is named, and takes nobody else', async () => {
    await said('tomas', 'finding add Root logged in from abroad [EV-1:1]');
    expect(
      await fill('ife', 'finding verify FI-1', { method: 'Read the line', cites: 'EV-1:1', second: 'mira' }),
    ).toContain('Mira Sample still has to confirm');
    expect(await said('tomas', 'finding confirm FI-1')).toContain('named Mira Sample');
    expect((await state()).findings[0]?.state).toBe('unverified');
    expect(await said('mira', 'finding confirm FI-1')).toContain('VERIFIED by Ife Sample and Mira Sample');
  });

  it('beyond B4: calls an explanation without alternatives or assumptions incomplete, and nobody can verify it', async () => {
    await asAssistant({ do: 'add', claim: { ...complete, alternatives: ['a key was stolen'], assumptions: [] } });
    expect(await said('mira', 'finding show FI-1')).toContain(
      'INCOMPLETE: it lacks an assumption, a second alternative',
    );
    expect(await fill('ife', 'finding verify FI-1', { method: 'Read it', cites: 'EV-1:1' })).toContain('is incomplete');
    expect(await said('tomas', 'notice draft legal')).toMatch(/FI-1 The password was guessed[\s\S]*it is incomplete/);
  });

  it('beyond B4: caps what is stated with confidence', async () => {
    await asAssistant({ do: 'add', claim: complete });
    expect(await said('mira', 'finding show FI-1')).toContain(
      '65 of 100 (90 was stated; capped because it rests on a single source)',
    );
  });

  it('beyond B7: names a value of a claim that stands in nothing it cites, and caps its confidence at 40', async () => {
    const text = await said('tomas', 'finding add Root logged in from 203.0.113.90 [EV-1:1]');
    expect(text).toContain('Not in what is cited: 203[.]0[.]113[.]90');
    const form = formOf(await h.type('tomas', 'finding edit FI-1', { in: place }));
    const values = {
      claim: 'Root logged in from 203.0.113.90',
      kind: 'observation',
      cites: 'EV-1:1',
      confidence: '80',
      tlp: 'none',
    };
    expect(read(await h.submit('tomas', form, values, { in: place }))).toContain('40 of 100 (80 was stated');
    await said('tomas', 'finding add Root logged in from 203[.]0[.]113[.]9 [EV-1:1]');
    expect((await state()).findings[1]?.mismatches).toEqual([]);
  });

  it('asks for verification with a check mark and verifies nothing', async () => {
    await said('tomas', 'finding add Root logged in from abroad [EV-1:1]');
    const card = h.chat.messages.find((m) => m.key.startsWith('finding/INC-1/FI-1'));
    const bot = { ...h.who('mira'), id: 'countersign', standing: 'bot' as const };
    const message = { ref: card!.ref, author: bot, text: card!.view!.view.summary, sentAt: '2026-11-20T12:00:00.000Z' };
    const event = {
      kind: 'reaction',
      id: 'check',
      actor: h.who('mira'),
      conversation: place,
      emoji: 'white_check_mark',
      isAdded: true,
      message,
    } as const;
    await h.send(event);
    expect((await state()).findings[0]).toMatchObject({ state: 'unverified', askedToVerifyBy: [{ id: 'mira' }] });
    const forged = { ...message, author: h.who('bo'), text: 'FI-1 is verified' };
    await h.send({ ...event, id: 'forged', actor: h.who('ife'), message: forged });
    expect((await state()).findings[0]?.askedToVerifyBy).toHaveLength(1);
  });

  it('keeps a challenge open until somebody settles it, in the open', async () => {
    await said('tomas', 'finding add Root logged in from abroad [EV-1:1]');
    await fill('ife', 'finding verify FI-1', { method: 'Read the line', cites: 'EV-1:1' });
    const challenged = await fill('noor', 'finding challenge FI-1', {
      method: 'Asked the night shift',
      argument: 'It was our own VPN',
      redFlags: ['single-source'],
      cites: '',
    });
    expect(challenged).toContain('VERIFIED, CHALLENGED');
    expect(challenged).toContain('It rests on one source');
    expect(await said('tomas', 'finding settle FI-1 I say so')).toContain('for somebody else to settle');
    expect(await said('noor', 'finding settle FI-1 The VPN log shows nothing at that time')).toContain(
      'Challenge settled',
    );
  });

  it('beyond B15: keeps questions with who answers, by when and what would settle it', async () => {
    const asked = await fill('mira', 'finding question Was the customer table read?', {
      text: 'Was the customer table read?',
      answerer: 'tomas',
      due: '+30m',
      evidenceWanted: 'the database log',
    });
    expect(asked).toContain('By when: 2026-11-20 12:30:00Z');
    expect(await said('bo', 'finding')).toContain('QU-1 Was the customer table read? \u2014 Tomas Sample');
    await said('tomas', 'finding answer QU-1 No read stands in the log');
    expect(replyText(await h.type('bo', 'finding', { in: place }))).not.toContain('Was the customer table read?');
  });
});
