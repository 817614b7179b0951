import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { decideFinding } from '../../src/finding/decide.ts';
import { inlineClaim } from '../../src/finding/forms.ts';
import { isRefusal } from '../../src/refusal.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const LOG = `Nov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2
Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2
`;
const ASSISTANT = {
  kind: 'system',
  platform: 'countersign',
  tenant: 'local',
  id: 'assistant',
  label: 'Assistant',
} as const;

describe('catching up', () => {
  let h: Harness;
  let place: Conversation;
  beforeEach(async () => {
    h = await harness();
    place = (await h.open('mira', { title: 'Odd logins' })).in;
    await h.type('tomas', 'log', { in: place, files: [{ name: 'auth.log', bytes: new TextEncoder().encode(LOG) }] });
  });
  afterEach(() => h.end());

  const said = async (who: string, text: string): Promise<string> => replyText(await h.type(who, text, { in: place }));
  const fill = async (who: string, command: string, values: Record<string, string>): Promise<string> =>
    replyText(await h.submit(who, formOf(await h.type(who, command, { in: place })), values, { in: place }));
  const join = async (who: string, id: string): Promise<string> =>
    replyText(await h.send({ kind: 'joined', id, actor: h.who(who), conversation: place }));

  it('shows what is verified first, then the assistant, then people, then questions, each with its evidence', async () => {
    await said('tomas', 'finding add Orders are stuck [EV-1:1]');
    await said('tomas', 'finding add Root logged in from abroad [EV-1:2]');
    await fill('ife', 'finding verify FI-2', { method: 'Read the line', cites: 'EV-1:2', second: '' });
    await h.services.act('INC-1', ASSISTANT, (d) => {
      const records = decideFinding(
        { do: 'add', claim: inlineClaim('The password was guessed [EV-1:1]') },
        d.finding,
        ASSISTANT,
      );
      return isRefusal(records) ? records : { records };
    });
    await fill('mira', 'finding question Who else logged in?', {
      text: 'Who else logged in?',
      answerer: '',
      due: '',
      evidenceWanted: '',
    });
    const text = await said('noor', 'status catchup');
    const order = [
      '\u2713 VERIFIED BY A PERSON',
      'Root logged in from abroad [FI-2: EV-1:2]',
      '\u25cb PROPOSED BY THE ASSISTANT, NOT VERIFIED',
      'The password was guessed',
      '\u25cb SAID BY PEOPLE, NOT VERIFIED',
      'Orders are stuck [FI-1: EV-1:1]',
      'NOBODY KNOWS YET',
      'Who else logged in?',
    ];
    const at = order.map((part) => text.indexOf(part));
    expect(at.every((p) => p >= 0)).toBe(true);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
  });

  it('comes once by itself to whoever joins, and only to them', async () => {
    const before = h.chat.messages.length;
    expect(await join('noor', 'j1')).toContain('CATCH-UP');
    expect(await join('noor', 'j2')).toBe('');
    // The pinned card is edited in place: nobody else sees a message.
    expect(h.chat.messages.length).toBe(before);
    expect((await h.services.incidents.load('INC-1')).state.incident.members.map((m) => m.id)).toContain('noor');
  });

  it('says nothing when somebody joins a channel without an incident', async () => {
    const reply = await h.send({
      kind: 'joined',
      id: 'j3',
      actor: h.who('noor'),
      conversation: { platform: 'web', tenant: 'local', id: 'general' },
    });
    expect(reply.kind).toBe('none');
  });

  it('can be asked for what came since a time', async () => {
    await said('tomas', 'finding add Orders are stuck [EV-1:1]');
    h.clock.now += 3_600_000;
    await said('tomas', 'finding add Root logged in from abroad [EV-1:2]');
    const text = await said('noor', 'status catchup -30m');
    expect(text).toContain('Root logged in from abroad');
    expect(text).not.toContain('Orders are stuck');
  });

  it('never repeats as true what was refuted a moment ago', async () => {
    await said('tomas', 'finding add Orders are stuck [EV-1:1]');
    await said('noor', 'status catchup');
    await fill('ife', 'finding refute FI-1', { method: 'They are not', cites: 'EV-1:1' });
    const text = await said('noor', 'status catchup');
    expect(text.indexOf('NOT SO, DO NOT REPEAT IT')).toBeLessThan(text.indexOf('Orders are stuck'));
    expect(text).not.toContain('SAID BY PEOPLE');
  });

  it('spares managers log lines, addresses and keys', async () => {
    const form = formOf(await h.press('tomas', 'Preview and add', { in: place }));
    await h.submit('tomas', form, { zone: 'Europe/Berlin', which: 'all', events: [], indicators: [] }, { in: place });
    await said('tomas', 'finding add Root logged in from abroad [EV-1:2]');
    expect(await said('noor', 'status catchup')).toContain('203[.]0[.]113[.]9');
    const text = await said('bo', 'status catchup');
    expect(text).toContain('Root logged in from abroad');
    expect(text).not.toMatch(/203|EV-1|FI-1/);
  });

  it('beyond B15: gives the next commander open questions and what rests on unverified ground', async () => {
    await said('tomas', 'finding add Orders are stuck [EV-1:1]');
    await said('mira', 'notice draft executive');
    await fill('mira', 'finding question Who else logged in?', {
      text: 'Who else logged in?',
      answerer: 'tomas',
      due: '+30m',
      evidenceWanted: '',
    });
    await said('mira', 'status handover @ife');
    const brief = h.chat.messages
      .filter((m) => m.onlyFor === 'ife')
      .map((m) => (m.view ? viewText(m.view.view) : ''))
      .join('\n');
    expect(brief).toContain('NEXT BRIEFING\n\n- Briefing due 2026-11-20 13:00:00Z');
    expect(brief).toContain('Who else logged in? \u2014 Tomas Sample, by 2026-11-20 12:30:00Z');
    expect(brief).toContain('NOT VERIFIED, AND SOMETHING RESTS ON IT\n\n- FI-1 Orders are stuck: NO-1 rests on it');
  });
});
