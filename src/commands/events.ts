import type { Dossier } from '../incident/dossier.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import { mergeTimeline } from '../timeline/merge.ts';
import type { Part } from '../timeline/together.ts';
import type { Timeline } from '../timeline/types.ts';
import type { Services } from './types.ts';

/** The merged timeline of an incident, its results read from their blobs. */
export async function eventsOf(services: Services, dossier: Dossier): Promise<readonly TimelineEvent[]> {
  const results = new Map<string, Timeline | null>();
  for (const a of dossier.timeline.additions) results.set(a.result, await services.intake.result(a.result));
  return mergeTimeline(dossier.timeline, (name) => results.get(name) ?? null);
}

/**
 * Every event that was read from any evidence, on the timeline or not, and those that people wrote: what a claim of absence is
 * compared with. A line that nobody chose for the timeline, or that somebody took off it, is still evidence.
 */
export async function collectedEvents(services: Services, dossier: Dossier): Promise<readonly TimelineEvent[]> {
  const read = dossier.evidence.items.flatMap((i) =>
    i.reading ? [{ evidence: i.key, result: i.reading.result }] : [],
  );
  const results = new Map<string, Timeline | null>();
  for (const { result } of read) results.set(result, await services.intake.result(result));
  const state = { ...dossier.timeline, additions: read.map((r) => ({ ...r, lines: null })) };
  return mergeTimeline(state, (name) => results.get(name) ?? null).filter(
    (e) => e.provenance === 'log' || (!e.isRetracted && e.provenance !== 'decision'),
  );
}

/** What was read from each log on the timeline, by evidence key; imports are left out, as nothing was read from them. */
export async function partsOf(services: Services, dossier: Dossier): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const { evidence, result, isImport } of dossier.timeline.additions) {
    const timeline = isImport ? null : await services.intake.result(result);
    if (timeline) parts.push({ source: evidence, timeline });
  }
  return parts;
}

/** The event of a typed key; a line that was collapsed into one (`EV-1:7`) names the event it is part of. */
export function eventAt(events: readonly TimelineEvent[], key: string): TimelineEvent | undefined {
  const known = events.find((e) => e.key === key);
  if (known) return known;
  const [evidence = '', line = ''] = key.split(':');
  return events.find((e) => e.evidence === evidence && e.lines.includes(Number(line)));
}
