// Messages on the timeline: what an emoji, its removal, and the end of the message do to them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation, QuotedMessage } from '../../src/chat/types.ts';
import { type Harness, harness, replyText } from '../harness.ts';

describe('a message on the timeline', () => {
  let h: Harness;
  let room: Conversation;
  let message: QuotedMessage;
  let events = 0;
  const said = 'web-01 answers again since 11:58';

  const mark = async (who: string, isAdded: boolean, emoji = 'pushpin') =>
    h.send({
      kind: 'reaction',
      id: `reaction-${++events}`,
      actor: h.who(who),
      conversation: room,
      emoji,
      isAdded,
      message,
    });
  const timeline = async () => replyText(await h.type('mira', 'timeline', { in: room }));
  const exported = async () => {
    const reply = await h.type('mira', 'audit export json', { in: room });
    return reply.kind === 'private' ? Buffer.from(reply.file?.bytes ?? []).toString() : '';
  };

  beforeEach(async () => {
    h = await harness();
    const opened = await h.open('mira', { title: 'Outage' });
    room = opened.in;
    message = {
      ref: { conversation: room, id: 'm-17' },
      author: h.who('tomas'),
      text: said,
      sentAt: '2026-11-20T11:59:00.000Z',
    };
  });
  afterEach(() => h.end());

  it('past F16: is one event, however many people mark it', async () => {
    await mark('tomas', true);
    await mark('mira', true);
    await mark('tomas', true);
    expect((await timeline()).split(said)).toHaveLength(2);
  });

  it('past F7: taking the emoji away takes the event off and leaves what was said on record', async () => {
    await mark('tomas', true);
    await mark('tomas', false);
    const after = await timeline();
    expect(after).not.toContain(said);
    expect(after).toContain('1 retracted events are not shown; they stay on record');
    expect(await exported()).toContain(said);
  });

  it('past F8: a deleted message stays, marked as deleted at its source', async () => {
    await mark('tomas', true);
    await h.send({
      kind: 'source-changed',
      id: `gone-${++events}`,
      actor: h.who('tomas'),
      conversation: room,
      ref: message.ref,
      change: 'deleted',
    });
    expect(await timeline()).toContain(`${said} (source deleted)`);
  });

  it('is captured by its own emoji only', async () => {
    await mark('tomas', true, 'thumbsup');
    expect(await timeline()).not.toContain(said);
  });
});
