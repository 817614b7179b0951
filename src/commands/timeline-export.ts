// The incident's timeline on its way out: files other tools take.
import { maskDeep } from '../evidence/secrets.ts';
import { humanKey } from '../organisation/people.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { isImportant, type TimelineEvent } from '../timeline/event.ts';
import { EXPORT_FORMATS, type ExportFormat, exportDocument, isExportFormat } from '../timeline/export/export.ts';
import type { ExportRow } from '../timeline/export/row.ts';
import { parseFilter, passesFilter } from '../timeline/filter.ts';
import { together } from '../timeline/together.ts';
import { actions, button, text, view } from '../view/build.ts';
import { eventsOf, partsOf } from './events.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

/** Events that a typed filter keeps; all of them for an empty one. */
export function matching(
  events: readonly TimelineEvent[],
  filter: string,
  call: Call,
): readonly TimelineEvent[] | Refusal {
  if (filter === '') return events;
  const parsed = parseFilter(filter);
  if (isRefusal(parsed)) return parsed;
  return events.filter((e) =>
    passesFilter(parsed, {
      occurredAt: e.occurredAt,
      lastAt: e.lastAt,
      message: e.text,
      severity: e.severity,
      entities: e.derived?.entities ?? {},
      techniques: e.derived?.techniques ?? [],
      evidence: e.evidence,
      source: e.evidence ? (call.dossier?.evidence.items.find((i) => i.key === e.evidence)?.name ?? null) : null,
      isImportant: isImportant(e),
      isStarred: e.marks.isStarred,
    }),
  );
}

/** An incident's event as exporters read it. */
export const exportRow = (e: TimelineEvent, names: ReadonlyMap<string, string>): ExportRow => ({
  id: e.key,
  occurredAt: e.occurredAt,
  lastAt: e.lastAt,
  precision: e.precision,
  zoneBasis: e.zoneBasis,
  assumed: e.derived?.assumed ?? [],
  provenance: e.derived?.said?.provenance ?? e.provenance,
  by: e.derived?.said?.by ?? e.by?.label ?? null,
  fromMessage: e.derived?.said?.fromMessage ?? e.message,
  origin: e.derived?.origin ?? null,
  message: e.text,
  evidence: e.evidence,
  source: e.evidence ? (names.get(e.evidence) ?? null) : null,
  lines: e.lines,
  count: e.count,
  format: e.derived?.format || null,
  severity: e.severity,
  score: e.derived?.score ?? 0,
  reasons: e.derived?.reasons ?? [],
  templateId: e.derived?.templateId || null,
  entities: e.derived?.entities ?? {},
  techniques: e.derived?.techniques ?? [],
  flags: e.derived?.flags ?? [],
  isStarred: e.marks.isStarred,
  comments: e.marks.comments.map((c) => ({ author: c.by.label, at: c.at, text: c.text })),
  tags: e.marks.tags,
});

const MEDIA: Readonly<Record<ExportFormat, string>> = {
  table: 'text/plain',
  md: 'text/markdown',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  csv: 'text/csv',
  html: 'text/html',
  stix: 'application/stix+json;version=2.1',
};

const ENDINGS: Partial<Readonly<Record<ExportFormat, string>>> = { table: 'txt', stix: 'stix.json' };

async function exportTimeline(call: Call): Promise<Answer> {
  const { dossier, services } = call;
  if (!dossier) return { kind: 'none' };
  const incident = dossier.incident.key;
  const format = one(call.args, 'format').toLowerCase();
  if (format === '') {
    return {
      kind: 'private',
      view: view('Export the timeline', [
        text('As what? CSV and JSON Lines are Timesketch\u2019s import format; STIX holds the indicators.'),
        actions(
          ...(['md', 'csv', 'jsonl', 'html', 'json', 'stix'] as const).map((f) =>
            button(f === 'md' ? 'Markdown' : f === 'jsonl' ? 'JSON Lines' : f.toUpperCase(), 'timeline export', {
              incident,
              format: f,
            }),
          ),
        ),
      ]),
    };
  }
  if (!isExportFormat(format)) return refuse('bad-argument', `Export as one of ${EXPORT_FORMATS.join(', ')}.`);
  const events = (await eventsOf(services, dossier)).filter((e) => !e.isRetracted);
  const names = new Map(dossier.evidence.items.map((i) => [i.key, i.name]));
  const parts = await partsOf(services, dossier);
  const all = together(parts);
  // A file leaves the house as a message does; the exact bytes stay in the evidence.
  const document = maskDeep({
    title: `${dossier.incident.kind === 'exercise' ? 'EXERCISE, nothing here is real: ' : ''}Timeline of ${incident}`,
    rows: events.map((e) => exportRow(e, names)),
    indicators: dossier.evidence.indicators.map(
      (i) =>
        all.indicators.find((f) => f.type === i.type && f.value === i.value) ?? {
          type: i.type,
          value: i.value,
          count: 0,
          lines: [],
          isOurs: false,
        },
    ),
    receipt: parts.length > 0 ? all.receipt : null,
    parts: parts.length > 1 ? parts.map(({ source, timeline }) => ({ source, receipt: timeline.receipt })) : [],
    initialAccess: all.initialAccess,
    attackers: all.attackers,
    scope: all.scope,
  });
  const stix = { createdAt: call.nowAt, organisation: services.organisation.organisation.name, incident };
  const bytes = new TextEncoder().encode(exportDocument(document, format, { stix }));
  const sha256 = await services.blobs.keep(bytes);
  const name = `${incident.toLowerCase()}-timeline.${ENDINGS[format] ?? format}`;
  await services.act(incident, call.recordActor, () => ({
    records: [
      {
        type: 'timeline.exported',
        body: {
          format,
          name,
          sha256,
          events: events.length,
          to: humanKey(services.organisation.organisation, call.actor),
        },
      },
    ],
  }));
  return {
    kind: 'private',
    view: view(`${name}: ${events.length} events`, [
      text(
        `${events.length} events, SHA-256 ${sha256}. Secrets in it are masked; the evidence keeps the exact bytes. The export is on record.`,
      ),
    ]),
    file: { name, mediaType: MEDIA[format], bytes },
  };
}

export const exportCommand: Command = {
  name: 'timeline export',
  summary: 'The timeline as a file: Markdown, CSV, JSON Lines, HTML, STIX',
  args: [{ name: 'format', summary: EXPORT_FORMATS.join(', '), isRequired: false, choices: EXPORT_FORMATS }],
  examples: ['timeline export csv'],
  effect: 'record',
  who: 'export',
  needsIncident: true,
  run: exportTimeline,
};
