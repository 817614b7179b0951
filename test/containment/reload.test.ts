// The organisation's file changes while the server runs.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../src/store/types.ts';
import { viewText } from '../../src/view/text.ts';
import { isolate, replyText, World } from './world.ts';

const SAMPLE = readFileSync('countersign.example.yml', 'utf8');
const LISTED = 'people: [mira, ife]';

describe('a changed organisation file', () => {
  const worlds: World[] = [];
  afterEach(async () => {
    for (const w of worlds.splice(0)) await w.close();
  });
  async function given(options: Parameters<typeof World.make>[0] = {}) {
    const file = { text: SAMPLE };
    const w = await World.make({ file, ...options });
    worlds.push(w);
    await w.open();
    return { w, file };
  }
  const inChannel = (w: World) => w.chat.messages.map((m) => viewText(m.view.view)).join('\n');

  it('invariant I19, abuse C3: takes effect by a clear act, recorded with its hash, and makes void what waits and what was approved', async () => {
    const { w, file } = await given();
    const [approved, waiting] = [await w.propose(), await w.propose('tomas', 'isolate-host', isolate('db-01'))];
    await w.approve('mira', approved);
    file.text = SAMPLE.replace(LISTED, 'people: [mira]');
    expect(replyText(await w.type('mira', 'audit policy'))).toContain('another one, and it is not in force');
    await w.pass(0.1);
    expect((await w.request(waiting)).state).toBe('pending');

    expect(replyText(await w.type('mira', 'audit policy reload'))).toContain('in force');
    await w.executions.settled();
    await w.settle();
    expect((await w.requests()).map(({ state }) => state)).toEqual(['superseded', 'superseded']);
    const [record] = await w.records('policy.loaded');
    expect(record).toMatchObject({ actor: { id: 'mira' }, body: { hash: w.services.organisation.hash } });
    expect(inChannel(w)).toContain("A changed organisation's file is in force");
    const again = await w.propose('tomas', 'isolate-host', isolate('db-01'));
    expect((await w.request(again)).request.policy).toBe(w.services.organisation.hash);
    expect(replyText(await w.approve('ife', again))).toContain('They are: Mira Sample');
  });

  it('a press between the change and the next sweep is judged by the new rules', async () => {
    const { w, file } = await given();
    const key = await w.propose();
    file.text = SAMPLE.replace(LISTED, 'people: [mira]');
    await w.type('mira', 'audit policy reload');
    expect(replyText(await w.approve('ife', key))).toContain('replaced or made void');
    expect((await w.request(key)).state).toBe('superseded');
    expect(await w.refusals()).toContain('superseded');
  });

  it('a broken one leaves the rules of before in force, on record, and says so in the channel, in the self test and to whoever tried', async () => {
    const { w, file } = await given();
    const key = await w.propose();
    const { hash } = w.services.organisation;
    file.text = SAMPLE.replace(LISTED, 'people: [nobody-here]');
    const said = replyText(await w.type('mira', 'audit policy reload'));
    expect(said).toContain('rules of before stay in force');
    expect(said).toMatch(/test\.yml line \d+: approvers\.0\.people\.0: no person has the key nobody-here/);
    await w.settle();
    expect(inChannel(w)).toContain('cannot be used');
    expect(replyText(await w.type('mira', 'help doctor'))).toMatch(/BROKEN[\s\S]*Changed on disk and broken/);
    expect((await w.records('policy.refused'))[0]).toMatchObject({ body: { inForce: hash } });
    expect(w.services.organisation.hash).toBe(hash);
    await w.approve('ife', key);
    expect((await w.request(key)).state).toBe('granted');
  });

  it('a ledger that takes no record puts nothing in force', async () => {
    let isFull = false;
    const { w, file } = await given({
      wrapStore: (store) => ({
        ...store,
        append: (...args) => (isFull ? Promise.reject(new LedgerUnavailable('full')) : store.append(...args)),
      }),
    });
    const { hash } = w.services.organisation;
    file.text = SAMPLE.replace(LISTED, 'people: [mira]');
    isFull = true;
    await w.type('mira', 'audit policy reload');
    isFull = false;
    expect(w.services.organisation.hash).toBe(hash);
    expect(await w.records('policy')).toEqual([]);
  });

  it('is not for everybody to take up, and an unchanged one changes nothing', async () => {
    const { w, file } = await given();
    const key = await w.propose();
    file.text = `${SAMPLE}\n`;
    expect(replyText(await w.type('noor', 'audit policy reload'))).toContain('standing role commander');
    file.text = SAMPLE;
    expect(replyText(await w.type('mira', 'audit policy reload'))).toContain('nothing changed');
    await w.pass(0.1);
    expect((await w.request(key)).state).toBe('pending');
    expect(await w.records('policy')).toEqual([]);
  });
});
