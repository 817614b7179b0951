// What the reading half of the engine hands to the half that judges meaning.
import type { Entities, EntryFlag, Technique } from './types.ts';

/** One log record as it was read: chat damage undone, header parsed, nothing judged yet. */
export interface LogRecord {
  /** First physical line, 1-based. */
  readonly line: number;
  /** Name of the recognised format, such as `rfc3164`, `combined`, `json`, `cloudtrail`; `text` when none fits. */
  readonly format: string;
  /** The whole record without chat damage; continuation lines follow after \n. */
  readonly text: string;
  /** The free-text part, without the time, host, process and level that the header stated. */
  readonly message: string;
  /** Header values (host, process, pid, level, ...) and key=value pairs by name; JSON flattened to dotted paths. */
  readonly fields: Readonly<Record<string, string>>;
  /** Epoch milliseconds UTC, or null when the record states no time. */
  readonly timeMs: number | null;
}

/** What a record means, from deterministic rules alone. */
export interface Meaning {
  readonly severity: number;
  readonly techniques: readonly Technique[];
  readonly entities: Entities;
  readonly flags: readonly EntryFlag[];
}
