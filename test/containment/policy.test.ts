// Abuse cases E, and the invariants that rest on the organisation's file.
import { afterEach, describe, expect, it } from 'vitest';
import { eligibleFor, isWithin, listFor } from '../../src/containment/policy.ts';
import { OrganisationError } from '../../src/organisation/load.ts';
import { viewText } from '../../src/view/text.ts';
import { isolate, noting, organisation, remove, replyText, World, type WorldOptions, withWebhook } from './world.ts';

let world: World | null = null;
const given = async (options: WorldOptions = {}, incident: Readonly<Record<string, string>> = {}): Promise<World> => {
  world = await World.make(options);
  return world.open(incident);
};
afterEach(async () => {
  await world?.close();
  world = null;
});

const IRREVERSIBLE = 'people: [mira, ife, noor]\n    quorum: 2';
const breakable: readonly [string, string] = [
  'break_glass: { enabled: false }',
  'break_glass: { enabled: true, people: [tomas], reviewers: [mira, ife] }',
];

describe('the file that says who may', () => {
  it.each([
    [
      'invariant I13, abuse E1: a quorum larger than the people',
      [IRREVERSIBLE, 'people: [mira, ife, noor]\n    quorum: 4'],
      '4 people are needed and 3 are listed',
    ],
    [
      'invariant I13: one approver for what cannot be undone, without a role',
      [IRREVERSIBLE, 'people: [mira, ife, noor]\n    quorum: 1'],
      'only with needs_role',
    ],
    ['an action nobody declared', ['actions: ["*"]', 'actions: [wipe-planet]'], 'no action is called wipe-planet'],
    [
      'two lists for one action of one class',
      ['reversibility: [irreversible]', 'reversibility: [reversible, irreversible]'],
      'ruled by entry 1 already',
    ],
    [
      'an approver who is not listed',
      ['people: [mira, ife]', 'people: [mira, nobody]'],
      'no person has the key nobody',
    ],
    [
      'beyond B9: containment that runs by itself',
      ['  enabled: true', '  enabled: true\n  auto: true'],
      'Unrecognized key',
    ],
    [
      'what cannot be undone and asks nothing',
      [
        '    undo: None. The old key cannot be brought back; only issuing another new one is possible.\n    preserve:\n      - { key: usage, question: Are the logs of what used the old key kept? }',
        '    undo: None.',
      ],
      'at least one question',
    ],
    [
      'a webhook in the clear',
      ['\nactions:\n', '\nwebhooks:\n  soar: { url: "http://soar.outfitters.example/" }\n\nactions:\n'],
      'use https',
    ],
    [
      'a webhook with a password in its address',
      ['\nactions:\n', '\nwebhooks:\n  soar: { url: "https://a:b@soar.outfitters.example/" }\n\nactions:\n'],
      'leave the password out',
    ],
    [
      'break-glass with nobody else to review it',
      ['break_glass: { enabled: false }', 'break_glass: { enabled: true, people: [mira], reviewers: [mira] }'],
      'a reviewer other than',
    ],
  ] as const)('is refused at load: %s', (_name, change, message) => {
    expect(() => organisation(change)).toThrow(OrganisationError);
    expect(() => organisation(change)).toThrow(message);
  });

  it('abuse A12, E2, past F15: an empty or missing list means nobody', () => {
    const { organisation: org } = organisation(['people: [mira, ife]', 'people: []']);
    const apart = {
      excluded: [],
      executor: { kind: 'manual', person: 'tomas' },
      commander: null,
      isInside: () => true,
    } as const;
    expect(eligibleFor(org, listFor(org, 'isolate-host', 'reversible'), apart)).toEqual([]);
    expect(
      eligibleFor({ ...org, approvers: [] }, listFor({ ...org, approvers: [] }, 'isolate-host', 'reversible'), apart),
    ).toEqual([]);
  });

  it('abuse E3: an unknown action is refused, and a class left out is irreversible', async () => {
    const w = await given({
      organisation: organisation([
        '    reversibility: reversible\n    undo: Delete the snapshot.',
        '    undo: Delete the snapshot.\n    preserve: [{ key: x, question: Is anything lost? }]',
      ]),
    });
    expect(replyText(await w.type('tomas', 'contain launch-missiles'))).toContain('No action is called');
    const key = await w.propose('tomas', 'snapshot-host', {
      targets: 'web-01',
      reason: 'Before we touch anything.',
      'keep.x': 'waived',
      'keep.x.note': 'nothing is lost',
      executor: 'tomas',
    });
    expect(await w.request(key)).toMatchObject({ quorum: 2, request: { reversibility: 'irreversible' } });
  });

  it('the list that names an action wins over the one for all', () => {
    const { organisation: org } = organisation([
      '  - actions: ["*"]\n    reversibility: [reversible',
      '  - actions: [isolate-host]\n    people: [noor, ife]\n    roles: []\n  - actions: ["*"]\n    reversibility: [reversible',
    ]);
    expect(listFor(org, 'isolate-host', 'reversible')?.people).toEqual(['noor', 'ife']);
    expect(listFor(org, 'disable-account', 'reversible')?.people).toEqual(['mira', 'ife']);
  });

  it.each([
    ['2026-11-20T05:00:00Z', '06:00', '22:00', 'Europe/Berlin', true],
    ['2026-11-20T04:59:00Z', '06:00', '22:00', 'Europe/Berlin', false],
    ['2026-11-20T21:00:00Z', '06:00', '22:00', 'Europe/Berlin', false],
    ['2026-11-21T02:00:00Z', '22:00', '06:00', 'UTC', true],
    ['2026-11-22T02:00:00Z', '22:00', '06:00', 'UTC', false],
  ])('hours: %s from %s to %s in %s on weekdays: %s', (at, from, to, zone, expected) => {
    expect(isWithin({ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from, to, zone }, at)).toBe(expected);
  });

  it('an approver outside their hours, and one who is the executor where that is forbidden, are told why', async () => {
    const w = await given({
      organisation: organisation([
        'people: [mira, ife]',
        'people: [mira, ife, noor]\n    distinct_from: [executor]\n    hours: [{ from: "06:00", to: "22:00" }]',
      ]),
    });
    const key = await w.propose('tomas', 'isolate-host', { ...isolate(), executor: 'ife' });
    expect(replyText(await w.approve('mira', key))).toContain('06:00 to 22:00');
    w.nowMs += 3600_000 * 4;
    const later = await w.propose('tomas', 'isolate-host', { ...isolate(), executor: 'ife' });
    expect(replyText(await w.approve('ife', later))).toContain('They are: Mira Sample, Noor Sample');
    await w.approve('mira', later);
    expect((await w.request(later)).state).toBe('granted');
  });

  it('one approver with the named role may be enough for what cannot be undone', async () => {
    const w = await given({
      organisation: organisation([IRREVERSIBLE, 'people: [mira, ife, noor]\n    quorum: 1\n    needs_role: legal']),
    });
    const key = await w.propose('tomas', 'remove-persistence', remove());
    await w.pressAndFill('mira', key, /^Approve/, { typedTarget: 'web-01' });
    expect((await w.request(key)).state).toBe('pending');
    await w.pressAndFill('noor', key, /^Approve/, { typedTarget: 'web-01' });
    expect((await w.request(key)).state).toBe('granted');
  });
});

describe('what makes requests void', () => {
  it('invariant I19, abuse C3: a changed policy file supersedes what waits and what was approved', async () => {
    const w = await given();
    const pending = await w.propose();
    const granted = await w.propose('tomas', 'isolate-host', isolate('bastion-01'));
    await w.approve('mira', granted);
    const token = w.token(w.card(pending).view, /^Approve/);
    world = await w.restart({ organisation: organisation(['name: Example Outfitters', 'name: Example Outfitters.']) });
    const card = world.card(pending);
    expect(replyText(await world.click('mira', token, card.ref))).toContain("organisation's file changed");
    await world.pass(0);
    expect((await world.requests()).map((c) => c.state)).toEqual(['superseded', 'superseded']);
    expect(await world.refusals()).toEqual(['superseded']);
  });

  it('invariant I12, abuse E4: the kill switch makes everything open void and lets nothing start', async () => {
    const { ran, executor } = noting();
    const w = await given({ organisation: withWebhook('http://127.0.0.1:9/'), executor });
    const granted = await w.propose();
    const pending = await w.propose('tomas', 'isolate-host', isolate('bastion-01'));
    const at = { token: w.token(w.card(pending).view, /^Approve/), ref: w.card(pending).ref };
    await w.approve('mira', granted);
    expect(replyText(await w.type('tomas', 'contain stop wrong host'))).toContain('for the commander or the deputy');
    await w.type('mira', 'contain stop we are hitting our own customers');
    await w.settle();
    await w.executions.settled();
    expect(ran).toEqual([]);
    expect((await w.requests()).map((c) => c.state)).toEqual(['superseded', 'superseded']);
    await w.click('ife', at.token, at.ref);
    expect(replyText(await w.proposeReply('tomas', 'isolate-host', isolate()))).toContain('Containment is stopped');
    expect(await w.refusals()).toEqual(['superseded', 'kill-switch']);
    expect(w.chat.messages.some((m) => viewText(m.view.view).includes('hitting our own customers'))).toBe(true);
    await w.type('mira', 'contain resume the list is corrected');
    expect((await w.request(await w.propose())).state).toBe('pending');
  });

  it('abuse E4: the switch in the file holds everywhere', async () => {
    const w = await given({ organisation: organisation(['  enabled: true', '  enabled: false']) });
    expect(replyText(await w.proposeReply('tomas', 'isolate-host', isolate()))).toContain(
      "switched off in the organisation's file",
    );
    expect(await w.refusals()).toEqual(['kill-switch']);
  });

  it('invariant I12, abuse E5: closing the incident supersedes what waits', async () => {
    const w = await given();
    const key = await w.propose();
    const card = w.card(key);
    const token = w.token(card.view, /^Approve/);
    expect(replyText(await w.type('mira', 'status close all done'))).toContain(`${key} is waiting for approval`);
    for (const which of ['detected', 'contained', 'recovered']) await w.type('mira', `status time ${which} 02:00Z`);
    const blockers = await w.type('mira', 'status close all done');
    if (blockers.kind !== 'private') throw new Error('no blockers');
    const waive = await w.click(
      'mira',
      w.token(blockers.view, new RegExp(`^Waive: ${key} is waiting for approval`)),
      null,
    );
    if (waive.kind !== 'form') throw new Error('no form');
    await w.submit('mira', waive.form, { reason: 'it is not needed any more' });
    await w.type('mira', 'status close all done');
    await w.settle();
    expect(replyText(await w.click('ife', token, card.ref))).toContain('The incident is closed');
    expect((await w.request(key)).state).toBe('superseded');
    expect(await w.refusals()).toEqual(['incident-closed']);
  });

  it('invariant I12: its proposer withdraws it, others cannot', async () => {
    const w = await given();
    const key = await w.propose();
    expect(replyText(await w.type('noor', `contain withdraw ${key} I do not like it`))).toContain('Its proposer');
    await w.type('tomas', `contain withdraw ${key} the host is down`);
    expect(await w.request(key)).toMatchObject({ state: 'withdrawn', ending: { reason: 'the host is down' } });
    expect(await w.refusals()).toEqual(['not-eligible']);
  });

  it('abuse E6: a flood of proposals is stopped, and says which wait', async () => {
    const w = await given();
    for (let i = 0; i < 8; i += 1)
      await w.propose('tomas', 'block-indicator', {
        targets: `198.51.100.${i}`,
        'param.where': 'firewall',
        'param.hours': '1',
        reason: 'It scans us right now.',
        executor: 'tomas',
      });
    const reply = await w.proposeReply('tomas', 'isolate-host', isolate());
    expect(replyText(reply)).toContain('8 were proposed in 10 minutes and wait: CA-1, CA-2');
    expect(await w.refusals()).toEqual(['too-many-pending']);
    w.nowMs += 11 * 60_000;
    expect(await w.propose()).toBe('CA-9');
  });

  it('abuse E8: more time is a new request with a new digest', async () => {
    const w = await given();
    const key = await w.propose();
    const first = await w.request(key);
    const form = await w.type('tomas', `contain change ${key}`);
    if (form.kind !== 'form') throw new Error('no form');
    w.nowMs += 60_000;
    await w.submit('tomas', form.form, isolate());
    const second = (await w.requests()).at(-1)!;
    expect(second.key).not.toBe(key);
    expect(second.digest).not.toBe(first.digest);
    expect((await w.request(key)).state).toBe('superseded');
  });

  it('the same request is refused for ten minutes after a denial, unless it is changed', async () => {
    const w = await given();
    const key = await w.propose();
    await w.pressAndFill('ife', key, /Deny/, { reason: 'Not during payroll.' });
    expect(replyText(await w.proposeReply('tomas', 'isolate-host', isolate()))).toContain('Not during payroll.');
    expect(await w.propose('tomas', 'isolate-host', { ...isolate(), 'param.keep-management': 'false' })).toBe('CA-2');
    w.nowMs += 10 * 60_000;
    expect(await w.propose()).toBe('CA-3');
  });
});

describe('break-glass, dispute, rollback', () => {
  const SERIOUS = 'Payments are leaving right now and nobody answers the phone.';

  it('invariant I14, abuse E7: break-glass is off unless the file turns it on', async () => {
    const w = await given();
    const key = await w.propose();
    const form = await w.type('tomas', `contain break-glass ${key}`);
    if (form.kind !== 'form') throw new Error('no form');
    expect(replyText(await w.submit('tomas', form.form, { reason: SERIOUS }))).toContain('Break-glass is off');
    expect((await w.request(key)).state).toBe('pending');
    expect(await w.refusals()).toEqual(['not-eligible']);
  });

  it('invariant I14: a named person breaks it loudly, with a typed reason, never for what cannot be undone, and somebody else reviews it', async () => {
    const w = await given({ organisation: organisation(breakable) });
    const key = await w.propose();
    const hard = await w.propose('tomas', 'remove-persistence', remove());
    const smash = async (who: string, request: string, reason: string) => {
      const form = await w.type(who, `contain break-glass ${request}`);
      if (form.kind !== 'form') throw new Error('no form');
      const reply = replyText(await w.submit(who, form.form, { reason }));
      await w.settle();
      return reply;
    };
    expect(await smash('noor', key, SERIOUS)).toContain('Break-glass is for tomas');
    expect(await smash('tomas', key, 'hurry')).toContain('at least 20 characters');
    expect(await smash('tomas', hard, SERIOUS)).toContain('never covers what cannot be undone');
    expect(await smash('tomas', key, SERIOUS)).toContain('passes on your word alone');
    expect(await w.request(key)).toMatchObject({
      state: 'granted',
      grant: { brokenGlass: { by: { id: 'tomas' }, reason: SERIOUS } },
    });
    expect(w.chat.messages.some((m) => m.view.view.summary.startsWith('GLASS BROKEN'))).toBe(true);
    expect(w.told('mira')).toContain('broke the glass');
    expect(replyText(await w.type('mira', 'status close done'))).toContain(
      `break-glass for ${key} has not been reviewed`,
    );
    await w.pressAndFill('tomas', key, /Review it/, { reason: 'It was fine, I say.' });
    expect((await w.request(key)).review).toBeNull();
    await w.pressAndFill('mira', key, /Review it/, { reason: 'Right call; add a second approver for nights.' });
    expect((await w.request(key)).review).toMatchObject({ by: { id: 'mira' } });
  });

  it('beyond B12: a dispute before the start blocks it', async () => {
    const { ran, executor } = noting();
    const w = await given({
      organisation: withWebhook('http://127.0.0.1:9/', '', ['  enabled: true', '  enabled: true\n  hold_seconds: 60']),
      executor,
    });
    const key = await w.propose();
    await w.approve('mira', key);
    await w.executions.settled();
    const receipt = w.chat.privately.filter((p) => p.to === 'mira').at(-1)!;
    expect(viewText(receipt.view.view)).toContain((await w.request(key)).digest);
    const form = await w.click('mira', w.token(receipt.view, /dispute/), null, { ...w.room, id: 'dm-mira' });
    if (form.kind !== 'form') throw new Error('no form');
    await w.submit('mira', form.form, { reason: 'I never pressed that.' }, { ...w.room, id: 'dm-mira' });
    await w.pass(2);
    expect(ran).toEqual([]);
    expect((await w.request(key)).state).toBe('disputed');
  });

  it('beyond B12, invariant I18: a dispute afterwards marks it and offers the rollback, which is a containment of its own', async () => {
    const { executor } = noting();
    const w = await given({ organisation: withWebhook('http://127.0.0.1:9/'), executor });
    const key = await w.propose();
    await w.approve('mira', key);
    await w.executions.settled();
    await w.settle();
    const receipt = w.chat.privately.filter((p) => p.to === 'mira').at(-1)!;
    const form = await w.click('mira', w.token(receipt.view, /dispute/), null, { ...w.room, id: 'dm-mira' });
    if (form.kind !== 'form') throw new Error('no form');
    await w.submit('mira', form.form, { reason: 'Wrong host.' }, { ...w.room, id: 'dm-mira' });
    await w.settle();
    expect(await w.request(key)).toMatchObject({ state: 'executed', contested: { reason: 'Wrong host.' } });
    const undo = await w.type('tomas', `contain rollback ${key}`);
    if (undo.kind !== 'form') throw new Error('no form');
    expect(undo.form.form.title).toBe('Release host');
    await w.submit('tomas', undo.form, {
      targets: 'web-01',
      reason: 'Undo CA-1: it was the wrong host.',
      executor: 'tomas',
    });
    expect((await w.requests()).at(-1)).toMatchObject({
      state: 'pending',
      rollbackOf: key,
      request: { action: 'release-host' },
    });
  });

  it('a dispute comes from whoever approved, within ten minutes', async () => {
    const w = await given();
    const key = await w.propose();
    await w.approve('mira', key);
    const receipt = w.chat.privately.filter((p) => p.to === 'mira').at(-1)!;
    const token = w.token(receipt.view, /dispute/);
    w.nowMs += 11 * 60_000;
    const form = await w.click('mira', token, null, { ...w.room, id: 'dm-mira' });
    if (form.kind !== 'form') throw new Error('no form');
    expect(replyText(await w.submit('mira', form.form, { reason: 'late' }, { ...w.room, id: 'dm-mira' }))).toContain(
      'A dispute had to come by',
    );
    expect(await w.refusals()).toEqual(['expired']);
  });

  it('no containment reaches a system in an exercise: a person plays it', async () => {
    const { ran, executor } = noting();
    const w = await given({ organisation: withWebhook('http://127.0.0.1:9/'), executor }, { kind: 'exercise' });
    await w.settle();
    const room = w.chat.messages[0]!.ref.conversation;
    const form = await w.type('tomas', 'contain isolate-host', room);
    if (form.kind !== 'form') throw new Error(replyText(form));
    await w.submit('tomas', form.form, isolate(), room);
    await w.settle();
    const [c] = await w.requests('EX-1');
    expect(c?.request.executor).toEqual({ kind: 'manual', person: 'tomas' });
    const card = w.card('CA-1');
    expect(viewText(card.view.view)).toContain('EXERCISE');
    await w.click('mira', w.token(card.view, /^Approve/), card.ref, room);
    await w.executions.settled();
    expect(ran).toEqual([]);
  });
});
