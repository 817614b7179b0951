// Microsoft's Agents Playground on loopback: a Teams client that shows cards as Teams does and lets any of its people press.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { stringify } from 'yaml';
import type { FakePerson } from '../doubles/fake-teams.ts';
import { freePort, type Program, startProgram } from './fetched.ts';

export const PERSONAL = 'personal-chat-id';
export const BRIDGE = 'channel-bridge-id';

type Json = Readonly<Record<string, unknown>>;

/** A message of the bot as everybody sees it now. */
export interface Shown {
  readonly id: string;
  readonly conversation: string;
  card: Json;
  edits: number;
}

/** Keeps what the client is told of the bot's messages; to be called before the page loads. */
export function watchMessages(page: Page): readonly Shown[] {
  const shown: Shown[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const said = JSON.parse(String(payload)) as {
        readonly action?: string;
        readonly actionConversationId: string;
        readonly message: { readonly messageId: string; readonly attachments: readonly { readonly content: Json }[] };
      };
      const card = said.action?.endsWith('Message') ? said.message?.attachments?.[0]?.content : undefined;
      if (card === undefined) return;
      const known = shown.find((m) => m.id === said.message.messageId);
      if (known) {
        known.card = card;
        known.edits += 1;
      } else shown.push({ id: said.message.messageId, conversation: said.actionConversationId, card, edits: 0 });
    }),
  );
  return shown;
}

export interface Playground {
  readonly address: string;
  /** Says something as the person who sits at the client. */
  say(conversation: string, text: string): Promise<void>;
  /** Presses a button of a card as anybody. */
  press(who: string, on: { readonly id: string; readonly conversation: string }, data: Json): Promise<Json>;
  stop(): Promise<void>;
}

const userOf = (key: string): string => `user-${key}`;
const asUser = (p: FakePerson): Json => ({
  id: userOf(p.key),
  name: p.name,
  // The spelling is theirs.
  userPrincipleName: `${p.key}@example.com`,
  aadObjectId: p.aad,
  givenName: p.name.split(' ')[0],
  surname: 'Sample',
  email: `${p.key}@example.com`,
});

/** Starts it with these people, the first of them at the client, in front of a bot. */
export async function startPlayground(
  folder: string,
  people: readonly FakePerson[],
  endpoint: string,
): Promise<Playground> {
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-playground-'));
  mkdirSync(join(scratch, 'devTools'));
  const [me, ...others] = people;
  if (!me) throw new Error('somebody has to sit at the client');
  writeFileSync(
    join(scratch, '.m365agentsplayground.yml'),
    stringify({
      version: '0.1.1',
      tenantId: '00000000-0000-0000-0000-0000000000001',
      bot: { id: 'bot-id', name: 'Countersign' },
      currentUser: asUser(me),
      users: others.map(asUser),
      personalChat: { id: PERSONAL },
      groupChat: { id: 'group-chat-id', name: 'Night shift' },
      team: {
        id: 'team-id',
        name: 'Example Outfitters',
        aadGroupId: '00000000-0000-0000-0000-000000000031',
        channels: [{ id: BRIDGE, name: 'Bridge' }],
      },
    }),
  );
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const program: Program = await startProgram(
    folder,
    '@microsoft/m365agentsplayground/cli.js',
    ['start', '-e', endpoint, '-c', 'msteams', '-p', String(port), '--dt', '--er'],
    async () => (await (await fetch(`${address}/_debug/ping`)).text()).includes('pong'),
    {
      cwd: scratch,
      env: { TEAMSAPPTESTER_BROWSER: 'none', NODE_OPTIONS: `--require ${resolve('test/thirdparty/loopback.cjs')}` },
    },
  );
  async function post(path: string, body: Json): Promise<Json> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 500)}`);
    return text.startsWith('{') ? (JSON.parse(text) as Json) : {};
  }
  for (const conversation of [PERSONAL, BRIDGE]) await post(`/_debug/conversation/${conversation}/installation`, {});
  const from = { id: userOf(me.key) };
  return {
    address,
    async say(conversation, text) {
      const isShared = conversation !== PERSONAL;
      const mention = { id: 'bot-id', text: '<at>Countersign</at>', mentioned: { id: 'bot-id', name: 'Countersign' } };
      await post(`/_conversation/v1/conversations/${conversation}/messages`, {
        from,
        text: isShared ? `<at>Countersign</at> ${text}` : text,
        textFormat: 'plain',
        mentions: isShared ? [mention] : [],
      });
    },
    press: (who, on, data) =>
      post('/_conversation/v1/invoke', {
        name: 'adaptiveCard/action',
        from: { id: userOf(who) },
        // A post of a channel is pressed in its thread.
        conversation: { id: on.conversation === BRIDGE ? `${BRIDGE};messageid=${on.id}` : on.conversation },
        replyToId: on.id,
        value: { action: { type: 'Action.Execute', verb: String(data['countersign']), data }, trigger: 'manual' },
      }),
    async stop() {
      await program.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
