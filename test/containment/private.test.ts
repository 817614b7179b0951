// What people were asked in private says what came of it, in the same message.
import { afterEach, describe, expect, it } from 'vitest';
import { buttonsOf } from '../../src/view/build.ts';
import { viewText } from '../../src/view/text.ts';
import { remove, World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** The private messages of somebody that are about asking, as they stand, with the labels of their buttons. */
const asked = (who: string) =>
  world.chat.privately
    .filter(
      (p) =>
        p.to === who &&
        /approval is asked for|still waits|You approved it in|was asked for/.test(viewText(p.view.view)),
    )
    .map((p) => ({ words: viewText(p.view.view), buttons: buttonsOf(p.view.view).map((b) => b.label) }));

const READ = 'Read it and decide';

describe('a private message that asks for an approval', () => {
  const proposed = async (): Promise<string> => {
    world = await (await World.make()).open();
    const key = await world.propose();
    for (const who of ['mira', 'ife']) expect(asked(who)).toMatchObject([{ buttons: [READ] }]);
    return key;
  };

  it.each([
    ['approved by another', (key: string) => world.approve('ife', key), /Approved by Ife Sample/is],
    [
      'denied',
      (key: string) => world.pressAndFill('ife', key, /^Deny/, { reason: 'The shop would be down at noon' }),
      /Denied by Ife Sample.*The shop would be down/is,
    ],
    ['expired', () => world.pass(300), /Expired/],
    [
      'withdrawn',
      async (key: string) => {
        const form = await world.type('tomas', `contain withdraw ${key}`);
        if (form.kind === 'form') await world.submit('tomas', form.form, { reason: 'It was the wrong host' });
      },
      /Withdrawn by Tomas Sample.*wrong host/is,
    ],
    [
      'made void by a stop',
      async () => {
        const form = await world.type('mira', 'contain stop');
        if (form.kind === 'form') await world.submit('mira', form.form, { reason: 'The targets are wrong' });
      },
      /Made void|superseded|void/i,
    ],
  ])('that is %s loses its button and says so, to everybody asked and nobody else', async (_name, act, words) => {
    const key = await proposed();
    const others = world.chat.privately.filter((p) => !['mira', 'ife', 'tomas'].includes(p.to)).length;
    await act(key);
    await world.settle();
    for (const who of ['mira', 'ife'])
      expect(asked(who)).toEqual([{ words: expect.stringMatching(words), buttons: [] }]);
    expect(world.chat.privately.filter((p) => !['mira', 'ife', 'tomas'].includes(p.to))).toHaveLength(others);
  });

  it('says to who approved that another is waited for, keeps the button for the others, and ends with both', async () => {
    world = await (await World.make()).open();
    const key = await world.propose('tomas', 'remove-persistence', remove());
    await world.pressAndFill('ife', key, /^Approve/, { typedTarget: 'web-01' });
    expect(asked('ife')).toEqual([{ words: expect.stringMatching(/You approved it.*1 of 2/s), buttons: [] }]);
    const second = ['mira', 'noor'].find((who) => asked(who)[0]?.buttons.includes(READ)) ?? '';
    expect(second).not.toBe('');
    await world.pressAndFill(second, key, /^Approve/, { typedTarget: 'web-01' });
    for (const who of ['ife', second])
      expect(asked(who)).toEqual([{ words: expect.stringMatching(/Approved by/), buttons: [] }]);
  });

  it('and the reminder of it are both edited', async () => {
    const key = await proposed();
    const c = await world.request(key);
    await world.pass((Date.parse(c.request.expiresAt) - world.nowMs) / 60_000 / 2 + 1);
    expect(asked('mira')).toMatchObject([{ buttons: [READ] }, { buttons: [READ] }]);
    await world.approve('ife', key);
    await world.settle();
    expect(asked('mira')).toMatchObject([{ buttons: [] }, { buttons: [] }]);
  });

  it('is edited by the process after the one that sent it', async () => {
    const key = await proposed();
    world = await world.restart();
    await world.approve('ife', key);
    await world.settle();
    expect(asked('mira')).toEqual([{ words: expect.stringMatching(/Approved by Ife Sample/is), buttons: [] }]);
  });

  it('that arrived although its sending broke off is edited all the same, and stands once', async () => {
    world = await (await World.make()).open();
    world.chat.answersLost = 10;
    const key = await world.propose();
    expect(asked('mira')).toMatchObject([{ buttons: [READ] }]);
    await world.approve('ife', key);
    world.chat.answersLost = 0;
    await world.pass(1);
    expect(asked('mira')).toEqual([{ words: expect.stringMatching(/Approved by Ife Sample/is), buttons: [] }]);
  });

  it('that could not be sent while it waited arrives as what came of it, never as a question', async () => {
    world = await (await World.make()).open();
    const real = world.chat.tellPrivately.bind(world.chat);
    world.chat.tellPrivately = () => Promise.reject(new Error('no private chat now'));
    const key = await world.propose();
    await world.approve('ife', key);
    world.chat.tellPrivately = real;
    await world.pass(1);
    expect(asked('mira')).toEqual([{ words: expect.stringMatching(/Approved by Ife Sample/is), buttons: [] }]);
  });

  it('and what the named executor was told follows: to carry out, to record, and done', async () => {
    const key = await proposed();
    await world.approve('mira', key);
    const mine = () =>
      world.chat.privately.flatMap((p) =>
        p.to === 'tomas' && /carry (it )?out/.test(viewText(p.view.view))
          ? [{ words: viewText(p.view.view), buttons: buttonsOf(p.view.view).map((b) => b.label) }]
          : [],
      );
    expect(mine()).toMatchObject([{ buttons: ['I carry it out now', 'Full text'] }]);
    await world.press('tomas', key, /carry it out/);
    expect(mine()).toMatchObject([{ buttons: ['Record the outcome'] }]);
    await world.pressAndFill('tomas', key, /Record the outcome/, {
      result: 'executed',
      summary: 'ping fails',
      evidence: '',
    });
    expect(mine()).toEqual([{ words: expect.stringMatching(/Done/), buttons: [] }]);
  });
});
