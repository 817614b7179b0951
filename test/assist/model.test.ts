import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAiAssistant } from '../../src/assist/openai.ts';
import type { Conversation } from '../../src/chat/types.ts';
import { type ModelServer, openAiServer } from '../doubles/openai-server.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';
import { INJECTIONS, INTRUSION } from './world.ts';

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
  const given = async (options: { tokens?: number; retries?: number; isPrivate?: string } = {}): Promise<void> => {
    h = await harness({
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
  const said = async (text: string): Promise<string> => replyText(await h.type('mira', text, { in: place }));
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

  it('B16 F3 gets no secret, no mail address and no account name of a person', async () => {
    await given();
    await said('finding summarise');
    const sent = server.requests.join('\n');
    expect(sent).not.toMatch(/Tr0ub4dor|jo\.sample|\bbob\b|\balice\b|sk-scripted/);
    expect(sent).toContain('\u27e6SECRET-SECRET-VALUE-1\u27e7');
  });

  it('B6 F2 an obedient victim changes nothing but drafts, whatever the planted line says', async () => {
    await given();
    server.become('victim');
    const { assist: _a, version: _b, ...before } = await state();
    for (const task of ['summarise', 'hypotheses', 'explain EV-1:4', 'contradict EV-1:4', 'suggest', 'translate'])
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
  ] as const)('B13 when it fails (%s), the built-in rules answer and say so', async (who, why) => {
    await given();
    server.become(who);
    const text = await said('finding summarise');
    expect(text).toContain('the built-in rules did');
    expect(text).toContain(why);
    expect(text).toContain('Accepted password for root');
    expect(text).not.toContain(KEY);
  });

  it('tries again after a fault that passes, and without structured outputs where a server knows none', async () => {
    await given({ retries: 2 });
    server.become('flaky');
    expect(await said('finding summarise')).toContain('(model scripted)');
    server.become('no structured outputs');
    expect(await said('finding summarise')).toContain('(model scripted)');
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

  it('F3 is off in a private incident until somebody chooses; the switch is on record and works in the middle', async () => {
    await given({ isPrivate: 'yes' });
    expect(await said('finding summarise')).toContain('(built-in rules)');
    expect(server.requests).toEqual([]);
    await said('finding assistant on the endpoint is our own');
    expect(await said('finding summarise')).toContain('(model scripted)');
    await said('finding assistant off enough');
    expect(await said('finding summarise')).toContain('(built-in rules)');
    expect(server.requests).toHaveLength(1);
  });
});
