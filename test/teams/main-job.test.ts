import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHANNEL } from '../doubles/fake-teams.ts';
import { buttonsOf, cardOf, inputsOf, wordsOf } from './cards.ts';
import { type Json, type TeamsWorld, teamsWorld, until } from './world.ts';

const answerCard = (answer: Json): unknown => (answer['type'] === CARD ? answer['value'] : null);
const CARD = 'application/vnd.microsoft.card.adaptive';

describe('an incident in a Teams channel', () => {
  let w: TeamsWorld;
  beforeEach(async () => {
    w = await teamsWorld();
  });
  afterEach(() => w.end());

  it('opens by a mention and a form in the private chat, with its card in the channel', async () => {
    await w.open('SEV2');
    const card = await w.find(/Severity/);
    expect(wordsOf(cardOf(card))).toContain('SEV2');
    expect(JSON.stringify(await w.records('incident.declared'))).toContain(CHANNEL);
    const form = w.shown(w.teams.directOf('mira'))[0];
    expect(inputsOf(form?.activity)).toEqual([]);
    expect(wordsOf(form?.activity)).toContain('INC-1 is open');
  });

  it('reads pasted lines exactly, out of the markup Teams made of them, and adds them', async () => {
    await w.open();
    const lines = [
      'Nov 19 08:15:30 web-01 sshd[311]: Failed password for <root> from 203.0.113.9 port 4711 ssh2',
      'Nov 19 08:15:33 web-01  sshd[311]: a=1&b=2 &amp; "quoted"',
      'Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2',
    ];
    const html = (t: string) => t.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    await w.teams.mention('mira', `log\r\n${lines.map(html).join('\r\n')}`, {
      attachments: [
        {
          contentType: 'text/html',
          content: `<div><div><span itemscope itemtype="http://schema.skype.com/Mention" itemid="0">Countersign</span>&nbsp;log<br>\n${lines
            .map((l) => html(l).replaceAll('  ', '&nbsp; '))
            .join('<br>')}</div></div>`,
        },
      ],
    });
    const receipt = await w.find(/EV-1/);
    const kept = (await w.records('evidence.received')).at(-1);
    const { createHash } = await import('node:crypto');
    const sha = createHash('sha256')
      .update(`${lines.join('\n')}\n`)
      .digest('hex');
    expect(JSON.stringify(kept)).toContain(sha);
    await until(() => buttonsOf(cardOf(receipt)).find((b) => /Preview/.test(b.title)));
    const preview = await w.press('mira', /Preview/);
    expect(inputsOf(answerCard(preview)).length).toBeGreaterThan(0);
  });

  it('5 edits the card for everybody when a second person approves, and records both object ids', async () => {
    await w.open();
    const card = await w.propose();
    const edits = card.edits;
    const first = await w.press('ife', /^Approve/);
    expect(inputsOf(answerCard(first)).map((i) => i['id'])).toEqual(['text.typedTarget']);
    const approve = (who: string, answer: Json) =>
      w.press(who, /^Approve/, {
        on: { card: answerCard(answer), message: card },
        values: { 'text.typedTarget': 'deploy-key-7' },
      });
    await approve('ife', first);
    await until(() => (card.edits > edits ? true : undefined));
    const second = await w.press('noor', /^Approve/);
    await approve('noor', second);
    await until(() => (/approved/i.test(wordsOf(cardOf(card))) ? true : undefined));
    const granted = JSON.stringify(await w.records('approval.voted'));
    expect(await w.records('approval.granted')).toHaveLength(1);
    expect(granted).toContain(w.teams.who('ife').aad);
    expect(granted).toContain(w.teams.who('noor').aad);
    await w.find(/CA-1/, w.teams.directOf('ife'));
    await w.find(/CA-1/, w.teams.directOf('noor'));
  });

  it('refuses the proposer, a guest, and whoever the roster does not know, and changes nothing', async () => {
    await w.open();
    const card = await w.propose();
    w.teams.addPerson('guest', 40, { name: 'Ife Sample', userRole: 'guest' });
    for (const who of ['tomas', 'guest', 'bo']) {
      const answer = await w.press(who, /^Approve/);
      expect(JSON.stringify(answer)).not.toContain('typedTarget');
    }
    w.teams.rosterFails = true;
    expect(JSON.stringify(await w.press('ife', /^Approve/))).not.toContain('typedTarget');
    expect(await w.records('approval.granted')).toEqual([]);
    expect(wordsOf(cardOf(card))).toContain('CA-1');
  });

  it('gives a repeated press the same answer and no second effect, also at the same moment', async () => {
    await w.open();
    const card = await w.propose();
    const button = buttonsOf(cardOf(card)).find((b) => b.title === 'Deny');
    const form = await w.press('ife', /^Deny$/);
    const submit = buttonsOf(answerCard(form)).find((b) => /Deny/.test(b.title));
    expect(button && submit).toBeTruthy();
    const invoke = w.teams.invoke('ife', card, { 'text.reason': 'Wait for the vault team.', ...submit?.data });
    const answers = await Promise.all([w.teams.deliver(invoke), w.teams.deliver(invoke)]);
    const again = await w.teams.deliver(invoke);
    expect(answers[1]).toEqual(answers[0]);
    expect(again).toEqual(answers[0]);
    expect((await w.records('approval.denied')).length).toBe(1);
    expect((await w.records()).filter((r) => String(r['type']).includes('refused')).length).toBe(0);
  });

  it('6 takes Execute and the Submit of older clients for the same, and asks again for what is missing', async () => {
    await w.open();
    await w.teams.mention('mira', 'timeline add');
    const direct = w.teams.directOf('mira');
    const form = await until(() =>
      w
        .shown(direct)
        .filter((p) => inputsOf(cardOf(p)).length > 0)
        .at(-1),
    );
    const submit = buttonsOf(cardOf(form))[0];
    const empty = await w.teams.deliver(w.teams.invoke('mira', form, { ...submit?.data }));
    expect(inputsOf(answerCard(empty.body as Json)).length).toBeGreaterThan(0);
    const names = inputsOf(cardOf(form)).map((i) => String(i['id']));
    const values = { [names.find((n) => n.startsWith('text.text')) ?? names[0] ?? '']: 'VPN restarted by operations' };
    // The fallback of an older client: a message with a value.
    await w.teams.deliver(
      w.teams.activity('mira', {
        ...w.teams.direct('mira'),
        replyToId: form.id,
        value: { ...values, ...submit?.data },
      }),
    );
    const said = async () => (await w.records()).filter((r) => JSON.stringify(r['body']).includes('VPN restarted'));
    expect(await said()).toHaveLength(1);
  });

  it('has the card drawn anew for approvers when they look, which gives nobody a right', async () => {
    await w.open();
    for (const who of ['ife', 'bo']) await w.teams.mention(who, 'status');
    const card = await w.propose();
    const refresh = cardOf(card)?.['refresh'] as { userIds: string[]; action: { data: Json } };
    expect([...refresh.userIds].sort()).toEqual(['29:ife', '29:mira']);
    for (const who of ['ife', 'bo']) {
      const fresh = await w.teams.deliver(w.teams.invoke(who, card, refresh.action.data));
      expect(fresh.body?.['value']).toEqual(cardOf(card));
    }
    expect(JSON.stringify(await w.press('bo', /^Approve/))).not.toContain('typedTarget');
    expect(await w.records('approval.voted')).toEqual([]);
  });

  it('7 edits a card and posts after a restart, from what was stored', async () => {
    await w.open();
    const card = await w.find(/Severity/);
    await w.restart();
    const edits = card.edits;
    await w.teams.mention('mira', 'status phase containment');
    await until(() => (card.edits > edits ? true : undefined));
    expect(wordsOf(cardOf(card))).toContain('containment');
    expect(w.shown().filter((p) => /INC-1 Logins from abroad/.test(wordsOf(cardOf(p))))).toHaveLength(1);
    const told = await w.press('mira', /^Current step$|^Timeline$/);
    expect(told['statusCode']).toBe(200);
  });

  it('9 ignores a message that does not mention it', async () => {
    await w.open();
    // The last word of an opening.
    await w.find(/The first incident here/);
    const before = { records: (await w.records()).length, posted: w.teams.posted.length };
    await w.teams.deliver(w.teams.activity('tomas', { text: 'open the door, please' }));
    expect((await w.records()).length).toBe(before.records);
    expect(w.teams.posted.length).toBe(before.posted);
  });

  it('10 reads a file of the private chat whole, for the incident that is named, and refuses redirects and other hosts', async () => {
    await w.open();
    const bytes = Buffer.from(
      Array.from(
        { length: 2000 },
        (_, i) => `2026-11-19T08:15:${String(i % 60).padStart(2, '0')}Z web-01 line ${i}`,
      ).join('\n'),
    );
    w.teams.files.set('auth.log', { bytes });
    w.teams.files.set('moved.log', { bytes, redirect: 'https://evil.example/x' });
    const file = (downloadUrl: string) => ({
      attachments: [
        {
          contentType: 'application/vnd.microsoft.teams.file.download.info',
          name: 'auth.log',
          content: { downloadUrl },
        },
      ],
    });
    await w.teams.say('mira', 'INC-1 log', file(`${w.teams.base}/files/auth.log`));
    const { createHash } = await import('node:crypto');
    const sha = createHash('sha256').update(bytes).digest('hex');
    await until(() => (w.shown().some((p) => wordsOf(cardOf(p)).includes(sha.slice(0, 8))) ? true : undefined));
    expect(JSON.stringify(await w.records())).toContain(sha);
    const direct = w.teams.directOf('mira');
    await w.teams.say('mira', 'INC-1 log', file(`${w.teams.base}/files/moved.log`));
    await w.find(/points on to another place/, direct);
    await w.teams.say('mira', 'INC-1 log', file('https://evil.example/auth.log'));
    await w.find(/not a place where Teams keeps files/, direct);
    await w.teams.mention('mira', 'log', {
      attachments: [{ contentType: 'reference', contentUrl: 'https://x.sharepoint.com/a', name: 'auth.log' }],
    });
    await w.find(/no files of a channel/, direct);
  });
});
