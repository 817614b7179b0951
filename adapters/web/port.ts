// The workspace as a platform: what the outbox calls.
import { MessageGone } from '../../src/chat/message-gone.ts';
import type { ChatPort, Conversation, MessageRef, Principal } from '../../src/chat/types.ts';
import type { NewMessage, WorkspaceChannel } from '../../src/chat/workspace.ts';
import type { Hub } from './hub.tsx';
import { PLATFORM, TENANT, type WebSettings } from './options.ts';
import { principal } from './session.ts';

/** The conversation of a channel id. */
export const conversation = (id: string): Conversation => ({ platform: PLATFORM, tenant: TENANT, id });

/** Id of a person's private chat; the dot keeps it apart from every channel name. */
export const directId = (person: string): string => `dm.${person}`;

/** The private chat of a person, made when it is first needed. */
export function directChannel(settings: WebSettings, person: string): WorkspaceChannel {
  const createdAt = new Date(settings.now()).toISOString();
  const wanted = {
    id: directId(person),
    kind: 'direct',
    name: 'Countersign',
    isPrivate: true,
    owner: person,
    createdAt,
  } as const;
  return settings.store.ensureChannel(wanted, [person]);
}

/** The name as a channel may have it: lower case letters, digits and dashes, at most 80. */
function channelName(wanted: string): string {
  const plain = wanted
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80);
  return plain === '' ? 'channel' : plain;
}

/** A ChatPort on the workspace's own store: posting is durable when the promise resolves, and once for a key. */
export function createWebPort(settings: WebSettings, hub: Hub): ChatPort {
  const { store } = settings;
  const at = (): string => new Date(settings.now()).toISOString();

  function send(entry: Omit<NewMessage, 'id' | 'sentAt' | 'author'>): MessageRef {
    if (store.channel(entry.channel) === null) throw new Error(`The workspace has no channel ${entry.channel}.`);
    const { message, isNew } = store.add({ ...entry, id: settings.newId(), author: null, sentAt: at() });
    if (isNew) hub.messageChanged(message.id);
    return { conversation: conversation(message.channel), id: message.id };
  }

  return {
    platform: PLATFORM,
    capabilities: {
      hasEphemeral: true,
      hasThreads: true,
      hasForms: true,
      canCreateConversation: true,
      hasChannelFiles: true,
      maxFileBytes: settings.maxFileBytes,
      hasPictures: 'svg',
    },
    async post(to, view, { key, thread, isPinned = false }) {
      return send({ channel: to.id, key, text: '', view, isPinned, ...(thread === undefined ? {} : { thread }) });
    },
    async edit(message, view) {
      if (store.replaceView(message.id, view, at()) === null)
        throw new MessageGone(`The workspace has no message ${message.id}.`);
      hub.messageChanged(message.id);
    },
    async tellPrivately(person: Principal, view, { key }) {
      if (!settings.people.some((candidate) => candidate.id === person.id))
        throw new Error(`Nobody here has the id ${person.id}.`);
      return send({ channel: directChannel(settings, person.id).id, key, text: '', view });
    },
    async upload(to, file, { key, thread }) {
      return send({ channel: to.id, key, text: '', files: [file], ...(thread === undefined ? {} : { thread }) });
    },
    async createConversation(name, { isPrivate, members }) {
      const id = store.freeChannelName(channelName(name));
      const channel = store.ensureChannel(
        { id, kind: 'channel', name: id, isPrivate, owner: null, createdAt: at() },
        members.map((member) => member.id),
      );
      hub.channelCreated(channel);
      return conversation(channel.id);
    },
    async forget({ id: channel }, disposed) {
      const ids = store.holding(channel, disposed);
      for (const id of ids) {
        const message = store.message(id);
        store.remove(id, at());
        if (message === null) continue;
        if (message.onlyFor === null) hub.messageChanged(id);
        else hub.messageGone(message);
      }
      return ids.length;
    },
    async resolvePerson({ tenant, id }) {
      const person = settings.people.find((candidate) => candidate.id === id);
      if (tenant !== TENANT || person === undefined) return null;
      return { principal: principal(person), ...(person.zone === undefined ? {} : { zone: person.zone }) };
    },
  };
}
