// What the adapter is made with.
import type { Arrivals } from '../../src/chat/arrivals.ts';

/** Small named values that survive a restart. */
export interface Notes {
  note(name: string): Promise<string | null>;
  setNote(name: string, value: string): Promise<void>;
}

/** Where its own lines go: one object and one sentence, as pino takes them. */
export interface SlackLog {
  info(facts: object, words: string): void;
  warn(facts: object, words: string): void;
  error(facts: object, words: string): void;
}

export interface SlackOptions {
  /** xoxb-... */
  readonly botToken: string;
  /** xapp-... turns Socket Mode on; null for HTTP. */
  readonly appToken: string | null;
  /** Turns HTTP on at /slack/events; null for Socket Mode. */
  readonly signingSecret: string | null;
  /** Ends in a slash; Slack's own when left out. */
  readonly apiUrl?: string;
  readonly arrivals: Arrivals;
  readonly notes: Notes;
  /** Root of the slash command, without the slash. */
  readonly root: string;
  readonly maxFileBytes: number;
  /** Scopes of the manifest, for the self test. */
  readonly scopes: readonly string[];
  /** Events of the manifest, for the self test. */
  readonly events: readonly string[];
  readonly now: () => number;
  readonly randomId: () => string;
  readonly log: SlackLog;
  /** Waits in milliseconds that tests shorten. */
  readonly waits?: {
    readonly reconnectMs?: number;
    readonly betweenPostsMs?: number;
    /** How long a lost connection may stay unnoted. */
    readonly noticeMs?: number;
    /** Before a gap that could not be read is read again. */
    readonly recoverMs?: number;
    /** Before the second try of what failed; doubled each time. */
    readonly retryMs?: number;
  };
}
