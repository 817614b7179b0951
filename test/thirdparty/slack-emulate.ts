// The main job with somebody else's Slack Web API behind it: their state, their scopes, exactly those of our manifest.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAt, textAt } from '../../adapters/slack/parse/payload.ts';
import { SLACK_SCOPES } from '../../src/commands/manifest.ts';
import { FakeSlack } from '../doubles/fake-slack.ts';
import { idOf, PEOPLE, SlackWorld } from '../slack/world.ts';
import { type Emulate, startEmulate } from './emulate.ts';
import { fetched } from './fetched.ts';

const folder = fetched('emulate');
const scopes = Object.keys(SLACK_SCOPES);
const people = PEOPLE.map((name) => ({ id: idOf(name), name }));

const AUTH = [
  'Nov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2',
  'Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2',
  '',
].join('\n');

describe.skipIf(folder === null)('the emulate server behind the Slack adapter', () => {
  let fake: FakeSlack;
  let emulate: Emulate;
  let w: SlackWorld;
  beforeAll(async () => {
    fake = await FakeSlack.start('socket');
    emulate = await startEmulate(folder as string, { people, scopes, ours: fake.base });
    fake.upstream = emulate;
    w = await SlackWorld.start({ transport: 'socket', fake });
  });
  afterAll(async () => {
    await w?.end();
    await emulate?.stop();
  });

  it('carries the main job, and holds afterwards what people were shown', async () => {
    const { channel } = await w.open('mira', { severity: 'SEV3' });
    await w.command('tomas', `log ${AUTH}`, channel);
    const snippet = await fake.addFile(idOf('tomas'), 'auth.log', Buffer.from(AUTH.repeat(50)));
    await w.say('tomas', channel, '<@U0BOT> log', { subtype: 'file_share', files: [snippet] });
    const kept = await w.records('evidence.received');
    expect(kept.map((r) => (r.record.body as { sizeBytes: number }).sizeBytes)).toEqual([
      Buffer.from(AUTH.trim()).length,
      Buffer.from(AUTH.repeat(50)).length,
    ]);
    await w.command('tomas', 'log preview EV-1', channel);
    await w.fill('tomas', { zone: 'Europe/Berlin', which: 'all' });
    await w.command('bo', 'timeline', channel);
    await w.command('mira', 'step start compromised-credentials', channel);
    await w.command('tomas', 'step skip confirm-with-owner the owner is on a plane', channel);

    const said = await w.say('noor', channel, 'The VPN box rebooted at 08:12Z');
    const item = { type: 'message', channel, ts: said.ts };
    await fake.event({ type: 'reaction_added', user: idOf('noor'), reaction: 'pushpin', item });
    await w.settled();
    expect(await w.records('timeline.message-captured')).toHaveLength(1);

    await w.command('tomas', 'contain isolate-host web-01', channel);
    await w.fill('tomas', {
      reason: 'The root password of web-01 was guessed, see the log',
      'param.keep-management': 'true',
      'keep.sessions': 'kept',
      'keep.sessions.note': 'in the ticket',
      executor: 'tomas',
    });
    await w.press('tomas', /^Approve/, channel);
    expect(await w.records('approval.granted')).toHaveLength(0);
    await w.press('ife', /^Approve/, channel);
    expect(await w.records('approval.granted')).toHaveLength(1);
    await w.press('tomas', 'I carry it out now', channel);
    await w.press('tomas', 'Record the outcome', channel);
    await w.fill('tomas', { result: 'executed', summary: 'web-01 answers no more', evidence: '' });
    expect((await w.records('execution.')).map((r) => r.record.type)).toContain('execution.succeeded');
    await w.command('mira', 'notice draft executive', channel);
    await w.command('mira', 'audit export jsonl', channel);

    // The picture and the export went the three ways of an upload there, and are shared where they belong.
    const files = [w.fake.workspace.direct(idOf('bo')), w.fake.workspace.direct(idOf('mira'))].map(async (place) =>
      (await emulate.standing(place)).flatMap((m) => listAt(m, 'files').map((f) => textAt(f, 'name'))),
    );
    expect((await Promise.all(files)).flat().filter((name) => name !== 'auth.log')).toEqual([
      expect.stringMatching(/\.png$/),
      expect.stringMatching(/\.jsonl$/),
    ]);
    expect(emulate.missing).toEqual([]);
    expect(w.fake.workspace.refused).toEqual([]);
    expect([...emulate.unknown]).toEqual([]);
    // What stands there is what our double says people see.
    for (const place of [channel, w.fake.workspace.direct(idOf('ife'))]) {
      const theirs = (await emulate.standing(place)).filter((m) => textAt(m, 'user') === 'U0BOT');
      const ours = w.fake.workspace.messages.filter((m) => m.channel === place && !m.onlyFor && m.user === 'U0BOT');
      const told = (m: { readonly [name: string]: unknown }) => [textAt(m, 'ts'), textAt(m, 'text')];
      expect(
        theirs
          .filter((m) => textAt(m, 'subtype') === '')
          .map(told)
          .sort(),
      ).toEqual(ours.map(told).sort());
      expect(ours.length).toBeGreaterThan(0);
    }
  });

  it('refuses what the manifest does not ask for, scope by scope', async () => {
    const needed = new Map<string, string>();
    for (const scope of ['chat:write', 'users:read', 'files:write', 'pins:write', 'channels:manage', 'im:write']) {
      const narrow = await startEmulate(folder as string, {
        people,
        scopes: scopes.filter((s) => s !== scope),
        ours: fake.base,
      });
      try {
        const calls: Readonly<Record<string, object>> = {
          'chat.postMessage': { channel: 'C0LOBBY', text: 'x' },
          'users.info': { user: idOf('mira') },
          'files.getUploadURLExternal': { filename: 'x.txt', length: 1 },
          'pins.add': { channel: 'C0LOBBY', timestamp: '1.000001' },
          'conversations.create': { name: 'inc-1-x' },
          'conversations.open': { users: idOf('mira') },
        };
        for (const [method, args] of Object.entries(calls)) {
          const answer = await narrow.call(method, 'application/json', Buffer.from(JSON.stringify(args)));
          if (answer?.['error'] === 'missing_scope') needed.set(method, scope);
        }
      } finally {
        await narrow.stop();
      }
    }
    expect(Object.fromEntries(needed)).toEqual({
      'chat.postMessage': 'chat:write',
      'users.info': 'users:read',
      'files.getUploadURLExternal': 'files:write',
      'pins.add': 'pins:write',
      'conversations.create': 'channels:manage',
      'conversations.open': 'im:write',
    });
  });
});
