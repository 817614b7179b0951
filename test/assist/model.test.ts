import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAiAssistant } from '../../src/assist/openai.ts';
import type { Conversation } from '../../src/chat/types.ts';
import { showLost } from '../../src/commands/assist-card.ts';
import { viewText } from '../../src/view/text.ts';
import { type ModelServer, openAiServer } from '../doubles/openai-server.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';
import { INJECTIONS } from './corpus.ts';
import { INTRUSION, organisationWith } from './world.ts';

const KEY = 'sk-scripted-0123456789abcdefghijklmnop';
const LOG = `${INTRUSION}Nov 19 09:10:00 web-01 app[9]: ${INJECTIONS[0]}
Nov 19 09:11:00 web-01 app[9]: login form posted password=Tr0ub4dor-and-3 by jo.sample@example.com
`;

describe('a model behind the OpenAI protocol', () => {
  let server: ModelServer;
  let h: Harness;
  let place: Conversation;
  let now = 0;
  const model = (retries = 0) =>
    openAiAssistant({ key: KEY, url: server.url, model: 'scripted', timeoutMs: 600, retries, now: () => now });
  const given = async (
    options: { tokens?: number; retries?: number; isPrivate?: string; organisation?: string } = {},
  ): Promise<void> => {
    h = await harness({
      ...(options.organisation ? { organisation: options.organisation } : {}),
      model: model(options.retries),
      ...(options.tokens !== undefined ? { assistantTokens: options.tokens } : {}),
    });
    place = (await h.open('mira', { isPrivate: options.isPrivate ?? 'no' })).in;
    await h.type('mira', 'log', { in: place, files: [{ name: 'auth.log', bytes: new TextEncoder().encode(LOG) }] });
    const form = formOf(await h.press('mira', 'Preview and add', { in: place }));
    await h.submit('mira', form, { zone: 'Europe/Berlin', which: 'all', events: [], indicators: [] }, { in: place });
  };
  beforeEach(async () => {
    now = 0;
    server = await openAiServer();
  });
  afterEach(async () => {
    await h.end();
    await server.close();
  });
  const cards = () => h.chat.messages.filter((m) => m.key.startsWith('assist/'));
  /** What the asker is told, and the newest card of the assistant in the channel. */
  const said = async (text: string): Promise<string> => {
    const before = cards().length;
    const reply = replyText(await h.type('mira', text, { in: place }));
    const card = cards().slice(before).at(-1)?.view;
    return card ? `${reply}\n${viewText(card.view)}` : reply;
  };
  const state = async () => (await h.services.incidents.load('INC-1')).state;

  it('is asked, grounded and labelled; what was sent and what came back are kept by their hashes', async () => {
    await given();
    expect(await said('finding summarise')).toContain('PROPOSED BY THE ASSISTANT (model scripted), NOT VERIFIED');
    const records = (await h.services.store.find({ incident: 'INC-1', typePrefix: 'assistant.' })).map((r) => r.record);
    const [asked, answered] = records.map((r) => r.body as { prompt: { sha256: string }; output: { sha256: string } });
    const sent = new TextDecoder().decode((await h.services.blobs.read(asked?.prompt.sha256 ?? '')) ?? undefined);
    expect(JSON.parse(server.requests[0] ?? '{}').messages[1].content).toBe(sent.split('# user\n\n')[1]?.slice(0, -1));
    expect(await h.services.blobs.has(answered?.output.sha256 ?? '')).toBe(true);
    expect((await state()).assist.tokens).toBe(1000);
  });

  it('beyond B16, past F3: gets no secret, no mail address and no account name of a person', async () => {
    await given();
    await said('finding summarise');
    const sent = server.requests.join('\n');
    expect(sent).not.toMatch(/Tr0ub4dor|jo\.sample|\bbob\b|\balice\b|sk-scripted/);
    expect(sent).toContain('\u27e6SECRET-SECRET-VALUE-1\u27e7');
  });

  it('beyond B6, past F2: an obedient victim changes nothing but drafts, whatever the planted line says', async () => {
    await given();
    server.become('victim');
    const { assist: _a, version: _b, ...before } = await state();
    for (const task of [
      'summarise',
      'hypotheses',
      'explain EV-1:4',
      'contradict EV-1:4',
      'suggest',
      'translate',
      'brief-me',
    ])
      await said(`finding ${task}`);
    const { assist: _c, version: _d, ...after } = await state();
    expect(after).toEqual(before);
    expect(await said('finding summarise')).toContain('REFUSED');
  });

  it.each([
    ['refusal', 'the model refused to answer'],
    ['time-out', 'did not answer in time'],
    ['huge', 'far too long'],
    ['malformed', 'could be borne out by the record'],
    ['key echo', 'repeated the key'],
    ['down', 'answered with an error (503)'],
  ] as const)('beyond B13: when it fails (%s), the built-in rules answer and say so', async (who, why) => {
    await given();
    server.become(who);
    const text = await said('finding summarise');
    expect(text).toContain('built-in rules answered in place of the model');
    expect(text).toContain(why);
    expect(text).toContain('Accepted password for root');
    expect(text).not.toContain(KEY);
  });

  it('tries again after a fault that passes, and without structured outputs or a temperature where a server knows none', async () => {
    await given({ retries: 2 });
    server.become('flaky');
    expect(await said('finding summarise')).toContain('(model scripted)');
    for (const who of ['no structured outputs', 'no temperature'] as const) {
      server.become(who);
      expect(await said('finding summarise')).toContain('(model scripted)');
    }
  });

  it('is left alone after three faults in a row, and asked again five minutes later', async () => {
    await given();
    server.become('down');
    for (let i = 0; i < 3; i += 1) await said('finding summarise');
    const calls = server.requests.length;
    server.become('honest');
    expect(await said('finding summarise')).toContain('left alone for a few minutes');
    expect(server.requests.length).toBe(calls);
    now += 5 * 60_000;
    expect(await said('finding summarise')).toContain('(model scripted)');
  });

  it('is not asked beyond the budget of the incident', async () => {
    await given({ tokens: 500 });
    expect(await said('finding summarise')).toContain('budget of this incident is used up');
    expect(server.requests).toEqual([]);
  });

  it('past F3: is off in a private incident until somebody chooses; the switch is on record and works in the middle', async () => {
    await given({ isPrivate: 'yes' });
    expect(await said('finding summarise')).toContain('(built-in rules)');
    expect(server.requests).toEqual([]);
    await said('finding assistant on the endpoint is our own');
    expect(await said('finding summarise')).toContain('(model scripted)');
    await said('finding assistant off enough');
    expect(await said('finding summarise')).toContain('(built-in rules)');
    expect(server.requests).toHaveLength(1);
  });

  const waitFor = async (isThere: () => boolean): Promise<void> => {
    for (let i = 0; i < 200 && !isThere(); i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isThere()).toBe(true);
  };
  const cardText = (): string => {
    const card = cards().at(-1)?.view;
    return card ? viewText(card.view) : '';
  };
  const event = (text: string) => ({
    kind: 'command' as const,
    id: `beside-${text}`,
    actor: h.who('tomas'),
    conversation: place,
    text,
  });

  it('shows that it is working, holds nobody up, and edits its card in place', async () => {
    await given();
    server.become('slow');
    const typed = h.type('mira', 'finding summarise', { in: place });
    await waitFor(() => cardText().includes('WORKING: model scripted was asked'));
    expect(cardText()).toContain('is shown before it is checked');
    const beside = await h.desk.handle(event('status'));
    expect(replyText(beside)).toContain('INC-1');
    expect((await state()).assist.answers[0]?.answeredAt).toBe(null);
    server.release();
    await typed;
    expect(cards()).toHaveLength(1);
    expect(cards()[0]?.edits).toBeGreaterThan(0);
    expect(cardText()).toContain('PROPOSED BY THE ASSISTANT (model scripted), NOT VERIFIED');
    expect(cardText()).not.toContain('WORKING');
  });

  it('beyond B13: is not listened to when it was switched off while it answered', async () => {
    await given();
    server.become('slow');
    const typed = h.type('mira', 'finding summarise', { in: place });
    await waitFor(() => cardText().includes('WORKING'));
    await h.desk.handle({ ...event('finding assistant off the provider is involved'), actor: h.who('mira') });
    server.release();
    await typed;
    expect(cardText()).toContain('switched off while it answered');
    expect(cardText()).toContain('PROPOSED BY THE ASSISTANT (built-in rules)');
  });

  it('beyond B13: with the model switched off in the middle, every use still answers', async () => {
    await given();
    expect(await said('finding summarise')).toContain('(model scripted)');
    await said('finding assistant off the provider is involved');
    const sent = server.requests.length;
    for (const use of [
      'summarise',
      'brief-me',
      'hypotheses',
      'explain EV-1:4',
      'contradict EV-1:4',
      'suggest',
      'translate',
      'draft briefing',
    ]) {
      const text = await said(`finding ${use}`);
      expect(text).toContain('(built-in rules)');
      expect(text).toContain('in place of the model: it is switched off here');
    }
    expect(await said('finding ask what did root do')).toContain('From the record');
    expect(await said('finding preview-prompt')).toContain('The model is off here: nothing is sent');
    expect(server.requests).toHaveLength(sent);
  });

  it('says after a restart that an answer was lost, and keeps what was asked', async () => {
    await given();
    server.become('slow');
    void h.type('mira', 'finding summarise', { in: place }).catch(() => {});
    await waitFor(() => cardText().includes('WORKING'));
    h = await h.restart();
    server.release();
    await showLost(h.services, 'INC-1');
    await h.settled();
    expect(cardText()).toContain('NO ANSWER CAME');
    expect(cards()).toHaveLength(1);
    expect(await said('finding show AR-1')).toContain('NO ANSWER CAME');
    expect(await said('audit assistant AR-1')).toContain('no answer came back');
  });

  it('answers a question from the record beside what code found, and both cite', async () => {
    await given();
    const text = await said('finding ask what did root do');
    expect(text).toContain('FROM THE RECORD, NOT A JUDGEMENT');
    expect(text).toContain('Answer from the record');
    expect(text).toContain('Asked by Mira Sample');
    expect(text).toMatch(/AR-1\.1 .*\[EV-1:/);
    expect(server.requests[0]).toContain('Question: what\u02c6did\u02c6root\u02c6do');
  });

  it('puts no secret of a question into the prompt or on record', async () => {
    await given();
    await said('finding ask who used password=hunter2-Very-Long on web-01');
    expect(server.requests.join()).not.toContain('hunter2');
    const records = (await h.services.store.find({ incident: 'INC-1', typePrefix: 'assistant.' })).map((r) => r.record);
    expect(JSON.stringify(records)).not.toContain('hunter2');
  });

  it('is asked for the audiences that may have it, by the file and by a person in the incident', async () => {
    await given({ organisation: organisationWith('customers: { tlp: CLEAR, external: true, model: false }') });
    expect(await said('finding draft customers')).toContain('(built-in rules)');
    expect(server.requests).toEqual([]);
    expect(await said('finding draft executive')).toContain('What belongs into the draft: executive');
    expect(server.requests).toHaveLength(1);
    expect(await said('finding assistant-for executive off counsel wants it so')).toContain('for drafts to executive');
    await said('finding draft executive');
    expect(server.requests).toHaveLength(1);
    await said('finding assistant-for customers on counsel agreed');
    await said('finding draft customers');
    expect(server.requests).toHaveLength(2);
    expect(await said('finding assistant-for nobody on because')).toContain('is no audience');
    expect(await said('finding menu')).toContain('executive');
  });

  it('past F3: is on in private incidents where the organisation says so', async () => {
    await given({ isPrivate: 'yes', organisation: organisationWith('', '  private_incidents: true') });
    await said('finding summarise');
    expect(server.requests).toHaveLength(1);
  });
});
