// The options that say how to read: the clock and the zone.
import { parseArgs } from 'node:util';
import { isZone } from '../../src/timeline/stamp/zone.ts';
import type { ReadOptions } from '../../src/timeline/types.ts';
import { Misuse } from './errors.ts';

/** What every reading command understands. */
export interface ReadingArguments {
  readonly options: ReadOptions;
  readonly files: readonly string[];
  readonly isBatch: boolean;
  readonly format: string | undefined;
}

/** Parses the arguments of a reading command; throws Misuse. */
export function parseReading(
  args: readonly string[],
  usage: string,
  formats: readonly string[] = [],
): ReadingArguments {
  const known = {
    now: { type: 'string' },
    zone: { type: 'string' },
    batch: { type: 'boolean' },
    format: { type: 'string' },
  } as const;
  let parsed: { values: { now?: string; zone?: string; batch?: boolean; format?: string }; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options: known, allowPositionals: true });
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error), usage);
  }
  const { values, positionals } = parsed;
  if (values.format !== undefined && !formats.includes(values.format))
    throw new Misuse(
      formats.length === 0 ? 'this command has one format' : `no format ${values.format}: ${formats.join(', ')}`,
      usage,
    );
  const isBatch = values.batch === true;
  if (isBatch === positionals.length > 0)
    throw new Misuse(
      isBatch
        ? '--batch reads requests from standard input and takes no files'
        : 'name a file, or - for standard input',
      usage,
    );
  try {
    return { options: readOptionsOf(values.now, values.zone), files: positionals, isBatch, format: values.format };
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error), usage);
  }
}

/** The clock and zone as written, or their defaults (the real clock, UTC); throws an Error that says what is wrong. */
export function readOptionsOf(now: unknown, zone: unknown): ReadOptions {
  if (now !== undefined && (typeof now !== 'string' || Number.isNaN(Date.parse(now))))
    throw new Error('now must be an ISO 8601 time such as 2026-11-20T12:00:00Z');
  if (zone !== undefined && (typeof zone !== 'string' || !isZone(zone)))
    throw new Error('zone must be an IANA name such as Europe/Berlin or UTC');
  return { now: now === undefined ? Date.now() : Date.parse(now), zone: zone ?? 'UTC' };
}
