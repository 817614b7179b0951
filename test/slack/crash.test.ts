// Killed at every point between Slack's delivery and the answer: the work is done once, and the person is told.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { objectAt, textAt } from '../../adapters/slack/parse/payload.ts';
import { FakeSlack } from '../doubles/fake-slack.ts';
import type { SlackView } from '../doubles/fake-slack-api.ts';
import { Program } from './program.ts';
import { idOf, stateOf } from './world.ts';

// The program is started and stopped for each: a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const MIRA = idOf('mira');

describe('killed while Slack waits', () => {
  let fake: FakeSlack;
  let program: Program;
  beforeEach(async () => {
    fake = await FakeSlack.start('socket');
    fake.workspace.users.set(MIRA, { id: MIRA, name: 'Mira Sample' });
    program = new Program();
    await program.connect(fake);
  });
  afterEach(async () => {
    await program.end();
    await fake.stop();
  });

  /** Everything Mira was told alone or that stands in a channel, since the n-th message. */
  const said = (since = 0): string =>
    fake.workspace.messages
      .slice(since)
      .map((m) => m.text)
      .join('\n');

  async function again(): Promise<void> {
    await program.kill();
    await program.until(() => fake.connections === 0);
    await program.connect(fake);
  }

  async function formToOpen(): Promise<SlackView> {
    await fake.command(MIRA, 'C0LOBBY', 'open');
    await program.until(() => fake.workspace.views.some((v) => v.isOpen));
    return fake.workspace.views.at(-1) as SlackView;
  }

  /** Sends the form and does not wait: the process may be gone before it acknowledges. */
  function declare(view: SlackView): void {
    const values = Object.fromEntries(
      (view['blocks'] as object[])
        .filter((b) => textAt(b, 'type') === 'input')
        .map((b) => {
          const name = textAt(b, 'block_id');
          const wanted = name === 'title' ? 'Odd logins' : name === 'severity' ? 'SEV2' : undefined;
          return [name, stateOf(objectAt(b, 'element'), wanted)];
        }),
    );
    void fake.submit(MIRA, view, values);
  }

  async function timesOnTimeline(channel: string): Promise<number> {
    await fake.command(MIRA, channel, 'timeline');
    const answer = () => fake.workspace.messages.find((m) => m.text.startsWith('Timeline of INC-1'));
    await program.until(() => answer() !== undefined);
    return JSON.stringify(answer()?.blocks).split('VPN rebooted').length - 1;
  }

  async function opened(): Promise<string> {
    declare(await formToOpen());
    await program.until(() => fake.workspace.pins.length === 1 && said().includes('INC-1 is open'));
    return fake.workspace.pins[0]?.channel as string;
  }

  it('after the acknowledgement and before the work: it is done after the restart', async () => {
    const channel = await opened();
    fake.trouble('users.info', { kind: 'slow', ms: 5000 });
    const asked = fake.callsOf('users.info').length;
    // Somebody whom it has not looked up yet, so that it has to ask.
    fake.workspace.users.set(idOf('noor'), { id: idOf('noor'), name: 'Noor Sample' });
    expect((await fake.command(idOf('noor'), channel, 'timeline add VPN rebooted at 08:00Z')).acked).toBe(true);
    await program.until(() => fake.callsOf('users.info').length > asked);
    const before = fake.workspace.messages.length;
    await again();
    await program.until(() => said(before).includes('TE-1'));
    expect(await timesOnTimeline(channel)).toBe(1);
  });

  it('after it was taken up and before anything is on record: it is done once, in the channel that was made already', async () => {
    const view = await formToOpen();
    fake.trouble('conversations.invite', { kind: 'slow', ms: 5000 });
    declare(view);
    await program.until(() => fake.callsOf('conversations.invite').length === 1);
    await again();
    await program.until(() => fake.workspace.pins.length === 1 && said().includes('INC-1 is open'));
    const made = [...fake.workspace.channels.values()].filter((c) => c.name.startsWith('inc-'));
    expect(made.map((c) => c.name)).toEqual(['inc-1-odd-logins']);
    expect(fake.workspace.pins[0]?.channel).toBe(made[0]?.id);
  });

  it('after it is on record and before the answer: it is not done again, and the person is told that it stands', async () => {
    const channel = await opened();
    fake.holdResponses = true;
    await fake.command(MIRA, channel, 'timeline add VPN rebooted at 08:00Z');
    await program.until(() => fake.heldResponses === 1);
    const before = fake.workspace.messages.length;
    fake.holdResponses = false;
    await again();
    await program.until(() => said(before).includes('It is on record: timeline event added (TE-1)'));
    expect(await timesOnTimeline(channel)).toBe(1);
  });

  it('a question whose answer was lost is answered', async () => {
    const channel = await opened();
    fake.holdResponses = true;
    await fake.command(MIRA, channel, 'status');
    await program.until(() => fake.heldResponses === 1);
    const before = fake.workspace.messages.length;
    fake.holdResponses = false;
    await again();
    await program.until(() => said(before).includes('INC-1'));
  });
});
