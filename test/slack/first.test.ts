import { afterEach, describe, expect, it } from 'vitest';
import { SlackWorld } from './world.ts';

describe.each(['socket', 'http'] as const)('Slack over %s', (transport) => {
  let w: SlackWorld;
  afterEach(() => w.end());

  it('opens an incident in a channel of its own, with a pinned card', async () => {
    w = await SlackWorld.start({ transport });
    const { key, channel } = await w.open('mira', { title: 'Odd logins' });
    expect(key).toBe('INC-1');
    expect(w.text('mira', channel)).toContain('Odd logins');
    expect(w.fake.workspace.refused).toEqual([]);
    expect(w.fake.workspace.pins).toHaveLength(1);
  });
});
