import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const ORGANISATION = readFileSync('countersign.example.yml', 'utf8')
  .replace('executive: { tlp: AMBER }', 'executive: { tlp: AMBER, channels: [web/local/leads] }')
  .replace(
    'customers: { tlp: CLEAR, external: true }',
    'customers: { tlp: CLEAR, external: true, channels: [web/local/status-page] }',
  );

const LOG = `Nov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2
Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2
`;

describe('notices, from draft to retraction', () => {
  let h: Harness;
  let place: Conversation;

  beforeEach(async () => {
    h = await harness({ organisation: ORGANISATION });
    place = (await h.open('mira', { title: 'Odd logins' })).in;
    await h.type('tomas', 'log', { in: place, files: [{ name: 'auth.log', bytes: new TextEncoder().encode(LOG) }] });
    await h.type('tomas', 'status claim liaison', { in: place });
  });
  afterEach(() => h.end());

  const said = async (who: string, text: string): Promise<string> => replyText(await h.type(who, text, { in: place }));
  const fill = async (who: string, command: string, values: Record<string, string>): Promise<string> =>
    replyText(await h.submit(who, formOf(await h.type(who, command, { in: place })), values, { in: place }));
  const verify = (who: string, key: string): Promise<string> =>
    fill(who, `finding verify ${key}`, { method: 'Read the line in the original file', cites: 'EV-1:2', second: '' });
  const inChannel = (id: string): string =>
    h.chat.messages
      .filter((m) => m.ref.conversation.id === id && m.view)
      .map((m) => viewText(m.view?.view ?? { summary: '', tone: null, elements: [] }))
      .join('\n=====\n');
  /** The draft's own values, as the browser would send the form back untouched but for `changes`. */
  const edit = async (who: string, key: string, changes: Record<string, string>): Promise<string> => {
    const form = formOf(await h.type(who, `notice edit ${key}`, { in: place }));
    const untouched = Object.fromEntries(form.form.fields.map((f) => [f.name, 'value' in f ? (f.value ?? '') : '']));
    return replyText(await h.submit(who, form, { ...untouched, ...changes }, { in: place }));
  };

  it('drafts for executives from what is recorded, and marks what nobody has verified', async () => {
    await said('tomas', 'finding add Somebody logged in to a web server as administrator [EV-1:2]');
    const draft = await said('tomas', 'notice draft executive');
    expect(draft).toContain('TLP:AMBER');
    expect(draft).toContain('Not verified: Somebody logged in to a web server as administrator. [FI-1, EV-1:2]');
    expect(draft).toContain('2026-11-20 12:00 UTC (13:00 Europe/Berlin)');
    expect(draft).toContain('Next update: 2026-11-20 13:00 UTC');
    await verify('ife', 'FI-1');
    expect(await said('bo', 'notice show NO-1')).not.toContain('Not verified: Somebody');
  });

  it('leaves addresses out of what executives get, and says so', async () => {
    await said('tomas', 'finding add 203.0.113.9 logged in as root [EV-1:2]');
    const draft = await said('tomas', 'notice draft executive');
    expect(draft).toMatch(/Left out of the draft[\s\S]*FI-1 203\[\.\]0\[\.\]113\[\.\]9[\s\S]*address/);
    expect(draft.split('NOTICE TO EXECUTIVES')[1]).not.toContain('203');
  });

  it('defangs what it does show', async () => {
    await said('tomas', 'finding add 203.0.113.9 logged in as root [EV-1:2]');
    expect(await said('tomas', 'notice draft legal')).toContain('203[.]0[.]113[.]9 logged in as root');
  });

  it('reviews and sends in two acts, and posts where the audience is reached', async () => {
    await said('tomas', 'notice draft executive');
    expect(await said('tomas', 'notice send NO-1')).toContain('has not been reviewed');
    expect(inChannel('leads')).toBe('');
    expect(await fill('tomas', 'notice review NO-1', { note: '' })).toContain('REVIEWED by Tomas Sample, NOT SENT');
    expect(inChannel('leads')).toBe('');
    const asked = formOf(await h.type('tomas', 'notice send NO-1', { in: place }));
    expect(JSON.stringify(asked.form.intro)).toContain('"#leads"');
    expect(JSON.stringify(asked.form.intro)).not.toContain('web/local/leads');
    expect(await fill('tomas', 'notice send NO-1', { byHand: '' })).toContain('SENT by Tomas Sample');
    expect(inChannel('leads')).toContain('notice to executives, version 1'.toUpperCase());
    const records = await h.services.store.find({ incident: 'INC-1', typePrefix: 'notice.' });
    expect(records.map((r) => r.record.type)).toEqual(['notice.drafted', 'notice.reviewed', 'notice.sent']);
  });

  it('never lets an unverified claim out to customers', async () => {
    await said('tomas', 'finding add Somebody read the order history of our shop [EV-1:2]');
    const draft = await said('tomas', 'notice draft customers');
    expect(draft).toContain('We are looking into an incident.');
    expect(draft).toMatch(/FI-1 Somebody read the order history[\s\S]*no person has verified it/);
    const edited = await edit('tomas', 'NO-1', { 'answer.affected': 'Somebody read your order history. [FI-1]' });
    expect(edited).toContain('Cannot go out yet');
    expect(await said('noor', 'notice review NO-1')).toContain('rests on FI-1, which nobody has verified');
    const reworded = await edit('tomas', 'NO-1', { 'answer.affected': 'None of your data was touched.' });
    expect(reworded).toContain('not backed by a verified finding');
    await verify('ife', 'FI-1');
    await edit('tomas', 'NO-1', { 'answer.affected': 'Somebody read your order history. [FI-1]' });
    expect(await fill('noor', 'notice review NO-1', { note: '' })).toContain('REVIEWED by Noor Sample');
  });

  it('tells the public in plain words or not at all, and never the severity', async () => {
    await said('tomas', 'finding add Somebody logged in as administrator from abroad [EV-1:2]');
    await verify('ife', 'FI-1');
    const draft = await said('tomas', 'notice draft customers');
    expect(draft).toMatch(/FI-1 Somebody logged in[^\n]*nobody has put it in plain words yet/);
    expect(draft).not.toContain('SEV2');
    await said('tomas', 'finding plain FI-1 A stranger was inside one of our servers');
    expect(await said('tomas', 'notice draft customers')).toContain('- A stranger was inside one of our servers.\n');
  });

  it('takes two people to send to customers', async () => {
    await said('mira', 'notice draft customers');
    await fill('mira', 'notice review NO-1', { note: '' });
    expect(await said('mira', 'notice send NO-1')).toContain('a second person has to send it');
    expect(await fill('tomas', 'notice send NO-1', { byHand: '' })).toContain('SENT by Tomas Sample');
    expect(inChannel('status-page')).toContain('TLP:CLEAR');
  });

  it('stops a reviewed notice when what it says is refuted before it is sent', async () => {
    await said('tomas', 'finding add Somebody read the order history of our shop [EV-1:2]');
    await verify('ife', 'FI-1');
    await said('tomas', 'finding plain FI-1 Somebody read what you ordered');
    await said('mira', 'notice draft customers');
    await fill('noor', 'notice review NO-1', { note: '' });
    await fill('ife', 'finding refute FI-1', { method: 'The table was empty', cites: 'EV-1:1' });
    expect(await said('tomas', 'notice send NO-1')).toContain('rests on a refuted finding');
    expect(inChannel('status-page')).toBe('');
  });

  it('stops one whose evidence was retracted', async () => {
    await said('tomas', 'timeline add Orders stopped at 11:00Z');
    await said('tomas', 'finding add Orders stopped at eleven [TE-1]');
    await fill('ife', 'finding verify FI-1', { method: 'Looked at the order list', cites: 'TE-1', second: '' });
    await said('tomas', 'finding plain FI-1 You could not order since eleven');
    await said('mira', 'notice draft customers');
    await fill('noor', 'notice review NO-1', { note: '' });
    await said('tomas', 'timeline retract TE-1 it was another shop');
    expect(await said('tomas', 'notice send NO-1')).toContain('whose evidence TE-1 was retracted or is gone');
  });

  it('does not send words that changed after they were read', async () => {
    await said('tomas', 'notice draft executive');
    await fill('tomas', 'notice review NO-1', { note: '' });
    const form = formOf(await h.type('tomas', 'notice send NO-1', { in: place }));
    await edit('mira', 'NO-1', { status: 'We are finding out more' });
    expect(replyText(await h.submit('tomas', form, { byHand: '' }, { in: place }))).toContain('has not been reviewed');
    expect(inChannel('leads')).toBe('');
  });

  it('refuses TLP:WHITE and a label the channel is too wide for, and says who may', async () => {
    await said('tomas', 'notice draft executive');
    expect(await edit('tomas', 'NO-1', { tlp: 'WHITE' })).toContain('TLP:CLEAR');
    expect(await edit('tomas', 'NO-1', { tlp: 'RED' })).toContain('The commander can lower the label');
    expect(await said('mira', 'notice review NO-1')).toContain('cannot be released yet');
  });

  it('keeps a TLP:RED finding out of a wider notice', async () => {
    const form = formOf(await h.type('tomas', 'finding add', { in: place }));
    const values = { claim: 'A named employee is suspected', kind: 'observation', cites: 'EV-1:2', tlp: 'RED' };
    await h.submit('tomas', form, values, { in: place });
    expect(await said('tomas', 'notice draft executive')).toMatch(
      /FI-1 A named employee[\s\S]*TLP:RED and this notice is TLP:AMBER/,
    );
    expect(await edit('tomas', 'NO-1', { known: 'Somebody inside is suspected. [FI-1]' })).toContain(
      'which is TLP:RED',
    );
  });

  it('asks why loaded words may stay before it is reviewed', async () => {
    await said('tomas', 'notice draft executive');
    expect(await edit('tomas', 'NO-1', { beingDone: 'We are looking into the breach.' })).toContain(
      '"breach": in law a breach can start a clock',
    );
    expect(await fill('tomas', 'notice review NO-1', { note: '' })).toContain('Say why');
    await fill('tomas', 'notice review NO-1', { note: 'Counsel chose the word' });
    const [record] = await h.services.store.find({ incident: 'INC-1', typePrefix: 'notice.reviewed' });
    expect(record?.record.body).toMatchObject({ note: 'Counsel chose the word' });
  });

  it('shows what changed since the version its readers have', async () => {
    await said('tomas', 'notice draft executive');
    await fill('tomas', 'notice review NO-1', { note: '' });
    await fill('tomas', 'notice send NO-1', { byHand: '' });
    await said('mira', 'status phase containment the way in is known');
    const next = await said('tomas', 'notice draft executive');
    expect(next).toContain('VERSION 2');
    expect(next).toContain('+ We are stopping it from spreading. [INC-1]');
    expect(next).not.toContain('Not verified');
    expect(next).toContain('\u2212 We are finding out what happened and how far it goes. [INC-1]');
  });

  it('takes a sent notice back with a correction that names its version', async () => {
    await said('tomas', 'notice draft executive');
    await fill('tomas', 'notice review NO-1', { note: '' });
    await fill('tomas', 'notice send NO-1', { byHand: '' });
    await fill('tomas', 'notice retract NO-1', {
      reason: 'The time was wrong',
      correction: 'It began an hour earlier',
    });
    expect(inChannel('leads')).toContain('Version 1 of our notice to executives');
    expect(inChannel('leads')).toContain('It began an hour earlier');
    expect(await said('bo', 'notice show NO-1')).toContain('RETRACTED by Tomas Sample');
  });

  it('never leaves its own channel in an exercise, and says EXERCISE first', async () => {
    await h.open('mira', { title: 'Tabletop', kind: 'exercise' });
    const exercise = (await h.services.incidents.load('EX-1')).state.incident.conversation as Conversation;
    await h.type('mira', 'notice draft customers', { in: exercise });
    const review = formOf(await h.type('mira', 'notice review NO-1', { in: exercise }));
    await h.submit('mira', review, { note: '' }, { in: exercise });
    await h.type('tomas', 'status claim liaison', { in: exercise });
    const form = formOf(await h.type('tomas', 'notice send NO-1', { in: exercise }));
    expect(replyText(await h.submit('tomas', form, { byHand: '' }, { in: exercise }))).toContain(
      'SENT by Tomas Sample',
    );
    expect(inChannel('status-page')).toBe('');
    expect(inChannel(exercise.id)).toMatch(/TLP:CLEAR[\s\S]*EXERCISE/);
  });

  it('lets no observer review or send', async () => {
    await said('tomas', 'notice draft executive');
    expect(await said('bo', 'notice review NO-1')).toContain('are reviewed by the commander or the deputy');
    expect(await said('bo', 'notice send NO-1')).toContain('the liaison, the commander or the deputy');
  });
});
