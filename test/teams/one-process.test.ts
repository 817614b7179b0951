// Slack over signed HTTP, Teams, the web workspace, health and metrics: one program, one HTTP server, one ledger.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlackAdapter } from '../../adapters/slack/index.ts';
import { createTeamsAdapter } from '../../adapters/teams/index.ts';
import { createWebAdapter } from '../../adapters/web/index.ts';
import { hashPasscode } from '../../src/chat/passcode.ts';
import { SLACK_SCOPES } from '../../src/commands/manifest.ts';
import { settingsSchema } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { openWorkspaceStore } from '../../src/store/workspace.ts';
import { FakeSlack } from '../doubles/fake-slack.ts';
import { TEAM } from '../doubles/fake-slack-api.ts';
import { APP_ID, FakeTeams, TENANT } from '../doubles/fake-teams.ts';
import { idOf, PEOPLE } from '../slack/world.ts';
import { Visitor } from '../web/visitor.ts';
import { buttonsOf, cardOf, inputsOf, wordsOf } from './cards.ts';
import { type Json, organisationFor, until } from './world.ts';

const LINE = 'Nov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2';

describe('one process with all three chats', () => {
  let slack: FakeSlack;
  let teams: FakeTeams;
  let server: RunningServer;
  let folder: string;
  let quinn: Visitor;
  let counter = 0;

  beforeAll(async () => {
    slack = await FakeSlack.start('http');
    slack.workspace.scopes = Object.keys(SLACK_SCOPES);
    for (const key of PEOPLE) slack.workspace.users.set(idOf(key), { id: idOf(key), name: key });
    teams = await new FakeTeams().listen();
    folder = mkdtempSync(join(tmpdir(), 'countersign-all-'));
    const organisation = join(folder, 'countersign.yml');
    const withSlack = organisationFor(teams).replace(
      /ids: \{ web: (\w+),/g,
      (_, key: string) => `ids: { web: ${key}, slack: ${TEAM}/${idOf(key)},`,
    );
    writeFileSync(organisation, withSlack);
    const passcodeHash = await hashPasscode('maple-otter-11');
    server = await startServer({
      settings: settingsSchema.parse({
        COUNTERSIGN_DATA: join(folder, 'data'),
        COUNTERSIGN_ORGANISATION: organisation,
        COUNTERSIGN_PORT: '0',
      }),
      log: pino({ level: 'silent' }),
      now: Date.now,
      randomId: () => `token-${Math.random().toString(36).slice(2)}-${++counter}`,
      say: () => {},
      adapters: async (context) => {
        const store = openWorkspaceStore(join(context.folder, 'workspace.db'));
        const web = createWebAdapter({
          store,
          people: [{ id: 'quinn', label: 'Quinn Sample', title: 'auditor', passcodeHash }],
          now: context.now,
          newId: context.randomId,
          workspaceName: 'Example Outfitters',
          signInHint: '',
        });
        return [
          createSlackAdapter({
            botToken: slack.botToken,
            appToken: null,
            signingSecret: slack.signingSecret,
            apiUrl: slack.apiUrl,
            root: 'ir',
            maxFileBytes: 5_000_000,
            scopes: Object.keys(SLACK_SCOPES),
            events: [],
            waits: { betweenPostsMs: 0 },
            ...context,
          }),
          createTeamsAdapter({
            appId: APP_ID,
            appSecret: 'not-a-real-secret',
            tenants: [TENANT],
            isDevelopment: false,
            capturesAll: false,
            bind: '127.0.0.1',
            command: 'ir',
            maxFileBytes: 5_000_000,
            network: teams.network,
            ...context,
          }),
          {
            port: web.port,
            paths: ['/'],
            listener: (request, response) => void web.listener(request, response),
            ready: 'on',
            attach: async (desk) => web.attach(desk),
            async stop() {
              web.close();
              store.close();
            },
          },
        ];
      },
    });
    slack.requestUrl = `${server.url}/slack/events`;
    teams.botEndpoint = `${server.url}/api/messages`;
    quinn = new Visitor(server.url);
    expect((await quinn.signIn('quinn', 'maple-otter-11')).status).toBe(303);
  });
  afterAll(async () => {
    await server?.stop();
    await slack?.stop();
    await teams?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const inTeams = (who: string) =>
    teams.posted.filter((p) => p.conversation === teams.directOf(who) || !p.conversation.startsWith('a:'));
  const find = (who: string, words: RegExp) =>
    until(() =>
      inTeams(who)
        .filter((p) => words.test(wordsOf(cardOf(p))))
        .at(-1),
    );

  it('is opened in Teams, gets its logs from Slack, and is read in the workspace: one incident, one ledger', async () => {
    await teams.mention('mira', 'open Logins from abroad');
    const form = await until(() => inTeams('mira').find((p) => inputsOf(cardOf(p)).length > 0));
    const submit = buttonsOf(cardOf(form)).find((b) => b.data['countersign'] === 'submit');
    const values = { 'text.title': 'Logins from abroad', 'one.severity': 'SEV3', 'one.kind': 'live' };
    await teams.deliver(teams.invoke('mira', form, { ...values, ...submit?.data }));
    await find('mira', /INC-1 Logins from abroad/);

    expect((await slack.command(idOf('tomas'), 'C0LOBBY', `INC-1 log ${LINE}`)).acked).toBe(true);
    // The receipt stands where the incident lives.
    await find('mira', /EV-1/);

    expect((await quinn.say('general', '/ir INC-1 log list')).status).toBeLessThan(300);
    const page = await (async () => {
      for (let i = 0; i < 200; i += 1) {
        const text = await quinn.page('/c/general');
        if (text.includes('EV-1')) return text;
        await new Promise((r) => setTimeout(r, 25));
      }
      return '';
    })();
    expect(page).toContain('EV-1');

    const store = openSqliteStore(join(folder, 'data', 'countersign.db'), Date.now);
    const records = (await store.find({ incident: 'INC-1' })).map((r) => r.record as unknown as Json);
    await store.close();
    const platforms = new Set(records.map((r) => (r['actor'] as Json)['platform']));
    expect([...platforms]).toEqual(expect.arrayContaining(['teams', 'slack']));
  });

  it('refuses a forged request on either path with 401, while the others go on', async () => {
    const forged = teams.activity('mira', { text: 'help' });
    expect((await teams.deliver(forged, teams.token({}, { key: teams.strangeKey() }))).status).toBe(401);
    const unsigned = await fetch(slack.requestUrl, { method: 'POST', body: '{"type":"event_callback"}' });
    expect(unsigned.status).toBe(401);
    expect((await teams.mention('mira', 'help')).status).toBe(200);
    expect((await quinn.send('/home')).status).toBe(200);
  });

  it('tells its health and its metrics on the same address', async () => {
    const health = await fetch(`${server.url}/healthz`);
    expect(health.status).toBe(200);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/countersign_/);
  });
});
