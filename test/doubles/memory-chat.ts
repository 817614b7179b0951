// A chat platform in memory: what the contract suites and the core's tests talk to. It keeps what was posted, as a platform would.
import type {
  ChatPort,
  Conversation,
  DeliverableView,
  MessageRef,
  OutgoingFile,
  Principal,
} from '../../src/chat/types.ts';

export interface PostedMessage {
  readonly ref: MessageRef;
  readonly key: string;
  readonly thread: string | null;
  /** Person it is for alone, or null. */
  readonly onlyFor: string | null;
  view: DeliverableView | null;
  readonly file: OutgoingFile | null;
  edits: number;
}

export interface MemoryChat extends ChatPort {
  readonly messages: PostedMessage[];
  /** What the directory says; by default everybody is a member. */
  readonly directory: Map<string, Principal | 'fails'>;
  /** How many of the next calls fail, as a platform in trouble. */
  failNext: number;
}

/** A platform called `memory`, tenant `test`. */
export function memoryChat(platform = 'web', tenant = 'local'): MemoryChat {
  let next = 1;
  const trouble = (chat: MemoryChat): void => {
    if (chat.failNext > 0) {
      chat.failNext -= 1;
      throw new Error('the platform is in trouble');
    }
  };
  const add = (
    chat: MemoryChat,
    to: Conversation,
    key: string,
    more: { view?: DeliverableView; file?: OutgoingFile; thread?: string; onlyFor?: string },
  ): MessageRef => {
    trouble(chat);
    const known = chat.messages.find((m) => m.key === key);
    if (known) return known.ref;
    const ref = { conversation: to, id: `m${next++}` };
    chat.messages.push({
      ref,
      key,
      thread: more.thread ?? null,
      onlyFor: more.onlyFor ?? null,
      view: more.view ?? null,
      file: more.file ?? null,
      edits: 0,
    });
    return ref;
  };
  const chat: MemoryChat = {
    platform,
    capabilities: {
      hasEphemeral: true,
      hasThreads: true,
      hasForms: true,
      canCreateConversation: true,
      hasChannelFiles: true,
      maxFileBytes: 1 << 28,
      hasPictures: 'svg',
    },
    messages: [],
    directory: new Map(),
    failNext: 0,
    post: async (to, view, { key, thread }) => add(chat, to, key, { view, ...(thread ? { thread } : {}) }),
    async edit(message, view) {
      trouble(chat);
      const standing = chat.messages.find((m) => m.ref.id === message.id);
      if (!standing) throw new Error('message_not_found');
      standing.view = view;
      standing.edits += 1;
    },
    tellPrivately: async (person, view, { key }) =>
      add(chat, { platform, tenant, id: `dm-${person.id}` }, key, { view, onlyFor: person.id }),
    upload: async (to, file, { key, thread }) => add(chat, to, key, { file, ...(thread ? { thread } : {}) }),
    async createConversation(name) {
      trouble(chat);
      return { platform, tenant, id: name };
    },
    async resolvePerson(who) {
      const entry = chat.directory.get(who.id);
      if (entry === 'fails') throw new Error('the directory does not answer');
      return { principal: entry ?? { platform, tenant: who.tenant, id: who.id, label: who.id, standing: 'member' } };
    },
  };
  return chat;
}
