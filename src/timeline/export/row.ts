// What every exporter reads, whether the events come from one paste or from an incident's timeline.
import { spotText } from '../spot.ts';
import { type Part, together } from '../together.ts';
import type {
  Assumption,
  DerivedEvent,
  Entities,
  EntryFlag,
  Indicator,
  Precision,
  Provenance,
  RowOrigin,
  Technique,
  Timeline,
  ZoneBasis,
} from '../types.ts';

export type { Provenance };

/** A remark on an event; `at` is ISO 8601 UTC. */
interface ExportComment {
  readonly author: string;
  readonly at: string;
  readonly text: string;
}

/** One event on its way out. Times are ISO 8601 UTC with Z; texts are raw, each format escapes for itself; empty strings do not occur where null is allowed. */
export interface ExportRow {
  readonly id: string;
  readonly occurredAt: string;
  readonly lastAt: string;
  readonly precision: Precision;
  readonly zoneBasis: ZoneBasis;
  readonly assumed: readonly Assumption[];
  readonly provenance: Provenance;
  /** Who reported or decided it, where a person did. */
  readonly by: string | null;
  /** The chat message it was captured from, as `platform/tenant/conversation/message`. */
  readonly fromMessage: string | null;
  /** Where it stood in the incident it was exported from, when it was imported into this one. */
  readonly origin: RowOrigin | null;
  readonly message: string;
  /** Evidence key such as `E3`, and the lines in it that support the event. */
  readonly evidence: string | null;
  readonly source: string | null;
  readonly lines: readonly number[];
  readonly count: number;
  readonly format: string | null;
  readonly severity: number;
  readonly score: number;
  readonly reasons: readonly string[];
  readonly templateId: string | null;
  readonly entities: Entities;
  readonly techniques: readonly Technique[];
  readonly flags: readonly EntryFlag[];
  readonly isStarred: boolean;
  readonly comments: readonly ExportComment[];
  readonly tags: readonly string[];
}

/** Everything one export holds. `rows` are in the order they are to be shown; the rest is what is known beside them. */
export interface ExportDocument {
  readonly title: string;
  readonly rows: readonly ExportRow[];
  readonly indicators: readonly Indicator[];
  readonly receipt: Timeline['receipt'] | null;
  /** The receipts behind a common one, by source. */
  readonly parts?: readonly { readonly source: string; readonly receipt: Timeline['receipt'] }[];
  readonly initialAccess: Timeline['initialAccess'];
  readonly attackers: Timeline['attackers'];
  readonly scope: Timeline['scope'] | null;
}

/** Where a timeline came from. */
export interface Origin {
  readonly title?: string;
  readonly evidence?: string;
  readonly source?: string;
}

/** Turns the events of one input into export rows, in the timeline's order, with ids that are the same on every run. */
export function rowsOf(timeline: Pick<Timeline, 'events'>, origin: Origin = {}): ExportRow[] {
  const at = origin.evidence ?? origin.source ?? 'L';
  return timeline.events.map((event, index) =>
    rowOf(event, `${at}-${event.lines.length > 0 ? spotText(event) : `n${index + 1}`}`, origin),
  );
}

function rowOf(derived: DerivedEvent, id: string, origin: Origin): ExportRow {
  const { phase, detections, isTurn, part, ...event } = derived;
  return {
    id,
    ...event,
    provenance: 'log',
    by: null,
    fromMessage: null,
    origin: event.origin ?? null,
    evidence: origin.evidence ?? null,
    source: origin.source ?? null,
    isStarred: false,
    comments: [],
    tags: [],
  };
}

/** The export document of one input. */
export function documentOf(timeline: Timeline, origin: Origin = {}): ExportDocument {
  return {
    title: origin.title ?? (origin.source ? `Timeline of ${origin.source}` : 'Timeline'),
    rows: rowsOf(timeline, origin),
    indicators: timeline.indicators,
    receipt: timeline.receipt,
    initialAccess: timeline.initialAccess,
    attackers: timeline.attackers,
    scope: timeline.scope,
  };
}

/** The export document of several inputs: rows name their source, and everything beside them is of all together. */
export function documentOfAll(parts: readonly Part[], title: string): ExportDocument {
  const all = together(parts);
  const seen = new Map<string, number>();
  const rows = all.events.map(({ source, event }) => {
    const id = `${source}-${spotText(event)}`;
    const before = seen.get(id) ?? 0;
    seen.set(id, before + 1);
    return rowOf(event, before === 0 ? id : `${id}-${before + 1}`, { source });
  });
  return {
    title,
    rows,
    indicators: all.indicators,
    receipt: all.receipt,
    parts: parts.map(({ source, timeline }) => ({ source, receipt: timeline.receipt })),
    initialAccess: all.initialAccess,
    attackers: all.attackers,
    scope: all.scope,
  };
}
