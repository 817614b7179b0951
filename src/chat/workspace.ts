// The port of the embedded workspace's own platform store: what Slack or Teams would keep on their servers.
// It holds what people see (channels, messages, files), never what is true: that is the ledger's.
import type { DeliverableView, Disposed, HeldBytes } from './types.ts';

/** A channel, or the private chat of `owner` with the bot. Ids are stable, names are for readers. */
export interface WorkspaceChannel {
  readonly id: string;
  readonly kind: 'channel' | 'direct';
  readonly name: string;
  readonly isPrivate: boolean;
  /** Person id, for a private chat. */
  readonly owner: string | null;
  readonly createdAt: string;
}

/** A file on a message, without its bytes. */
export interface WorkspaceFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly altText: string | null;
  readonly sizeBytes: number;
}

/** One message as it is shown. `author` null is the bot; `onlyFor` names the one person who sees it. */
export interface WorkspaceMessage {
  /** Order over the whole workspace. */
  readonly seq: number;
  readonly id: string;
  readonly channel: string;
  readonly thread: string | null;
  readonly author: string | null;
  readonly onlyFor: string | null;
  readonly text: string;
  readonly view: DeliverableView | null;
  readonly files: readonly WorkspaceFile[];
  readonly reactions: readonly { readonly emoji: string; readonly people: readonly string[] }[];
  readonly replies: number;
  readonly isPinned: boolean;
  readonly isDeleted: boolean;
  readonly sentAt: string;
  readonly editedAt: string | null;
}

/** A file to keep with a message. */
interface NewFile {
  readonly name: string;
  readonly mediaType: string;
  readonly altText?: string;
  /** Held bytes stay where they are: only their place is kept. */
  readonly bytes: Uint8Array | HeldBytes;
}

/** A message to keep. `key` is unique in its channel: adding it again gives the first message. */
export interface NewMessage {
  readonly id: string;
  readonly channel: string;
  readonly thread?: string;
  readonly author: string | null;
  readonly onlyFor?: string;
  readonly key?: string;
  readonly text: string;
  readonly view?: DeliverableView;
  readonly files?: readonly NewFile[];
  readonly isPinned?: boolean;
  readonly sentAt: string;
}

/** A signed-in browser; `hash` is the SHA-256 of its cookie, which is never kept. */
export interface WorkspaceSession {
  readonly hash: string;
  readonly person: string;
  /** Secret of the session for anti-forgery tokens and signed picture addresses. */
  readonly secret: string;
  readonly expiresAtMs: number;
}

/** A channel as one person sees it in the list. */
export interface ChannelLine {
  readonly channel: WorkspaceChannel;
  readonly unread: number;
}

/** Everything the workspace keeps. Calls are synchronous and durable when they return; unknown ids give null. */
export interface WorkspaceStore {
  channel(id: string): WorkspaceChannel | null;
  /** Gives the channel that has the id or the name already, when there is one. */
  ensureChannel(channel: WorkspaceChannel, members: readonly string[]): WorkspaceChannel;
  /** A name nobody uses: the wanted one, or with -2, -3, ... */
  freeChannelName(wanted: string): string;
  canSee(channel: string, person: string): boolean;
  /** True the first time the person looks at the channel, unless they were there from its beginning. */
  join(channel: string, person: string, at: string): boolean;
  /** Lets a person see a private channel; false when they could already. Their first look still counts as joining. */
  invite(channel: string, person: string): boolean;
  members(channel: string): readonly string[];
  lines(person: string): readonly ChannelLine[];
  /** Everything in the channel up to now counts as read. */
  markRead(channel: string, person: string): void;

  /** `isNew` is false when the key was there already; nothing is written then. */
  add(message: NewMessage): { readonly message: WorkspaceMessage; readonly isNew: boolean };
  message(id: string): WorkspaceMessage | null;
  /** The last `limit` messages that the person may see, oldest first; without replies in threads. */
  messages(
    channel: string,
    person: string,
    options: { readonly before?: number; readonly limit: number },
  ): readonly WorkspaceMessage[];
  thread(root: string, person: string): readonly WorkspaceMessage[];
  pinned(channel: string): readonly WorkspaceMessage[];
  replaceView(id: string, view: DeliverableView, at: string): WorkspaceMessage | null;
  /** Ids of the messages that hold what was disposed of: its files, pictures or text anywhere, and private answers of a channel that name it. */
  holding(channel: string, disposed: Disposed): readonly string[];
  /** Leaves a gravestone where others saw the message; a private reply goes away. */
  remove(id: string, at: string): void;
  /** True when that changed something. */
  react(message: string, person: string, emoji: string, isAdded: boolean): boolean;
  file(
    id: string,
  ): { readonly message: string; readonly file: WorkspaceFile; readonly bytes: Uint8Array | HeldBytes } | null;
  files(message: string): readonly { readonly name: string; readonly bytes: Uint8Array | HeldBytes }[];

  openSession(session: WorkspaceSession): void;
  session(hash: string, nowMs: number): WorkspaceSession | null;
  closeSession(hash: string): void;
  /** Grows with every change that somebody could see: a page older than this needs a fresh copy. */
  changes(): number;
  close(): void;
}
