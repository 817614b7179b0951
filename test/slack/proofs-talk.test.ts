// Proofs of what people do over Slack, each in both transports.
import { afterEach, describe, expect, it } from 'vitest';
import { textAt } from '../../adapters/slack/parse/payload.ts';
import { idOf, SlackWorld } from './world.ts';

const AUTH = `Nov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2
Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2
`;

const PROPOSAL = {
  reason: 'The root password of web-01 was guessed, see the log',
  'param.keep-management': 'true',
  'keep.sessions': 'kept',
  'keep.sessions.note': 'in the ticket',
  executor: 'tomas',
} as const;

describe.each(['socket', 'http'] as const)('Slack over %s', (transport) => {
  let w: SlackWorld;
  afterEach(() => w.end());
  const start = async (): Promise<void> => {
    w = await SlackWorld.start({ transport });
  };

  /** An open incident with a proposal to isolate web-01, proposed by Tomas. */
  async function proposed(): Promise<string> {
    const { channel } = await w.open('mira');
    await w.command('tomas', 'contain isolate-host web-01', channel);
    await w.fill('tomas', PROPOSAL);
    return channel;
  }

  it('proof 1: command, card, press by another person, card edited; who pressed is who is on record', async () => {
    await start();
    const channel = await proposed();
    const card = w.find('ife', /^Approve/, channel).on;
    await w.press('ife', /^Approve/, channel);
    const [granted] = await w.records('approval.granted');
    expect(granted?.record.actor).toMatchObject({
      platform: 'slack',
      tenant: 'T0EXAMPLE',
      id: idOf('ife'),
      kind: 'human',
    });
    expect(JSON.stringify(card['blocks'])).toContain('I carry it out now');
    expect(w.button(card, /^Approve/)).toBeNull();
    expect(w.fake.workspace.refused).toEqual([]);
  });

  it('proof 1: the proposer who presses is refused privately, and it is on record', async () => {
    await start();
    const channel = await proposed();
    await w.press('tomas', /^Approve/, channel);
    expect(await w.records('approval.granted')).toHaveLength(0);
    expect(
      (await w.records('approval.refused')).length + (await w.records('containment.refused')).length,
    ).toBeGreaterThan(0);
    const mine = w.shown('tomas', channel).filter((m) => m.onlyFor === idOf('tomas'));
    expect(mine.at(-1)?.text).toMatch(/propos/i);
  });

  it('proof 2: a form that lacks something answers at the field; a whole one closes', async () => {
    await start();
    await w.command('mira', 'open');
    const answer = await w.fill('mira', { title: '', severity: 'SEV2' });
    expect(answer['response_action']).toBe('errors');
    expect(Object.keys(answer['errors'] as object)).toContain('title');
    expect(w.modal('mira').isOpen).toBe(true);
    await w.fill('mira', { title: 'Odd logins', severity: 'SEV2' });
    expect(() => w.modal('mira')).toThrow();
    expect(await w.services.incidentKeys()).toEqual(['INC-1']);
  });

  it('proof 3: a desk that takes four seconds is acknowledged at once, and nothing is done twice', async () => {
    await start();
    const { channel } = await w.open('mira');
    w.fake.trouble('users.info', { kind: 'slow', ms: 4000 });
    const delivered = await w.fake.command(idOf('noor'), channel, 'timeline add VPN rebooted at 08:00Z');
    expect(delivered).toMatchObject({ acked: true, status: 200 });
    expect(delivered.ms).toBeLessThan(1000);
    await w.settled();
    expect(await w.records('timeline.event-added')).toHaveLength(1);
  });

  it('proof 4: the same event delivered again makes one record', async () => {
    await start();
    const { channel } = await w.open('mira');
    const said = w.fake.workspace.say(idOf('mira'), channel, '<@U0BOT> timeline add VPN rebooted at 08:00Z');
    const event = { ...said, type: 'app_mention' };
    await w.fake.event(event, { event_id: 'Ev1' });
    const again = await w.fake.event(event, { event_id: 'Ev1', retry: 1 });
    expect(again.acked).toBe(true);
    // The same words come as a message event as well.
    await w.fake.event({ ...said, channel_type: 'channel' }, { event_id: 'Ev2' });
    await w.settled();
    expect(await w.records('timeline.event-added')).toHaveLength(1);
  });

  it('proof 7: two people who approve at the same moment, and one press delivered twice, make one decision; both are told', async () => {
    await start();
    const channel = await proposed();
    const { on, value } = w.find('ife', /^Approve/, channel);
    const action_ts = w.fake.workspace.ts();
    const delivered = await Promise.all([
      w.fake.click(idOf('ife'), on, value, { action_ts }),
      w.fake.click(idOf('ife'), on, value, { action_ts }),
      w.fake.click(idOf('mira'), on, value),
    ]);
    expect(delivered.every((d) => d.acked)).toBe(true);
    await w.settled();
    expect(await w.records('approval.granted')).toHaveLength(1);
    for (const who of ['ife', 'mira']) {
      const told = [
        ...w.shown(who, channel).filter((m) => m.onlyFor),
        ...w.shown(who, w.fake.workspace.direct(idOf(who))),
      ];
      expect(told.length, `${who} was told`).toBeGreaterThan(0);
    }
  });

  it('proof 8: a snippet of 100 kB is read whole; a login page is refused and nothing is kept', async () => {
    await start();
    const { channel } = await w.open('mira');
    const bytes = Buffer.from(AUTH.repeat(600));
    expect(bytes.length).toBeGreaterThan(100_000);
    const file = w.fake.workspace.addFile('auth.log', bytes);
    await w.say('tomas', channel, '<@U0BOT> log', { subtype: 'file_share', files: [file] });
    const [received] = await w.records('evidence.received');
    expect(received?.record.body).toMatchObject({ sizeBytes: bytes.length, how: 'paste', name: 'auth.log' });
    const page = w.fake.workspace.addFile('other.log', Buffer.from('x'.repeat(54)), { isLoginPage: true });
    await w.say('tomas', channel, '<@U0BOT> log', { subtype: 'file_share', files: [page] });
    expect(await w.records('evidence.received')).toHaveLength(1);
    expect(w.text('tomas', channel)).toContain('other.log was not taken');
  });

  it('proof 8: a file of a shared channel is asked for first; a link elsewhere is refused with what to do', async () => {
    await start();
    const { channel } = await w.open('mira');
    const file = w.fake.workspace.addFile('auth.log', Buffer.from(AUTH));
    const stub = { id: file['id'], mode: 'file_access', file_access: 'check_file_info' };
    await w.say('tomas', channel, '<@U0BOT> log', { subtype: 'file_share', files: [stub] });
    expect(await w.records('evidence.received')).toHaveLength(1);
    const link = { ...w.fake.workspace.addFile('drive.log', Buffer.from('x')), mode: 'external' };
    await w.say('tomas', channel, '<@U0BOT> log', { subtype: 'file_share', files: [link] });
    expect(w.text('tomas', channel)).toContain('link to another service');
  });

  it('proof 9: when the response url is used up, the answer still arrives', async () => {
    await start();
    const { channel } = await w.open('mira');
    w.fake.responseUses = 0;
    w.fake.trouble('chat.postEphemeral', { kind: 'error', error: 'user_not_in_channel' });
    await w.command('mira', 'help', channel);
    expect(w.private('mira')).toContain('Eleven verbs');
  });

  it('proof 14: what Slack changed is changed back, byte for byte, and both forms are kept', async () => {
    await start();
    const { channel } = await w.open('mira');
    const typed = 'Nov 19 08:15:30 web-01 proxy[1]: GET http://evil.example/a?b=1&c=2 <script> by ops@corp.example';
    const delivered =
      'Nov 19 08:15:30 web-01 proxy[1]: GET <http://evil.example/a?b=1&amp;c=2> &lt;script&gt; by <mailto:ops@corp.example|ops@corp.example>';
    await w.command('tomas', `log ${delivered}`, channel);
    const [received] = await w.records('evidence.received');
    const body = received?.record.body as { sha256: string; deliveredSha256: string };
    expect(Buffer.from((await w.services.blobs.read(body.sha256)) ?? []).toString()).toBe(typed);
    expect(Buffer.from((await w.services.blobs.read(body.deliveredSha256)) ?? []).toString()).toBe(`log ${delivered}`);
  });

  it('proof 14: hostile text shows as text', async () => {
    await start();
    const { channel } = await w.open('mira', {
      title: 'now <!channel> and <http://evil.example|your bank> *bold* \u202Egnp.exe',
    });
    const cards = w.fake.workspace.messages.filter((m) => m.channel === channel);
    expect(cards.length).toBeGreaterThan(0);
    for (const card of cards) {
      expect(card.text).not.toMatch(/[<>]/);
      expect(JSON.stringify(card.blocks)).not.toContain('mrkdwn');
      expect(JSON.stringify(card.blocks)).not.toContain('\u202E');
    }
    expect(w.text('mira', channel)).toContain('[RLO]gnp.exe');
    expect(w.fake.workspace.refused).toEqual([]);
    const posts = w.fake.callsOf('chat.postMessage');
    for (const { args } of posts) {
      expect(args).toMatchObject({ unfurl_links: false, unfurl_media: false });
      expect(textAt(args, 'text')).not.toBe('');
    }
  });

  it('proof 15: what is longer than a message goes on in the next one and is said', async () => {
    await start();
    const { channel } = await w.open('mira');
    const place = { platform: 'slack', tenant: 'T0EXAMPLE', id: channel };
    const long = (key: string, elements: Parameters<typeof w.adapter.port.post>[1]['view']['elements']) =>
      w.adapter.port.post(place, { view: { summary: key, tone: null, elements }, tokens: [] }, { key });
    const text = (t: string) => ({ kind: 'text', prose: [{ kind: 'untrusted', text: t }] }) as const;
    await long(
      '51 blocks',
      Array.from({ length: 51 }, (_, i) => text(`line ${i}`)),
    );
    await long('3001 characters', [text('y'.repeat(3001))]);
    await long(
      '13300 in total',
      Array.from({ length: 7 }, (_, i) => text(String(i).repeat(1900))),
    );
    expect(w.fake.workspace.refused).toEqual([]);
    const shown = JSON.stringify(w.shown('mira', channel).map((m) => m.blocks));
    for (let i = 0; i < 51; i += 1) expect(shown).toContain(`line ${i}"`);
    expect(shown.match(/y/g)?.length).toBeGreaterThanOrEqual(3001);
    for (let i = 0; i < 7; i += 1) expect(shown.split(String(i).repeat(1900)).length).toBe(2);
    expect(shown).toContain('longer than one Slack message');
  });
});
