// The line-by-line answer: one LogEntry an input line, in input order.
import { judgeAll } from './judge.ts';
import { readSource } from './read.ts';
import type { LogEntry, ReadOptions } from './types.ts';

const isoOf = (ms: number): string => new Date(ms).toISOString();

/**
 * Reads a source into one entry a line. Byte ranges are of the bytes as received: they hold the whole line with its line end.
 * `source` names it in every entry.
 */
export function readEntries(bytes: Uint8Array, options: ReadOptions, source?: string): LogEntry[] {
  const { starts, records } = readSource(bytes, options);
  const { judged: all } = judgeAll(records);
  const entries: LogEntry[] = [];
  const named = source === undefined ? {} : { source };
  for (const [at, one] of records.entries()) {
    const judged = all[at];
    for (let i = one.first; i <= one.last; i++) {
      const range = { ...named, line: i + 1, byteStart: starts[i] as number, byteEnd: starts[i + 1] as number };
      if (judged && i === one.first) {
        const { time, record } = one;
        entries.push({
          ...range,
          kind: 'entry',
          occurredAt: time.timeMs === null ? null : isoOf(time.timeMs),
          precision: time.timeMs === null ? null : time.precision,
          zoneBasis: time.zoneBasis,
          assumed: time.assumed,
          format: record.format,
          level: one.level,
          severity: judged.meaning.severity,
          templateId: judged.templateId,
          template: judged.template,
          entities: judged.meaning.entities,
          techniques: judged.meaning.techniques,
          flags: [...new Set([...one.flags, ...judged.meaning.flags])],
        });
      } else
        entries.push({
          ...range,
          ...(one.isEntry ? ({ kind: 'continuation', of: one.first + 1 } as const) : ({ kind: 'unparsed' } as const)),
          ...NOTHING,
        });
    }
  }
  return entries;
}

const NOTHING = {
  occurredAt: null,
  precision: null,
  zoneBasis: 'none',
  assumed: [],
  format: null,
  level: null,
  severity: 0,
  templateId: null,
  template: null,
  entities: {},
  techniques: [],
  flags: [],
} as const;
