import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHANNEL } from '../doubles/fake-teams.ts';
import { inputsOf, wordsOf } from './cards.ts';
import { type TeamsWorld, teamsWorld } from './world.ts';

describe('an incident in a Teams channel', () => {
  let w: TeamsWorld;
  beforeEach(async () => {
    w = await teamsWorld();
  });
  afterEach(() => w.end());

  async function open(): Promise<void> {
    await w.teams.mention('mira', 'open Logins from abroad');
    const form = await w.find(/Open an incident/, w.teams.directOf('mira'));
    expect(inputsOf(form.activity).map((i) => i['id'])).toContain('text.title');
    await w.press('mira', /^Open$/, {
      in: w.teams.directOf('mira'),
      values: {
        'text.title': 'Logins from abroad',
        'one.severity': 'SEV2',
        'one.kind': 'live',
        'one.isPrivate': 'no',
        'one.isCommander': 'yes',
      },
    });
    await w.find(/INC-1 Logins from abroad/);
  }

  it('opens by a mention and a form in the private chat, with its card in the channel', async () => {
    await open();
    expect(wordsOf((await w.find(/Severity/)).activity)).toContain('SEV2');
    const declared = await w.records('incident.declared');
    expect(JSON.stringify(declared)).toContain(CHANNEL);
  });
});
