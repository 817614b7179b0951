// Every way into a verb: the slash command, a mention, a mention in a thread, message shortcuts and emoji; and the limits of what comes in.
import { afterEach, describe, expect, it } from 'vitest';
import { VERBS } from '../../src/commands/types.ts';
import { idOf, SlackWorld } from './world.ts';

describe.each(['socket', 'http'] as const)('Slack over %s', (transport) => {
  let w: SlackWorld;
  afterEach(() => w.end());

  it('every verb answers to the slash command, to a mention, and to a mention in a thread', async () => {
    w = await SlackWorld.start({ transport });
    const answers = (): number =>
      w.fake.workspace.messages.filter((m) => m.onlyFor === idOf('mira')).length +
      w.fake.workspace.views.filter((v) => v.for === idOf('mira')).length;
    const ways: readonly ((verb: string, channel: string) => Promise<unknown>)[] = [
      (verb, channel) => w.command('mira', verb, channel),
      (verb, channel) => w.say('mira', channel, `<@U0BOT> ${verb}`),
      async (verb, channel) => {
        const root = w.fake.workspace.say(idOf('bo'), channel, 'what now?');
        await w.say('mira', channel, `<@U0BOT> ${verb}`, { thread_ts: root.ts });
        const own = w.fake.workspace.messages.filter((m) => m.onlyFor && m.thread_ts === root.ts);
        expect(own.length, `${verb} answers in the thread`).toBeGreaterThan(0);
      },
    ];
    for (const way of ways) {
      const { channel } = await w.open('mira');
      for (const verb of VERBS) {
        const before = answers();
        await way(verb, channel);
        expect(answers(), verb).toBeGreaterThan(before);
      }
    }
    expect(w.fake.workspace.refused).toEqual([]);
  }, 60_000);

  it('message shortcuts and emoji do what they say, once, and an emoji taken away takes back', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    const said = await w.say('noor', channel, 'The VPN box rebooted at 08:12Z');
    const shortcut = async (name: string): Promise<void> => {
      await w.fake.shortcut(idOf('mira'), name, said);
      await w.settled();
    };
    const react = async (reaction: string, type = 'reaction_added'): Promise<void> => {
      const item = { type: 'message', channel, ts: said.ts };
      await w.fake.event({ type, user: idOf('mira'), reaction, item });
      await w.settled();
    };
    await shortcut('add-to-timeline');
    await react('pushpin');
    expect(await w.records('timeline.message-captured')).toHaveLength(1);
    await react('pushpin', 'reaction_removed');
    expect((await w.records('timeline.')).map((r) => r.record.type).at(-1)).toMatch(/released|retracted/);
    await shortcut('keep-as-evidence');
    expect(await w.records('evidence.received')).toHaveLength(1);
    await shortcut('ask-about-this');
    expect(w.text('mira', channel)).toMatch(/searched|found|evidence/i);
    await react('question');
    expect(await w.records('question.')).toHaveLength(1);
    expect(await w.records('finding.verified')).toHaveLength(0);
  });

  it('a file over the limit is refused with what to do, and nothing of it is fetched', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    const file = { ...(await w.fake.addFile(idOf('tomas'), 'huge.log', Buffer.from('x'))), size: 11_000_000 };
    await w.say('tomas', channel, '<@U0BOT> log', { subtype: 'file_share', files: [file] });
    expect(w.text('tomas', channel)).toMatch(/huge\.log was not taken: it has 11 MB and 10 MB are taken; split it/);
    expect(w.fake.callsOf('download')).toEqual([]);
    expect(await w.records('evidence.')).toEqual([]);
  });

  it('abuse C6: a card that cannot show every byte has no Approve; its full text, shown to one person alone, has one that counts', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    await w.command('tomas', 'contain block-indicator', channel);
    await w.fill('tomas', {
      targets: Array.from({ length: 14 }, (_, i) => `198.51.100.${i}`).join('\n'),
      'param.where': 'firewall',
      'param.hours': '4',
      reason: 'All of them scan us right now.',
      executor: 'tomas',
    });
    expect(w.text('ife', channel)).toContain('and 4 more, listed in the full text');
    expect(() => w.find('ife', /^Approve/, channel)).toThrow();
    await w.press('ife', 'Open the full text to approve', channel);
    await w.press('ife', /^Approve/);
    expect((await w.records('approval.granted'))[0]?.record.actor.id).toBe(idOf('ife'));
  });
});
