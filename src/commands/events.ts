import type { Dossier } from '../incident/dossier.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import { mergeTimeline } from '../timeline/merge.ts';
import type { Timeline } from '../timeline/types.ts';
import type { Services } from './types.ts';

/** The merged timeline of an incident, its results read from their blobs. */
export async function eventsOf(services: Services, dossier: Dossier): Promise<readonly TimelineEvent[]> {
  const results = new Map<string, Timeline | null>();
  for (const a of dossier.timeline.additions) results.set(a.result, await services.intake.result(a.result));
  return mergeTimeline(dossier.timeline, (name) => results.get(name) ?? null);
}
