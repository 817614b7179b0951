import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { harness } from '../harness.ts';
import { scene } from './scene.ts';

const ORGANISATION = readFileSync('countersign.example.yml', 'utf8')
  .replace('executive: { tlp: AMBER }', 'executive: { tlp: AMBER, channels: [web/local/leads] }')
  .replace(
    'customers: { tlp: CLEAR, external: true }',
    'customers: { tlp: CLEAR, external: true, channels: [web/local/status-page] }',
  );

const LOG = `Nov 20 11:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2
Nov 20 11:15:33 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4712 ssh2
Nov 20 11:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2
`;

describe('six hours of an incident', () => {
  it('reads as docs/six-hours.md tells it', { timeout: 60_000 }, async () => {
    const h = await harness({ organisation: ORGANISATION, now: Date.parse('2026-11-20T12:00:00Z') });
    let place: Conversation = { platform: 'web', tenant: 'local', id: 'general' };
    const s = scene(h, () => place);
    s.tell('# Six hours of an incident');
    s.tell(
      'An incident as the team of the sample organisation lives through it, from the first log to the close. Everybody in it is fictional. This page is written by a test (`test/transcripts/six-hours.test.ts`): what you read is what the program does, with the clock moved by hand and no model.',
    );

    s.heading('It begins');
    place = (await h.open('mira', { title: 'Orders cannot be paid', detectedAt: '12:45' })).in;
    s.tell('Mira opens INC-1 as SEV2 and commands it. A briefing is due every hour from now on.');
    await s.type('tomas', 'status claim liaison');
    await h.type('tomas', 'log', { in: place, files: [{ name: 'auth.log', bytes: new TextEncoder().encode(LOG) }] });
    s.tell('Tomas pastes `auth.log`: it is kept as EV-1.');
    await s.type('tomas', 'finding add Payments have failed since noon', 1);
    await s.type('ife', 'finding add Somebody from abroad logged in to a web server as administrator [EV-1:3]', 1);
    expect(await s.type('ife', 'finding add The login came from 203.0.113.90 [EV-1:3]', 1)).toContain('NOT VERIFIED');
    s.tell('The last one has a slip in it. Its card says so, and caps what it may be shown with:');
    await s.type('mira', 'finding show FI-3', 4);
    await s.fill('noor', 'finding refute FI-3', { method: 'Read line 3: the address is another one', cites: 'EV-1:3' });
    await s.fill('noor', 'finding verify FI-2', {
      method: 'Read line 3 and asked Ife where the address is',
      cites: 'EV-1:3',
    });
    await s.fill('mira', 'finding question Did they read the order history?', {
      answerer: 'ife',
      due: '+3h',
      evidenceWanted: 'the database log',
    });

    s.heading('A playbook says what comes next');
    await s.type('tomas', 'step start compromised-credentials', 10);
    await s.fill('tomas', 'step done confirm-with-owner', { owner_spoken_to: 'yes' });
    s.tell('The next step offers what the evidence names. Tomas ticks what he means; nothing is chosen for him.');
    await s.fill('tomas', 'step done scope-accounts', {
      'seen.affected_accounts': ['root'],
      account_kind: 'administrator',
      first_foreign_use: '11:15Z',
      'seen.foreign_addresses': ['203.0.113.9'],
    });
    await s.fill('tomas', 'step done preserve-sign-ins', {
      'evidence.sign-in-log': ['EV-1'],
      'evidence.audit-log': ['EV-1'],
    });
    await s.fill('mira', 'step done is-it-real', { answer: 'yes', reason: 'All of us were at home' });
    s.tell('Containment has no Done. It opens a proposal, and somebody else approves exactly that.');
    const proposed = await s.fill(
      'tomas',
      'step propose block-addresses',
      { reason: 'Somebody signs in as administrator from there', executor: 'tomas', 'param.where': 'firewall' },
      1,
    );
    expect(proposed).toContain('CA-1 is proposed');
    await s.press('ife', /^Approve block indicator/, 1);
    await s.press('tomas', 'I carry it out now');
    await s.fill('tomas', 'contain outcome CA-1', {
      result: 'executed',
      summary: 'The attacker\u2019s address is refused at the firewall',
    });

    s.heading('The first hour ends: a briefing is due');
    await s.pass(50);
    s.tell('Nobody has time. The reminder goes on to the commander once.');
    await s.pass(15);
    await s.type('tomas', 'notice snooze 15 the provider is on the phone', 1);
    await s.pass(15);
    await s.fill('tomas', 'notice brief', { impact: 'Customers cannot pay. Orders already paid are not affected.' });
    s.tell('Bo manages the shop and was not there. What Bo reads:');
    expect(await s.type('bo', 'notice latest', 16)).toContain('Not verified: Payments have failed since noon');

    s.heading('Notices to four audiences');
    await s.type('tomas', 'notice draft executive');
    await s.fill('tomas', 'notice edit NO-1', {
      'answer.impact': 'Customers cannot pay. [FI-1]',
      'answer.decisions': 'Close the shop until tomorrow? By 15:00Z.',
    });
    await s.fill('mira', 'notice review NO-1', {});
    await s.fill('tomas', 'notice send NO-1', {});
    s.look('leads');
    await s.type('tomas', 'notice draft employees');
    await s.fill('mira', 'notice review NO-2', {});
    await s.fill('tomas', 'notice send NO-2', {});
    await s.type('noor', 'notice draft legal');
    await s.fill('noor', 'notice review NO-3', {});
    await s.fill('tomas', 'notice send NO-3', { byHand: 'handed to counsel in person' });
    s.tell('Customers are outside: only verified facts, in plain words, and two people.');
    await s.type('tomas', 'finding plain FI-1 Payments in our shop have failed since noon');
    await s.type('tomas', 'notice draft customers');
    await s.fill('tomas', 'notice edit NO-4', { 'answer.affected': 'You cannot pay at the moment. [FI-1]' });
    expect(await s.type('noor', 'notice review NO-4', 3)).toContain('rests on FI-1, which nobody has verified');
    await s.fill('ife', 'finding verify FI-1', { method: 'Tried to pay with a test card', cites: 'EV-1:1' });
    await s.fill('noor', 'notice review NO-4', {});
    await s.fill('tomas', 'notice send NO-4', {});
    s.look('status-page');

    s.heading('A clock is started, and command changes hands');
    await s.fill('noor', 'notice clock start dora', {
      anchor: 'classified',
      when: '13:30Z',
      reason: 'Counsel classified it as major',
    });
    await s.type('mira', 'status phase containment the way in is known');
    await s.type('mira', 'status handover @ife');
    const brief = h.chat.messages.findLast((m) => m.onlyFor === 'ife' && m.key.includes('handover'));
    expect(brief?.view?.view.summary).toContain('offers you command');
    s.look('dm-ife');
    await h.press('ife', 'I have command');
    s.tell('Ife presses "I have command". From now on reminders go to her.');
    s.heading('The second briefing: what changed since');
    await s.pass(45);
    await s.fill('ife', 'notice brief', { decisions: 'May we keep the shop closed until 18:00? By 15:30Z, from Bo.' });
    expect(await s.type('bo', 'notice latest', 18)).toContain('May we keep the shop closed');
    await s.pass(50);
    const noor = await h.send({ kind: 'joined', id: 'noor-comes', actor: h.who('noor'), conversation: place });
    expect(noor.kind).toBe('private');
    s.tell('Noor comes into the channel for the first time and reads, alone:');
    await s.type('noor', 'status catchup', 34);

    s.heading('What was said is taken back');
    await s.fill('ife', 'finding answer QU-1', { text: 'No: the database log has no read of it.', cites: 'EV-1:1' });
    await s.fill('noor', 'finding challenge FI-1', {
      method: 'Called the payment provider',
      argument: 'Cards work again; only vouchers fail',
      redFlags: ['single-source'],
    });
    await s.fill('tomas', 'notice retract NO-4', {
      reason: 'Cards work again; only vouchers fail.',
      correction: 'You can pay by card. Vouchers do not work yet.',
    });
    s.look('status-page');
    await s.fill('tomas', 'notice brief', {
      impact: 'Cards work again. Vouchers do not work yet.',
      decisions: 'None now.',
    });
    s.tell('The management has version 1 in hand, so version 2 says what is different.');
    await s.type('tomas', 'notice draft executive');
    await s.fill('tomas', 'notice edit NO-5', {
      'answer.impact': 'Cards work again. Vouchers do not. [FI-1]',
      'answer.decisions': 'None now.',
    });
    expect(await s.changes('tomas', 'notice show NO-5')).toContain('Cards work again');
    await s.fill('ife', 'notice review NO-5', {});
    await s.fill('tomas', 'notice send NO-5', {});
    s.heading('It ends');
    await s.pass(65);
    await s.fill('tomas', 'notice brief', {
      impact: 'Everything works again. We watch it until tomorrow.',
      next: '18:15Z',
    });
    await s.type('ife', 'status phase recovery', 1);
    expect(await s.type('ife', 'status close', 24)).toContain('cannot close yet');
    s.tell('Everything that stands in the way is named, with who may let it go.');
    await s.type('ife', 'status time contained 15:00Z');
    await s.type('ife', 'status time recovered 17:00Z');
    s.tell('A deadline stands in the way too; counsel says what became of it.');
    await s.fill('noor', 'notice clock mark dora', {
      mark: 'does-not-apply',
      reason: 'The shop is no financial entity; asked counsel',
    });
    s.tell('The playbook is not finished. The commander stops it with a reason, which the review reads.');
    await s.fill('ife', 'step stop', { reason: 'The account is new since 16:00Z; the rest goes on as tickets' }, 4);
    await s.pass(60);
    await s.fill('ife', 'status close', { outcome: 'The password was changed, the shop takes payments.' }, 1);
    const before = h.chat.messages.length;
    await s.pass(240);
    expect(h.chat.messages.length).toBe(before);
    s.tell('No reminder comes any more.');

    const types = (await h.services.store.find({ incident: 'INC-1', typePrefix: 'briefing.' })).map(
      (r) => r.record.type,
    );
    expect(types.filter((t) => t === 'briefing.posted')).toHaveLength(4);
    expect(h.clock.now - Date.parse('2026-11-20T12:00:00Z')).toBeGreaterThan(6 * 3_600_000);
    await h.end();
    await expect(s.page()).toMatchFileSnapshot('../../docs/six-hours.md');
  });
});
