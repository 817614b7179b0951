import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHANNEL, TENANT } from '../doubles/fake-teams.ts';
import { cardOf, wordsOf } from './cards.ts';
import { type Json, type TeamsWorld, teamsWorld, until } from './world.ts';

const LINES = 'Nov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2';
const task = (body: Json | undefined): string => String((body?.['task'] as Json | undefined)?.['value'] ?? '');
const captured = (w: TeamsWorld) => w.records('timeline.message-captured');

describe('the menu on a message', () => {
  let w: TeamsWorld;
  beforeEach(async () => {
    w = await teamsWorld();
    await w.open();
  });
  afterEach(() => w.end());

  const payload = (over: Json = {}): Json => ({
    id: '1700000000001',
    createdDateTime: '2026-11-19T08:20:00.000Z',
    from: { user: { id: w.teams.who('bo').aad, displayName: 'Bo Sample', userIdentityType: 'aadUser' } },
    body: { contentType: 'html', content: '<p>The <b>VPN</b> &amp; the mail were down</p>' },
    ...over,
  });

  it('puts the message on the timeline, once, with its author, its time and who pointed at it', async () => {
    const pressed = w.teams.menu('mira', 'add-to-timeline', payload());
    const first = await w.teams.deliver(pressed);
    expect(first.status).toBe(200);
    expect(task(first.body)).not.toBe('');
    expect(await w.teams.deliver(pressed)).toEqual(first);
    await w.teams.deliver(w.teams.menu('tomas', 'add-to-timeline', payload()));
    const records = await captured(w);
    expect(records).toHaveLength(1);
    expect(records[0]?.['body']).toMatchObject({
      text: 'The VPN & the mail were down',
      occurredAt: '2026-11-19T08:20:00.000Z',
      author: { kind: 'human', id: w.teams.who('bo').aad },
    });
    expect(records[0]?.['actor']).toMatchObject({ id: w.teams.who('mira').aad });
  });

  it('reads a message as log lines, and keeps what Teams delivered beside what was typed', async () => {
    const content = `<p>${LINES.replaceAll(' ', '&nbsp;')}</p>`;
    const answer = await w.teams.deliver(
      w.teams.menu('mira', 'read-as-log', payload({ body: { contentType: 'html', content } })),
    );
    expect(task(answer.body)).toContain('EV-1 is kept');
    await w.find(/EV-1/);
    const kept = JSON.stringify(await w.records('evidence.received'));
    expect(kept).toContain(createHash('sha256').update(LINES).digest('hex'));
    expect(kept).toContain(createHash('sha256').update(content).digest('hex'));
  });

  it('is answered with what to do when it is no menu of ours or the message is not readable', async () => {
    for (const [command, message] of [
      ['make-coffee', payload()],
      ['add-to-timeline', { id: 7 }],
      ['add-to-timeline', null],
    ] as const) {
      const answer = await w.teams.deliver(w.teams.menu('mira', command, message as Json));
      expect(task(answer.body)).toContain('older version');
    }
    expect(await captured(w)).toEqual([]);
  });
});

describe('a paste', () => {
  it('is kept and hashed as Teams delivered it and as it was typed', async () => {
    const w = await teamsWorld();
    await w.open();
    const content = `<p><at id="0">Countersign</at> log<br>${LINES.replace(' web', '&nbsp;web')}</p>`;
    await w.teams.mention('mira', `log\n${LINES}`, { attachments: [{ contentType: 'text/html', content }] });
    await w.find(/EV-1/);
    const kept = JSON.stringify(await w.records('evidence.received'));
    expect(kept).toContain(createHash('sha256').update(`${LINES}\n`).digest('hex'));
    expect(kept).toContain(createHash('sha256').update(content).digest('hex'));
    await w.end();
  });
});

describe('with the consent to read every message', () => {
  let w: TeamsWorld;
  beforeEach(async () => {
    w = await teamsWorld({ capturesAll: true });
    await w.open();
    await w.find(/What to do first/);
  });
  afterEach(() => w.end());

  /** Says something to the others in the channel; gives the id of the message. */
  async function say(who: string, text: string): Promise<string> {
    const activity = w.teams.activity(who, { text, timestamp: '2026-11-19T08:20:00Z' });
    expect((await w.teams.deliver(activity)).status).toBe(200);
    return String(activity['id']);
  }
  const inThread = (root: string): Json => ({
    conversation: {
      id: `${CHANNEL};messageid=${root}`,
      conversationType: 'channel',
      isGroup: true,
      tenantId: TENANT,
    },
  });
  const react = (who: string, on: string, type: string, what = 'reactionsAdded') =>
    w.teams.deliver(
      w.teams.activity(who, { type: 'messageReaction', replyToId: on, [what]: [{ type }], ...inThread(on) }),
    );

  it('9 records nothing of a message by itself and answers nothing', async () => {
    // The last word of an opening.
    await w.find(/The first incident here/);
    const before = { posted: w.teams.posted.length, records: (await w.records()).length };
    await say('tomas', 'open the door, please');
    expect(w.teams.posted.length).toBe(before.posted);
    expect((await w.records()).length).toBe(before.records);
  });

  it('9 captures the message above when a member replies with the words of the menu, also after a restart', async () => {
    const root = await say('bo', 'The VPN was down &amp; nobody knew');
    await w.restart();
    await w.teams.mention('mira', 'Add to timeline', inThread(root));
    const [record] = await captured(w);
    expect(record?.['body']).toMatchObject({
      text: 'The VPN was down & nobody knew',
      occurredAt: '2026-11-19T08:20:00.000Z',
      author: { id: w.teams.who('bo').aad },
    });
    expect(record?.['actor']).toMatchObject({ id: w.teams.who('mira').aad });
  });

  it('9 captures by a pushpin once, and lets go when it is taken away; no other emoji does anything', async () => {
    const on = await say('bo', 'The VPN was down');
    await react('mira', on, 'like');
    expect(await captured(w)).toEqual([]);
    await react('mira', on, '1f4cc_pushpin');
    await react('tomas', on, '1f4cc_pushpin');
    expect(await captured(w)).toHaveLength(1);
    await react('mira', on, '1f4cc_pushpin', 'reactionsRemoved');
    expect(await w.records('timeline.message-released')).toHaveLength(1);
  });

  it('marks a captured message as edited and as deleted, and forgets one that was never captured', async () => {
    const on = await say('bo', 'The VPN was down');
    const never = await say('bo', 'and lunch is at noon');
    await react('mira', on, '1f4cc_pushpin');
    const change = (type: string, id: string, at: string) =>
      w.teams.deliver(w.teams.activity('bo', { type, id, text: 'The VPN was up', timestamp: at, ...inThread(id) }));
    await change('messageUpdate', on, '2026-11-19T08:30:00Z');
    await change('messageDelete', on, '2026-11-19T08:31:00Z');
    await change('messageDelete', never, '2026-11-19T08:32:00Z');
    const changes = (await w.records('timeline.source-changed')).map((r) => (r['body'] as Json)['change']);
    expect(changes).toEqual(['edited', 'deleted']);
    await w.teams.mention('mira', 'Add to timeline', inThread(never));
    await w.find(/have not seen the message/, w.teams.directOf('mira'));
    expect(await captured(w)).toHaveLength(1);
  });

  it('holds nothing where there is no incident', async () => {
    const away: Json = { conversation: { id: '19:lunch@thread.tacv2', conversationType: 'channel', tenantId: TENANT } };
    await w.teams.deliver(w.teams.activity('bo', { text: 'pizza or soup', ...away }));
    const { openSqliteStore } = await import('../../src/store/sqlite.ts');
    const store = openSqliteStore(`${w.folder}/data/countersign.db`, Date.now);
    expect(await store.note('teams/seen/19:lunch@thread.tacv2/0')).toBeNull();
    await say('bo', 'the VPN is down');
    expect(await until(() => store.note(`teams/seen/${CHANNEL}/0`))).toContain('the VPN is down');
    await store.close();
  });
});

describe('without that consent', () => {
  it('says how to point at a message instead', async () => {
    const w = await teamsWorld();
    await w.open();
    const root = String(w.teams.activity('bo')['id']);
    await w.teams.mention('mira', 'read as log', {
      conversation: { id: `${CHANNEL};messageid=${root}`, conversationType: 'channel', tenantId: TENANT },
    });
    expect(wordsOf(cardOf(await w.find(/only messages that mention me/, w.teams.directOf('mira'))))).toContain(
      'More actions',
    );
    await w.end();
  });
});
