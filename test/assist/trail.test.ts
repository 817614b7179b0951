// The trail of an answer as evidence, and what drafts make of it.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAiAssistant } from '../../src/assist/openai.ts';
import { exportDataFolder } from '../../src/audit/data-folder.ts';
import type { Conversation } from '../../src/chat/types.ts';
import { type ModelServer, openAiServer } from '../doubles/openai-server.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';
import { INTRUSION } from './world.ts';

let server: ModelServer;
let h: Harness;
let place: Conversation;
beforeEach(async () => {
  server = await openAiServer();
  const model = openAiAssistant({
    key: 'sk-scripted-0123456789abcdefghijklmnop',
    url: server.url,
    model: 'scripted',
    timeoutMs: 3000,
    retries: 0,
    now: () => 0,
  });
  h = await harness({ model });
  place = (await h.open('mira')).in;
  await h.type('mira', 'log', { in: place, files: [{ name: 'a.log', bytes: new TextEncoder().encode(INTRUSION) }] });
  const form = formOf(await h.press('mira', 'Preview and add', { in: place }));
  await h.submit('mira', form, { zone: 'Europe/Berlin', which: 'all', events: [], indicators: [] }, { in: place });
});
afterEach(async () => {
  await h.end();
  await server.close();
});
const said = async (who: string, text: string): Promise<string> => replyText(await h.type(who, text, { in: place }));
const state = async () => (await h.services.incidents.load('INC-1')).state;
const fileOf = async (text: string): Promise<string> => {
  const reply = await h.type('quinn', text, { in: place });
  return reply.kind === 'private' ? new TextDecoder().decode(reply.file?.bytes) : '';
};
async function verified(claim: string, cites: string, plain = ''): Promise<void> {
  await said('tomas', `finding add ${claim} [${cites}]`);
  const key = (await state()).finding.findings.at(-1)?.key as string;
  if (plain) await said('tomas', `finding plain ${key} ${plain}`);
  const form = formOf(await h.type('ife', `finding verify ${key}`, { in: place }));
  await h.submit('ife', form, { method: 'read the host\u2019s own log', cites, second: '' }, { in: place });
}

describe('the trail of an answer', () => {
  it('reads as evidence from end to end: asked, sent, came back, checked, decided, came of it', async () => {
    server.become({ lie: 'host' });
    await said('tomas', 'finding summarise');
    server.become('honest');
    await said('tomas', 'finding hypotheses');
    await said('mira', 'finding propose AR-2.1');
    await said('ife', 'finding judge AR-2.1 wrong that was the drill');
    const form = formOf(await h.type('noor', 'finding refute FI-1', { in: place }));
    await h.submit('noor', form, { method: 'asked the owner', cites: 'EV-1:4' }, { in: place });

    const told = await fileOf('audit assistant');
    const [, liar = '', honest = ''] = told.split(/^## AR-\d$/m);
    for (const title of [
      'Who asked',
      'What was sent',
      'What came back',
      'What was checked',
      'Who decided',
      'What came of it',
    ])
      expect(honest).toContain(`### ${title}`);
    expect(liar).toContain('Tomas Sample (web/local/tomas)');
    expect(liar).toMatch(/blob [0-9a-f]{64}/);
    expect(liar).toContain('REFUSED event: its host is not the one in EV-1:');
    expect(liar).toContain('"host":"db-99"');
    expect(liar).toContain('nothing it said could be borne out by the record');
    expect(liar).toContain('Nobody: no person has judged, kept or used any of it.');
    expect(honest).toContain('# system');
    expect(honest).toContain('"cause":"guessed-password"');
    expect(honest).toContain('Ife Sample at ');
    expect(honest).toContain('AR-2.1 is WRONG, that was the drill');
    expect(honest).toMatch(/Mira Sample at .*kept AR-2\.1 as FI-1, not verified/);
    expect(honest).toMatch(/FI-1: refuted by Noor Sample at .*asked the owner/);
  });

  it('says why a part is missing: nothing was sent, or the text was erased', async () => {
    await said('mira', 'finding assistant off the provider is involved');
    await said('tomas', 'finding summarise');
    expect(await fileOf('audit assistant AR-1')).toContain('nothing: built-in rules read the record itself');
    expect(await said('quinn', 'audit assistant')).toContain('nobody yet');
    expect(await said('quinn', 'audit assistant AR-9')).toContain('There is no answer AR-9');
  });

  it('cannot be broken out of by what a model wrote', async () => {
    server.become('malformed');
    await said('tomas', 'finding summarise');
    const told = await fileOf('audit assistant');
    const fences = told.split('\n').filter((l) => /^~{4,}$/.test(l));
    expect(fences).toHaveLength(4);
    expect(new Set(fences).size).toBe(1);
  });

  it('stands in the export of the whole ledger, beside the blobs it tells of', async () => {
    await said('tomas', 'finding summarise');
    await h.services.auditLog.sign();
    const out = `${h.folder}-export`;
    try {
      await exportDataFolder(h.folder, out);
      const told = readFileSync(join(out, 'reading', 'assistant-INC-1.md'), 'utf8');
      const [sent = ''] = told.match(/blob [0-9a-f]{64}/) ?? [];
      expect(told).toContain(readFileSync(join(out, 'blobs', sent.slice(5)), 'utf8').split('\n')[2]);
      expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('reading/');
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});

describe('drafts with the assistant', () => {
  const claims = [
    'Root logged in',
    'An account was made',
    'A dump was sent out',
    'Logs were shredded',
    'A job was set up',
  ];
  const withFindings = async (): Promise<void> => {
    for (const [i, claim] of claims.entries()) {
      h.clock.now += 60_000;
      await verified(claim, `EV-1:${i + 4}`, `${claim} on one machine`);
    }
  };

  it('it chooses among sentences of the record; a person makes it a draft, which lists what it left out', async () => {
    await withFindings();
    await said('tomas', 'finding draft executive');
    const answer = (await state()).assist.answers.at(-1);
    expect(answer?.kept).toHaveLength(3);
    expect(answer?.leftOut.length).toBeGreaterThan(1);
    expect((await state()).notice.notices).toEqual([]);
    // No log line leaves for a draft.
    expect(server.requests.at(-1)).not.toContain('sshd');
    const desk = replyText(await h.press('tomas', 'Make it a draft', { in: place }));
    expect(desk).toContain('DRAFT, not reviewed, not sent');
    const [notice] = (await state()).notice.notices;
    for (const kept of answer?.kept ?? []) expect(notice?.body.known.join()).toContain(kept.text);
    expect(notice?.leftOut.map((l) => l.why).join()).toContain(`the assistant left it out (${answer?.key})`);
    expect(await fileOf('audit assistant AR-1')).toMatch(/Tomas Sample at .*: made it NO-1, a draft/);
  });

  it('fills the form of a briefing with what it chose, and the briefing says where it began', async () => {
    await withFindings();
    await said('mira', 'finding draft briefing');
    const form = formOf(await h.press('mira', 'Open the briefing with these', { in: place }));
    const changed = form.form.fields.find((f) => f.name === 'changed');
    const lines = changed?.kind === 'paragraph' ? (changed.value ?? '').split('\n') : [];
    expect(lines).toHaveLength(3);
    const values = Object.fromEntries(form.form.fields.map((f) => [f.name, 'value' in f ? (f.value ?? '') : '']));
    expect(replyText(await h.submit('mira', form, values, { in: place }))).toContain('The briefing is posted');
    expect((await state()).notice.briefings).toHaveLength(1);
    expect(await fileOf('audit assistant AR-1')).toMatch(/Mira Sample at .*: made it [A-Z]+-1, a draft/);
  });

  it('an invented sentence never gets in, and an answer for one audience makes no draft for another', async () => {
    await withFindings();
    server.become({ lie: 'sentence invented' });
    await said('tomas', 'finding draft customers');
    const answer = (await state()).assist.answers.at(-1);
    expect(answer?.dropped.length).toBeGreaterThan(2);
    expect(answer?.fellBack).not.toBe(null);
    expect(JSON.stringify(answer?.kept)).not.toContain('Nothing was taken');
    expect(answer?.kept.every((k) => k.text.length > 0)).toBe(true);
    await expect(h.press('bo', 'Make it a draft', { in: place }).then(replyText)).resolves.toMatch(
      /Only responders|responders/,
    );
  });
});
