import type { WorkspaceStore } from '../../src/chat/workspace.ts';

/** A person of the organisation who may sign in. `id` is stable: letters, digits, dots, dashes. */
export interface WebPerson {
  readonly id: string;
  readonly label: string;
  /** As `hashPasscode` makes it. */
  readonly passcodeHash: string;
  /** What the person is here for, such as `Incident commander`. */
  readonly title?: string;
  /** IANA zone. */
  readonly zone?: string;
}

/** What the workspace needs to run. `now` is epoch milliseconds; `newId` gives a fresh id of URL-safe characters. */
export interface WebOptions {
  readonly store: WorkspaceStore;
  readonly people: readonly WebPerson[];
  readonly now: () => number;
  readonly newId: () => string;
  /** Host names it answers to, without ports; a request for any other is refused (DNS rebinding). */
  readonly hosts?: readonly string[];
  /** True when browsers reach it over HTTPS: the cookie then says so. */
  readonly isSecure?: boolean;
  readonly workspaceName?: string;
  /** What a command starts with. */
  readonly commandName?: string;
  /** A sentence on the sign-in page that says where the passcodes stand. */
  readonly signInHint?: string;
  readonly maxFileBytes?: number;
  /** Folder for uploads too large for memory; without one they stay in memory. */
  readonly heldFolder?: string | null;
  /** Channels that are always there; the first is where people land. */
  readonly channels?: readonly string[];
  /** Told of every broken thing; gives the short reference that the person sees and the log has. */
  readonly onFault?: (error: unknown) => string;
}

/** Options with every default filled in. Who may sign in changes while it runs. */
export type WebSettings = Required<Omit<WebOptions, 'people'>> & { people: readonly WebPerson[] };

export const PLATFORM = 'web';
export const TENANT = 'local';
/** Author id of the bot in events that quote its messages. */
export const BOT_ID = 'countersign';

/** Sizes the workspace accepts, and what it answers beyond them; in bytes or characters as named. */
export const SIZES = {
  messageCharacters: 40_000,
  /** Beyond either of these a composer text is a log rather than a message. */
  logCharacters: 4_000,
  logLines: 12,
  smallBodyBytes: 256 * 1024,
  fileBytes: 128 * 1024 * 1024,
  fileNameCharacters: 200,
  /** From here on an upload goes to the disk as it arrives. */
  heldFromBytes: 1024 * 1024,
} as const;

/** Fills in what main left to the workspace; `onFault` without a log still gives a reference. */
export function withDefaults(options: WebOptions): WebSettings {
  return {
    hosts: ['127.0.0.1', 'localhost', '[::1]'],
    isSecure: false,
    workspaceName: 'Countersign',
    commandName: '/ir',
    signInHint: '',
    maxFileBytes: SIZES.fileBytes,
    heldFolder: null,
    channels: ['general'],
    onFault: () => options.newId().slice(-8),
    ...options,
  };
}
