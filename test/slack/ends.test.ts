// The ends that are easy to forget: the home tab, files in forms, pictures under posts, the pace of a channel, an answer that could not be shown.
import { afterEach, describe, expect, it } from 'vitest';

import { checkSlack } from '../doubles/check-slack.ts';
import { idOf, SlackWorld } from './world.ts';

const AUTH = 'Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2\n';

/** An incident with one open request, and the approver's button on its card. */
async function proposed(w: SlackWorld) {
  const { channel } = await w.open('mira');
  await w.command('tomas', 'contain isolate-host web-01', channel);
  await w.fill('tomas', {
    reason: 'The root password of web-01 was guessed, see the log',
    'param.keep-management': 'true',
    'keep.sessions': 'kept',
    'keep.sessions.note': 'in the ticket',
    executor: 'tomas',
  });
  return { channel, ...w.find('ife', /^Approve/, channel) };
}

describe.each(['socket', 'http'] as const)('Slack over %s', (transport) => {
  let w: SlackWorld;
  afterEach(() => w.end());
  const home = (who: string): string => JSON.stringify(w.fake.workspace.homes.get(idOf(who)) ?? null);
  const openHome = async (who: string): Promise<void> => {
    const channel = w.fake.workspace.direct(idOf(who));
    await w.fake.event({ type: 'app_home_opened', user: idOf(who), channel, tab: 'home' });
    await w.settled();
  };

  it('the home tab says what waits for each person, keeps the last five private answers, and its buttons open windows', async () => {
    w = await SlackWorld.start({ transport });
    await openHome('ife');
    expect(home('ife')).toContain('Nothing waits for you now');
    const { channel } = await w.open('mira');
    await w.command('tomas', 'contain isolate-host web-01', channel);
    await w.fill('tomas', {
      reason: 'The root password of web-01 was guessed, see the log',
      'param.keep-management': 'true',
      'keep.sessions': 'kept',
      'keep.sessions.note': 'in the ticket',
      executor: 'tomas',
    });
    for (let i = 1; i <= 6; i += 1) await w.command('ife', `nothing-${i}`, channel);
    await openHome('ife');
    expect(home('ife')).toMatch(/CA-1|isolate/i);
    expect(home('ife')).toContain('nothing-6');
    expect(home('ife')).toContain('nothing-2');
    expect(home('ife')).not.toContain('nothing-1');
    await openHome('quinn');
    expect(home('quinn')).not.toContain('nothing-6');
    const view = w.fake.workspace.homes.get(idOf('ife'))!;
    expect(checkSlack('home', view)).toEqual([]);
    const help = w.button(view, 'Help');
    await w.fake.click(idOf('ife'), { ...view, id: 'V0HOME', for: idOf('ife'), isOpen: false }, help as string);
    await w.settled();
    expect(JSON.stringify(w.modal('ife')['blocks'])).toContain('Eleven verbs');
  });

  it('a file chosen in a form arrives whole', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    await w.command('tomas', 'log', channel);
    const file = await w.fake.addFile(idOf('tomas'), 'auth.log', Buffer.from(AUTH.repeat(900)), { mode: 'hosted' });
    await w.fill('tomas', { file: [String(file['id'])] });
    const [received] = await w.records('evidence.received');
    expect(received?.record.body).toMatchObject({ name: 'auth.log', sizeBytes: AUTH.length * 900, how: 'upload' });
  });

  it('a picture of a post stands in its thread, once, with its words for those who do not see it', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    const png = await w.services.blobs.keep(Buffer.from('\x89PNG not really'));
    const image = { kind: 'image' as const, svg: '', png, altText: 'Logins by hour' };
    const shown = { view: { summary: 'The timeline', tone: null, elements: [image] }, tokens: [] };
    const place = { platform: 'slack', tenant: 'T0EXAMPLE', id: channel };
    const { id } = await w.adapter.port.post(place, shown, { key: 'pic' });
    await w.adapter.port.post(place, shown, { key: 'pic' });
    const uploads = [...w.fake.workspace.uploads.values()];
    expect(uploads).toHaveLength(1);
    expect(uploads[0]).toMatchObject({ channel, thread: id });
    expect(uploads[0]?.bytes.toString('latin1')).toContain('PNG not really');
    expect(w.fake.callsOf('files.getUploadURLExternal')[0]?.args).toMatchObject({ alt_text: 'Logins by hour' });
    expect(w.fake.calls.filter((c) => /sharedPublic|files\.upload$/.test(c.method))).toEqual([]);
  });

  it('posts into one channel keep their pace and order, and hold up no other channel and no decision', async () => {
    w = await SlackWorld.start({ transport, waits: { betweenPostsMs: 150 } });
    const { workspace } = w.fake;
    workspace.addChannel('C0ONE', 'one');
    workspace.addChannel('C0TWO', 'two');
    const at = new Map<string, number>();
    const send = async (channel: string, key: string, isUrgent = false): Promise<void> => {
      const place = { platform: 'slack', tenant: 'T0EXAMPLE', id: channel };
      const shown = { view: { summary: key, tone: null, elements: [] }, tokens: [] };
      for (;;) {
        try {
          await w.adapter.port.post(place, shown, { key, isUrgent });
          at.set(key, Date.now());
          return;
        } catch (error) {
          const { afterMs } = error as { afterMs?: number };
          if (afterMs === undefined) throw error;
          await new Promise((resolve) => setTimeout(resolve, afterMs));
        }
      }
    };
    const ones = Array.from({ length: 8 }, (_, i) => send('C0ONE', `one-${i}`));
    await Promise.all([send('C0TWO', 'two'), send('C0ONE', 'decision', true)]);
    await Promise.all(ones);
    const times = Array.from({ length: 8 }, (_, i) => at.get(`one-${i}`) as number);
    expect((times.at(-1) as number) - (times[0] as number)).toBeGreaterThan(7 * 150 - 200);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    for (const first of ['two', 'decision']) expect(at.get(first), first).toBeLessThan(times[4] as number);
    expect(workspace.messages.filter((m) => m.channel === 'C0ONE').map((m) => m.text)).toHaveLength(9);
  });

  it('an answer that could not be shown is shown by the next try, and what it tells of was done once', async () => {
    w = await SlackWorld.start({ transport });
    const { channel } = await w.open('mira');
    const own = w.fake.workspace.direct(idOf('mira'));
    w.fake.trouble('chat.postMessage', { kind: 'status', status: 500 }, { kind: 'status', status: 500 });
    await w.say('mira', own, 'INC-1 timeline add VPN rebooted at 08:00Z');
    await w.until(() => w.private('mira').includes('TE-1'));
    expect(await w.records('timeline.event-added')).toHaveLength(1);
    await w.until(async () => (await w.store.arrivals.unhandled('slack:')).length === 0);
    expect(channel).not.toBe('');
  });

  it('abuse A4, A9: neither the name on a press nor one in its text makes an approver', async () => {
    w = await SlackWorld.start({ transport });
    const { on, value } = await proposed(w);
    w.fake.workspace.users.set('U0FAKE', { id: 'U0FAKE', name: 'Ife Sample' });
    await w.fake.click('U0FAKE', on, value);
    await w.settled();
    // Slack answers about somebody else than the envelope names.
    w.fake.workspace.users.set('U0FAKE', { id: idOf('ife'), name: 'Ife Sample' });
    await w.fake.click('U0FAKE', on, value);
    await w.settled();
    expect(await w.records('approval.granted')).toHaveLength(0);
    expect(await w.records('approval.voted')).toHaveLength(0);
    // The same button under the finger it was meant for.
    await w.fake.click(idOf('ife'), on, value);
    await w.settled();
    expect(await w.records('approval.granted')).toHaveLength(1);
  });

  it('abuse D1, D9: a forwarded card, a card on which somebody wrote, a thumbs-up and the word approve approve nothing', async () => {
    w = await SlackWorld.start({ transport });
    const { channel, on, value } = await proposed(w);
    const copy = w.fake.workspace.say('U0BOT', 'C0LOBBY', String(on['text']), { blocks: on['blocks'] });
    const elsewhere = w.fake.workspace.say('U0BOT', channel, String(on['text']), { blocks: on['blocks'] });
    for (const forwarded of [copy, elsewhere]) await w.fake.click(idOf('ife'), forwarded, value);
    const item = { type: 'message', channel, ts: on['ts'] };
    for (const reaction of ['+1', 'white_check_mark'])
      await w.fake.event({ type: 'reaction_added', user: idOf('ife'), reaction, item });
    await w.say('ife', channel, 'approved');
    await w.command('ife', 'contain approve CA-1', channel);
    await w.settled();
    expect(await w.records('approval.granted')).toHaveLength(0);
    await w.press('ife', /^Approve/, channel).catch(() => {});
    await w.fake.click(idOf('ife'), on, value);
    await w.settled();
    expect(await w.records('approval.granted')).toHaveLength(1);
  });
});
