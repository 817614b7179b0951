import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAX_TRIES } from '../../src/chat/arrivals.ts';
import { commands } from '../../src/commands/registry.ts';
import { VERBS } from '../../src/commands/types.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { APP_ID, GROUP, type Posted } from '../doubles/fake-teams.ts';
import { buttonsOf, cardOf, inputsOf, wordsOf } from './cards.ts';
import { type Json, type TeamsWorld, teamsWorld, until } from './world.ts';

const typed = commands.filter((c) => !c.isHidden).map((c) => c.name);

describe('every verb', () => {
  let w: TeamsWorld;
  beforeAll(async () => {
    w = await teamsWorld();
    await w.open();
    await w.find(/What to do first/);
  });
  afterAll(() => w.end());

  /** What came in somebody's private chat because of it. */
  async function answerTo(who: string, say: () => Promise<{ readonly status: number }>): Promise<string> {
    const direct = w.teams.directOf(who);
    const before = w.shown(direct).length;
    // Twenty commands a minute in a channel, and so many calls of the bot: a minute and more goes by for each.
    w.skip(61_000);
    expect((await say()).status).toBe(200);
    const come = await until(() => w.shown(direct).slice(before)[0]);
    return wordsOf(cardOf(come)) || JSON.stringify(come.activity);
  }

  it.each(typed)('%s is understood by mention, and answers in the private chat', async (name) => {
    const words = await answerTo('mira', () => w.teams.mention('mira', name));
    expect(words).not.toMatch(/E-[0-9a-f]{8}|no such command|is no verb/i);
  });

  it.each(VERBS)('%s is the same in the private chat, with its incident named, and as a slash entry', async (verb) => {
    const inPrivate = await answerTo('mira', () => w.teams.say('mira', `INC-1 ${verb}`));
    const asSlash = await answerTo('mira', () =>
      w.teams.deliver(
        w.teams.activity('mira', {
          text: verb,
          recipient: { id: '28:bot', name: 'Countersign', isTargeted: true },
        }),
      ),
    );
    const byMention = await answerTo('mira', () => w.teams.mention('mira', `/ir ${verb}`));
    const first = (words: string) => words.split('\n')[0];
    expect(first(inPrivate)).toBe(first(byMention));
    expect(first(asSlash)).toBe(first(byMention));
  });

  it('opens every form as inputs in a card, with a way back where there is a card to go back to', async () => {
    const direct = w.teams.directOf('mira');
    for (const name of ['timeline add', 'contain rotate-key', 'finding add', 'notice draft', 'log']) {
      await answerTo('mira', () => w.teams.mention('mira', name));
      const form = w.shown(direct).at(-1);
      expect([name, inputsOf(cardOf(form)).length > 0]).toEqual([name, true]);
      expect(buttonsOf(cardOf(form)).some((b) => b.data['countersign'] === 'submit')).toBe(true);
    }
  });

  it('says in the form for logs where a file can be sent, because no form takes one there', async () => {
    expect(await answerTo('mira', () => w.teams.mention('mira', 'log'))).toContain('with the words: INC-1 log');
    const form = w.shown(w.teams.directOf('mira')).at(-1);
    expect(wordsOf(cardOf(form))).not.toContain('or choose files');
  });

  it('shows the home card when the private chat opens, on "home", and on saying nothing', async () => {
    const install = () =>
      w.teams.deliver(
        w.teams.activity('noor', { type: 'installationUpdate', action: 'add', ...w.teams.direct('noor') }),
      );
    for (const say of [install, () => w.teams.say('noor', 'home'), () => w.teams.say('noor', '')])
      expect(await answerTo('noor', say)).toContain('Waiting for you');
  });
});

describe('a group chat', () => {
  let w: TeamsWorld;
  afterEach(() => w.end());

  it('carries an incident as a channel does: opened, read, approved by two, without a thread in it', async () => {
    w = await teamsWorld();
    const group = (text: string, who = 'mira') => w.teams.mention(who, text, w.teams.group());
    await group('open Logins from abroad');
    await w.press('mira', /^Open$/, {
      in: w.teams.directOf('mira'),
      values: {
        'text.title': 'Logins from abroad',
        'one.severity': 'SEV3',
        'one.kind': 'live',
        'one.isPrivate': 'no',
        'one.isCommander': 'yes',
      },
    });
    await w.find(/INC-1 Logins from abroad/, GROUP);
    await group('log\nNov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2');
    await w.find(/EV-1/, GROUP);
    await group('contain rotate-key', 'tomas');
    await w.press('tomas', /^Propose$/, { in: w.teams.directOf('tomas'), values: PROPOSAL });
    const card = await w.find(/CA-1/, GROUP);
    for (const who of ['ife', 'noor']) {
      const form = await w.press(who, /^Approve/, { in: GROUP });
      const on = { card: form['value'], message: card };
      await w.press(who, /^Approve/, { on, values: { 'text.typedTarget': 'deploy-key-7' } });
    }
    await until(() => (/approved/i.test(wordsOf(cardOf(card))) ? true : undefined));
    expect(await w.records('approval.granted')).toHaveLength(1);
    expect(w.teams.posted.some((p) => p.thread !== null && p.conversation === GROUP)).toBe(false);
  }, 30_000);
});

const PROPOSAL: Json = {
  'text.targets': 'deploy-key-7',
  'text.param.overlap-minutes': '0',
  'text.reason': 'It was used from an address we do not know.',
  'one.keep.usage': 'kept',
  'text.keep.usage.note': 'In the archive of the vault',
  'one.executor': 'tomas',
};

describe('what is delivered', () => {
  let w: TeamsWorld;
  afterEach(() => w.end());

  it('is not acknowledged when it cannot be kept, and is handled once when it comes again', async () => {
    let isFull = false;
    w = await teamsWorld({}, (arrivals) => ({
      ...arrivals,
      keep: (id, body) => (isFull ? Promise.reject(new Error('disk full')) : arrivals.keep(id, body)),
    }));
    await w.open();
    const said = w.teams.activity('mira', {
      text: '<at>Countersign</at> timeline add the VPN was restarted',
      entities: [{ type: 'mention', mentioned: { id: `28:${APP_ID}` } }],
    });
    isFull = true;
    const refused = await w.teams.deliver(said);
    expect(refused.status).toBe(500);
    expect(JSON.stringify(refused.body)).not.toContain('disk');
    isFull = false;
    expect((await w.teams.deliver(said)).status).toBe(200);
    expect((await w.teams.deliver(said)).status).toBe(200);
    await w.restart();
    expect((await w.teams.deliver(said)).status).toBe(200);
    expect(await w.records('timeline.event-added')).toHaveLength(1);
  });

  it('and was not finished by a process that ended is finished by the next one, and said', async () => {
    const lost: string[] = [];
    w = await teamsWorld({}, (arrivals) => ({
      ...arrivals,
      // The process ends before it can note that it is done.
      handled: (id) =>
        lost.length === 0 && /\/message\//.test(id) ? Promise.resolve(void lost.push(id)) : arrivals.handled(id),
    }));
    const direct = w.teams.directOf('mira');
    await w.teams.mention('mira', 'help');
    const before = w.shown(direct).length;
    const [help] = w.shown(direct).slice(-1);
    await w.restart();
    // It wrote nothing, so it is answered again.
    await until(() => w.shown(direct)[before]);
    expect(wordsOf(cardOf(w.shown(direct)[before] as Posted))).toBe(wordsOf(cardOf(help as Posted)));
    await w.restart();
    await new Promise((r) => setTimeout(r, 200));
    expect(w.shown(direct).length).toBe(before + 1);
  });

  it('and cannot be handled is given up after so many tries, and its author is told in the private chat', async () => {
    w = await teamsWorld();
    await w.open();
    const said = w.teams.activity('mira', {
      text: '<at>Countersign</at> timeline add the VPN was restarted',
      entities: [{ type: 'mention', mentioned: { id: `28:${APP_ID}` } }],
    });
    await w.stop();
    const store = openSqliteStore(join(w.folder, 'data', 'countersign.db'), Date.now);
    await store.arrivals.keep('teams:stuck', JSON.stringify(said));
    for (let i = 1; i < MAX_TRIES; i += 1) await store.arrivals.tries('teams:stuck');
    await store.arrivals.keep('teams:torn', '{"type":"message"');
    await store.close();
    await w.start();
    await w.find(/could not handle your command.*the VPN was restarted/s, w.teams.directOf('mira'));
    expect(await w.records('timeline.event-added')).toHaveLength(0);
    expect((await w.records('delivery.given-up'))[0]).toMatchObject({
      body: { delivery: 'teams:stuck', kind: 'command', tries: MAX_TRIES },
    });
    const health = await (await fetch(`${w.url}/healthz`)).json();
    expect(health).toMatchObject({ inbox: { waiting: 1, givenUp: 1 } });
  });

  it('and waited for more than a day is not carried out', async () => {
    w = await teamsWorld();
    await w.open();
    const said = w.teams.activity('mira', {
      text: '<at>Countersign</at> timeline add the VPN was restarted',
      entities: [{ type: 'mention', mentioned: { id: `28:${APP_ID}` } }],
    });
    await w.stop();
    const store = openSqliteStore(join(w.folder, 'data', 'countersign.db'), Date.now);
    await store.arrivals.keep('teams:old', JSON.stringify(said));
    await store.close();
    w.skip(25 * 3_600_000);
    await w.start();
    await w.find(/could not handle your command: it waited for more than a day/, w.teams.directOf('mira'));
    expect(await w.records('timeline.event-added')).toHaveLength(0);
  });
});
