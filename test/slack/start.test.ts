// The program itself, as npm start runs it, with Slack switched on.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeSlack } from '../doubles/fake-slack.ts';
import { idOf, organisationText } from './world.ts';

describe('starting with Slack', () => {
  let folder: string;
  let child: ChildProcess | null = null;
  let output = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-slack-start-'));
  });
  afterEach(async () => {
    if (child && child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  function start(env: Readonly<Record<string, string>>): ChildProcess {
    output = '';
    writeFileSync(join(folder, 'countersign.yml'), organisationText());
    child = spawn(process.execPath, ['dist/src/main.js'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        COUNTERSIGN_PORT: '0',
        COUNTERSIGN_DATA: join(folder, 'data'),
        COUNTERSIGN_ORGANISATION: join(folder, 'countersign.yml'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.on('data', (b) => (output += b));
    child.stderr?.on('data', (b) => (output += b));
    return child;
  }

  const until = async (holds: () => boolean): Promise<void> => {
    const endMs = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > endMs) throw new Error(output);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it.each([
    ['a bot token alone', { COUNTERSIGN_SLACK_BOT_TOKEN: 'xoxb-example' }, 'COUNTERSIGN_SLACK_APP_TOKEN'],
    ['an app token alone', { COUNTERSIGN_SLACK_APP_TOKEN: 'xapp-example' }, 'COUNTERSIGN_SLACK_BOT_TOKEN'],
    ['the tokens mixed up', { COUNTERSIGN_SLACK_BOT_TOKEN: 'xapp-example' }, 'a bot token starts with xoxb-'],
  ])('says what is missing with %s, and exits 2', async (_name, env, words) => {
    const [code] = await once(start(env), 'exit');
    expect(code).toBe(2);
    expect(output).toContain(words);
  });

  it('connects with both tokens and answers the first command', async () => {
    const fake = await FakeSlack.start('socket');
    try {
      fake.workspace.users.set(idOf('mira'), { id: idOf('mira'), name: 'Mira Sample' });
      start({
        COUNTERSIGN_SLACK_BOT_TOKEN: fake.botToken,
        COUNTERSIGN_SLACK_APP_TOKEN: fake.appToken,
        COUNTERSIGN_SLACK_API_URL: fake.apiUrl,
      });
      await until(() => fake.connections === 1 && output.includes('Slack is on over Socket Mode'));
      expect((await fake.command(idOf('mira'), 'C0LOBBY', 'help doctor')).acked).toBe(true);
      await until(() => fake.responses.length > 0);
      expect(JSON.stringify(fake.responses[0]?.body)).toContain('Slack Socket Mode');
      expect(output).not.toContain('xoxb-');
    } finally {
      await fake.stop();
    }
  });
});
