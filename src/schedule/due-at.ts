// Times that lie ahead, as people type them: `+30m`, `16:00` (the next one), or any full time.
import { readWhen } from '../incident/when.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { zoneClock } from '../timeline/stamp/zone.ts';

const DAY_MS = 86_400_000;

/** Reads when something is due; UTC ISO 8601. A time of day means the next one. Refuses what lies in the past. */
export function readDue(typed: string, context: { readonly nowAt: string; readonly zone: string }): string | Refusal {
  const now = Date.parse(context.nowAt);
  const ahead = /^\+?(\d{1,4})\s?([mhd])$/.exec(typed.trim());
  if (ahead) {
    const unit = { m: 60_000, h: 3_600_000, d: DAY_MS }[ahead[2] as 'm' | 'h' | 'd'];
    return new Date(now + Number(ahead[1]) * unit).toISOString();
  }
  const when = readWhen(typed, context);
  if (isRefusal(when)) return refuse(when.code, `${when.message} For a time ahead, +30m works too.`);
  const at = Date.parse(when.at);
  if (at >= now) return when.at;
  const clock = /^\d{1,2}:\d{2}(?::\d{2})?\s?(z|utc)?$/i.exec(typed.trim());
  if (!clock)
    return refuse('past', `${typed.trim().slice(0, 40)} has passed. Name a time ahead, such as +30m or 16:00.`);
  const { offsetAt, toUtc } = zoneClock(clock[1] ? 'UTC' : context.zone);
  // The same wall time tomorrow, which is not always 24 hours away.
  return new Date(toUtc(at + offsetAt(at) * 60_000 + DAY_MS)).toISOString();
}
