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

/** A format of one family: `read` answers null when the record is not of it. Samples are tests. */
export interface Format {
  readonly name: string;
  readonly read: (text: string) => Reading | null;
  readonly samples: readonly Sample[];
}

/** A line the format must read, with the instant it states for now = 2026-11-20T12:00:00Z and zone UTC (null: no time). */
export interface Sample {
  readonly text: string;
  readonly at: string | null;
  readonly format?: string;
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
