// A bad minute at once: a thousand events and a hundred presses, with rate limits, errors and lost connections in between.
import { afterEach, describe, expect, it } from 'vitest';
import { textAt } from '../../adapters/slack/parse/payload.ts';
import { fixed, outgoing } from '../../src/chat/outbox.ts';
import { view } from '../../src/view/build.ts';
import type { Delivered } from '../doubles/fake-slack.ts';
import { idOf, PEOPLE, SlackWorld } from './world.ts';

const CAPTURES = 100;
const MESSAGES = 900;
const PRESSES = 100;
const POSTS = 40;

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

describe.each(['socket', 'http'] as const)('a flood over %s', (transport) => {
  let w: SlackWorld;
  afterEach(() => w.end());

  it('loses nothing, does nothing twice, acknowledges in time, and delays no approval', async () => {
    w = await SlackWorld.start({ transport, waits: { betweenPostsMs: 200 } });
    const { channel } = await w.open('mira', { severity: 'SEV3' });
    await w.command('tomas', 'contain isolate-host web-01', channel);
    await w.fill('tomas', {
      reason: 'The root password of web-01 was guessed, see the log',
      'param.keep-management': 'true',
      'keep.sessions': 'kept',
      'keep.sessions.note': 'in the ticket',
      executor: 'tomas',
    });
    const acks: number[] = [];
    /** Slack delivers again what nobody acknowledged. */
    const insist = async (deliver: (retry: number) => Promise<Delivered>): Promise<void> => {
      for (let retry = 0; retry < 20; retry += 1) {
        const delivered = await deliver(retry);
        if (delivered.acked) {
          acks.push(delivered.ms);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error('never acknowledged');
    };
    const card = w.find('bo', 'Timeline', channel);
    const said = Array.from({ length: CAPTURES }, (_, i) =>
      w.fake.workspace.say(idOf('noor'), channel, `seen: host-${i} rebooted`),
    );
    const work: (() => Promise<void>)[] = [];
    for (const [i, message] of said.entries()) {
      const event = {
        type: 'reaction_added',
        user: idOf('noor'),
        reaction: 'pushpin',
        item: { type: 'message', channel, ts: message.ts },
      };
      work.push(() => insist((retry) => w.fake.event(event, { event_id: `EvR${i}`, retry })));
      // One in five comes twice though it was acknowledged.
      if (i % 5 === 0) work.push(() => insist(() => w.fake.event(event, { event_id: `EvR${i}`, retry: 1 })));
    }
    for (let i = 0; i < MESSAGES; i += 1) {
      const who = PEOPLE[i % PEOPLE.length] ?? 'mira';
      const message = w.fake.workspace.say(idOf(who), channel, `noise ${i}`);
      work.push(() =>
        insist((retry) => w.fake.event({ ...message, channel_type: 'channel' }, { event_id: `EvM${i}`, retry })),
      );
    }
    for (let i = 0; i < PRESSES; i += 1) {
      const who = PEOPLE[i % PEOPLE.length] ?? 'mira';
      work.push(() => insist(() => w.fake.click(idOf(who), card.on, card.value)));
    }
    // The same order every time, everything mixed.
    const mixed = work.map((one, i) => ({ one, at: (i * 7919) % work.length })).sort((a, b) => a.at - b.at);
    w.fake.ackMs = 3000;
    // The channel's own traffic, more than it takes while this lasts: no decision may stand behind it.
    await w.store.enqueue(
      Array.from({ length: POSTS }, (_, i) =>
        outgoing(`flood/${i}`, {
          op: 'post',
          to: { platform: 'slack', tenant: 'T0EXAMPLE', id: channel },
          content: fixed(view(`timeline post ${i}`, [])),
        }),
      ),
    );
    const posted = (): readonly string[] =>
      w.fake.workspace.messages.filter((m) => m.text.startsWith('timeline post')).map((m) => m.text);
    let waitingThen = 0;
    const approve = w.find('ife', /^Approve/, channel);
    let approvedMs = 0;
    let next = 0;
    const runner = async (): Promise<void> => {
      for (let i = next++; i < mixed.length; i = next++) {
        if (i % 300 === 150)
          w.fake.trouble(
            'chat.postMessage',
            { kind: 'rate-limited', afterSeconds: 1 },
            { kind: 'status', status: 500 },
          );
        if (i % 400 === 200) w.fake.trouble('conversations.history', { kind: 'rate-limited', afterSeconds: 1 });
        if (i === 350 || i === 700) w.cut();
        if (i === 500) {
          const startedMs = Date.now();
          void w.fake.click(idOf('ife'), approve.on, approve.value).then(async (d) => {
            if (!d.acked) return;
            await w.until(
              async () =>
                (await w.records('approval.granted')).length === 1 && w.button(approve.on, /^Approve/) === null,
              10_000,
            );
            approvedMs = Date.now() - startedMs;
            waitingThen = POSTS - posted().length;
          });
        }
        await mixed[i]?.one();
      }
    };
    await Promise.all(Array.from({ length: 20 }, runner));
    await w.until(async () => {
      await w.settled();
      const isDone = (await w.store.arrivals.unhandled('slack:')).length === 0 && approvedMs > 0;
      return isDone && posted().length >= POSTS;
    }, 60_000);
    acks.sort((a, b) => a - b);
    console.log(
      `${transport}: ${acks.length} acknowledgements, median ${percentile(acks, 0.5)} ms, p95 ${percentile(acks, 0.95)} ms, p99 ${percentile(acks, 0.99)} ms, slowest ${acks.at(-1)} ms; the approval stood on the card after ${approvedMs} ms, before ${waitingThen} posts of the channel`,
    );
    expect(acks.at(-1)).toBeLessThan(3000);
    const captured = await w.records('timeline.message-captured');
    expect(captured).toHaveLength(CAPTURES);
    expect(waitingThen).toBeGreaterThan(0);
    expect([...posted()].sort()).toEqual(Array.from({ length: POSTS }, (_, i) => `timeline post ${i}`).sort());
    // Nobody was shown anything twice in the channel.
    const ids = w.fake.workspace.messages
      .filter((m) => m.channel === channel && !m.onlyFor && m.user === 'U0BOT')
      .map((m) => textAt(m.blocks[0], 'block_id'));
    expect(new Set(ids).size).toBe(ids.length);
    expect(await w.records('approval.granted')).toHaveLength(1);
    expect(w.fake.workspace.refused).toEqual([]);
  }, 150_000);
});
