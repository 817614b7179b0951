// What main.ts hands to the server: adapters it may start, each saying what it needs.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChatPort, Desk } from './chat/types.ts';

/** A running adapter. `listener` takes HTTP requests whose path starts with one of `paths`, in the order adapters are given. */
export interface Adapter {
  readonly port: ChatPort;
  readonly paths: readonly string[];
  readonly listener: ((request: IncomingMessage, response: ServerResponse) => void) | null;
  /** Said at start, in plain words: what is on, and where. */
  readonly ready: string;
  attach(desk: Desk): Promise<void>;
  stop(): Promise<void>;
}
