import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobReferences } from '../../src/audit/erasure.ts';
import type { Conversation } from '../../src/chat/types.ts';
import { commands, shortForms } from '../../src/commands/registry.ts';
import { VERBS } from '../../src/commands/types.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';
import { INTRUSION } from './world.ts';

describe('the assistant without a model', () => {
  let h: Harness;
  let place: Conversation;
  beforeEach(async () => {
    h = await harness();
    place = (await h.open('mira')).in;
    await h.type('tomas', 'log', {
      in: place,
      files: [{ name: 'auth.log', bytes: new TextEncoder().encode(INTRUSION) }],
    });
    const form = formOf(await h.press('tomas', 'Preview and add', { in: place }));
    await h.submit('tomas', form, { zone: 'Europe/Berlin', which: 'all', events: [], indicators: [] }, { in: place });
  });
  afterEach(() => h.end());
  const said = async (who: string, text: string): Promise<string> => replyText(await h.type(who, text, { in: place }));
  const state = async () => (await h.services.incidents.load('INC-1')).state;

  it.each([
    ['finding summarise', 'Accepted password for root from 203[.]0[.]113[.]9'],
    ['finding hypotheses', 'Could also be'],
    ['finding explain EV-1:4', 'Accepted password for root'],
    ['finding contradict EV-1:4', 'Failed password for root'],
    ['finding suggest', 'No playbook offers a step now'],
    ['finding translate', 'Somebody logged in'],
  ])('beyond B13: answers "%s", labelled and cited', async (typed, expected) => {
    const text = await said('tomas', typed);
    expect(text).toContain('PROPOSED BY THE ASSISTANT (built-in rules), NOT VERIFIED');
    expect(text).toContain(expected);
    if (!typed.endsWith('suggest')) expect(text).toMatch(/\[EV-1:\d+/);
  });

  it('translates without names, addresses or log lines', async () => {
    expect(await said('bo', 'finding translate')).not.toMatch(/root|203|sshd|svc-backup2/);
  });

  it('beyond B3, past F2: keeps a claim as the assistant\u2019s finding, not verified, whoever keeps it; nothing else changes', async () => {
    const before = await state();
    await said('tomas', 'finding hypotheses');
    const { version: _a, assist: _b, ...rest } = await state();
    const { version: _c, assist: _d, ...was } = before;
    expect(rest).toEqual(was);
    const text = await said('mira', 'finding propose AR-1.1');
    expect(text).toContain('PROPOSED BY THE ASSISTANT, NOT VERIFIED');
    expect((await state()).finding.findings).toMatchObject([
      { key: 'FI-1', origin: 'assistant', state: 'unverified', kind: 'hypothesis', verification: null },
    ]);
    expect(await said('mira', 'finding propose AR-1.1')).toContain('is FI-1 already');
  });

  it('puts the whole trail on record: asked, answered, checked, proposed, judged', async () => {
    await said('tomas', 'finding hypotheses');
    await said('mira', 'finding propose AR-1.1');
    await said('ife', 'finding judge AR-1.1 wrong that was the drill');
    const records = (await h.services.store.find({ incident: 'INC-1', typePrefix: 'assistant.' })).map((r) => r.record);
    expect(records.map((r) => r.type)).toEqual([
      'assistant.asked',
      'assistant.answered',
      'assistant.checked',
      'assistant.proposed',
      'assistant.judged',
    ]);
    expect(records[0]?.body).toMatchObject({ prompt: { absent: expect.stringContaining('nothing was sent') } });
    expect(records[3]?.body).toMatchObject({ claim: 'AR-1.1', finding: 'FI-1', askedBy: { label: 'Mira Sample' } });
    expect(records[4]?.actor.label).toBe('Ife Sample');
  });

  it('shows in the metrics how often people found it right, by kind, from records', async () => {
    await said('tomas', 'finding hypotheses');
    await said('ife', 'finding judge AR-1.1 wrong that was the drill');
    await said('mira', 'finding judge AR-1.2 right');
    const text = await said('tomas', 'audit metrics');
    expect(text).toMatch(/cause \| \d \| 0 \| 1 \| 1 \| 50 %/);
    expect(text).toMatch(/contain \| none \| none \| 0 \| 1 \|/);
  });

  it('sets the assistant’s findings against people’s, with false positives, and counts legal clocks as met or late', async () => {
    const fill = async (who: string, command: string, values: Record<string, string>): Promise<void> => {
      await h.submit(who, formOf(await h.type(who, command, { in: place })), values, { in: place });
    };
    await said('tomas', 'finding hypotheses');
    await said('mira', 'finding propose AR-1.1');
    await said('tomas', 'finding add Root logged in [EV-1:4]');
    await fill('ife', 'finding refute FI-1', { method: 'asked the owner', cites: 'EV-1:4' });
    await fill('ife', 'finding verify FI-2', { method: 'read the line', cites: 'EV-1:4', second: '' });
    expect(await said('tomas', 'audit metrics')).toContain('Legal clocks: none was started');
    await fill('mira', 'notice clock start gdpr', {
      anchor: 'aware',
      when: '12:30',
      zone: 'Europe/Berlin',
      reason: '',
    });
    h.clock.now += 100 * 3_600_000;
    const text = await said('tomas', 'audit metrics');
    expect(text).toMatch(/assistant \| 1 \| 0 \| 1 \| 0 \| 100 %/);
    expect(text).toMatch(/people \| 1 \| 1 \| 0 \| 0 \| 0 %/);
    expect(text).toMatch(/Legal clocks: .*1 overdue/);
    expect(text).toMatch(/Automatic now: nothing, as countersign.yml says; containment never is/);
  });

  it('beyond B8, past F20: a person\u2019s "no data left" stands beside the events that may show the opposite, and is capped', async () => {
    await said('tomas', 'finding add No data was exfiltrated [EV-1:4]');
    expect(await said('tomas', 'finding show FI-1')).toContain('EV-1:5, EV-1:7 may show one');
    expect((await state()).finding.findings[0]).toMatchObject({
      against: ['EV-1:5', 'EV-1:7'],
      mismatches: [expect.any(String)],
    });
    await said('tomas', 'finding add Root logged in [EV-1:4]');
    expect(await said('tomas', 'finding show FI-2')).not.toContain('may show one');
  });

  it('beyond B8, past F20: an absence is compared with all evidence, also with lines nobody chose for the timeline', async () => {
    h.clock.now += 60_000;
    const other = (await h.open('mira', { title: 'Elsewhere' })).in;
    const bytes = new TextEncoder().encode(INTRUSION);
    await h.type('tomas', 'log', { in: other, files: [{ name: 'b.log', bytes }] });
    const form = formOf(await h.press('tomas', 'Preview and add', { in: other }));
    const values = { zone: 'Europe/Berlin', which: 'chosen', events: ['11'], indicators: [] };
    await h.submit('tomas', form, values, { in: other });
    const text = replyText(await h.type('tomas', 'finding summarise', { in: other }));
    expect(text).toContain('(backup) CMD');
    expect(text).not.toContain('Accepted password');
    expect(text).not.toMatch(/on the timeline or not: (?:a successful login|data leaving)/);
    await h.type('tomas', 'finding add No data was exfiltrated [EV-1:11]', { in: other });
    const { findings } = (await h.services.incidents.load('INC-2')).state.finding;
    expect(findings[0]?.against).toContain('EV-1:5');
  });

  it('the whole trail goes into an export: the records name the blobs of what was sent and what came back', async () => {
    await said('tomas', 'finding summarise');
    const records = (await h.services.store.find({ incident: 'INC-1', typePrefix: 'assistant.' })).map((r) => r.record);
    const blobs = records.flatMap((r) => blobReferences(r));
    expect(blobs).toHaveLength(1);
    for (const name of blobs) expect(await h.services.blobs.has(name)).toBe(true);
    const [prompt] = blobReferences({ type: 'assistant.asked', body: { prompt: { sha256: 'a'.repeat(64) } } });
    expect(prompt).toBe('a'.repeat(64));
  });

  it('wants a reason for a wrong, and refuses to judge what was never said', async () => {
    await said('tomas', 'finding summarise');
    expect(await said('ife', 'finding judge AR-1.1 wrong')).toContain('Say what is wrong with it');
    expect(await said('ife', 'finding judge AR-9.1 right')).toContain('made no claim AR-9.1');
  });

  it('shows exactly what a model would get, names and secrets replaced, and says that nothing leaves', async () => {
    await said('tomas', 'log password=Tr0ub4dor&3 from mira.sample@example.com');
    const reply = await h.type('tomas', 'finding preview-prompt', { in: place });
    expect(replyText(reply)).toContain('nothing leaves this machine');
    const file = reply.kind === 'private' ? new TextDecoder().decode(reply.file?.bytes) : '';
    expect(file).toContain('# system');
    expect(file).not.toMatch(/\bbob\b|\balice\b/);
    expect(file).toContain('\u27e6NAME-');
  });

  it('says so when asked about what is not there', async () => {
    expect(await said('tomas', 'finding explain EV-7:1')).toContain('There is no EV-7:1 on the timeline');
  });
});

describe('the names of commands', () => {
  it('are all different, and every one stands under one of the verbs', () => {
    const names = commands.map((c) => c.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(VERBS).toContain(name.split(' ')[0]);
  });

  it('leave the assistant\u2019s words to the assistant, so that each works without its verb', () => {
    for (const word of [
      'summarise',
      'hypotheses',
      'explain',
      'contradict',
      'suggest',
      'translate',
      'judge',
      'preview-prompt',
    ])
      expect(shortForms.get(word)?.name).toBe(`finding ${word}`);
  });
});
