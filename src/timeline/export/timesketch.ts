// Timesketch's import format, the shape that CSV and JSON Lines share: the mandatory message, datetime and timestamp_desc,
// its timestamp (microseconds) and tag, and our own columns, which Timesketch keeps as attributes.
// https://timesketch.org/guides/user/import-from-json-csv/
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
  'reported_by',
  'from_message',
  'origin',
  'id',
] as const;

export type Column = (typeof COLUMNS)[number];

/** One event as Timesketch takes it; absent values are left out. */
export type TimesketchRecord = { readonly [K in Column]?: unknown };

const DESCRIPTIONS: Record<Provenance, string> = {
  log: 'Event logged',
  human: 'Reported by a person',
  message: 'Captured from a chat message',
  decision: 'Decision on record',
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
    reported_by: row.by,
    from_message: row.fromMessage,
    origin: row.origin,
    id: row.id,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && value !== undefined));
}
