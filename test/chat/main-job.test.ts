import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, LOBBY, replyText } from '../harness.ts';

const AUTH = `Nov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2
Nov 19 08:15:33 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4712 ssh2
Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2
`;

describe('an incident, from opening to its timeline', () => {
  let h: Harness;
  beforeEach(async () => {
    h = await harness();
  });
  afterEach(() => h.end());

  const shownIn = (channel: string): string =>
    h.chat.messages
      .filter((m) => m.ref.conversation.id === channel && m.view)
      .map((m) => viewText(m.view!.view))
      .join('\n=====\n');

  it('opens in a channel of its own with one card that is edited in place', async () => {
    const incident = await h.open('mira', { title: 'Odd logins' });
    expect(incident.key).toBe('INC-1');
    expect(shownIn(incident.in.id)).toContain('INC-1 Odd logins');
    await h.type('mira', 'status severity SEV1 customer data is leaving', { in: incident.in });
    const cards = h.chat.messages.filter((m) => m.key.startsWith('card/INC-1'));
    expect(cards).toHaveLength(1);
    expect(viewText(cards[0]!.view!.view)).toContain('SEV1');
  });

  it('keeps a paste, accounts for every line, and adds only what was chosen', async () => {
    const incident = await h.open('mira');
    await h.type('tomas', 'log', {
      in: incident.in,
      files: [{ name: 'auth.log', bytes: new TextEncoder().encode(AUTH) }],
    });
    expect(shownIn(incident.in.id)).toContain('3 = 3 entries + 0 continuations + 0 unparsed');
    const form = formOf(await h.press('tomas', 'Preview and add', { in: incident.in }));
    const added = await h.submit(
      'tomas',
      form,
      { zone: 'Europe/Berlin', which: 'all', events: [], indicators: ['ipv4:203.0.113.9'] },
      { in: incident.in },
    );
    expect(replyText(added)).toContain('on the timeline');
    const timeline = await h.type('bo', 'timeline', { in: incident.in });
    expect(replyText(timeline)).toContain('Accepted password for root');
    expect(replyText(timeline)).toContain('2026-11-19 07:15:39Z');
  });

  it('adds the same bytes once, and says so', async () => {
    const incident = await h.open('mira');
    const file = { name: 'auth.log', bytes: new TextEncoder().encode(AUTH) };
    await h.type('tomas', 'log', { in: incident.in, files: [file] });
    const again = await h.type('mira', 'log', { in: incident.in, files: [file] });
    expect(replyText(again)).toContain('The same bytes are here already as EV-1');
    const { state } = await h.services.incidents.load('INC-1');
    expect(state.evidence.items).toHaveLength(1);
  });

  it('refuses an observer who wants to change the severity, tells who can, and keeps a record of it', async () => {
    const incident = await h.open('mira');
    const refused = await h.type('bo', 'status severity SEV4 nothing to see', { in: incident.in });
    expect(replyText(refused)).toContain('the commander or the deputy');
    expect(replyText(refused)).toContain('Mira Sample (commander)');
    const records = await h.services.store.find({ incident: 'INC-1', typePrefix: 'command.refused' });
    expect(records).toHaveLength(1);
  });

  it('handles an event that is delivered twice once', async () => {
    const incident = await h.open('mira');
    const event = {
      kind: 'command',
      id: 'same',
      actor: h.who('mira'),
      conversation: incident.in,
      text: 'timeline add VPN rebooted at 08:00Z',
    } as const;
    await h.send(event);
    await h.send(event);
    const records = await h.services.store.find({ incident: 'INC-1', typePrefix: 'timeline.event-added' });
    expect(records).toHaveLength(1);
  });

  it('revises and retracts without overwriting', async () => {
    const incident = await h.open('mira');
    await h.type('mira', 'timeline add VPN rebooted at 08:00Z', { in: incident.in });
    const form = formOf(await h.type('mira', 'timeline edit TE-1', { in: incident.in }));
    await h.submit(
      'mira',
      form,
      { text: 'VPN restarted', when: '2026-11-20T07:59:00Z', reason: 'clock was off' },
      { in: incident.in },
    );
    expect(replyText(await h.type('mira', 'timeline show TE-1', { in: incident.in }))).toContain('clock was off');
    await h.type('mira', 'timeline retract TE-1 wrong machine', { in: incident.in });
    expect(replyText(await h.type('mira', 'timeline', { in: incident.in }))).not.toContain('VPN restarted');
    expect(replyText(await h.type('mira', 'timeline show TE-1', { in: incident.in }))).toContain('wrong machine');
  });

  it('refuses a time with two readings', async () => {
    const incident = await h.open('mira');
    expect(replyText(await h.type('mira', 'timeline add odd login at 03/04', { in: incident.in }))).toContain(
      'can mean day 03 of month 04',
    );
  });

  it('answers an unknown word with the closest verb and an example', async () => {
    expect(replyText(await h.type('mira', 'timelime'))).toContain('Did you mean timeline?');
  });

  it('goes on after a restart with nothing lost and nothing doubled', async () => {
    const incident = await h.open('mira');
    await h.type('tomas', 'log', {
      in: incident.in,
      files: [{ name: 'auth.log', bytes: new TextEncoder().encode(AUTH) }],
    });
    const before = h.chat.messages.length;
    h = await h.restart();
    await h.settled();
    expect(h.chat.messages).toHaveLength(before);
    expect(replyText(await h.type('mira', 'log list', { in: incident.in }))).toContain('EV-1');
  });

  it('delivers what the platform refused at first, once', async () => {
    const incident = await h.open('mira');
    h.chat.failNext = 1;
    await h.type('mira', 'status phase containment', { in: incident.in });
    h.clock.now += 5_000;
    await h.settled();
    expect(shownIn(incident.in.id)).toContain('Phase: containment');
  });

  it('gives a stranger nothing', async () => {
    const incident = await h.open('mira');
    const stranger = { ...h.who('mira'), id: 'stranger', label: 'Mira Sample' };
    const reply = await h.send({
      kind: 'command',
      id: 'x',
      actor: stranger,
      conversation: incident.in,
      text: 'timeline',
    });
    expect(replyText(reply)).toContain('not listed');
  });

  it('ignores a button outside the place it was given to', async () => {
    const incident = await h.open('mira');
    const card = h.chat.messages.find((m) => m.key.startsWith('card/INC-1'))!;
    const reply = await h.send({
      kind: 'click',
      id: 'moved',
      actor: h.who('mira'),
      conversation: LOBBY,
      token: card.view!.tokens[0]!,
      message: null,
    });
    expect(replyText(reply)).toContain('belongs to another place');
    expect(incident.key).toBe('INC-1');
  });
});
