// Abuse cases C: what is seen is what runs, and nothing else does.
import { afterEach, describe, expect, it } from 'vitest';
import { canonicalText, digestOf } from '../../src/containment/request.ts';
import { showAll } from '../../src/containment/show-all.ts';
import { resolveTargets } from '../../src/containment/targets.ts';
import type { CanonicalRequest } from '../../src/containment/types.ts';
import { buttonsOf } from '../../src/view/build.ts';
import { viewText } from '../../src/view/text.ts';
import { isolate, noting, organisation, remove, replyText, World, type WorldOptions, withWebhook } from './world.ts';

let world: World;
const given = async (options: WorldOptions = {}, incident: Readonly<Record<string, string>> = {}): Promise<World> => {
  world = await World.make(options);
  return world.open(incident);
};
afterEach(() => world.close());

const change = async (who: string, key: string, values: Readonly<Record<string, string>>): Promise<string> => {
  const form = await world.type(who, `contain change ${key}`);
  if (form.kind !== 'form') throw new Error(replyText(form));
  await world.submit(who, form.form, values);
  await world.settle();
  return (await world.requests()).at(-1)!.key;
};

describe('what an approval covers', () => {
  it('invariant I5: the digest covers every field that changes what runs, and no word of the reason', async () => {
    await given();
    const c = await world.request(await world.propose());
    const base = c.request;
    const others: CanonicalRequest[] = [
      { ...base, tenant: 'web/other' },
      { ...base, incident: 'INC-2' },
      { ...base, request: 'CA-2' },
      { ...base, source: { kind: 'playbook', playbook: 'p', version: '1', hash: 'h', run: 'r', step: 's' } },
      { ...base, action: 'release-host' },
      { ...base, targets: [{ ...base.targets[0]!, name: 'web-02' }] },
      { ...base, targets: [{ ...base.targets[0]!, addresses: ['10.20.1.12'] }] },
      { ...base, parameters: { 'keep-management': false } },
      { ...base, reversibility: 'irreversible' },
      { ...base, executor: { kind: 'manual', person: 'ife' } },
      { ...base, policy: '0'.repeat(64) },
      { ...base, expiresAt: '2026-11-20T03:30:00.001Z' },
      { ...base, windowMinutes: 31 },
      { ...base, nonce: 'another' },
    ];
    const digests = new Set([base, ...others].map(digestOf));
    expect(digests.size).toBe(others.length + 1);
    expect(c.digest).toBe(digestOf(base));
    expect(canonicalText(base)).not.toContain(c.reason);
  });

  it('beyond B1, abuse C1: after the parameters are changed the old button approves nothing, and old votes are void', async () => {
    await given();
    const key = await world.propose('tomas', 'remove-persistence', remove());
    await world.pressAndFill('mira', key, /^Approve/, { typedTarget: 'web-01' });
    const old = { ...world.card(key) };
    const token = world.token(old.view, /^Approve/);
    const next = await change('tomas', key, { ...remove(), 'param.what': 'C:\\tasks\\updater.xmk' });
    expect(replyText(await world.click('noor', token, old.ref))).toContain('replaced or made void');
    expect(await world.request(key)).toMatchObject({ state: 'superseded' });
    expect(await world.request(next)).toMatchObject({ state: 'pending', votes: [], supersedes: key });
    expect((await world.request(next)).digest).not.toBe((await world.request(key)).digest);
    expect(await world.refusals()).toEqual(['superseded']);
  });

  it('past F13: a stale card approves neither the old request nor the newer one', async () => {
    await given();
    const key = await world.propose();
    const token = world.token(world.card(key).view, /^Approve/);
    const { ref } = world.card(key);
    const next = await change('tomas', key, isolate('bastion-01'));
    await world.click('mira', token, ref);
    await world.click('mira', token, world.card(next).ref);
    expect((await world.request(next)).state).toBe('pending');
    expect(await world.records('approval.voted')).toEqual([]);
  });

  it('abuse C2: a target set that changed before dispatch stops it', async () => {
    const { ran, executor } = noting();
    await given({
      organisation: withWebhook('http://127.0.0.1:9/', '', [
        'constraints:',
        'groups:\n  edge: [web-01]\n\nconstraints:',
      ]),
      executor,
    });
    const key = await world.propose('tomas', 'isolate-host', isolate('edge'));
    expect((await world.request(key)).request.targets.map((t) => t.name)).toEqual(['web-01']);
    await world.approve('mira', key);
    // The same policy hash, another answer to the same name: as an alias or a DNS name would give.
    world.services.organisation.organisation.groups['edge'] = ['web-01', 'bastion-01'];
    await world.executions.settled();
    expect(ran).toEqual([]);
    expect(await world.request(key)).toMatchObject({
      state: 'superseded',
      ending: { reason: expect.stringContaining('bastion-01') },
    });
    expect(await world.refusals()).toEqual(['changed']);
  });

  it('abuse C5: the same request with another inner action has another digest and no votes', async () => {
    await given();
    const first = await world.request(await world.propose('tomas', 'isolate-host', isolate()));
    const second = await world.request(
      await world.propose('tomas', 'release-host', {
        targets: 'web-01',
        reason: 'It has been cleaned and checked.',
        executor: 'tomas',
      }),
    );
    expect(first.digest).not.toBe(second.digest);
    const { ref, view } = world.card(first.key);
    await world.click('mira', world.token(view, /^Approve/), ref);
    expect(await world.request(second.key)).toMatchObject({ state: 'pending', votes: [] });
  });

  it('invariant I6, abuse C6, past F5: what the card cannot show whole is approved only after the full text was opened', async () => {
    await given();
    const many = Array.from({ length: 14 }, (_, i) => `198.51.100.${i}`).join('\n');
    const key = await world.propose('tomas', 'block-indicator', {
      targets: many,
      'param.where': 'firewall',
      'param.hours': '4',
      reason: 'All of them scan us right now.',
      executor: 'tomas',
    });
    const card = world.card(key);
    expect(viewText(card.view.view)).toContain('and 4 more, listed in the full text');
    expect(buttonsOf(card.view.view).map((b) => b.label)).not.toContainEqual(expect.stringMatching(/^Approve/));
    const full = await world.fullText('mira', key);
    expect(viewText(full.view)).toContain('198.51.100.13');
    expect(viewText(full.view)).toContain((await world.request(key)).digest);
    // Somebody else's full text is not mine.
    await world.click('ife', world.token(full, /^Approve/), null);
    expect(await world.refusals()).toEqual(['wrong-context']);
    await world.click('mira', world.token(full, /^Approve/), null);
    expect((await world.request(key)).state).toBe('granted');
    expect((await world.records('containment.viewed')).map((r) => r.actor.id)).toEqual(['mira']);
  });

  it('invariant I6, abuse C7: controls, bidi, lookalikes, markup and mentions are shown as what they are', async () => {
    await given();
    const hostile = 'p\u0430ypal\u202e\u200b<!channel>&<script>.example';
    const key = await world.propose('tomas', 'block-indicator', {
      targets: hostile,
      'param.where': 'dns',
      'param.hours': '0',
      reason: 'see <https://bank.example|https://evil.example>\u202e',
      executor: 'tomas',
    });
    const text = viewText(world.card(key).view.view);
    expect(text).toContain('p[U+0430]ypal[RLO][ZWSP]<!channel>&<script>.example');
    expect(text).not.toMatch(/[\u202e\u200b\u0430]/);
    const approve = buttonsOf(world.card(key).view.view).find((b) => b.label.startsWith('Approve'));
    expect(approve?.label).toBe('Approve block indicator p[U+0430]ypal[RLO][ZWSP]<!channel>&<scr\u2026');
    expect(viewText((await world.fullText('mira', key)).view)).not.toMatch(/[\u202e\u200b\u0430]/);
  });

  it.each([
    ['key order', { b: 1, a: 2 }, { a: 2, b: 1 }],
    ['number forms', { a: 1.0, b: 10 }, { a: 1, b: 1e1 }],
  ])('abuse C8: %s gives the same hash', async (_name, one, other) => {
    await given();
    const c = await world.request(await world.propose());
    expect(digestOf({ ...c.request, parameters: one })).toBe(digestOf({ ...c.request, parameters: other }));
  });

  it('abuse C8: Unicode variants of a target are one target', async () => {
    await given();
    const org = organisation().organisation;
    const action = org.actions['disable-account']!;
    const { splitTargets } = await import('../../src/containment/targets.ts');
    expect(splitTargets('caf\u00e9\ncafe\u0301')).toEqual(['caf\u00e9']);
    expect(resolveTargets(org, action, splitTargets('cafe\u0301'))).toEqual(
      resolveTargets(org, action, splitTargets('caf\u00e9')),
    );
  });

  it('abuse C9: a lone surrogate is replaced before it is hashed, and records keep flowing', async () => {
    await given();
    const key = await world.propose('tomas', 'disable-account', {
      targets: 'x\ud800y',
      reason: 'It logs in \udc00 from everywhere.',
      executor: 'tomas',
    });
    const c = await world.request(key);
    expect(c.request.targets[0]?.name).toBe('x\ufffdy');
    expect(digestOf(c.request)).toBe(c.digest);
    await world.approve('mira', key);
    expect((await world.request(key)).state).toBe('granted');
  });

  it('names every character that is not plain ASCII', () => {
    expect(showAll('web-01')).toBe('web-01');
    expect(showAll('\u0430\n\t\u{e0041}')).toBe('[U+0430][U+000A][U+0009][U+E0041]');
  });

  it('targets are a list and a count before anybody sees them: "all" and groups are spelled out, patterns refused', async () => {
    await given();
    const org = organisation(['constraints:', 'groups:\n  edge: [web-01, bastion-01]\n\nconstraints:']).organisation;
    const action = org.actions['isolate-host']!;
    const names = (asked: string[]) => {
      const found = resolveTargets(org, action, asked);
      return 'error' in found ? found.error : found.map((t) => t.name);
    };
    expect(names(['all'])).toEqual(['bastion-01', 'web-01']);
    expect(names(['edge', '10.20.1.11'])).toEqual(['bastion-01', 'web-01']);
    expect(names(['web-*'])).toContain('is a pattern');
    expect(resolveTargets(org, org.actions['disable-account']!, ['web-01'])).toMatchObject({
      error: expect.stringContaining('is a host'),
    });
    expect(names(Array.from({ length: 21 }, (_, i) => `h${i}`))).toContain('more than the 20');
    expect(names([])).toContain('at least one');
  });

  it('beyond B11: what destroys state is not proposed before its questions are answered', async () => {
    await given();
    const { 'keep.memory': _, ...unanswered } = remove();
    expect(replyText(await world.proposeReply('tomas', 'remove-persistence', unanswered))).toContain(
      'Answer this before it is gone',
    );
    expect(
      replyText(await world.proposeReply('tomas', 'remove-persistence', { ...remove(), 'keep.disk.note': '' })),
    ).toContain('Say why it is not needed');
    expect(await world.requests()).toEqual([]);
    const text = viewText(world.card(await world.propose('tomas', 'remove-persistence', remove())).view.view);
    expect(text).toContain('Kept: EV-3');
    expect(text).toContain('NOT KEPT: files were copied with hashes, EV-4');
  });

  it('beyond B5: what cannot be undone waits for the challenger in SEV1 and SEV2, or for a waiver with a reason', async () => {
    await given({}, { severity: 'SEV1' });
    const key = await world.propose('tomas', 'remove-persistence', remove());
    expect(buttonsOf(world.card(key).view.view).map((b) => b.label)).toEqual([
      'Deny',
      'Ask for changes',
      'Full text',
      'Challenge it',
      'Waive the challenge',
    ]);
    await world.pressAndFill('noor', key, /Challenge it/, { reason: 'I am not the challenger' });
    expect(await world.refusals()).toEqual(['not-eligible']);
    await world.type('mira', 'status role challenger @noor');
    await world.pressAndFill('noor', key, /Challenge it/, {
      reason: 'Could the task be our own updater? Its hash says no.',
    });
    expect((await world.request(key)).challenge).toMatchObject({ by: { id: 'noor' }, isWaived: false });
    await world.pressAndFill('ife', key, /^Approve/, { typedTarget: 'web-01' });
    expect((await world.request(key)).votes).toHaveLength(1);
  });

  it('past F4: who is named on the card, in the record and as voter is the verified principal', async () => {
    await given();
    const key = await world.propose();
    await world.approve('ife', key);
    const [voted] = await world.records('approval.voted');
    expect(voted?.actor.id).toBe('ife');
    expect((await world.request(key)).votes[0]?.person.id).toBe('ife');
    expect(viewText(world.card(key).view.view)).toContain('Approved by ife Sample');
  });

  it('shows the blast radius: what must not be touched, who owns it, what depends on it', async () => {
    await given();
    const key = await world.propose('tomas', 'stop-service', {
      targets: 'shop-db',
      reason: 'The attacker reads from it now.',
      'keep.memory': 'kept',
      'keep.memory.note': 'EV-7',
      executor: 'tomas',
    });
    const text = viewText(world.card(key).view.view);
    expect(text).toContain('Not to be stopped between 06:00 and 22:00 without Ife');
    expect(text).toContain('shop-db belongs to Ife Sample; what needs it: web-01.');
  });
});
