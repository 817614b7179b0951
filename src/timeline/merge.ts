// The merged timeline of an incident: derived events of every added evidence, written events, revisions and marks, in one stable order.
import { noMarks, type Revision, type TimelineEvent, type TimelineState, type WrittenEvent } from './event.ts';
import { spotOf, spotText } from './spot.ts';
import type { DerivedEvent, Timeline } from './types.ts';

const PRECISION_ORDER = ['day', 'minute', 's', 'ms', 'us', 'ns'];

const compare = (a: TimelineEvent, b: TimelineEvent): number =>
  (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0) ||
  PRECISION_ORDER.indexOf(a.precision) - PRECISION_ORDER.indexOf(b.precision) ||
  (a.evidence ?? '').localeCompare(b.evidence ?? '', 'en', { numeric: true }) ||
  spotOf(a.derived ?? a) - spotOf(b.derived ?? b) ||
  a.key.localeCompare(b.key, 'en', { numeric: true });

/** Key of a derived event: its evidence and first line, so that it survives another reading. */
export const derivedKey = (evidence: string, event: DerivedEvent): string => `${evidence}:${spotText(event)}`;

function finish(state: TimelineState, base: Omit<TimelineEvent, 'revisions' | 'isRetracted' | 'marks'>): TimelineEvent {
  const revisions: readonly Revision[] = state.revisions[base.key] ?? [];
  const last = <K extends 'occurredAt' | 'text'>(name: K): string | undefined =>
    revisions.findLast((r) => r[name] !== undefined)?.[name];
  const occurredAt = last('occurredAt') ?? base.occurredAt;
  return {
    ...base,
    occurredAt,
    lastAt: [base.lastAt, occurredAt].sort().at(-1) ?? occurredAt,
    text: last('text') ?? base.text,
    revisions,
    isRetracted: revisions.some((r) => r.isRetracted),
    marks: state.marks[base.key] ?? noMarks,
  };
}

const fromDerived = (
  evidence: string,
  d: DerivedEvent,
): Omit<TimelineEvent, 'revisions' | 'isRetracted' | 'marks'> => ({
  key: derivedKey(evidence, d),
  occurredAt: d.occurredAt,
  lastAt: d.lastAt,
  precision: d.precision,
  zoneBasis: d.zoneBasis,
  text: d.message,
  count: d.count,
  provenance: 'log',
  evidence,
  lines: d.lines,
  derived: d,
  severity: d.severity,
  by: null,
  message: null,
  isSourceDeleted: false,
});

const fromWritten = (e: WrittenEvent): Omit<TimelineEvent, 'revisions' | 'isRetracted' | 'marks'> => ({
  key: e.key,
  occurredAt: e.occurredAt,
  lastAt: e.occurredAt,
  precision: e.precision,
  zoneBasis: e.zoneBasis,
  text: e.text,
  count: 1,
  provenance: e.provenance,
  evidence: null,
  lines: [],
  derived: null,
  severity: 0,
  by: e.by,
  message: e.message,
  isSourceDeleted: e.isSourceDeleted,
});

/** All events in order, retracted ones too. `results` gives the derived timeline of each result's blob. */
export function mergeTimeline(
  state: TimelineState,
  results: (result: string) => Timeline | null,
): readonly TimelineEvent[] {
  const derived = state.additions.flatMap((a) => {
    const chosen = a.lines === null ? null : new Set(a.lines);
    return (results(a.result)?.events ?? [])
      .filter((e) => !chosen || chosen.has(spotOf(e)))
      .map((e) => finish(state, fromDerived(a.evidence, e)));
  });
  return [...derived, ...state.written.map((e) => finish(state, fromWritten(e)))].sort(compare);
}
