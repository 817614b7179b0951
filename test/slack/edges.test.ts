// The edges of a channel's life: the first meeting, a file nobody asked about, an organisation that reads along, the end of a channel.
import { afterEach, describe, expect, it } from 'vitest';
import { idOf, organisationText, SlackWorld } from './world.ts';

const AUTH = 'Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2\n';

describe.each(['socket', 'http'] as const)('Slack over %s', (transport) => {
  let w: SlackWorld;
  afterEach(() => w.end());
  const start = async (): Promise<void> => {
    w = await SlackWorld.start({ transport });
  };

  it('who brings it into a channel is told there, once, what it is for and how to be rid of it', async () => {
    await start();
    w.fake.workspace.addChannel('C0OPS', 'ops');
    const came = { type: 'member_joined_channel', user: 'U0BOT', channel: 'C0OPS', inviter: idOf('mira') };
    await w.fake.event(came);
    await w.settled();
    const said = w.shown('bo', 'C0OPS');
    expect(said).toHaveLength(1);
    expect(w.text('bo', 'C0OPS')).toMatch(/help demo.*help doctor.*remove me/s);
    await w.fake.event(came);
    await w.settled();
    expect(w.shown('bo', 'C0OPS')).toHaveLength(1);
  });

  it('in the channel it made itself there is no such message, but the first incident has one of its own', async () => {
    await start();
    const { channel } = await w.open('mira');
    await w.fake.event({ type: 'member_joined_channel', user: 'U0BOT', channel });
    await w.settled();
    expect(w.text('bo', channel)).not.toContain('Thank you for having me');
    expect(w.text('bo', channel)).toContain('is the first incident here');
    const second = await w.open('mira', { title: 'Another' });
    expect(w.text('bo', second.channel)).not.toContain('is the first incident here');
  });

  it('keeps who let whom into the channel of a private incident', async () => {
    await start();
    const { channel } = await w.open('mira', { isPrivate: 'yes' });
    await w.fake.event({ type: 'member_joined_channel', user: idOf('tomas'), channel, inviter: idOf('mira') });
    await w.fake.event({ type: 'member_joined_channel', user: idOf('bo'), channel });
    await w.settled();
    expect((await w.records('member.invited')).map((r) => r.record.body)).toMatchObject([
      { person: { id: idOf('tomas') }, by: { id: idOf('mira') }, isInside: true },
      { person: { id: idOf('bo') }, by: null, isInside: false },
    ]);
    expect((await w.records('member.joined')).map((r) => r.record.body)).toMatchObject([
      { person: { id: idOf('tomas') } },
    ]);
    expect(w.text('mira', channel)).toContain('nobody inside let them in');
  });

  it('whoever opens the private chat is greeted once, and can start the sample incident from there', async () => {
    await start();
    const own = w.fake.workspace.direct(idOf('noor'));
    for (let i = 0; i < 2; i += 1)
      await w.fake.event({ type: 'app_home_opened', user: idOf('noor'), channel: own, tab: 'messages' });
    await w.settled();
    expect(w.shown('noor', own)).toHaveLength(1);
    await w.press('noor', 'Start the sample incident', own);
    expect(await w.services.incidentKeys()).toEqual(['EX-1']);
  });

  it('a file that is posted without a word is offered to its poster alone, and read only after a press', async () => {
    await start();
    const { channel } = await w.open('mira');
    const file = await w.fake.addFile(idOf('tomas'), 'auth.log', Buffer.from(AUTH));
    await w.say('tomas', channel, 'here is what I have', { subtype: 'file_share', files: [file] });
    expect(w.fake.callsOf('download')).toHaveLength(0);
    expect(await w.records('evidence.')).toHaveLength(0);
    expect(() => w.find('bo', 'Read as log', channel)).toThrow();
    await w.press('tomas', 'Read as log', channel);
    const [received] = await w.records('evidence.received');
    expect(received?.record.body).toMatchObject({ name: 'auth.log', sizeBytes: Buffer.from(AUTH).length });
  });

  it('a photograph is offered to nobody, and can still be kept with the message shortcut', async () => {
    await start();
    const { channel } = await w.open('mira');
    const file = await w.fake.addFile(idOf('tomas'), 'whiteboard.jpg', Buffer.from('not really'), {
      mimetype: 'image/jpeg',
      mode: 'hosted',
    });
    const said = await w.say('tomas', channel, 'our plan', { subtype: 'file_share', files: [file] });
    expect(() => w.find('tomas', 'Read as log', channel)).toThrow();
    await w.fake.shortcut(idOf('tomas'), 'keep-as-evidence', said);
    await w.settled();
    expect((await w.records('evidence.received'))[0]?.record.body).toMatchObject({ name: 'whiteboard.jpg' });
  });

  it('a file elsewhere than in an incident is nobody\u2019s business', async () => {
    await start();
    const file = await w.fake.addFile(idOf('tomas'), 'auth.log', Buffer.from(AUTH));
    await w.say('tomas', 'C0LOBBY', 'unrelated', { subtype: 'file_share', files: [file] });
    expect(w.shown('tomas', 'C0LOBBY').filter((m) => m.user === 'U0BOT')).toEqual([]);
  });

  it('an offered file that is gone when it is asked for is said to be gone', async () => {
    await start();
    const { channel } = await w.open('mira');
    const file = await w.fake.addFile(idOf('tomas'), 'auth.log', Buffer.from(AUTH));
    const said = await w.say('tomas', channel, '', { subtype: 'file_share', files: [file] });
    w.fake.workspace.messages.splice(w.fake.workspace.messages.indexOf(said), 1);
    await w.press('tomas', 'Read as log', channel);
    expect(w.text('tomas', channel)).toContain('has no file any more');
  });

  it('when another organisation begins to read along, the channel is warned and the card says so until it ends', async () => {
    await start();
    const { channel } = await w.open('mira');
    const place = w.fake.workspace.channels.get(channel)!;
    place.isExternallyShared = true;
    await w.say('bo', channel, 'hello');
    await w.say('bo', channel, 'hello again');
    const warned = w.shown('bo', channel).filter((m) => m.text.includes('another organisation can read this channel'));
    expect(warned).toHaveLength(1);
    const card = () => JSON.stringify(w.shown('bo', channel).find((m) => Number(m['edited'] ?? 0) > 0)?.blocks);
    expect(card()).toContain('Another organisation reads this channel');
    place.isExternallyShared = false;
    await w.say('bo', channel, 'they are gone');
    expect(card()).not.toContain('Another organisation reads this channel');
    expect((await w.records('incident.conversation-changed')).map((r) => r.record.body)).toEqual([
      { change: 'shared' },
      { change: 'unshared' },
    ]);
  });

  it('before a notice that must stay inside goes to a channel that outsiders read, the sender is warned', async () => {
    const organisation = organisationText().replace(
      /legal: \{ tlp: AMBER\+STRICT \}/,
      'legal: { tlp: AMBER+STRICT, channels: [slack/T0EXAMPLE/C0LAWYERS] }',
    );
    expect(organisation).toContain('C0LAWYERS');
    w = await SlackWorld.start({ transport, organisation });
    w.fake.workspace.addChannel('C0LAWYERS', 'lawyers');
    const { channel } = await w.open('mira');
    await w.command('mira', 'notice draft legal', channel);
    await w.command('mira', 'notice review NO-1', channel);
    await w.fill('mira', { note: '' });
    const asked = async (): Promise<string> => {
      await w.command('mira', 'notice send NO-1', channel);
      return JSON.stringify(w.modal('mira')['blocks']);
    };
    expect(await asked()).not.toContain('another organisation');
    w.fake.workspace.channels.get('C0LAWYERS')!.isExternallyShared = true;
    expect(await asked()).toContain('read by another organisation too, and this is TLP:AMBER+STRICT');
    w.fake.trouble('conversations.info', { kind: 'status', status: 500 });
    expect(await asked()).toContain('could not be asked');
  });

  it.each([
    ['archived', { type: 'channel_archive' }],
    ['deleted', { type: 'channel_deleted' }],
    ['bot-removed', { type: 'channel_left' }],
  ])('a channel that is %s is noted, its commander is told where it goes on, and so it does', async (change, event) => {
    await start();
    const { channel } = await w.open('mira');
    const place = w.fake.workspace.channels.get(channel)!;
    if (change === 'archived') place.isArchived = true;
    else w.fake.workspace.channels.delete(channel);
    await w.fake.event({ ...event, channel, user: idOf('bo') });
    await w.settled();
    expect((await w.records('incident.conversation-changed'))[0]?.record.body).toEqual({ change });
    expect(w.private('mira')).toContain('goes on in the web workspace');
    // What cannot be posted there does not hold up what can be said elsewhere.
    const own = w.fake.workspace.direct(idOf('mira'));
    await w.say('mira', own, 'INC-1 timeline add VPN rebooted at 08:00Z');
    expect(await w.records('timeline.event-added')).toHaveLength(1);
    expect(w.private('mira')).toContain('TE-1');
    if (change !== 'archived') return;
    place.isArchived = false;
    await w.command('mira', 'status severity SEV1 data is leaving', channel);
    await w.until(async () => {
      await w.settled();
      return w.text('bo', channel).includes('SEV1');
    });
  });

  it('a renamed channel is the same incident', async () => {
    await start();
    const { channel } = await w.open('mira');
    await w.fake.event({ type: 'channel_rename', channel: { id: channel, name: 'war-room', created: 1 } });
    await w.settled();
    expect((await w.records('incident.conversation-changed'))[0]?.record.body).toEqual({ change: 'renamed' });
    await w.command('mira', 'timeline add VPN rebooted at 08:00Z', channel);
    expect(await w.records('timeline.event-added')).toHaveLength(1);
  });
});

describe('the self test over Slack', () => {
  let w: SlackWorld;
  afterEach(() => w.end());
  const row = async (name: string) => (await w.adapter.doctor?.())?.find((r) => r.name === name);

  it('is red while Slack sends nothing of what is posted, and good once it does', async () => {
    w = await SlackWorld.start({ transport: 'http' });
    expect(await row('Slack events')).toMatchObject({ state: 'warning' });
    await w.open('mira');
    expect(await row('Slack events')).toMatchObject({ state: 'bad' });
    expect((await row('Slack events'))?.says).toContain('Event Subscriptions');
    w.fake.isEchoing = true;
    await w.open('mira', { title: 'Another' });
    await w.until(async () => (await row('Slack events'))?.state === 'good');
    expect((await row('Slack events'))?.says).toContain('message');
  });

  it('says how far the clock is off, in the direction it is', async () => {
    w = await SlackWorld.start({ transport: 'http' });
    expect(await row('Clock')).toMatchObject({ state: 'good' });
    w.fake.clockOffMs = -100_000;
    expect(await row('Clock')).toMatchObject({ state: 'warning' });
    expect((await row('Clock'))?.says).toContain('ahead of');
    w.fake.clockOffMs = 400_000;
    expect(await row('Clock')).toMatchObject({ state: 'bad' });
    expect((await row('Clock'))?.says).toMatch(/behind.*signed requests are refused/);
  });
});
