// Slack as a platform: what the outbox calls. Nothing here decides anything.
import { MessageGone } from '../../../src/chat/message-gone.ts';
import type {
  ChatPort,
  Conversation,
  DeliverableView,
  MessageRef,
  OutgoingFile,
  Urgency,
} from '../../../src/chat/types.ts';
import { BUDGET, LIVES } from '../limits.ts';
import type { SlackOptions } from '../options.ts';
import type { Installation } from '../parse/envelope.ts';
import { flagAt, listAt, objectAt, textAt } from '../parse/payload.ts';
import type { People } from '../people.ts';
import { type DownloadParts, downloads } from '../receive/download.ts';
import { messageAt } from '../receive/message-at.ts';
import { arrange, type Room } from '../render/fit.ts';
import { fallbackText } from '../render/plain.ts';
import type { Block } from '../render/rich-text.ts';
import { MESSAGE_ROOM, piecesOf, simplePieces } from '../render/view.ts';
import { invite, makeChannel } from './channel.ts';
import { type Call, type Clients, SlackRefused, SlackUnreachable } from './clients.ts';
import { Pace } from './pace.ts';
import { blockIdOf, Standing } from './standing.ts';

export const PLATFORM = 'slack';

export interface PortParts {
  readonly clients: Clients;
  readonly people: People;
  readonly own: () => Installation;
  readonly options: SlackOptions;
  /** Bytes of a picture that a view names. */
  readonly blob: (sha256: string) => Promise<Uint8Array | null>;
  readonly files: DownloadParts;
}

export interface SlackPort extends ChatPort {
  /** The private chat with somebody. */
  direct(user: string): Promise<Conversation>;
  /** Uploads the pictures of a view; gives how many there are. */
  pictures(
    to: Conversation,
    view: DeliverableView,
    options: { readonly key: string; readonly thread?: string },
  ): Promise<number>;
}

const moreLine = (count: number): string =>
  `This is longer than one Slack message: ${count} more ${count === 1 ? 'part follows' : 'parts follow'} in the thread.`;

/** Everything that keeps Slack from changing or expanding what we say. */
const QUIET = { unfurl_links: false, unfurl_media: false, parse: 'none', link_names: false, mrkdwn: false } as const;

const isRefusedBlocks = (error: unknown): boolean =>
  error instanceof SlackRefused &&
  ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long'].includes(error.code);

export function createPort(parts: PortParts): SlackPort {
  const { clients, options } = parts;
  const pace = new Pace(options.waits?.betweenPostsMs ?? LIVES.betweenPostsMs, options.now);
  const standing = new Standing(clients.traffic);
  const directs = new Map<string, string>();
  const callFor = (isUrgent: boolean | undefined): Call => (isUrgent ? clients.urgent : clients.traffic);
  const conversation = (id: string): Conversation => ({ platform: PLATFORM, tenant: parts.own().tenant, id });

  function ours(to: Conversation): void {
    if (to.platform !== PLATFORM || to.tenant !== parts.own().tenant)
      throw new Error(`Countersign is not installed in the Slack workspace ${to.tenant}`);
  }

  /** Sends with the blocks; when Slack refuses them, with less at once; at last with plain words and the buttons. */
  async function withFallback(
    view: DeliverableView,
    id: string,
    send: (blocks: readonly Block[]) => Promise<string>,
  ): Promise<{ readonly ts: string; readonly more: readonly (readonly Block[])[] }> {
    const smaller: Room = { ...MESSAGE_ROOM, total: BUDGET.messageTotal / 2 };
    const tries = [
      () => arrange(piecesOf(view), MESSAGE_ROOM, id, moreLine),
      () => arrange(piecesOf(view), smaller, id, moreLine),
      () => arrange(simplePieces(view), smaller, id, moreLine),
    ];
    for (const [i, make] of tries.entries()) {
      const fitted = make();
      try {
        return { ts: await send(fitted.first), more: fitted.more };
      } catch (error) {
        if (i === tries.length - 1 || !isRefusedBlocks(error)) throw error;
        options.log.warn(
          { err: error, summary: view.view.summary },
          'Slack refused the blocks of a message; it is sent simpler',
        );
      }
    }
    throw new Error('unreachable');
  }

  async function say(
    call: Call,
    channel: string,
    thread: string | undefined,
    text: string,
    blocks: readonly Block[],
  ): Promise<string> {
    const id = String(blocks[0]?.['block_id'] ?? '');
    const there = await standing.find(channel, thread, id);
    if (there !== null) return there;
    try {
      const answer = await call('chat.postMessage', {
        channel,
        text,
        blocks,
        ...QUIET,
        ...(thread === undefined ? {} : { thread_ts: thread }),
      });
      const ts = textAt(answer, 'ts');
      if (ts === '') throw new SlackUnreachable('chat.postMessage gave no ts');
      standing.add(channel, thread, id, ts);
      return ts;
    } catch (error) {
      if (error instanceof SlackUnreachable) standing.isUncertain(channel, thread);
      throw error;
    }
  }

  async function continueIn(
    call: Call,
    channel: string,
    thread: string,
    summary: string,
    more: readonly (readonly Block[])[],
  ): Promise<void> {
    for (const [i, blocks] of more.entries())
      await say(call, channel, thread, `${summary.slice(0, 200)} (part ${i + 2})`, blocks);
  }

  const uploaded = new Set<string>();
  async function sendFile(
    channel: string,
    thread: string | undefined,
    file: OutgoingFile,
    key: string,
  ): Promise<string> {
    if (uploaded.has(key)) return key;
    const answer = await clients.upload({
      channel_id: channel,
      ...(thread === undefined ? {} : { thread_ts: thread }),
      filename: file.name,
      title: file.name,
      file: Buffer.from(file.bytes),
      ...(file.altText ? { alt_text: file.altText.slice(0, BUDGET.fileAltText) } : {}),
    });
    uploaded.add(key);
    if (uploaded.size > 10_000) uploaded.delete(uploaded.values().next().value as string);
    const files = answer['files'];
    const first = Array.isArray(files) ? files[0] : undefined;
    return textAt(first, 'id') || textAt(Array.isArray(first?.files) ? first.files[0] : undefined, 'id') || key;
  }

  async function pictures(
    channel: string,
    thread: string | undefined,
    view: DeliverableView,
    key: string,
  ): Promise<number> {
    let sent = 0;
    for (const element of view.view.elements) {
      if (element.kind !== 'image' || element.png === '') continue;
      const bytes = await parts.blob(element.png);
      if (!bytes) continue;
      const file = { name: `${element.png.slice(0, 12)}.png`, mediaType: 'image/png', bytes, altText: element.altText };
      await sendFile(channel, thread, file, `${key}/${element.png}`);
      sent += 1;
    }
    return sent;
  }

  async function post(
    to: Conversation,
    view: DeliverableView,
    {
      key,
      thread,
      isPinned,
      isUrgent,
    }: { readonly key: string; readonly thread?: string; readonly isPinned?: boolean } & Urgency,
  ): Promise<MessageRef> {
    ours(to);
    if (!isUrgent) pace.enter(to.id, key);
    const call = callFor(isUrgent);
    const text = fallbackText(view.view);
    const { ts, more } = await withFallback(view, blockIdOf(key), (blocks) => say(call, to.id, thread, text, blocks));
    await continueIn(call, to.id, thread ?? ts, view.view.summary, more);
    await pictures(to.id, thread ?? ts, view, key);
    if (isPinned)
      await call('pins.add', { channel: to.id, timestamp: ts }).catch((error: unknown) =>
        options.log.warn({ err: error, channel: to.id }, 'the card could not be pinned'),
      );
    return { conversation: to, id: ts };
  }

  async function direct(user: string): Promise<Conversation> {
    const known = directs.get(user);
    if (known !== undefined) return conversation(known);
    const id = textAt(await clients.urgent('conversations.open', { users: user }), 'channel', 'id');
    if (id === '') throw new SlackUnreachable('conversations.open gave no channel');
    directs.set(user, id);
    return conversation(id);
  }

  return {
    platform: PLATFORM,
    capabilities: {
      hasEphemeral: true,
      hasThreads: true,
      hasForms: true,
      canCreateConversation: true,
      hasChannelFiles: true,
      maxFileBytes: options.maxFileBytes,
      hasPictures: 'png',
    },
    post,
    direct,
    pictures: (to, view, { key, thread }) => pictures(to.id, thread, view, key),
    async edit(message, view, { isUrgent } = {}) {
      const { id: channel } = message.conversation;
      ours(message.conversation);
      const call = callFor(isUrgent);
      const text = fallbackText(view.view);
      // Another id than the first time: Slack wants new ones after an edit, and what goes on below is found by its content.
      const id = blockIdOf(`${message.id}/${JSON.stringify(view.view)}`);
      try {
        const { more } = await withFallback(view, id, async (blocks) =>
          textAt(
            await call('chat.update', { channel, ts: message.id, text, blocks, parse: 'none', link_names: false }),
            'ts',
          ),
        );
        await continueIn(call, channel, message.id, view.view.summary, more);
      } catch (error) {
        if (error instanceof SlackRefused && error.code === 'message_not_found')
          throw new MessageGone(`the message ${message.id} was deleted in Slack`);
        throw error;
      }
    },
    async tellPrivately(person, view, { key, isUrgent }) {
      if (person.tenant !== parts.own().tenant) throw new Error('this person is not of the installed workspace');
      return post(await direct(person.id), view, { key, isUrgent: isUrgent ?? false });
    },
    async upload(to, file, { key, thread }) {
      ours(to);
      pace.enter(to.id, key);
      return { conversation: to, id: await sendFile(to.id, thread, file, key) };
    },
    async createConversation(name, { isPrivate, members }) {
      const { id, isNew } = await makeChannel(clients.urgent, parts.own().botUser, name, isPrivate);
      if (isNew) standing.isNew(id);
      const users = members.filter((m) => m.platform === PLATFORM && m.id !== parts.own().botUser).map((m) => m.id);
      if (users.length > 0) await invite(clients.urgent, id, users);
      return conversation(id);
    },
    async isShared(conversation) {
      ours(conversation);
      const { channel } = await clients.urgent('conversations.info', { channel: conversation.id });
      return flagAt(channel, 'is_ext_shared');
    },
    async filesOf(message) {
      ours(message.conversation);
      const found = await messageAt(clients.traffic, message.conversation.id, message.id);
      return downloads(
        listAt(found, 'files').map((f) => objectAt({ f }, 'f')),
        parts.files,
      );
    },
    resolvePerson: (who) => parts.people.fresh(who),
  };
}
