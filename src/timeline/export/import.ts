// A timeline that was exported, read back: Timesketch CSV or JSON Lines, ours or a foreign one.
import { isRefusal, type Refusal, refuse } from '../../refusal.ts';
import type { Import } from '../event.ts';
import { ENGINE } from '../receipt.ts';
import type { DerivedEvent, Timeline } from '../types.ts';
import { fromCsv } from './read-csv.ts';
import { fromJsonl } from './read-timesketch.ts';
import type { ExportRow } from './row.ts';

const MOST_BYTES = 64 << 20;
const MOST_ROWS = 100_000;

/** The rows of an export by what it begins with, or a refusal that says where it is wrong. */
export function readExport(bytes: Uint8Array): readonly ExportRow[] | Refusal<'bad-export' | 'too-big'> {
  if (bytes.length > MOST_BYTES)
    return refuse('too-big', `An export of more than ${MOST_BYTES >> 20} MiB is not imported. Split it by time.`);
  const text = new TextDecoder().decode(bytes);
  try {
    const rows = /^\ufeff?\s*\{/.test(text) ? fromJsonl(text) : fromCsv(text);
    if (rows.length === 0) return refuse('bad-export', 'The export holds no events.');
    if (rows.length > MOST_ROWS)
      return refuse('too-big', `The export holds ${rows.length} events; ${MOST_ROWS} are the most. Split it by time.`);
    return rows;
  } catch (error) {
    return refuse(
      'bad-export',
      `This is no export that can be read back. ${error instanceof Error ? error.message : ''} Timesketch CSV and JSON Lines are read.`,
    );
  }
}

/** An export as a timeline, and how many suggestions of an assistant were left out: nobody here verified them. Refuses as readExport does. */
export function importOf(
  bytes: Uint8Array,
): (ReturnType<typeof timelineOfRows> & { readonly left: number }) | Refusal<'bad-export' | 'too-big'> {
  const read = readExport(bytes);
  if (isRefusal(read)) return read;
  const rows = read.filter((row) => row.provenance !== 'assistant');
  return { ...timelineOfRows(rows), left: read.length - rows.length };
}

/** The same with every time shifted, for exports whose clock was off. */
export function shifted(timeline: Timeline, byMs: number): Timeline {
  const later = (at: string): string => new Date(Date.parse(at) + byMs).toISOString();
  const { receipt, events } = timeline;
  return {
    ...timeline,
    receipt: {
      ...receipt,
      firstAt: receipt.firstAt && later(receipt.firstAt),
      lastAt: receipt.lastAt && later(receipt.lastAt),
    },
    events: events.map((event) => ({ ...event, occurredAt: later(event.occurredAt), lastAt: later(event.lastAt) })),
  };
}

/** The rows as a derived timeline, whose lines are the numbers of the rows from 1, and what people had hung on them. */
export function timelineOfRows(rows: readonly ExportRow[]): {
  readonly timeline: Timeline;
  readonly marks: Import['marks'];
} {
  const times = rows.flatMap((row) => [row.occurredAt, row.lastAt]).sort();
  return {
    timeline: {
      receipt: {
        lines: rows.length,
        entries: rows.length,
        continuations: 0,
        unparsed: 0,
        bytes: 0,
        firstAt: times[0] ?? null,
        lastAt: times.at(-1) ?? null,
        formats: [{ format: 'import', entries: rows.length }],
        assumed: { year: 0, zone: 0, dayMonthOrder: 0, date: 0 },
        undated: 0,
        unparsedLines: [],
        duplicatesCollapsed: 0,
        manipulationLines: [],
        clock: [],
        engine: ENGINE,
      },
      events: rows.map(eventOf),
      indicators: [],
      attackers: [],
      initialAccess: [],
      scope: { hosts: [], users: [], addresses: [], how: 'Imported: nothing was read from a log here.' },
    },
    marks: rows.flatMap(({ isStarred, tags, comments }, i) =>
      isStarred || tags.length > 0 || comments.length > 0 ? [{ row: i + 1, isStarred, tags, comments }] : [],
    ),
  };
}

function eventOf(row: ExportRow, index: number): DerivedEvent {
  return {
    occurredAt: row.occurredAt,
    lastAt: row.lastAt,
    precision: row.precision,
    zoneBasis: row.zoneBasis,
    assumed: row.assumed,
    count: row.count,
    lines: [index + 1],
    message: row.message,
    format: row.format ?? '',
    severity: row.severity,
    score: row.score,
    reasons: row.reasons,
    templateId: row.templateId ?? '',
    entities: row.entities,
    techniques: row.techniques,
    flags: row.flags,
    // The first place it came from stays its place, however often it is passed on.
    origin: row.origin ?? { id: row.id, evidence: row.evidence, source: row.source, lines: row.lines },
    said: { provenance: row.provenance, by: row.by, fromMessage: row.fromMessage },
  };
}
