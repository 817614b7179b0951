// What recognising a record gives, and the small readers that several formats share.
import type { Stamp } from '../stamp/types.ts';

/** A record as its format reads it; `stamp` is null when it states no time. */
export interface Reading {
  readonly format: string;
  readonly stamp: Stamp | null;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
  /** The stamp of the carrier (syslog, a container runtime) around a record that states its own time. */
  readonly carrier?: Stamp;
  /** The format gives only a time since boot. */
  readonly isUptimeOnly?: boolean;
}

/** Characters of a record that recognition looks at; what lies behind is kept and counted, not read. */
export const READ_CHARS = 65_536;

/** Makes a stamp's zone UTC by definition of its format when none is written. */
export function inUtc(stamp: Stamp | null): Stamp | null {
  return stamp && stamp.epochMs === null && stamp.offsetMinutes === null
    ? { ...stamp, offsetMinutes: 0, zone: 'source' }
    : stamp;
}

/** Fields without prototype, so that a key such as `__proto__` is a key like any other. */
export const newFields = (): Record<string, string> => Object.create(null) as Record<string, string>;
