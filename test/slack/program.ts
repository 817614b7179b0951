// The program itself, as npm start runs it, against FakeSlack: started, killed and started again on the same data folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FakeSlack } from '../doubles/fake-slack.ts';
import { organisationText } from './world.ts';

export class Program {
  readonly folder = mkdtempSync(join(tmpdir(), 'countersign-slack-start-'));
  output = '';
  #child: ChildProcess | null = null;

  /** Starts it; the environment has nothing but what it needs. Gives its exit. */
  start(env: Readonly<Record<string, string>>, { hasOrganisation = false } = {}): Promise<number | null> {
    this.output = '';
    if (!hasOrganisation) writeFileSync(join(this.folder, 'countersign.yml'), organisationText());
    const child = spawn(process.execPath, ['dist/src/main.js'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        COUNTERSIGN_PORT: '0',
        COUNTERSIGN_DATA: join(this.folder, 'data'),
        COUNTERSIGN_ORGANISATION: join(this.folder, 'countersign.yml'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.on('data', (b) => (this.output += b));
    child.stderr?.on('data', (b) => (this.output += b));
    this.#child = child;
    return once(child, 'exit').then(([code]) => code as number | null);
  }

  /** Starts it on a workspace over Socket Mode and waits until it is connected. */
  async connect(fake: FakeSlack): Promise<void> {
    void this.start({
      COUNTERSIGN_SLACK_BOT_TOKEN: fake.botToken,
      COUNTERSIGN_SLACK_APP_TOKEN: fake.appToken,
      COUNTERSIGN_SLACK_API_URL: fake.apiUrl,
    });
    await this.until(() => fake.connections === 1 && this.output.includes('Slack is on over Socket Mode'));
  }

  async until(holds: () => boolean): Promise<void> {
    const endMs = Date.now() + 40_000;
    while (!holds()) {
      if (Date.now() > endMs) throw new Error(`it did not happen:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async end(): Promise<void> {
    await this.kill('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
