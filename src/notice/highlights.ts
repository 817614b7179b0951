// The events of a timeline that are worth a reader's time, and how a notice or a briefing says them.
import { defangText } from '../evidence/defang.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import { clip } from '../view/escape.ts';
import { utcAndLocal } from './facts.ts';
import { withCites } from './lines.ts';

const MOST_CHOSEN = 7;
const LONGEST_WORDS = 200;

/** The events worth reading first: starred by people, then the most severe; in order of time. */
export function highlights(events: readonly TimelineEvent[], most: number): readonly TimelineEvent[] {
  const rank = (e: TimelineEvent): number =>
    (e.marks.isStarred ? 1000 : 0) + e.severity * 10 + Math.min(9, e.derived?.score ?? 0);
  const standing = events.filter((e) => !e.isRetracted && e.provenance !== 'decision');
  const severe = standing.filter((e) => e.marks.isStarred || e.severity >= 5 || e.provenance !== 'log');
  const worth = severe.length > 0 ? severe : standing;
  const chosen = new Set(worth.toSorted((a, b) => rank(b) - rank(a)).slice(0, most));
  return events.filter((e) => chosen.has(e));
}

/**
 * The events that a person put forward: starred, or written by hand; the newest, in order of time. Severity alone puts no
 * log line before managers: what a line says of itself is nobody's word.
 */
export const putForward = (events: readonly TimelineEvent[]): readonly TimelineEvent[] =>
  events
    .filter((e) => !e.isRetracted && (e.marks.isStarred || e.provenance === 'human' || e.provenance === 'message'))
    .slice(-MOST_CHOSEN);

/** An event as a line of a notice: when, what, and the key it can be asked for by. Never longer than a line. */
export function eventLine(event: TimelineEvent, zone: string): string {
  const words = clip(defangText(event.text.replace(/\s+/g, ' ').trim()), LONGEST_WORDS);
  return withCites(`${utcAndLocal(event.occurredAt, zone)}: ${words}`, [event.key]);
}
