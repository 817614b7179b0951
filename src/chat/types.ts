// The chat port: what every adapter implements, and the events it translates into. Nothing here knows a platform.
import type { Form, View } from '../view/types.ts';
import type { LostDelivery } from './given-up.ts';

/** A verified actor. (platform, tenant, id) is the identity; `label` is for readers only and never a key. */
export interface Principal {
  readonly platform: string;
  readonly tenant: string;
  readonly id: string;
  readonly label: string;
  /** What the platform's directory said when the event was verified. Only a member can ever approve. */
  readonly standing: 'member' | 'guest' | 'external' | 'bot' | 'deactivated' | 'unknown';
}

/** A channel or a private chat. */
export interface Conversation {
  readonly platform: string;
  readonly tenant: string;
  readonly id: string;
}

/** One message on a platform; `id` is what an edit needs. */
export interface MessageRef {
  readonly conversation: Conversation;
  readonly id: string;
}

/** Bytes that wait in a file on our disk, too many for memory. The file is not changed, and stays until its reader has copied it. */
export interface HeldBytes {
  readonly path: string;
  readonly sizeBytes: number;
}

/** A file somebody delivered, bytes exactly as received. */
export interface IncomingFile {
  readonly name: string;
  readonly bytes: Uint8Array | HeldBytes;
  /** True when it is text from a clipboard that the adapter made a file of: a copy, never the original. */
  readonly isPaste?: boolean;
  /** The message it was taken from as the platform delivered it, when that is not the same bytes. */
  readonly delivered?: Uint8Array;
}

/** The message a shortcut or an emoji points at, decoded; `bytes` are as delivered when they differ from the text. */
export interface QuotedMessage {
  readonly ref: MessageRef;
  readonly author: Principal;
  readonly text: string;
  /** UTC ISO 8601 with milliseconds. */
  readonly sentAt: string;
  readonly bytes?: Uint8Array;
}

interface Came {
  /** Key that is the same when the platform delivers the same event again. */
  readonly id: string;
  readonly actor: Principal;
  readonly conversation: Conversation;
  /** Message id of the thread's root, when it happened in a thread. */
  readonly thread?: string;
}

export type ShortcutName = 'add-to-timeline' | 'read-as-log' | 'keep-as-evidence' | 'ask-about-this';

/** What came in, translated and verified, not yet understood. People named in `text` stand as `<@id>`, whatever the platform writes. */
export type ChatEvent =
  | (Came & {
      readonly kind: 'command';
      readonly text: string;
      /** The text as it was delivered, when the platform had changed it. */
      readonly delivered?: string;
      readonly files?: readonly IncomingFile[];
    })
  | (Came & {
      readonly kind: 'message';
      readonly text: string;
      readonly ref: MessageRef;
      /** Names of files that came with it and were not fetched: nobody asked for that. */
      readonly offered?: readonly string[];
      readonly files?: readonly IncomingFile[];
    })
  | (Came & { readonly kind: 'click'; readonly token: string; readonly message: MessageRef | null })
  | (Came & {
      readonly kind: 'submit';
      readonly token: string;
      readonly values: FormValues;
      readonly files?: readonly IncomingFile[];
    })
  | (Came & {
      readonly kind: 'shortcut';
      readonly shortcut: ShortcutName;
      readonly message: QuotedMessage;
      /** Files of that message. */
      readonly files?: readonly IncomingFile[];
    })
  | (Came & {
      readonly kind: 'reaction';
      readonly emoji: string;
      readonly isAdded: boolean;
      readonly message: QuotedMessage;
    })
  | (Came & { readonly kind: 'source-changed'; readonly ref: MessageRef; readonly change: 'deleted' | 'edited' })
  /** Somebody came into the channel; `by` is who let them in, where the platform says. */
  | (Came & { readonly kind: 'joined'; readonly by?: Principal })
  /** Somebody lets another person into a channel that not everybody sees; they are in once this is answered with nothing. */
  | (Came & { readonly kind: 'invited'; readonly person: Principal })
  /** The bot and somebody met: they opened their private chat, or brought it into a channel. */
  | (Came & { readonly kind: 'met'; readonly isDirect: boolean })
  | (Came & { readonly kind: 'home' })
  | (Came & {
      readonly kind: 'conversation-changed';
      readonly change: ConversationChange;
    });

/** What happened to a conversation itself. Shared: people of another organisation read it too. */
export type ConversationChange = 'renamed' | 'archived' | 'deleted' | 'bot-removed' | 'shared' | 'unshared';

/** Values of a submitted form by field name; several for a choice of many. */
export type FormValues = Readonly<Record<string, string | readonly string[]>>;

/** A file for people: an export or a picture. */
export interface OutgoingFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly altText?: string;
}

/**
 * What the actor gets at once, returned to the adapter that asked: everything for others goes through the outbox.
 * `none`: nothing to say. `private`: only to the actor. `form`: open it. `errors`: the submitted form stays open.
 */
export type Reply =
  | { readonly kind: 'none' }
  | { readonly kind: 'private'; readonly view: DeliverableView; readonly file?: OutgoingFile }
  | { readonly kind: 'form'; readonly form: DeliverableForm }
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> };

/** What differs between platforms, so that nothing in `src` asks which one it is on. */
export interface Capabilities {
  /** A reply in the channel that only one person sees; otherwise it goes to their private chat. */
  readonly hasEphemeral: boolean;
  readonly hasThreads: boolean;
  readonly hasForms: boolean;
  readonly canCreateConversation: boolean;
  /** Channel files reach the bot. */
  readonly hasChannelFiles: boolean;
  /** Largest file or paste it delivers, in bytes. */
  readonly maxFileBytes: number;
  readonly hasPictures: 'svg' | 'png' | 'none';
  /** Nobody's identity is verified there: what is opened is an exercise, and live incidents are out of reach. */
  readonly isExerciseOnly?: boolean;
}

/** What the directory of a platform says of a person now. */
export interface DirectoryEntry {
  readonly principal: Principal;
  /** IANA zone of the person, when known. */
  readonly zone?: string;
}

/** It tells of a decision: it must not wait behind other traffic. */
export interface Urgency {
  readonly isUrgent?: boolean;
}

/** What was disposed of, so that a chat whose messages are kept in the data folder finds where it stands. */
export interface Disposed {
  /** SHA-256 of the files and pictures that go. */
  readonly blobs: ReadonlySet<string>;
  /** Their sizes in bytes: no other file has to be looked at. */
  readonly sizes: ReadonlySet<number>;
  /** The evidence itself where it is short enough for a message; null otherwise. */
  readonly text: string | null;
  /** How private answers in the incident's channel name it: `EV-1`. */
  readonly key: string;
}

/** A way to talk to people. Every call may fail, or ask for a later try (TryLater), and is retried by the outbox; none decides anything. */
export interface ChatPort {
  readonly platform: string;
  readonly capabilities: Capabilities;
  /** Posts a view, pinned to its channel if asked; again with the same `key` it gives the first message where the platform can tell. */
  post(
    to: Conversation,
    view: DeliverableView,
    options: { readonly key: string; readonly thread?: string; readonly isPinned?: boolean } & Urgency,
  ): Promise<MessageRef>;
  edit(message: MessageRef, view: DeliverableView, options?: Urgency): Promise<void>;
  /** To one person alone, also when they are not looking: receipts, nudges, refusals that must last. */
  tellPrivately(
    person: Principal,
    view: DeliverableView,
    options: { readonly key: string } & Urgency,
  ): Promise<MessageRef>;
  upload(
    to: Conversation,
    file: OutgoingFile,
    options: { readonly key: string; readonly thread?: string },
  ): Promise<MessageRef>;
  /** A new channel for an incident; `name` is lower case with dashes. */
  createConversation(
    name: string,
    options: { readonly isPrivate: boolean; readonly members: readonly Principal[] },
  ): Promise<Conversation>;
  /** Files of a message, fetched now because somebody asked; `refused` says in a sentence each what could not be had. */
  filesOf?(
    message: MessageRef,
  ): Promise<{ readonly files: readonly IncomingFile[]; readonly refused: readonly string[] }>;
  /** Whether people of another organisation read a channel. Throws when the platform cannot be asked. */
  isShared?(conversation: Conversation): Promise<boolean>;
  /** Deletes the messages that hold what was disposed of, and gives their number; only where messages are kept on our disk. */
  forget?(conversation: Conversation, disposed: Disposed): Promise<number>;
  /** Asks the directory again; null when nobody has that id. Throws when the directory cannot be asked. */
  resolvePerson(who: { readonly tenant: string; readonly id: string }): Promise<DirectoryEntry | null>;
}

/** A view whose buttons carry tokens instead of intents: what an adapter renders. */
export interface DeliverableView {
  readonly view: View;
  /** Token of a button by the button's position over the whole view, in reading order. */
  readonly tokens: readonly string[];
}

/** A form with its token: what an adapter opens. */
export interface DeliverableForm {
  readonly form: Form;
  readonly token: string;
}

/** A request that an adapter did not take, and why. */
export interface TurnedAway {
  readonly platform: string;
  readonly code: string;
  /** The reference id its sender was given. */
  readonly reference: string;
  readonly claims: Readonly<Record<string, string>>;
}

/** The bot, as adapters see it. */
export interface Desk {
  /**
   * Understands one event and answers its actor. Never throws: a fault is a private view with a reference id. `isAgain`: an
   * earlier process may have begun it and its answer was lost; what stands on record is told, and what does not is done.
   */
  handle(event: ChatEvent, options?: { readonly isAgain?: boolean }): Promise<Reply>;
  /** Records that a request was turned away before it could become an event. `claims` are what it said of itself, believed by nobody. */
  turnAway(refused: TurnedAway): Promise<void>;
  /** Records that a delivery is not tried any more, and tells its author. */
  giveUp(lost: LostDelivery): Promise<void>;
  /** Bytes of a blob that a view names, or null. */
  blob(sha256: string): Promise<Uint8Array | null>;
  /** Whether an incident lives in a conversation: what is said elsewhere is nobody's business here. */
  hasIncident(conversation: Conversation): Promise<boolean>;
  /** The home tab of a person. */
  home(actor: Principal): Promise<DeliverableView>;
  /** Verb and argument completion for a composer: at most ten, best first. */
  complete(text: string): readonly { readonly insert: string; readonly summary: string }[];
}
