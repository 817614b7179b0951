// The walker as people reach it: typed, pressed and filled in.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Conversation, DeliverableForm, FormValues } from '../../src/chat/types.ts';
import { templateSchema } from '../../src/notice/template.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const LOG = [
  'Nov 20 10:01:02 web-01 sshd[812]: Failed password for svc-backup from 203.0.113.66 port 50122 ssh2',
  'Nov 20 10:01:09 web-01 sshd[812]: Failed password for svc-backup from 203.0.113.66 port 50122 ssh2',
  'Nov 20 10:01:15 web-01 sshd[812]: Failed password for svc-backup from 203.0.113.66 port 50122 ssh2',
  'Nov 20 10:01:21 web-01 sshd[812]: Failed password for svc-backup from 203.0.113.66 port 50122 ssh2',
  'Nov 20 10:01:44 web-01 sshd[812]: Accepted password for svc-backup from 203.0.113.66 port 50122 ssh2',
  '',
].join('\n');

const PLAYBOOK = (more: string): string => `id: laptop
version: 1.0.0
name: Laptop
summary: A laptop is gone.
owner_role: commander
tlp: AMBER
types: [lost-device]
severity_guide: { SEV3: The disk is encrypted. }
applies_when: [A laptop is gone]
roles: { commander: {}, responder: {}, liaison: {} }
variables:
  owner: { type: account, many: true, ask: "Whose is it?" }
  lost_at: { type: time, ask: "When was it lost?" }
  seen: { type: number, ask: "How many people saw it?" }
steps:
  - { id: ask, phase: triage, title: Ask the owner, kind: human, instructions: Call the owner., requires: [owner, lost_at], inputs: [seen] }
  - { id: last, phase: review, title: Hold the review, kind: human, instructions: Talk., depends_on: [ask] }
${more}`;

const TELL =
  '  - { id: tell, phase: triage, title: Tell the staff, kind: notice, role: liaison, instructions: Tell., notices: [{ audience: employees }] }\n';

describe('the walker on the desk', () => {
  let h: Harness;
  let place: Conversation;
  const folders: string[] = [];
  afterEach(async () => {
    await h.end();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  const begin = async (options: Parameters<typeof harness>[0] = {}): Promise<void> => {
    h = await harness(options);
    place = (await h.open('mira')).in;
  };
  const ownPlaybook = (more = ''): string => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-playbooks-'));
    folders.push(folder);
    writeFileSync(join(folder, 'laptop.yaml'), PLAYBOOK(more));
    return folder;
  };
  const said = async (who: string, text: string): Promise<string> => replyText(await h.type(who, text, { in: place }));
  const asked = async (who: string, text: string): Promise<DeliverableForm> =>
    formOf(await h.type(who, text, { in: place }));
  const fill = async (who: string, form: DeliverableForm, values: FormValues): Promise<string> =>
    replyText(await h.submit(who, form, values, { in: place }));
  const choices = (form: DeliverableForm, name: string): readonly string[] => {
    const field = form.form.fields.find((f) => f.name === name);
    return field?.kind === 'choices' || field?.kind === 'choice' ? field.choices.map((c) => c.label) : [];
  };
  const addLog = (): Promise<unknown> =>
    h.type('tomas', 'log', { in: place, files: [{ name: 'auth.log', bytes: new TextEncoder().encode(LOG) }] });

  it('keeps the form open at the field that is wrong, so that nothing typed is lost', async () => {
    await begin({ playbooks: ownPlaybook() });
    await said('tomas', 'step start laptop');
    const reply = await h.submit(
      'tomas',
      await asked('tomas', 'step done ask'),
      { owner: 'k.sample', lost_at: '03/04', seen: 'many' },
      { in: place },
    );
    expect(reply).toMatchObject({
      kind: 'errors',
      errors: { lost_at: expect.stringContaining('can mean'), seen: expect.stringContaining('number') },
    });
  });

  it('reads times the way people type them, and shows what is known so far', async () => {
    await begin({ playbooks: ownPlaybook() });
    await said('tomas', 'step start laptop');
    expect(
      await fill('tomas', await asked('tomas', 'step fill ask'), { owner: '', lost_at: '-90m', seen: '' }),
    ).toContain('When was it lost? 2026-11-20T10:30:00.000Z');
    const left = await fill('tomas', await asked('tomas', 'step done ask'), { owner: '', lost_at: '', seen: '2' });
    expect(left).toContain('Still needed: Whose is it?');
    expect(await said('tomas', 'step show ask')).toContain('How many people saw it? 2');
  });

  it('offers what the evidence shows without choosing it', async () => {
    await begin();
    await addLog();
    await said('tomas', 'step start compromised-credentials');
    const form = await asked('tomas', 'step fill scope-accounts');
    expect(choices(form, 'seen.affected_accounts')).toEqual([expect.stringContaining('svc-backup (EV-1')]);
    expect(choices(form, 'seen.foreign_addresses')).toEqual([expect.stringContaining('203[.]0[.]113[.]66 (EV-1')]);
    expect(await said('tomas', 'step show scope-accounts')).not.toContain('svc-backup');
    const shown = await fill('tomas', form, {
      affected_accounts: 'k.sample',
      'seen.affected_accounts': ['svc-backup'],
    });
    expect(shown).not.toContain('Which accounts are affected? k.sample, svc-backup, 203');
    expect(await said('tomas', 'step show scope-accounts')).toContain(
      'Which accounts are affected? k.sample, svc-backup',
    );
  });

  it('opens a proposal with the targets that were named, the evidence they stand in, and what else was seen', async () => {
    await begin();
    await addLog();
    await said('tomas', 'step start compromised-credentials');
    await fill('tomas', await asked('tomas', 'step fill scope-accounts'), {
      affected_accounts: 'k.sample',
      foreign_addresses: '203.0.113.66',
    });
    const form = await asked('tomas', 'step propose block-addresses');
    const field = (name: string) => form.form.fields.find((f) => f.name === name) as { value?: string } | undefined;
    expect(field('targets')?.value).toBe('203.0.113.66');
    expect(field('evidence')?.value).toBe('EV-1');
    expect(choices(form, 'seen')).toEqual([]);
    const accounts = await asked('tomas', 'step propose revoke-sessions');
    expect(choices(accounts, 'seen')).toEqual([expect.stringContaining('svc-backup')]);
  });

  it('makes a target of what was seen only when somebody ticks it', async () => {
    await begin();
    await addLog();
    await said('tomas', 'step start compromised-credentials');
    await fill('tomas', await asked('tomas', 'step done confirm-with-owner'), { owner_spoken_to: 'yes' });
    await fill('tomas', await asked('tomas', 'step done scope-accounts'), {
      affected_accounts: 'k.sample',
      account_kind: 'person',
      first_foreign_use: '10:01Z',
      foreign_addresses: '203.0.113.66',
    });
    await fill('mira', await asked('mira', 'step done is-it-real'), { answer: 'yes', reason: 'nobody explains it' });
    const form = await asked('tomas', 'step propose revoke-sessions');
    const values = {
      targets: 'k.sample',
      reason: 'A stranger is signed in and reads mail',
      evidence: 'EV-1',
      executor: 'tomas',
    };
    expect(await fill('tomas', form, { ...values, seen: ['svc-backup'] })).toContain('CA-1 is proposed');
    expect(
      (await h.services.incidents.load('INC-1')).state.containment.all[0]?.request.targets.map((t) => t.name),
    ).toEqual(['k.sample', 'svc-backup']);
  });

  it('is waived by the commander with a reason, and by nobody else', async () => {
    await begin({ playbooks: ownPlaybook() });
    await said('tomas', 'step start laptop');
    expect(await said('tomas', 'step waive ask')).toContain('is for the commander or the deputy');
    const form = await asked('mira', 'step waive ask');
    expect(choices(form, 'what')).toEqual(['Whose is it?', 'When was it lost?']);
    expect(await fill('mira', form, { what: 'field:owner', reason: 'the list of owners burnt' })).toContain(
      'Waived: Whose is it?. the list of owners burnt',
    );
    expect(choices(await asked('mira', 'step waive last'), 'what')).toEqual(['waiting for "Ask the owner"']);
  });

  it('of a run that no longer fits is stopped by the commander, who reads what that means first', async () => {
    await begin({ playbooks: ownPlaybook() });
    await said('tomas', 'step start laptop');
    const form = await asked('mira', 'step stop');
    expect(JSON.stringify(form.form.intro)).toContain('2 steps of');
    expect(await fill('mira', form, { reason: 'it was found in the bag' })).toContain('PR-1 is stopped');
    expect(await said('tomas', 'step done')).toContain('No playbook runs here');
  });

  it('says that a playbook changed on disk, and changes over when the commander has read how', async () => {
    const folder = ownPlaybook();
    await begin({ playbooks: folder });
    await said('tomas', 'step start laptop');
    await fill('tomas', await asked('tomas', 'step fill ask'), { owner: 'k.sample' });
    expect(await said('mira', 'step adopt')).toContain('already follows');
    const text = PLAYBOOK(
      '  - { id: tell, phase: review, title: Tell the insurer, kind: human, instructions: Call., depends_on: [last] }\n',
    );
    writeFileSync(
      join(folder, 'laptop.yaml'),
      text.replace('version: 1.0.0', 'version: 1.1.0').replace('Call the owner.', 'Call the owner at home.'),
    );
    expect(await said('tomas', 'step')).toContain('changed from version 1.0.0 to 1.1.0');
    const form = await asked('mira', 'step adopt');
    const intro = JSON.stringify(form.form.intro);
    expect(intro).toContain('Tell the insurer');
    expect(intro).toContain('Ask the owner');
    const after = await fill('mira', form, {});
    expect(after).toContain('Call the owner at home.');
    expect(after).toContain('Whose is it? k.sample');
  });

  it('offers the clocks and the notices a step brings to mind, and starts and sends none', async () => {
    await begin({
      playbooks: ownPlaybook(
        '  - { id: tell, phase: triage, title: Tell people, kind: notice, role: liaison, instructions: Tell., notices: [{ audience: employees, template: lost-laptop }], clocks_suggested: [gdpr-authority] }\n',
      ),
      templates: new Map([['lost-laptop', templateSchema.parse({ title: 'People whose laptop was near' })]]),
    });
    expect(await said('tomas', 'step start laptop')).toContain('ASK THE OWNER');
    const shown = await said('tomas', 'step show tell');
    expect(shown).toContain('Clocks to ask counsel about: GDPR (EU), supervisory authority');
    expect(shown).toContain('None of them has been started');
    const press = await h.press('tomas', 'Draft notice: employees', { in: place });
    expect(replyText(press)).toContain('NOTICE TO PEOPLE WHOSE LAPTOP WAS NEAR');
    const { notice, clock } = (await h.services.incidents.load('INC-1')).state;
    expect(notice.notices.map((n) => [n.state, n.template])).toEqual([['draft', 'lost-laptop']]);
    expect(clock.state.triggers).toEqual({});
  });

  it('is not done with a notice that nobody sent: the form asks for the sent one, or why there is none', async () => {
    await begin({ playbooks: ownPlaybook(TELL) });
    await said('mira', 'step start laptop');
    const unsent = await asked('mira', 'step done tell');
    expect(unsent.form.fields.map((f) => [f.name, f.isNeeded])).toEqual([['without', true]]);
    const blank = await h.submit('mira', unsent, { without: '' }, { in: place });
    expect(blank).toMatchObject({
      kind: 'errors',
      errors: { without: expect.stringContaining('notice draft employees') },
    });

    await said('mira', 'notice draft employees');
    expect(await h.submit('mira', unsent, { notices: ['NO-1'], without: '' }, { in: place })).toMatchObject({
      kind: 'errors',
      errors: { without: expect.stringContaining('NO-1 was not sent') },
    });
    await h.submit('mira', await asked('mira', 'notice review NO-1'), { note: '' }, { in: place });
    await h.submit('mira', await asked('mira', 'notice send NO-1'), { byHand: 'the all-hands list' }, { in: place });

    const form = await asked('mira', 'step done tell');
    expect(choices(form, 'notices')).toEqual(['NO-1 to employees, version 1']);
    expect(form.form.fields[0]).toMatchObject({ values: ['NO-1'] });
    expect(replyText(await h.submit('mira', form, { notices: ['NO-1'], without: '' }, { in: place }))).toContain(
      '"Tell the staff": NO-1 was sent',
    );
    expect(await said('mira', 'step show tell')).toContain('NO-1 was sent (Mira Sample)');
    await h.press('mira', 'Read NO-1', { in: place });
  });

  it('done without its notice says so on the card, with the reason', async () => {
    await begin({ playbooks: ownPlaybook(TELL) });
    await said('mira', 'step start laptop');
    const form = await asked('mira', 'step done tell');
    const reply = await h.submit('mira', form, { without: 'All of them sat in the room' }, { in: place });
    expect(replyText(reply)).toContain('"Tell the staff": WITHOUT a notice to employees: All of them sat in the room');
  });

  it('puts the clocks a playbook suggests first when one is started from its step', async () => {
    await begin();
    await said('mira', 'step start ransomware');
    await said('mira', 'step show call-helpers');
    const form = formOf(await h.press('mira', 'Start a clock', { in: place }));
    const names = choices(form, 'regime');
    expect(names[0]).toContain('(suggested by the playbook)');
    expect(names.findLastIndex((n) => n.includes('suggested'))).toBeLessThan(
      names.findIndex((n) => !n.includes('suggested')),
    );
  });

  it('puts on the home tab the steps given to somebody, and those of a role they hold that nobody was given', async () => {
    await begin({
      playbooks: ownPlaybook(
        '  - { id: tell, phase: triage, title: Tell people, kind: human, role: liaison, instructions: Tell., due: 30m }\n',
      ),
    });
    const home = async (who: string): Promise<string> => viewText((await h.desk.home(h.who(who))).view);
    await said('mira', 'step start laptop');
    expect(await home('tomas')).not.toContain('PR-1');
    await h.type('tomas', 'status claim liaison', { in: place });
    expect(await home('tomas')).toContain('INC-1 PR-1: Tell people by 2026-11-20 12:30:00Z');
    await said('mira', 'step assign tell @noor');
    expect(await home('tomas')).not.toContain('Tell people');
    await h.pass(40);
    expect(await home('noor')).toContain('Tell people by 2026-11-20 12:30:00Z, overdue');
  });

  it('fills what people answered into the proposal, and says how hard its playbook takes it to be undone', async () => {
    await begin();
    await said('tomas', 'step start compromised-credentials');
    const scope = await asked('tomas', 'step fill scope-accounts');
    await fill('tomas', scope, { affected_accounts: 'k.sample' });
    await fill('tomas', await asked('tomas', 'step fill close-doors'), {
      doors_left_open: 'A rule named "." that forwards',
    });
    const field = (form: DeliverableForm, name: string) =>
      form.form.fields.find((f) => f.name === name) as { value?: string } | undefined;
    expect(field(await asked('tomas', 'step propose close-doors'), 'param.what')?.value).toBe(
      'A rule named "." that forwards',
    );
    // The organisation calls it reversible, the playbook does not: the harder of the two counts.
    const revoke = await asked('tomas', 'step propose revoke-sessions');
    expect(JSON.stringify(revoke.form.intro)).toContain('It can be undone only with help from outside.');
  });

  it('keeps a decision open for its reason, and shows what each answer leads to', async () => {
    await begin();
    await said('tomas', 'step start denial-of-service');
    await fill('tomas', await asked('tomas', 'step done is-it-an-attack'), {
      services: 'shop',
      since: '-10m',
      own_change: 'no',
    });
    expect(await said('mira', 'step show demand')).toContain(
      'Yes goes on to "Report the demand". No goes on without it.',
    );
    const form = await asked('mira', 'step done demand');
    const reply = await h.submit('mira', form, { answer: 'no', reason: '' }, { in: place });
    expect(reply).toMatchObject({ kind: 'errors', errors: { reason: expect.stringContaining('one sentence') } });
    expect(await fill('mira', form, { answer: 'no', reason: 'No mail anywhere' })).toContain('2 of');
    expect(await said('mira', 'step all')).toContain('"Decide what to do about a demand" was answered no');
  });

  it('offers on its card to undo what was carried out', async () => {
    await begin();
    await said('tomas', 'step start compromised-credentials');
    const scope = await asked('tomas', 'step fill scope-accounts');
    await fill('tomas', scope, {
      affected_accounts: 'k.sample',
      foreign_addresses: '203.0.113.66',
      account_kind: 'person',
    });
    await said('tomas', 'step skip confirm-with-owner asleep');
    await said('tomas', 'step skip scope-accounts known');
    await fill('mira', await asked('mira', 'step done is-it-real'), { answer: 'yes', reason: 'nobody explains it' });
    expect(await said('tomas', 'step')).not.toContain('TO UNDO WHAT WAS DONE');
    const form = await asked('tomas', 'step propose block-addresses');
    const field = form.form.fields.find((f) => f.name === 'targets') as { value?: string };
    const proposed = await fill('tomas', form, {
      targets: field.value ?? '',
      'param.hours': '24',
      'param.where': 'firewall',
      reason: 'It tries every account we have',
      executor: 'tomas',
    });
    expect(proposed).toContain('CA-1 is proposed');
    await h.press('ife', /^Approve/, { in: place });
    await h.press('tomas', 'I carry it out now', { in: place });
    await fill('tomas', formOf(await h.press('tomas', 'Record the outcome', { in: place })), {
      result: 'executed',
      summary: 'Refused at the edge',
    });
    const card = await said('tomas', 'step');
    expect(card).toContain('To undo what was done');
    expect(card).toContain('[Take the address block away]');
    expect(replyText(await h.press('tomas', 'Take the address block away', { in: place }))).toContain(
      '[Propose this containment]',
    );
  });
});
