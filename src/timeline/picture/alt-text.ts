import { shown } from '../export/columns.ts';
import type { PictureEvent, PicturePlan } from './plan.ts';

const LONGEST_MESSAGE = 120;

/** The picture in words: when, which sources, the numbered events, silences and decisions. Untrusted text is shown defanged. */
export function altText(plan: PicturePlan): string {
  const lanes = plan.lanes.map((lane) => `${shown(lane.source)} (${lane.total.toLocaleString('en-US')})`).join(', ');
  const events = plan.numbered.map(
    (n) =>
      `${n.number}. ${clock(n.atMs)} ${brief([headline(n.event), n.event.message].filter(Boolean).join(': '))}${times(n.event)}`,
  );
  const gaps = plan.lanes.flatMap((lane) =>
    lane.gaps.map(
      (g) =>
        `${shown(lane.source)} ${g.kind === 'gap' ? 'is silent' : 'has a clock jump'} from ${clock(g.fromMs)} to ${clock(g.toMs)}`,
    ),
  );
  const decisions = plan.decisions.map((d) => `${d.letter}. ${clock(d.atMs)} ${brief(d.event.message)}`);
  return [
    `Timeline from ${minute(plan.fromMs)} to ${minute(plan.toMs)} UTC.`,
    lanes ? `Records by source: ${lanes}.` : '',
    events.length ? `Ranked events: ${events.join('; ')}.` : 'No event stands out.',
    gaps.length ? `Gaps: ${gaps.join('; ')}.` : '',
    decisions.length ? `Decisions: ${decisions.join('; ')}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The words that head an event: how it ranks, and that it may be the way in. Empty when nothing is known but its message. */
export function headline(event: PictureEvent): string {
  const reason = event.reasons[0] ?? '';
  if (!event.isWayIn) return reason;
  return reason ? `Possible way in: ${reason}` : 'Possible way in';
}

const times = (event: PictureEvent) => (event.count > 1 ? ` (${event.count} times)` : '');

/** `2026-11-19 22:47`, UTC. */
export const minute = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

/** `22:47`, UTC. */
export const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);

const brief = (text: string) => {
  const safe = shown(text);
  return safe.length > LONGEST_MESSAGE ? `${safe.slice(0, LONGEST_MESSAGE)}…` : safe;
};
