// The emulate server behind FakeSlack: it keeps the state and checks the scopes; FakeSlack adds what it has not: commands,
// presses, forms, response urls, sockets. Its ids differ from ours, so they are changed on the way.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { isObject, listAt, objectAt, type Payload, textAt } from '../../adapters/slack/parse/payload.ts';
import { APP, BOT, TEAM } from '../doubles/fake-slack-api.ts';
import type { Upstream } from '../doubles/fake-slack-upstream.ts';
import { freePort, startProgram } from './fetched.ts';

const BOT_TOKEN = 'xoxb-emulate';
const PERSON_SCOPES = ['chat:write', 'files:read', 'files:write', 'users:read', 'channels:history', 'groups:history'];
const READER = 'xoxp-reader';

export interface Emulate extends Upstream {
  /** What it was asked for and did not have. */
  readonly unknown: Set<string>;
  /** Refusals for want of a scope. */
  readonly missing: string[];
  /** Everything that stands in a channel there, threads included, as the bot may read it. */
  standing(channel: string): Promise<readonly Payload[]>;
  stop(): Promise<void>;
}

/** Starts it with these people and scopes. `ours` is where FakeSlack can be reached. */
export async function startEmulate(
  folder: string,
  given: {
    readonly people: readonly { readonly id: string; readonly name: string }[];
    readonly scopes: readonly string[];
    readonly ours: string;
  },
): Promise<Emulate> {
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-emulate-'));
  const port = await freePort();
  const theirs = `http://localhost:${port}`;
  const seed = {
    slack: {
      team: { name: 'Example Outfitters', domain: 'example' },
      users: given.people.map(({ name }) => ({ name, real_name: name, email: `${name}@example.test` })),
      channels: [{ name: 'general' }],
      oauth_apps: [
        {
          client_id: '1.2',
          client_secret: 'example',
          app_id: APP,
          name: 'Countersign',
          redirect_uris: [],
          scopes: given.scopes,
          bot_id: 'B0BOT',
          bot_user_id: BOT,
          bot_name: 'countersign',
        },
      ],
      tokens: [
        {
          token: BOT_TOKEN,
          type: 'bot',
          user_id: BOT,
          bot_id: 'B0BOT',
          bot_user_id: BOT,
          app_id: APP,
          scopes: given.scopes,
        },
        ...given.people.map(({ id, name }) => ({ token: `xoxp-${id}`, user: name, scopes: PERSON_SCOPES })),
        { token: READER, user: given.people[0]?.name, scopes: ['users:read', 'channels:read'] },
      ],
      strict_scopes: true,
    },
  };
  writeFileSync(join(scratch, 'seed.yaml'), stringify(seed));
  const plain = async (method: string, token: string, args: Payload = {}): Promise<Payload> => {
    const response = await fetch(`${theirs}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(args),
    });
    const read: unknown = await response.json();
    return isObject(read) ? read : {};
  };
  const program = await startProgram(
    folder,
    'emulate/dist/index.js',
    ['start', '--service', 'slack', '--seed', 'seed.yaml', '-p', String(port)],
    async () => (await plain('auth.test', READER))['ok'] === true,
    { cwd: scratch },
  );

  const users = listAt(await plain('users.list', READER), 'members');
  const channels = listAt(await plain('conversations.list', READER), 'channels');
  const pairs: (readonly [string, string])[] = [
    [TEAM, textAt(await plain('auth.test', READER), 'team_id')],
    [
      'C0LOBBY',
      textAt(
        channels.find((c) => textAt(c, 'name') === 'general'),
        'id',
      ),
    ],
    ...given.people.map(({ id, name }): readonly [string, string] => [
      id,
      textAt(
        users.find((u) => textAt(u, 'name') === name),
        'id',
      ),
    ]),
  ];
  const change = (text: string, from: 0 | 1): string =>
    pairs.reduce((out, pair) => (pair[from] === '' ? out : out.replaceAll(pair[from], pair[from === 0 ? 1 : 0])), text);
  const toTheirs = (text: string): string => change(text, 0);
  const toOurs = (text: string): string => change(text, 1).replaceAll(theirs, given.ours);
  const asked = async (method: string, token: string, args: Payload): Promise<Payload> => {
    const answer = await plain(method, token, JSON.parse(toTheirs(JSON.stringify(args))) as Payload);
    if (answer['ok'] !== true) throw new Error(`${method} of a person: ${JSON.stringify(answer)}`);
    return JSON.parse(toOurs(JSON.stringify(answer))) as Payload;
  };

  const unknown = new Set<string>();
  const missing: string[] = [];
  return {
    unknown,
    missing,
    async call(method, contentType, raw) {
      const response = await fetch(`${theirs}/api/${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': contentType },
        body: toTheirs(raw.toString()),
      });
      if (response.status === 404) {
        unknown.add(method);
        return null;
      }
      const read: unknown = JSON.parse(toOurs(await response.text()));
      const answer = isObject(read) ? read : {};
      if (answer['error'] === 'missing_scope') missing.push(`${method} needs ${textAt(answer, 'needed')}`);
      return answer;
    },
    bytes: (path, bearer, body) =>
      fetch(`${theirs}${path.replace(`/files-pri/${TEAM}-`, '/files-pri/')}`, {
        ...(body === null ? {} : { method: 'POST', body: new Uint8Array(body) }),
        headers: bearer === '' ? {} : { authorization: `Bearer ${BOT_TOKEN}` },
        redirect: 'manual',
      }),
    async say(user, channel, text, more) {
      const files = listAt(more, 'files');
      if (files.length > 0) {
        // A file is shared where its upload is completed.
        const ids = files.map((f) => ({ id: textAt(f, 'id'), title: textAt(f, 'name') }));
        await asked('files.completeUploadExternal', `xoxp-${user}`, {
          files: ids,
          channel_id: channel,
          initial_comment: text,
        });
        const history = await asked('conversations.history', BOT_TOKEN, { channel });
        return textAt(listAt(history, 'messages')[0], 'ts');
      }
      return textAt(await asked('chat.postMessage', `xoxp-${user}`, { channel, text }), 'ts');
    },
    async addFile(user, name, bytes) {
      const begun = await asked('files.getUploadURLExternal', `xoxp-${user}`, { filename: name, length: bytes.length });
      const id = textAt(begun, 'file_id');
      await fetch(`${theirs}/upload/v1/${id}`, { method: 'POST', body: new Uint8Array(bytes) });
      const url = `${given.ours}/files-pri/${id}/${encodeURIComponent(name)}`;
      return { id, url_private: url, url_private_download: url };
    },
    async trigger(user) {
      return textAt(await asked('views.generateTriggerId', BOT_TOKEN, { user_id: user }), 'trigger_id');
    },
    async standing(channel) {
      const top = listAt(await asked('conversations.history', BOT_TOKEN, { channel, limit: 1000 }), 'messages');
      const all: Payload[] = [];
      for (const message of top) {
        const replies = await asked('conversations.replies', BOT_TOKEN, { channel, ts: textAt(message, 'ts') });
        all.push(...listAt(replies, 'messages').map((m) => objectAt({ m }, 'm')));
      }
      return all;
    },
    async stop() {
      await program.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
