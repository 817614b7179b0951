import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APP_ID, TENANT } from '../doubles/fake-teams.ts';
import { buttonsOf, cardOf, wordsOf } from './cards.ts';
import { type Json, type TeamsWorld, teamsWorld, until } from './world.ts';

describe('presses that are not what they seem', () => {
  let w: TeamsWorld;
  beforeEach(async () => {
    w = await teamsWorld();
  });
  afterEach(() => w.end());

  const approve = (card: Parameters<typeof cardOf>[0]): Json =>
    buttonsOf(cardOf(card)).find((b) => b.title.startsWith('Approve'))?.data as Json;
  const votes = () => w.records('approval.voted');

  it('a copy of the card, or its button on another message, decides nothing', async () => {
    await w.open();
    const card = await w.propose();
    for (const other of [{ ...card, id: '1700000009999' }, await w.find(/What to do first/)]) {
      const answer = await w.teams.deliver(w.teams.invoke('ife', other, approve(card)));
      expect(JSON.stringify(answer.body)).not.toContain('typedTarget');
    }
    expect((await w.records('approval.refused')).length).toBe(2);
    expect(await votes()).toEqual([]);
  });

  it('the button in another channel or in a private chat decides nothing', async () => {
    await w.open();
    const card = await w.propose();
    for (const conversation of ['19:elsewhere@thread.tacv2', w.teams.directOf('ife')]) {
      const answer = await w.teams.deliver(w.teams.invoke('ife', { ...card, conversation }, approve(card)));
      expect(JSON.stringify(answer.body)).not.toContain('typedTarget');
    }
    expect(await votes()).toEqual([]);
  });

  it('data that was tampered with asks for nothing but what the token stands for', async () => {
    await w.open();
    const card = await w.propose();
    const tampered = {
      ...approve(card),
      verb: 'contain stop',
      intent: 'contain approve',
      'text.request': 'CA-2',
      'text.digest': 'x',
    };
    const form = await w.teams.deliver(w.teams.invoke('ife', card, tampered));
    expect(wordsOf((form.body as Json)['value'])).toContain('Approve CA-1');
    for (const data of [
      { countersign: 'press' },
      { countersign: 'approve', token: 'x' },
      'approve',
      null,
      { token: [] },
    ]) {
      const answer = await w.teams.deliver(w.teams.invoke('ife', card, data as Json));
      expect(answer.body?.['statusCode']).toBe(400);
    }
    expect(await votes()).toEqual([]);
  });

  it('typing it decides nothing', async () => {
    await w.open();
    await w.propose();
    await w.teams.mention('ife', 'contain approve CA-1');
    await w.teams.mention('ife', 'approved');
    expect(await votes()).toEqual([]);
  });

  it('two accounts with one name are two people, and one account is one', async () => {
    await w.open();
    const card = await w.propose();
    w.teams.addPerson('double', 50, { name: 'Ife Sample' });
    expect(JSON.stringify(await w.press('double', /^Approve/))).not.toContain('typedTarget');
    const yes = async (): Promise<void> => {
      const form = await w.press('ife', /^Approve/);
      if (!JSON.stringify(form).includes('typedTarget')) return;
      await w.press('ife', /^Approve/, {
        on: { card: form['value'], message: card },
        values: { 'text.typedTarget': 'deploy-key-7' },
      });
    };
    await yes();
    await until(() => (/1 of 2/.test(wordsOf(cardOf(card))) ? true : undefined));
    await yes();
    expect(await votes()).toHaveLength(1);
    expect(await w.records('approval.granted')).toEqual([]);
  });

  it('a reaction on the card decides nothing', async () => {
    await w.open();
    const card = await w.propose();
    for (const type of ['like', '2705_whiteheavycheckmark', '1f4cc_pushpin'])
      await w.teams.deliver(
        w.teams.activity('ife', { type: 'messageReaction', replyToId: card.id, reactionsAdded: [{ type }] }),
      );
    expect(await votes()).toEqual([]);
  });

  it('a bot, and an approver who was taken out after the card was shown, decide nothing', async () => {
    await w.open();
    const card = await w.propose();
    const { userId, name, aad } = w.teams.who('ife');
    const asBot = { from: { id: userId, name, aadObjectId: aad, role: 'bot' } };
    const answer = await w.teams.deliver(w.teams.invoke('ife', card, approve(card), asBot));
    expect(JSON.stringify(answer.body)).not.toContain('typedTarget');
    const form = await w.press('ife', /^Approve/);
    w.teams.people.delete('ife');
    const send = buttonsOf(form['value']).find((b) => b.data['countersign'] === 'submit');
    w.teams.addPerson('gone', 60);
    const invoke = w.teams.invoke(
      'gone',
      card,
      { 'text.typedTarget': 'deploy-key-7', ...send?.data },
      { from: { id: userId, name, aadObjectId: aad } },
    );
    await w.teams.deliver(invoke);
    expect(await votes()).toEqual([]);
    expect((await w.records('approval.refused')).length).toBe(2);
  });

  it('after a restart the first press counts, and one of before it has no second effect', async () => {
    await w.open();
    const card = await w.propose();
    const form = await w.press('ife', /^Approve/);
    const send = buttonsOf(form['value']).find((b) => b.data['countersign'] === 'submit');
    const first = w.teams.invoke('ife', card, { 'text.typedTarget': 'deploy-key-7', ...send?.data });
    await w.teams.deliver(first);
    await until(() => (/1 of 2/.test(wordsOf(cardOf(card))) ? true : undefined));
    await w.restart();
    expect((await w.teams.deliver(first)).status).toBe(200);
    expect(await votes()).toHaveLength(1);
    const second = await w.press('noor', /^Approve/);
    await w.press('noor', /^Approve/, {
      on: { card: second['value'], message: card },
      values: { 'text.typedTarget': 'deploy-key-7' },
    });
    expect(await w.records('approval.granted')).toHaveLength(1);
  });

  it('a kill between the press and the edit of the card loses nothing and doubles nothing', async () => {
    await w.open();
    const card = await w.propose();
    await w.stop();
    const child = spawn(process.execPath, ['test/teams/child.mjs', w.folder, w.teams.base, APP_ID, TENANT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    w.teams.botEndpoint = `${line.toString().trim()}/api/messages`;
    const before = card.edits;
    const form = await w.press('ife', /^Approve/);
    const killed = new Promise<void>((resolve) => {
      w.teams.beforeEdit = async () => {
        child.kill('SIGKILL');
        await once(child, 'exit');
        w.teams.beforeEdit = null;
        resolve();
        throw new Error('the caller is gone');
      };
    });
    const pressed = w
      .press('ife', /^Approve/, {
        on: { card: form['value'], message: card },
        values: { 'text.typedTarget': 'deploy-key-7' },
      })
      .catch(() => null);
    await killed;
    await pressed;
    expect(card.edits).toBe(before);
    expect(await votes()).toHaveLength(1);
    await w.start();
    await until(() => (card.edits > before && /1 of 2/.test(wordsOf(cardOf(card))) ? true : undefined));
    expect(await votes()).toHaveLength(1);
    expect(
      w
        .shown()
        .filter(
          (p) =>
            /CA-1 Rotate key/.test(wordsOf(cardOf(p))) &&
            buttonsOf(cardOf(p)).some((b) => b.title.startsWith('Approve')),
        ),
    ).toHaveLength(1);
  });
});
