// log find and log show: what a tired person types, what they read, and what is said when nothing was found.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const LOG = [
  ...Array.from({ length: 100 }, (_, i) => `2026-11-19T08:00:${String(i % 60).padStart(2, '0')}Z web1 app: tick ${i}`),
  '2026-11-19T08:15:30Z web1 sshd[9]: Accepted password for root from 203.0.113.66 port 41 ssh2',
].join('\n');

let h: Harness;
let where: Conversation;
beforeAll(async () => {
  h = await harness();
  ({ in: where } = await h.open('mira', { title: 'A search' }));
});
afterAll(() => h.end());

/** What is answered, refusals included. */
async function ask(words: string): Promise<string> {
  return replyText(await h.type('mira', words, { in: where }));
}

it('without evidence there is nothing to search, and it says what to do', async () => {
  expect(await ask('log find root')).toContain('No evidence is kept yet');
});

describe('with a log', () => {
  beforeAll(async () => {
    await h.type('mira', 'log', { in: where, files: [{ name: 'auth.log', bytes: new TextEncoder().encode(LOG) }] });
    await h.settled();
    const form = formOf(await h.press('mira', 'Preview and add', { in: where }));
    await h.submit('mira', form, { which: 'worth', zone: '' }, { in: where });
  });

  it('names each hit by evidence and line, and what was searched', async () => {
    const found = await ask('log find accepted password');
    expect(found).toContain('`EV-1:101` | 2026-11-19T08:15:30Z web1 sshd[9]: Accepted password');
    expect(found).toContain('Hits 1 to 1 of 1');
    expect(found).toContain('Searched every byte of `EV-1` auth.log');
  });

  it('finds what is copied defanged from our own answers', async () => {
    expect(await ask('log find 203[.]0[.]113[.]66')).toContain('`EV-1:101`');
    expect(await ask('timeline address:203[.]0[.]113[.]66')).toContain('EV-1:101');
  });

  it('goes on after the first hits', async () => {
    expect(await ask('log find tick')).toContain('Hits 1 to 40 of more');
    const next = replyText(await h.press('mira', 'More hits', { in: where }));
    expect(next).toContain('Hits 41 to 80 of more');
    expect(next).toContain('`EV-1:41`');
    expect(replyText(await h.press('mira', 'More hits', { in: where }))).toContain('Hits 81 to 100 of 100');
  });

  it('says what was searched when nothing was found, and how an expression is written', async () => {
    const none = await ask('log find Accepted .* for mallory');
    expect(none).toContain('Not found');
    expect(none).toContain('`EV-1` auth.log');
    expect(none).toContain('write it between slashes');
    expect(await ask('timeline host:nowhere')).toMatch(/No event fits host:nowhere: \d+ events were looked at/);
  });

  it.each([
    ['/Accepted (password/', 'a bracket "(" is never closed'],
    ['/[a-/', 'a "[" is never closed'],
    ['/a)/', 'a ")" has no "("'],
    ['/(a+)\\1/', 'Backreferences do not exist here'],
    ['/(?<=a)b/', 'does not exist here'],
    ['/*a/', 'stand behind what they repeat'],
  ])('says what is wrong with %s, and what to do', async (expression, why) => {
    const said = await ask(`log find ${expression}`);
    expect(said).toContain(why);
    expect(said).toContain('leave out the slashes');
    expect(said).not.toContain('(?m)');
  });

  it('shows a line among its neighbours, with its event', async () => {
    const shown = await ask('log show ev-1:101');
    expect(shown).toContain('EV-1 line 101, exactly as received');
    expect(shown).toContain('tick 99');
    expect(shown).toContain('[Event EV-1:101]');
    expect(replyText(await h.press('mira', 'Earlier lines', { in: where }))).toContain('tick 94');
    expect(await ask('log show EV-1:7')).toContain('in no event on the timeline');
    expect(await ask('log show EV-1:102')).toContain('EV-1 has no line 102: it has 101');
    expect(await ask('log show 7')).toContain('such as: log show EV-1:118');
    expect(await ask('log show EV-9:1')).toContain('There is no evidence EV-9');
  });
});
