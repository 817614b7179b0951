// Who is let into a private incident's channel, by whom: on record, said in the channel, and in the export.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation, Principal } from '../../src/chat/types.ts';
import { viewText } from '../../src/view/text.ts';
import { type Harness, harness, replyText } from '../harness.ts';

describe('the channel of a private incident', () => {
  let h: Harness;
  let place: Conversation;
  beforeEach(async () => {
    h = await harness();
    place = (await h.open('mira', { title: 'Somebody of ours', isPrivate: 'yes' })).in;
  });
  afterEach(() => h.end());

  let n = 0;
  const invite = async (by: string, who: string, where = place): Promise<string> => {
    n += 1;
    const event = { kind: 'invited', id: `i-${n}`, actor: h.who(by), person: h.who(who), conversation: where } as const;
    return replyText(await h.send(event));
  };
  const come = async (who: string, by?: Principal): Promise<string> => {
    n += 1;
    const event = {
      kind: 'joined',
      id: `j-${n}`,
      actor: h.who(who),
      conversation: place,
      ...(by ? { by } : {}),
    } as const;
    return replyText(await h.send(event));
  };
  const said = async (who: string, text: string): Promise<string> => replyText(await h.type(who, text, { in: place }));
  const records = async (type: string) =>
    (await h.services.store.readStream('INC-1', 0)).map((r) => r.record).filter((r) => r.type === type);
  const posted = (): string =>
    h.chat.messages.flatMap((m) => (m.view && m.onlyFor === null ? [viewText(m.view.view)] : [])).join('\n');

  it('keeps who let whom in, and when, and everybody inside reads it', async () => {
    expect(await said('tomas', 'status')).toContain('Somebody inside can let you in');
    h.clock.now += 60_000;
    expect(await invite('mira', 'tomas')).toBe('');
    expect(await records('member.invited')).toMatchObject([
      {
        ts: '2026-11-20T12:01:00.000Z',
        actor: { kind: 'human', id: 'mira' },
        body: { person: { id: 'tomas' }, by: { id: 'mira' }, isInside: true },
      },
    ]);
    expect(posted()).toContain('Mira Sample let Tomas Sample into this private channel');
    expect(await said('tomas', 'status')).toContain('Somebody of ours');
    expect(await said('mira', 'audit')).toMatch(/member\.invited.*by: Mira Sample, person: Tomas Sample/);
  });

  it('gives who was let in the catch-up when they come, once', async () => {
    await invite('mira', 'tomas');
    expect(await come('tomas')).toContain('CATCH-UP');
    expect(await come('tomas')).toBe('');
    expect(await records('member.joined')).toHaveLength(1);
    await invite('mira', 'tomas');
    expect(await records('member.invited')).toHaveLength(1);
  });

  it('takes no invitation from outside', async () => {
    expect(await invite('bo', 'tomas')).toContain('no such incident for you here');
    expect(await records('member.invited')).toEqual([]);
    expect(await records('command.refused')).toHaveLength(1);
  });

  it('takes the word of a platform that lets people in by itself, with who did it', async () => {
    expect(await come('tomas', h.who('mira'))).toContain('CATCH-UP');
    expect(await records('member.invited')).toMatchObject([
      { body: { person: { id: 'tomas' }, by: { id: 'mira' }, isInside: true } },
    ]);
    expect((await records('member.joined')).length).toBe(1);
  });

  it.each([
    ['nobody is named', undefined],
    ['somebody from outside', 'bo'],
  ])('warns of who came in through %s, and gives them no say', async (_name, by) => {
    expect(await come('tomas', by === undefined ? undefined : h.who(by))).toBe('');
    expect(await records('member.invited')).toMatchObject([{ body: { person: { id: 'tomas' }, isInside: false } }]);
    expect(posted()).toContain('Tomas Sample came into this private channel, and nobody inside let them in');
    expect(await said('tomas', 'status')).toContain('no such incident for you here');
    await come('tomas');
  });

  it('of an incident that everybody sees keeps no such record', async () => {
    const open = (await h.open('mira', { title: 'Open to all' })).in;
    expect(await invite('mira', 'tomas', open)).toBe('');
    const all = (await h.services.store.readStream('INC-2', 0)).map((r) => r.record.type);
    expect(all).not.toContain('member.invited');
  });
});
