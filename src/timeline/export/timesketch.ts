// Timesketch's import format, the shape that CSV and JSON Lines share: the mandatory message, datetime and timestamp_desc,
// its timestamp (microseconds) and tag, and our own columns, which Timesketch keeps as attributes.
// https://timesketch.org/guides/user/import-from-json-csv/
import { z } from 'zod';
import type { ExportRow, Provenance } from './row.ts';

/** Columns in the order they are written. */
export const COLUMNS = [
  'message',
  'datetime',
  'timestamp_desc',
  'timestamp',
  'tag',
  'starred',
  'comments',
  'severity',
  'count',
  'last_datetime',
  'source',
  'evidence',
  'lines',
  'host',
  'user',
  'src_ip',
  'dst_ip',
  'process',
  'action',
  'outcome',
  'techniques',
  'flags',
  'score',
  'reasons',
  'log_format',
  'template_id',
  'precision',
  'zone_basis',
  'assumed',
  'provenance',
  'id',
] as const;

export type Column = (typeof COLUMNS)[number];

/** One event as Timesketch takes it; absent values are left out. */
export type TimesketchRecord = { readonly [K in Column]?: unknown };

const DESCRIPTIONS: Record<Provenance, string> = {
  log: 'Event logged',
  human: 'Reported by a person',
  assistant: 'Suggested by the assistant, not verified',
};

const MILLISECONDS = 3;
const MICROSECONDS = 6;

/** Microseconds since 1970 of an ISO 8601 time, with the finer digits that Date drops. */
export function microsecondsOf(iso: string): number {
  const ms = Date.parse(iso);
  const fraction = /\.(\d{4,9})/.exec(iso)?.[1] ?? '';
  return ms * 1000 + Number(fraction.slice(MILLISECONDS, MICROSECONDS).padEnd(MILLISECONDS, '0') || 0);
}

const withOffset = (iso: string) => iso.replace(/Z$/, '+00:00');
const withZ = (iso: string) => iso.replace(/\+00:00$/, 'Z');

/** Writes a row as a Timesketch record, texts raw. */
export function toTimesketch(row: ExportRow): TimesketchRecord {
  const { entities } = row;
  const all: { [K in Column]: unknown } = {
    message: row.message,
    datetime: withOffset(row.occurredAt),
    timestamp_desc: DESCRIPTIONS[row.provenance],
    timestamp: microsecondsOf(row.occurredAt),
    tag: row.tags,
    starred: row.isStarred,
    comments: row.comments,
    severity: row.severity,
    count: row.count,
    last_datetime: withOffset(row.lastAt),
    source: row.source,
    evidence: row.evidence,
    lines: row.lines,
    host: entities.host,
    user: entities.user,
    src_ip: entities.srcIp,
    dst_ip: entities.dstIp,
    process: entities.process,
    action: entities.action,
    outcome: entities.outcome,
    techniques: row.techniques.map((t) => `${t.id} ${t.certainty}`),
    flags: row.flags,
    score: row.score,
    reasons: row.reasons,
    log_format: row.format,
    template_id: row.templateId,
    precision: row.precision,
    zone_basis: row.zoneBasis,
    assumed: row.assumed,
    provenance: row.provenance,
    id: row.id,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && value !== undefined));
}

const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is not an ISO 8601 time');
const texts = z.array(z.string()).default([]);
const text = z.string().optional();
const FLAGS = ['possible-manipulation', 'truncated', 'uptime-only', 'binary', 'overlong'] as const;
const ASSUMPTIONS = ['year', 'zone', 'dayMonthOrder', 'date', 'clock'] as const;

const recordSchema = z.object({
  message: z.string(),
  datetime: time,
  tag: texts,
  starred: z.boolean().default(false),
  comments: z.array(z.object({ author: z.string(), at: z.string(), text: z.string() })).default([]),
  severity: z.number().min(0).max(10).default(0),
  count: z.number().int().min(1).default(1),
  last_datetime: time.optional(),
  source: text,
  evidence: text,
  lines: z.array(z.number().int()).default([]),
  host: text,
  user: text,
  src_ip: text,
  dst_ip: text,
  process: text,
  action: text,
  outcome: z.enum(['success', 'failure', 'unknown']).optional(),
  techniques: z.array(z.string().regex(/^\S{1,64} (certain|possible)$/)).default([]),
  flags: z.array(z.enum(FLAGS)).default([]),
  score: z.number().default(0),
  reasons: texts,
  log_format: text,
  template_id: text,
  precision: z.enum(['year', 'day', 'minute', 's', 'ms', 'us', 'ns']).default('ms'),
  zone_basis: z.enum(['stated', 'source', 'incident', 'assumed', 'none']).default('stated'),
  assumed: z.array(z.enum(ASSUMPTIONS)).default([]),
  provenance: z.enum(['log', 'human', 'assistant']).default('human'),
  id: z.string().default(''),
});

/** Reads a Timesketch record, ours or a foreign one with the mandatory columns; throws a sentence that names the row, the column and what is wrong. */
export function fromTimesketch(record: unknown, rowNumber: number): ExportRow {
  const read = recordSchema.safeParse(record);
  if (!read.success) {
    const issue = read.error.issues[0]!;
    throw new Error(
      `Row ${rowNumber}: ${issue.path.join('.') || 'the row'}: ${issue.message}. Correct it and import again.`,
    );
  }
  const r = read.data;
  const entities = { srcIp: r.src_ip, dstIp: r.dst_ip, user: r.user, host: r.host, process: r.process };
  return {
    id: r.id || `row-${rowNumber}`,
    occurredAt: utc(r.datetime),
    lastAt: utc(r.last_datetime ?? r.datetime),
    precision: r.precision,
    zoneBasis: r.zone_basis,
    assumed: r.assumed,
    provenance: r.provenance,
    message: r.message,
    evidence: r.evidence ?? null,
    source: r.source ?? null,
    lines: r.lines,
    count: r.count,
    format: r.log_format ?? null,
    severity: r.severity,
    score: r.score,
    reasons: r.reasons,
    templateId: r.template_id ?? null,
    entities: withoutAbsent({ ...entities, action: r.action, outcome: r.outcome }),
    techniques: r.techniques.map((t) => {
      const [id = '', certainty] = t.split(' ');
      return { id, certainty: certainty === 'certain' ? 'certain' : 'possible' } as const;
    }),
    flags: r.flags,
    isStarred: r.starred,
    comments: r.comments,
    tags: r.tag,
  };
}

// Our own times come back to the digit; foreign ones in any offset become UTC.
function utc(text: string): string {
  const z = withZ(text);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z$/.test(z) ? z : new Date(text).toISOString();
}

function withoutAbsent(values: Readonly<Record<string, string | undefined>>): ExportRow['entities'] {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
}
