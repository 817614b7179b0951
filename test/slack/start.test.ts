// Starting with Slack: what is missing is said, and with both tokens it connects.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeSlack } from '../doubles/fake-slack.ts';
import { Program } from './program.ts';
import { idOf } from './world.ts';

// The program is started and stopped for each: a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

describe('starting with Slack', () => {
  let program: Program;
  beforeEach(() => {
    program = new Program();
  });
  afterEach(() => program.end());

  it.each([
    ['a bot token alone', { COUNTERSIGN_SLACK_BOT_TOKEN: 'xoxb-example' }, 'COUNTERSIGN_SLACK_APP_TOKEN'],
    ['an app token alone', { COUNTERSIGN_SLACK_APP_TOKEN: 'xapp-example' }, 'COUNTERSIGN_SLACK_BOT_TOKEN'],
    ['the tokens mixed up', { COUNTERSIGN_SLACK_BOT_TOKEN: 'xapp-example' }, 'a bot token starts with xoxb-'],
  ])('says what is missing with %s, and exits 2', async (_name, env, words) => {
    expect(await program.start(env)).toBe(2);
    expect(program.output).toContain(words);
  });

  it('connects with both tokens and answers the first command', async () => {
    const fake = await FakeSlack.start('socket');
    try {
      fake.workspace.users.set(idOf('mira'), { id: idOf('mira'), name: 'Mira Sample' });
      await program.connect(fake);
      expect((await fake.command(idOf('mira'), 'C0LOBBY', 'help doctor')).acked).toBe(true);
      await program.until(() => fake.responses.length > 0);
      expect(JSON.stringify(fake.responses[0]?.body)).toContain('Slack Socket Mode');
      expect(program.output).not.toContain('xoxb-');
    } finally {
      await fake.stop();
    }
  });
});
