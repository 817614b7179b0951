// The README's Slack section, followed word by word by somebody new: every file, setting and command is taken from its text.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { listAt, objectAt, textAt } from '../../adapters/slack/parse/payload.ts';
import { FakeSlack } from '../doubles/fake-slack.ts';
import { Program } from './program.ts';
import { idOf, stateOf } from './world.ts';

// The program is started and stopped for each: a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const MIRA = idOf('mira');
const readme = readFileSync('README.md', 'utf8');
const section = readme.split('\n## Slack in five minutes\n')[1]?.split('\n## ')[0] ?? '';
const step = (n: number): string => section.split(new RegExp(`\\n${n}\\. `))[1]?.split(/\n\d\. /)[0] ?? '';
const codes = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map((m) => m[1] as string);

describe('the Slack section of the README', () => {
  let fake: FakeSlack;
  let program: Program;
  beforeEach(() => {
    program = new Program();
  });
  afterEach(async () => {
    await program.end();
    await fake.stop();
  });

  /** What an administrator gets from pasting a manifest: an app with its scopes, and nothing that it does not name. */
  function install(manifest: string): { readonly command: string } {
    const read = parse(readFileSync(manifest, 'utf8')) as object;
    fake.workspace.scopes = [...listAt(read, 'oauth_config', 'scopes', 'bot')].map(String);
    fake.isEchoing = listAt(read, 'settings', 'event_subscriptions', 'bot_events').includes('message.channels');
    return { command: textAt(listAt(read, 'features', 'slash_commands')[0], 'command') };
  }

  /** Starts with the line of step 5, its three dots replaced by what Slack showed, and the sample's people with the ids of step 4. */
  async function startAsWritten(line: string, tokens: Readonly<Record<string, string>>): Promise<void> {
    const env = Object.fromEntries(
      [...line.matchAll(/(COUNTERSIGN_[A-Z_]+)=\S+/g)].map((m) => [m[1] as string, tokens[m[1] as string] ?? '']),
    );
    expect(Object.values(env).every((value) => value !== '')).toBe(true);
    const ids = codes(step(4)).find((c) => c.startsWith('ids:')) ?? '';
    expect(ids).toContain('web: mira');
    const mine = ids.replace('U0MIRA', MIRA);
    writeFileSync(
      join(program.folder, 'countersign.yml'),
      readFileSync('countersign.example.yml', 'utf8').replace('ids: { web: mira }', mine),
    );
    void program.start({ ...env, COUNTERSIGN_SLACK_API_URL: fake.apiUrl }, { hasOrganisation: true });
    await program.until(() => program.output.includes('Slack is on over'));
  }

  const type = async (words: string, channel: string): Promise<void> => {
    const [command, ...rest] = words.split(' ');
    expect(command).toBe('/ir');
    expect((await fake.command(MIRA, channel, rest.join(' '))).acked).toBe(true);
  };

  /** Steps 6 and 7. */
  async function openAndAsk(): Promise<string> {
    const [open] = codes(step(6));
    await type(open as string, 'C0LOBBY');
    await program.until(() => fake.workspace.views.some((v) => v.isOpen));
    const view = fake.workspace.views.at(-1)!;
    const button = /\*\*(\w+)\*\*/.exec(step(6))?.[1];
    expect(textAt(view, 'submit', 'text')).toContain(button);
    const values = Object.fromEntries(
      listAt(view, 'blocks')
        .filter((b) => textAt(b, 'type') === 'input')
        .map((b) => {
          const name = textAt(b, 'block_id');
          return [name, stateOf(objectAt(b, 'element'), name === 'title' ? 'Odd logins' : undefined)];
        }),
    );
    await fake.submit(MIRA, view, values);
    await program.until(() => fake.workspace.pins.length === 1);
    const channel = fake.workspace.pins[0]?.channel as string;
    expect(fake.workspace.channels.get(channel)?.members.has(MIRA)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = fake.responses.length;
    const [doctor] = codes(step(7));
    await type(doctor as string, channel);
    await program.until(() => fake.responses.slice(before).some((r) => JSON.stringify(r.body).includes('Self test')));
    return JSON.stringify(fake.responses.at(-1)?.body);
  }

  it('leads over Socket Mode from the manifest to an open incident and a self test without a red row', async () => {
    fake = await FakeSlack.start('socket');
    fake.workspace.users.set(MIRA, { id: MIRA, name: 'Mira Sample' });
    expect(step(1)).toContain('[manifest.yml](manifest.yml)');
    expect(install('manifest.yml')).toEqual({ command: '/ir' });
    expect(step(2)).toContain('connections:write');
    const line = section.split('\n').find((l) => l.includes('npm start')) ?? '';
    await startAsWritten(line, {
      COUNTERSIGN_SLACK_BOT_TOKEN: fake.botToken,
      COUNTERSIGN_SLACK_APP_TOKEN: fake.appToken,
    });
    await program.until(() => fake.connections === 1);
    const doctor = await openAndAsk();
    expect(doctor).not.toContain('BROKEN');
    expect(doctor).toMatch(/All \d+ checks are good/);
    for (const row of ['Slack token', 'Slack scopes', 'Slack Socket Mode', 'Slack events', 'Clock', 'Schedule'])
      expect(doctor).toContain(row);
    expect(fake.workspace.refused).toEqual([]);
  });

  it('leads over HTTP as well, with the other manifest and the signing secret', async () => {
    fake = await FakeSlack.start('http');
    fake.workspace.users.set(MIRA, { id: MIRA, name: 'Mira Sample' });
    const other = section.split('\n\n').at(-1) ?? '';
    const manifest = /\((manifest-http\.yml)\)/.exec(other)?.[1] ?? '';
    install(manifest);
    const url = /request_url: (\S+)/.exec(readFileSync(manifest, 'utf8'))?.[1] ?? '';
    const setting = codes(other).find((c) => c.startsWith('COUNTERSIGN_')) ?? '';
    await startAsWritten(`COUNTERSIGN_SLACK_BOT_TOKEN=x ${setting}=x`, {
      COUNTERSIGN_SLACK_BOT_TOKEN: fake.botToken,
      COUNTERSIGN_SLACK_SIGNING_SECRET: fake.signingSecret,
    });
    const address = /running at (\S+)/.exec(program.output)?.[1] ?? '';
    fake.requestUrl = new URL(new URL(url).pathname, address).href;
    const doctor = await openAndAsk();
    expect(doctor).not.toContain('BROKEN');
    expect(doctor).toMatch(/All \d+ checks are good/);
    expect(doctor).toContain('Slack receives over HTTP');
  });
});
