// The whole main job as a team lives it in Slack, in both transports: every step a person takes, and what each of them sees.
import { afterEach, describe, expect, it } from 'vitest';
import { textAt } from '../../adapters/slack/parse/payload.ts';
import { idOf, organisationText, SlackWorld } from './world.ts';

const AUTH = [
  'Nov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2',
  'Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2',
  '',
].join('\n');
const ACCESS = Array.from(
  { length: 400 },
  (_, i) =>
    `203.0.113.9 - - [19/Nov/2026:08:${16 + Math.floor(i / 60)}:${String(i % 60).padStart(2, '0')} +0100] "GET /admin?page=${i}&x=<b> HTTP/1.1" 200 512 "-" "curl/8.5"\n`,
).join('');
const APP = '2026-11-19T07:20:00Z web-01 shop: order export started by admin & finished <ok>\n';
const LEADS = 'C0LEADS';

describe.each(['socket', 'http'] as const)('an incident over %s', (transport) => {
  let w: SlackWorld;
  afterEach(() => w.end());

  it('is opened, fed, understood, contained by two people, told of and exported without leaving Slack', async () => {
    const organisation = organisationText().replace(
      'executive: { tlp: AMBER }',
      `executive: { tlp: AMBER, channels: [slack/T0EXAMPLE/${LEADS}] }`,
    );
    w = await SlackWorld.start({ transport, organisation });
    const { workspace } = w.fake;
    workspace.addChannel(LEADS, 'leads');
    const bytesOf = async (sha256: string) => Buffer.from((await w.services.blobs.read(sha256)) ?? []);
    const types = async (prefix: string) => (await w.records(prefix, 'INC-1')).map((r) => r.record.type);

    // Open: a channel of its own, a pinned card, what to do first.
    const { channel } = await w.open('mira', { title: 'Odd logins', severity: 'SEV3' });
    expect(workspace.channels.get(channel)?.name).toBe('inc-1-odd-logins');
    expect(workspace.pins.map((p) => p.channel)).toEqual([channel]);

    // Three sources: pasted text, as Slack changes it; a snippet; an upload with the message shortcut.
    const escaped = AUTH.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    await w.command('tomas', `log ${escaped}`, channel);
    const snippet = await w.fake.addFile(idOf('tomas'), 'access.log', Buffer.from(ACCESS));
    await w.say('tomas', channel, '<@U0BOT> log', { subtype: 'file_share', files: [snippet] });
    const upload = await w.fake.addFile(idOf('noor'), 'app.log', Buffer.from(APP), { mode: 'hosted' });
    const posted = await w.say('noor', channel, 'from the shop', { subtype: 'file_share', files: [upload] });
    await w.fake.shortcut(idOf('noor'), 'read-as-log', posted);
    await w.settled();
    const { items } = (await w.services.incidents.load('INC-1')).state.evidence;
    const kept = await Promise.all(items.map(async (i) => (await bytesOf(i.sha256)).toString()));
    expect(kept.map((k) => k.trim())).toEqual([AUTH.trim(), ACCESS.trim(), APP.trim()]);

    // Preview, then the timeline, with its picture in the private chat of the one who asked.
    for (const key of ['EV-1', 'EV-2']) {
      await w.command('tomas', `log preview ${key}`, channel);
      await w.fill('tomas', { zone: 'Europe/Berlin', which: 'all' });
    }
    await w.command('bo', 'timeline', channel);
    expect(w.text('bo', channel)).toContain('Accepted password for root');
    const picture = [...workspace.uploads.values()].find((u) => u.name.endsWith('.png'));
    expect(picture?.channel).toBe(workspace.direct(idOf('bo')));
    expect(picture?.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(w.text('bo', channel)).toContain('The picture is in your private chat');

    // The playbook.
    await w.command('mira', 'step start compromised-credentials', channel);
    await w.command('tomas', 'step skip confirm-with-owner the owner is on a plane', channel);
    await w.command('bo', 'step all', channel);
    expect(w.text('bo', channel)).toContain('the owner is on a plane');

    // What cannot be undone: the proposer and a bystander are refused, two approvers type the name.
    await w.command('tomas', 'contain rotate-key deploy-key-7', channel);
    await w.fill('tomas', {
      targets: 'deploy-key-7',
      'param.overlap-minutes': '0',
      reason: 'The deploy key of the build host was read by the attacker',
      'keep.usage': 'kept',
      'keep.usage.note': 'Exported to the case folder',
      executor: 'tomas',
    });
    for (const wrong of ['tomas', 'bo']) await w.press(wrong, /^Approve/, channel);
    expect(await types('approval.voted')).toEqual([]);
    await w.press('ife', /^Approve/, channel);
    const mistyped = await w.fill('ife', { typedTarget: 'deploy-key-8' });
    expect(mistyped['response_action']).toBe('errors');
    await w.fill('ife', { typedTarget: 'deploy-key-7' });
    expect(await types('approval.granted')).toEqual([]);
    await w.press('noor', /^Approve/, channel);
    await w.fill('noor', { typedTarget: 'deploy-key-7' });
    const voters = (await w.records('approval.voted')).map((r) => r.record.actor.id);
    expect(voters).toEqual([idOf('ife'), idOf('noor')]);
    expect(await types('approval.granted')).toHaveLength(1);
    for (const who of ['ife', 'noor']) expect(w.private(who)).toMatch(/receipt/i);

    // Carried out by hand, attested; approved and executed are two lines of one card.
    await w.press('tomas', 'I carry it out now', channel);
    await w.press('tomas', 'Record the outcome', channel);
    await w.fill('tomas', { result: 'executed', summary: 'The old key answers with 401', evidence: '' });
    expect(await types('execution.')).toEqual(expect.arrayContaining(['execution.started', 'execution.succeeded']));

    // A notice: drafted, reviewed and sent in separate acts, and it stands where its readers are.
    await w.command('mira', 'notice draft executive', channel);
    await w.command('mira', 'notice review NO-1', channel);
    await w.fill('mira', { note: '' });
    await w.command('mira', 'notice send NO-1', channel);
    expect(w.shown('quinn', LEADS)).toEqual([]);
    await w.fill('mira');
    expect(await types('notice.')).toEqual(['notice.drafted', 'notice.reviewed', 'notice.sent']);
    expect(w.text('quinn', LEADS)).toContain('TLP:AMBER');

    // The export reaches the one who asked, alone, and its hash is on record.
    await w.command('mira', 'audit export jsonl', channel);
    const file = [...workspace.uploads.values()].find((u) => u.name.endsWith('.jsonl'));
    expect(file?.channel).toBe(workspace.direct(idOf('mira')));
    const lines = file?.bytes.toString().trim().split('\n') ?? [];
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.some((line) => line.includes('"execution.succeeded"'))).toBe(true);

    expect(workspace.refused).toEqual([]);
    for (const { args } of w.fake.callsOf('chat.postMessage')) expect(textAt(args, 'text')).not.toBe('');
  }, 60_000);
});
