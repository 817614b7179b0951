import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTeamsAdapter, TeamsSettingsError } from '../../adapters/teams/index.ts';
import { APP_ID, CHANNEL, OTHER_TENANT, TENANT, type TokenFaults } from '../doubles/fake-teams.ts';
import { type Json, type TeamsWorld, teamsWorld } from './world.ts';

describe('who is let in', () => {
  let w: TeamsWorld;
  beforeAll(async () => {
    w = await teamsWorld();
  });
  afterAll(() => w.end());

  const callsMade = (): number => w.teams.calls.length;

  it('1 takes a signed message and a signed press', async () => {
    expect((await w.teams.mention('mira', 'help')).status).toBe(200);
    const help = await w.find(/./, w.teams.directOf('mira'));
    const answer = await w.teams.deliver(w.teams.invoke('mira', help, { countersign: 'press', token: 'made-up' }));
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).toContain('moved on');
    expect(answer.body?.['statusCode']).toBe(200);
  });

  const bad: readonly (readonly [string, (w: TeamsWorld) => string | null])[] = [
    ['no token', () => null],
    ['an empty token', () => ''],
    ['another audience', (w) => w.teams.token({ aud: 'ffffffff-0000-4000-8000-000000000000' })],
    ['another service address in the token', (w) => w.teams.token({ serviceurl: 'https://evil.example/' })],
    ['no service address in the token', (w) => w.teams.token({ serviceurl: undefined })],
    ['another issuer', (w) => w.teams.token({ iss: `https://sts.windows.net/${TENANT}/` })],
    ['an expired token', (w) => w.teams.token({ exp: 1_000_000_000, nbf: 999_999_000 })],
    ['an unknown key', (w) => w.teams.token({}, { kid: 'k9' })],
    ['a forged signature', (w) => w.teams.token({}, { key: w.teams.strangeKey() })],
    ['alg none', (w) => w.teams.token({}, { alg: 'none' } satisfies TokenFaults)],
    ['alg HS256 with the signature of RS256', (w) => w.teams.token({}, { alg: 'HS256' })],
    ['three words that are no token', () => 'a.b.c'],
  ];
  it.each(bad)('2 answers 401 with a reference to %s, and calls nobody', async (_, make) => {
    const before = callsMade();
    const answer = await w.teams.deliver(w.teams.activity('mira', { text: 'help' }), make(w));
    expect(answer.status).toBe(401);
    expect(answer.body?.['reference']).toMatch(/^E-[0-9a-f]{8}$/);
    expect(JSON.stringify(answer.body)).not.toMatch(/signature|audience|key|token/i);
    expect(callsMade()).toBe(before);
  });

  it('2 answers 401 to a good token for a channel it was not made for', async () => {
    const web = w.teams.activity('mira', { text: 'help', channelId: 'webchat' });
    expect((await w.teams.deliver(web)).status).toBe(401);
  });

  it('2 answers 401 when the key is not endorsed for Teams', async () => {
    // Keys are read once for each metadata address: a fresh start reads these.
    const other = await teamsWorld();
    other.teams.endorsements = ['webchat'];
    expect((await other.teams.mention('mira', 'help')).status).toBe(401);
    await other.end();
  });

  it('turns a made-up approver with a foreign service address away, on record, without one call out', async () => {
    const before = callsMade();
    const forged = w.teams.invoke(
      'mira',
      { id: '1', conversation: CHANNEL, thread: null },
      { countersign: 'press', token: 'x' },
      {
        serviceUrl: 'https://evil.example/amer/',
        from: { id: '29:forged', name: 'Mira Sample', aadObjectId: 'bbbbbbbb-0000-4000-8000-00000000beef' },
      },
    );
    const answer = await w.teams.deliver(forged, w.teams.token({}, { key: w.teams.strangeKey() }));
    expect(answer.status).toBe(401);
    expect(callsMade()).toBe(before);
    const record = (await w.records('request.turned-away')).at(-1) as { body: Json };
    expect(record.body).toMatchObject({
      platform: 'teams',
      code: 'not-authentic',
      reference: answer.body?.['reference'],
      claims: { object: 'bbbbbbbb-0000-4000-8000-00000000beef', service: 'https://evil.example/amer/' },
    });
  });

  const place = (conversation: unknown, channel: unknown): Json => ({
    conversation: { id: CHANNEL, conversationType: 'channel', ...(conversation ? { tenantId: conversation } : {}) },
    channelData: channel ? { tenant: { id: channel } } : {},
  });
  const tenants: readonly (readonly [string, Json, string])[] = [
    ['a foreign tenant', place(OTHER_TENANT, OTHER_TENANT), 'tenant-foreign'],
    ['no tenant', place(null, null), 'tenant-missing'],
    ['an empty tenant', place('', ''), 'tenant-missing'],
    ['two tenants that contradict', place(TENANT, OTHER_TENANT), 'tenant-foreign'],
    ['two tenants the other way round', place(OTHER_TENANT, TENANT), 'tenant-foreign'],
    ['a tenant that is no text', place([TENANT], TENANT), 'tenant-foreign'],
  ];
  it.each(tenants)('3 refuses %s under a good token, on record, with nothing decided', async (_, over, code) => {
    const before = { calls: callsMade(), records: (await w.records()).length };
    const answer = await w.teams.mention('mira', 'open From elsewhere', over);
    expect(answer.status).toBe(403);
    const records = await w.records();
    expect(records.slice(before.records).map((r) => [r['type'], (r['body'] as Json)['code']])).toEqual([
      ['request.turned-away', expect.stringMatching(code === 'tenant-missing' ? /tenant-(missing|foreign)/ : code)],
    ]);
    expect(callsMade()).toBe(before.calls);
  });

  it('refuses whoever has no object id, on record', async () => {
    const answer = await w.teams.mention('mira', 'help', { from: { id: '29:mira', name: 'Mira Sample' } });
    expect(answer.status).toBe(403);
    expect((await w.records('request.turned-away')).at(-1)).toMatchObject({ body: { code: 'no-object-id' } });
  });

  it('gives a guest nothing, whatever their name is', async () => {
    w.teams.addPerson('guest', 40, { name: 'Mira Sample', userRole: 'guest', upn: 'mira_x.com#EXT#@example.com' });
    await w.teams.say('guest', 'open Something');
    const told = await w.find(/not listed/, w.teams.directOf('guest'));
    expect(told).toBeTruthy();
  });

  it('does not read a request that is too large, and says so with a reference', async () => {
    const answer = await w.teams.mention('mira', `log\n${'x'.repeat(600_000)}`);
    expect(answer.status).toBe(413);
    expect(answer.body?.['reference']).toMatch(/^E-/);
  });

  it('takes nothing but POST and JSON', async () => {
    expect((await fetch(w.teams.botEndpoint)).status).toBe(405);
    const text = await fetch(w.teams.botEndpoint, {
      method: 'POST',
      headers: { authorization: `Bearer ${w.teams.token()}` },
      body: 'hello',
    });
    expect(text.status).toBe(415);
  });
});

describe('starting Teams', () => {
  const options = {
    appId: APP_ID,
    appSecret: 'not-a-real-secret',
    tenants: [TENANT],
    isDevelopment: false,
    capturesAll: false,
    bind: '127.0.0.1',
    command: 'ir',
    notes: { note: async () => null, setNote: async () => {} },
    folder: '/tmp',
    maxFileBytes: 1,
    now: () => 0,
    randomId: () => 'x',
    log: { info() {}, warn() {}, error() {} },
  };
  const rows: readonly (readonly [string, Partial<typeof options>, RegExp])[] = [
    ['an empty app id', { appId: '' }, /APP_ID.*docs\/teams\.md/],
    ['an empty secret', { appSecret: '' }, /APP_SECRET/],
    ['no tenant', { tenants: [] }, /TENANT/],
    ['a domain for a tenant', { tenants: ['example.com'] }, /not the domain/],
    ['an app id that is none', { appId: 'countersign' }, /application \(client\) id/],
    ['development on another address', { isDevelopment: true, appId: '', appSecret: '', bind: '0.0.0.0' }, /loopback/],
    ['development with credentials', { isDevelopment: true }, /takes no credentials/],
  ];
  it.each(rows)('4 does not start with %s, and says what to set', (_, change, words) => {
    const start = () =>
      createTeamsAdapter({ ...options, ...change } as unknown as Parameters<typeof createTeamsAdapter>[0]);
    expect(start).toThrow(TeamsSettingsError);
    expect(start).toThrow(words);
  });
});

describe('development without authentication', () => {
  it('4 makes every incident an exercise, banners every card, and talks to this machine alone', async () => {
    const w = await teamsWorld({ isDevelopment: true, appId: '', appSecret: '' });
    w.teams.acceptsAnyone = true;
    const away = await w.teams.deliver(
      w.teams.activity('mira', { text: 'help', serviceUrl: 'https://evil.example/' }),
      null,
    );
    expect(away.status).toBe(401);
    // A page in somebody's browser that made its own name point here.
    const rebound = await new Promise<number | undefined>((resolve, reject) => {
      const body = JSON.stringify(w.teams.activity('mira', { text: 'help', ...w.teams.direct('mira') }));
      const headers = { 'content-type': 'application/json', host: 'evil.example' };
      request(w.teams.botEndpoint, { method: 'POST', headers }, (r) => resolve(r.statusCode))
        .on('error', reject)
        .end(body);
    });
    expect(rebound).toBe(403);
    expect(
      (await w.teams.deliver(w.teams.activity('mira', { text: 'help', ...w.teams.direct('mira') }), null)).status,
    ).toBe(200);
    const shown = await w.find(/./, w.teams.directOf('mira'));
    expect(JSON.stringify(shown.activity)).toContain('DEVELOPMENT');
    // Asked for as live, opened as an exercise.
    await w.open();
    expect(await w.records('incident.declared')).toMatchObject([{ body: { kind: 'exercise', key: 'EX-1' } }]);
    for (const p of w.teams.posted) expect(JSON.stringify(p.activity)).toContain('DEVELOPMENT');
    await w.end();
  });
});
