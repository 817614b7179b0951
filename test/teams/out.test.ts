import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeliverableView } from '../../src/chat/types.ts';
import { actions, button, codeBlock, table, untrusted, view } from '../../src/view/build.ts';
import { CHANNEL, TENANT } from '../doubles/fake-teams.ts';
import { cardOf, inputsOf, wordsOf } from './cards.ts';
import { type TeamsWorld, teamsWorld, until } from './world.ts';

describe('messages out', () => {
  let w: TeamsWorld;
  beforeEach(async () => {
    w = await teamsWorld();
  });
  afterEach(() => w.end());

  it('8 waits as long as Teams asks and then delivers once; the decision stood all along', async () => {
    await w.open();
    const card = await w.find(/Severity/);
    await w.find(/three|first|help/i);
    w.teams.failNext = { status: 429, retryAfter: '1', left: 1 };
    const edits = card.edits;
    await w.teams.mention('mira', 'status phase containment');
    expect(JSON.stringify(await w.records())).toContain('containment');
    await until(() => (card.edits > edits ? true : undefined));
    expect(wordsOf(cardOf(card))).toContain('containment');
  });

  it.each([412, 502, 504])('8 tries again after %d', async (status) => {
    await w.open();
    const card = await w.find(/Severity/);
    const edits = card.edits;
    w.teams.failNext = { status, left: 1 };
    await w.teams.mention('mira', 'status phase containment');
    await until(() => (card.edits > edits ? true : undefined));
    expect(w.shown().filter((p) => wordsOf(cardOf(p)).includes('Severity:'))).toHaveLength(1);
  });

  it('posts a card that somebody deleted again at its next change; a private question that is over is not asked again', async () => {
    await w.open();
    const card = await w.find(/Severity/);
    await w.propose();
    const asked = await w.find(/approval is asked for/, w.teams.directOf('noor'));
    card.isRemoved = true;
    asked.isRemoved = true;
    const before = w.shown(w.teams.directOf('noor')).length;
    await w.teams.mention('tomas', 'contain withdraw CA-1 it was the wrong key');
    await w.teams.mention('mira', 'status phase containment');
    const again = await until(() => w.shown().find((p) => wordsOf(cardOf(p)).includes('Severity:')));
    expect(await w.records('containment.withdrawn')).toHaveLength(1);
    expect(again.id).not.toBe(card.id);
    expect(wordsOf(cardOf(again))).toContain('containment');
    expect(w.shown(w.teams.directOf('noor')).length).toBe(before);
  });

  const long = (lines: number): DeliverableView => ({
    view: view('A long text', [
      codeBlock(Array.from({ length: lines }, (_, i) => `line ${i}: ${'x'.repeat(200)} \ud83d\ude00`).join('\n')),
      table(
        'Rows',
        ['n', 'text'],
        Array.from({ length: 100 }, (_, i) => [`row ${i}.`, untrusted('y'.repeat(100))]),
      ),
      actions(button('Timeline', 'timeline')),
    ]),
    tokens: ['the-token'],
  });
  const everything = (): string =>
    w
      .shown()
      .map((p) => wordsOf(cardOf(p)))
      .join('\n');

  it('8 splits what is too large into parts that say so, loses nothing, and takes them away again', async () => {
    await w.open();
    const where = { platform: 'teams', tenant: TENANT, id: CHANNEL };
    const ref = await w.port.post(where, long(200), { key: 'long' });
    const words = everything();
    for (let i = 0; i < 200; i += 1) expect(words).toContain(`line ${i}: `);
    for (let i = 0; i < 100; i += 1) expect(words).toContain(`row ${i}.`);
    expect(words).toContain('it goes on in the next message');
    for (const p of w.teams.posted)
      expect(Buffer.byteLength(JSON.stringify(p.activity['attachments']))).toBeLessThan(28_000);
    // Again with the same key: the same message, nothing more.
    const posted = w.teams.posted.length;
    expect(await w.port.post(where, long(200), { key: 'long' })).toEqual(ref);
    expect(w.teams.posted).toHaveLength(posted);
    // An edit takes away what is not needed any more.
    await new Promise((r) => setTimeout(r, 1100));
    await w.port.edit(ref, { view: view('Short now', [codeBlock('short')]), tokens: [] });
    expect(everything()).not.toContain('line 7:');
    expect(everything()).toContain('short');
  });

  it('8 sends smaller parts when Teams finds a message too large after all', async () => {
    await w.open();
    w.teams.maxUtf16Bytes = 24_000;
    await w.port.post({ platform: 'teams', tenant: TENANT, id: CHANNEL }, long(20), { key: 'long' });
    expect(everything()).toContain('line 19:');
  });

  it('says in the channel what to do when it may not write to somebody alone', async () => {
    await w.open();
    const bo = w.teams.who('bo');
    w.teams.noDirect.add(bo.key);
    await w.teams.mention('bo', 'status');
    expect(wordsOf(cardOf(await w.find(/cannot write to you privately/)))).toContain(bo.name);
    expect(w.shown(CHANNEL).length).toBeGreaterThan(0);
  });

  it('hands an export over in the private chat, by consent, to whom it is for alone', async () => {
    await w.open();
    await w.teams.mention('mira', 'timeline export csv');
    const direct = w.teams.directOf('mira');
    const offer = await until(() => w.shown(direct).find((p) => JSON.stringify(p.activity).includes('file.consent')));
    const content = (offer.activity['attachments'] as { content: { acceptContext: unknown; sizeInBytes: number } }[])[0]
      ?.content;
    const take = (who: string, url: string) =>
      w.teams.deliver(
        w.teams.activity(who, {
          ...w.teams.direct(who),
          type: 'invoke',
          name: 'fileConsent/invoke',
          value: {
            type: 'fileUpload',
            action: 'accept',
            context: content?.acceptContext,
            uploadInfo: { uploadUrl: url, name: 'x' },
          },
        }),
      );
    await take('tomas', `${w.teams.base}/files/stolen`);
    expect(w.teams.uploads.has('stolen')).toBe(false);
    await take('mira', 'https://evil.example/steal');
    await w.find(/not a place where Teams keeps files/, direct);
    await take('mira', `${w.teams.base}/files/export`);
    expect(w.teams.uploads.get('export')?.byteLength).toBe(content?.sizeInBytes);
  });

  it('offers the picture of the timeline as a file in the private chat, with its words on the card', async () => {
    await w.open();
    const line = (minute: number, what: string): string =>
      `2026-11-19T08:${String(minute).padStart(2, '0')}:00Z web-01 sshd[311]: ${what} for root from 203.0.113.9 port 4711 ssh2`;
    const lines = [...Array.from({ length: 12 }, (_, i) => line(i, 'Failed password')), line(20, 'Accepted password')];
    await w.teams.mention('mira', `log\n${lines.join('\n')}`);
    const receipt = await w.find(/EV-1/);
    const preview = await w.press('mira', /Preview/);
    const value = preview['value'];
    const all = Object.fromEntries(
      inputsOf(value).map((i) => [
        String(i['id']),
        i['choices'] ? (i['choices'] as { value: string }[]).map((c) => c.value).join(',') : (i['value'] ?? ''),
      ]),
    );
    await w.press('mira', /^Add/, { on: { card: value, message: receipt }, values: all });
    await w.teams.mention('mira', 'timeline');
    const direct = w.teams.directOf('mira');
    const offer = await until(() => w.shown(direct).find((p) => JSON.stringify(p.activity).includes('.png')));
    const { content } = (offer.activity['attachments'] as { content: { acceptContext: unknown } }[])[0] ?? {};
    await w.teams.deliver(
      w.teams.activity('mira', {
        ...w.teams.direct('mira'),
        type: 'invoke',
        name: 'fileConsent/invoke',
        value: {
          type: 'fileUpload',
          action: 'accept',
          context: content?.acceptContext,
          uploadInfo: { uploadUrl: `${w.teams.base}/files/picture`, name: 'x' },
        },
      }),
    );
    expect(w.teams.uploads.get('picture')?.subarray(1, 4).toString()).toBe('PNG');
    expect(wordsOf(cardOf(await w.find(/Picture: /, direct)))).toMatch(/EV-1/);
  });
});
