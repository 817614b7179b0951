// What was said while nobody listened, also in threads that began before.
import { afterEach, describe, expect, it } from 'vitest';
import { textAt } from '../../adapters/slack/parse/payload.ts';
import type { SlackMessage } from '../doubles/fake-slack-api.ts';
import { idOf, SlackWorld } from './world.ts';

const DAY_S = 86_400;

describe('after a gap', () => {
  let w: SlackWorld;
  afterEach(() => w.end());

  const add = (what: string): string => `<@U0BOT> timeline add ${what} at 08:00Z`;
  const added = async (): Promise<readonly string[]> =>
    (await w.records('timeline.event-added')).map((r) => String((r.record.body as { text?: string }).text));
  const away = async (meanwhile: () => void, waits: { recoverMs?: number; retryMs?: number } = {}): Promise<void> => {
    await w.crash();
    // What was said before the gap was heard: only the gap is read again.
    await new Promise((resolve) => setTimeout(resolve, 10));
    meanwhile();
    w = await w.restart({ waits });
  };
  /** A message from so many days ago. */
  const old = (channel: string, days: number): SlackMessage => {
    const message = w.fake.workspace.say(idOf('noor'), channel, 'An old thread begins');
    const ts = `${Math.floor(Date.now() / 1000) - days * DAY_S}.000100`;
    const { messages } = w.fake.workspace;
    messages.splice(messages.indexOf(message), 1);
    const back = { ...message, ts } as SlackMessage;
    messages.unshift(back);
    return back;
  };
  const reply = (to: SlackMessage, channel: string, text: string): void =>
    void w.fake.workspace.say(idOf('mira'), channel, text, { thread_ts: to.ts });

  it('a reply in a thread of an incident that began days before is found, once, and answered in its thread', async () => {
    w = await SlackWorld.start({ transport: 'socket' });
    const { channel } = await w.open('mira');
    const root = old(channel, 3);
    const quiet = old(channel, 2);
    reply(quiet, channel, 'Said and heard before the gap');
    const quietReply = w.fake.workspace.messages.at(-1) as SlackMessage;
    Object.assign(quietReply, { ts: `${Number(quiet.ts) + 60}` });
    const before = w.fake.callsOf('conversations.replies').length;
    await away(() => reply(root, channel, add('VPN rebooted')));
    await w.until(async () => (await added()).length === 1);
    await w.settled();
    const read = w.fake.callsOf('conversations.replies').slice(before);
    const threads = read.map((c) => textAt(c.args, 'ts')).filter((ts) => [root.ts, quiet.ts].includes(ts));
    expect(w.shown('mira', channel).some((m) => m.onlyFor && m.thread_ts === root.ts)).toBe(true);
    // The thread in which nothing happened costs no call.
    expect(threads).toEqual([root.ts]);
    await away(() => {});
    await w.settled();
    expect(await added()).toHaveLength(1);
  });

  it('also in the private chat with Countersign', async () => {
    w = await SlackWorld.start({ transport: 'socket' });
    await w.open('mira');
    const direct = w.fake.workspace.direct(idOf('mira'));
    const root = old(direct, 2);
    await away(() => reply(root, direct, 'INC-1 timeline add VPN rebooted at 08:00Z'));
    await w.until(async () => (await added()).length === 1);
  });

  it('a rate limit is waited out, and nothing is left out for it', async () => {
    w = await SlackWorld.start({ transport: 'socket' });
    const { channel } = await w.open('mira');
    const roots = [old(channel, 1), old(channel, 2)];
    await away(() => {
      for (const [i, root] of roots.entries()) reply(root, channel, add(`event number ${i}`));
      w.fake.trouble('conversations.history', { kind: 'rate-limited', afterSeconds: 1 });
      w.fake.trouble('conversations.replies', { kind: 'rate-limited', afterSeconds: 1 });
    });
    await w.until(async () => (await added()).length === 2, 15_000);
  });

  it('when Slack goes away while it reads, the gap stays open and is read again', async () => {
    w = await SlackWorld.start({ transport: 'socket' });
    const { channel } = await w.open('mira');
    const root = old(channel, 1);
    await away(
      () => {
        reply(root, channel, add('VPN rebooted'));
        w.fake.trouble('conversations.replies', { kind: 'status', status: 503 });
      },
      { recoverMs: 20 },
    );
    await w.until(async () => (await added()).length === 1);
  });

  it('what was found and could not be answered waits like any other delivery, and is answered later', async () => {
    w = await SlackWorld.start({ transport: 'socket' });
    const { channel } = await w.open('mira');
    const before = w.fake.callsOf('conversations.open').length;
    const broken = Array.from({ length: 20 }, () => ({ kind: 'error', error: 'fatal_error' }) as const);
    await away(
      () => {
        w.fake.workspace.say(idOf('mira'), channel, add('VPN rebooted'));
        w.fake.trouble('chat.postEphemeral', ...broken);
        w.fake.trouble('conversations.open', ...broken);
      },
      { retryMs: 1 },
    );
    await w.until(async () => (await added()).length === 1);
    // Its six tries are over: it waits for the next round.
    await w.until(() => w.fake.callsOf('conversations.open').length - before === 6);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await w.store.arrivals.unhandled('slack:message:')).length).toBe(1);
    w.fake.endTrouble('chat.postEphemeral');
    w.fake.endTrouble('conversations.open');
    await away(() => {});
    await w.until(async () => (await w.store.arrivals.unhandled('slack:')).length === 0);
    expect(w.text('mira', channel)).toContain('It is on record: timeline event added');
    expect(await added()).toHaveLength(1);
  });

  it('a thread that cannot be read keeps nothing else out; one older than a week is not looked for', async () => {
    w = await SlackWorld.start({ transport: 'socket' });
    const { channel } = await w.open('mira');
    const broken = old(channel, 1);
    const ancient = old(channel, 9);
    await away(() => {
      reply(broken, channel, add('this cannot be read'));
      reply(ancient, channel, add('this is too old'));
      w.fake.workspace.say(idOf('mira'), channel, add('this stands in the channel'));
      w.fake.trouble('conversations.replies', { kind: 'error', error: 'thread_not_found' });
    });
    await w.until(async () => (await added()).length > 0);
    await w.settled();
    expect(await added()).toEqual([expect.stringContaining('this stands in the channel')]);
  });
});
