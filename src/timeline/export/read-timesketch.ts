// Reads Timesketch's import format, ours or a foreign one: JSON Lines here, CSV in read-csv.ts.
import { z } from 'zod';
import type { ExportRow } from './row.ts';

const withZ = (iso: string) => iso.replace(/\+00:00$/, 'Z');

const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is not an ISO 8601 time');
const texts = z.array(z.string()).default([]);
const text = z.string().optional();
const FLAGS = ['possible-manipulation', 'uptime-only', 'binary', 'overlong'] as const;
const ASSUMPTIONS = ['year', 'zone', 'dayMonthOrder', 'date'] as const;

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
  precision: z.enum(['day', 'minute', 's', 'ms', 'us', 'ns']).default('ms'),
  zone_basis: z.enum(['stated', 'source', 'incident', 'assumed', 'none']).default('stated'),
  assumed: z.array(z.enum(ASSUMPTIONS)).default([]),
  provenance: z.enum(['log', 'human', 'message', 'decision', 'assistant']).default('human'),
  reported_by: text,
  from_message: text,
  origin: z
    .object({
      id: z.string(),
      evidence: z.string().nullable(),
      source: z.string().nullable(),
      lines: z.array(z.number()),
    })
    .optional(),
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
    by: r.reported_by ?? null,
    fromMessage: r.from_message ?? null,
    origin: r.origin ?? null,
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

/** Reads Timesketch JSON Lines back; throws a sentence that names the line and what is wrong. */
export function fromJsonl(text: string): ExportRow[] {
  const rows: ExportRow[] = [];
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .forEach((line, index) => {
      if (line.trim() !== '') rows.push(fromTimesketch(parseLine(line, index + 1), index + 1));
    });
  return rows;
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(
      `Line ${number} is not a JSON object. JSON Lines hold one object a line; for an array use one line an element.`,
    );
  }
}
