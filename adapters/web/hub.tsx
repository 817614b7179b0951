// Live updates: every open page gets the new shape of what changed, rendered for its reader.
import type { WorkspaceMessage } from '../../src/chat/workspace.ts';
import type { Patch } from './client/answer.ts';
import type { WebSettings } from './options.ts';
import { Message, messageElementId, Pinned, PinnedLine } from './render/message.tsx';
import { ChannelList } from './render/shell.tsx';
import type { Viewer } from './render/viewer.ts';

/** What a page is told. `resync`: fetch yourself again. */
interface News {
  readonly changes: number;
  readonly patches: readonly Patch[];
  readonly created: { readonly id: string; readonly name: string } | null;
}

interface Subscriber {
  readonly viewer: Viewer;
  readonly send: (news: News) => void;
  readonly close: () => void;
}

/** The open pages of everybody. */
export interface Hub {
  subscribe(subscriber: Subscriber): () => void;
  /** Tells everybody who may see the message what it looks like now. */
  messageChanged(id: string): void;
  /** A message that is gone for good: a private reply that was dismissed. */
  messageGone(message: WorkspaceMessage): void;
  /** A channel is new: to everybody who sees it, or to the one who was let in. */
  channelCreated(channel: { readonly id: string; readonly name: string }, to?: string): void;
  /** What the message looks like to one reader. */
  patches(message: WorkspaceMessage, viewer: Viewer): readonly Patch[];
  readonly open: number;
  /** Ends every open page's stream, so that the server can stop. */
  close(): void;
}

/** The hub over a store; sending never throws into the caller. */
export function createHub(settings: WebSettings): Hub {
  const { store } = settings;
  const subscribers = new Set<Subscriber>();

  const canSee = (message: WorkspaceMessage, person: string): boolean =>
    (message.onlyFor === null || message.onlyFor === person) && store.canSee(message.channel, person);

  function shapes(message: WorkspaceMessage, viewer: Viewer): readonly Patch[] {
    const order = message.seq;
    const parent = message.thread === null ? `messages-${message.channel}` : `thread-${message.thread}`;
    const html = (<Message message={message} viewer={viewer} place="m" />).toString();
    const patches: Patch[] = [{ id: messageElementId('m', message.id), parent, order, html }];
    if (message.thread === null)
      patches.push({
        id: messageElementId('t', message.id),
        parent: null,
        order,
        html: (<Message message={message} viewer={viewer} place="t" />).toString(),
      });
    if (message.isPinned)
      patches.push({
        id: messageElementId('p', message.id),
        parent: `pinned-${message.channel}`,
        order,
        html: message.isDeleted ? '' : (<Pinned message={message} viewer={viewer} />).toString(),
      });
    if (message.isPinned)
      patches.push({
        id: `pinned-line-${message.channel}`,
        parent: null,
        order,
        html: (<PinnedLine channel={message.channel} message={message} />).toString(),
      });
    return patches;
  }

  function patches(message: WorkspaceMessage, viewer: Viewer): readonly Patch[] {
    const root = message.thread === null ? null : store.message(message.thread);
    return [
      ...shapes(message, viewer),
      ...(root === null || !canSee(root, viewer.person.id) ? [] : shapes(root, viewer)),
    ];
  }

  const list = (viewer: Viewer): Patch => ({
    id: 'channel-list',
    parent: null,
    order: 0,
    html: (<ChannelList lines={store.lines(viewer.person.id)} current="" />).toString(),
  });

  function tell(who: (person: string) => boolean, news: (viewer: Viewer) => Omit<News, 'changes'>): void {
    const changes = store.changes();
    for (const { viewer, send } of subscribers) if (who(viewer.person.id)) send({ changes, ...news(viewer) });
  }

  return {
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    messageChanged(id) {
      const message = store.message(id);
      if (message === null) return;
      tell(
        (person) => canSee(message, person),
        (viewer) => ({ patches: [...patches(message, viewer), list(viewer)], created: null }),
      );
    },
    messageGone(message) {
      tell(
        (person) => message.onlyFor === person,
        (viewer) => ({
          patches: [{ id: messageElementId('m', message.id), parent: null, order: 0, html: '' }, list(viewer)],
          created: null,
        }),
      );
    },
    channelCreated({ id, name }, to) {
      tell(
        (person) => (to === undefined || to === person) && store.canSee(id, person),
        (viewer) => ({ patches: [list(viewer)], created: { id, name } }),
      );
    },
    patches,
    get open() {
      return subscribers.size;
    },
    close() {
      for (const subscriber of [...subscribers]) subscriber.close();
    },
  };
}
