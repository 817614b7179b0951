// What main.ts hands to the server: adapters it may start, each saying what it needs.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChatPort, Desk } from './chat/types.ts';
import type { Organisation } from './organisation/schema.ts';

/** One line of the self test. `says` names what to do when it is not good. */
export interface DoctorRow {
  readonly name: string;
  readonly state: 'good' | 'warning' | 'bad';
  readonly says: string;
}

/** A platform went away or came back; noted in the open incidents that live on it. */
export interface ConnectionChange {
  readonly platform: string;
  readonly state: 'lost' | 'regained';
  /** Epoch milliseconds since when. */
  readonly sinceMs: number;
  readonly because: string;
}

/** A running adapter. `listener` takes HTTP requests whose path starts with one of `paths`, in the order adapters are given. */
export interface Adapter {
  readonly port: ChatPort;
  readonly paths: readonly string[];
  readonly listener: ((request: IncomingMessage, response: ServerResponse) => void) | null;
  /** Said at start, in plain words: what is on, and where. */
  readonly ready: string;
  attach(desk: Desk, changed: (change: ConnectionChange) => void): Promise<void>;
  /** Its rows of the self test; asks the platform, so it may take seconds. Never throws. */
  readonly doctor?: () => Promise<readonly DoctorRow[]>;
  /** Makes ready what it keeps of the organisation's file; what it gives puts that in force. Throws when it cannot. */
  readonly organisationChanges?: (next: Organisation) => Promise<() => void>;
  stop(): Promise<void>;
}
