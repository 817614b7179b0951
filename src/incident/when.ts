// Times people type: ISO 8601 with offset, `14:05Z`, `14:05` in the incident's zone, `-15m`. Two readings are refused.
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { zoneClock } from '../timeline/stamp/zone.ts';

export interface When {
  /** UTC ISO 8601 with milliseconds. */
  readonly at: string;
  readonly precision: 'day' | 'minute' | 's' | 'ms';
  readonly basis: 'stated' | 'incident';
  /** How it was read, to be echoed. */
  readonly reading: string;
}

const EXAMPLES = 'Write 2026-11-20T08:15Z, 2026-11-20 08:15 (read in the incident\u2019s zone), 08:15Z, 08:15 or -15m.';

/** Reads a typed time. Refuses what has two readings (`03/04`) and what it cannot read, with examples. */
export function readWhen(text: string, context: { readonly nowAt: string; readonly zone: string }): When | Refusal {
  const typed = text.trim();
  const now = Date.parse(context.nowAt);
  const ago = /^-(\d{1,4})\s?([smhd])$/.exec(typed);
  if (ago) {
    const unit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[ago[2] as 's' | 'm' | 'h' | 'd'];
    return found(now - Number(ago[1]) * unit, 'minute', 'stated', `${ago[1]}${ago[2]} ago`);
  }
  if (typed.toLowerCase() === 'now') return found(now, 's', 'stated', 'now');
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?\s?(z|utc)?$/i.exec(typed);
  if (clock) {
    const [h, m, s] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
    if (h > 23 || m > 59 || s > 59) return refuse('bad-time', `"${typed}" is no time of day. ${EXAMPLES}`);
    const zone = clock[4] ? 'UTC' : context.zone;
    const { offsetAt, toUtc } = zoneClock(zone);
    const today = new Date(now + offsetAt(now) * 60_000);
    const wall = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate(), h, m, s);
    const at = toUtc(wall);
    // A clock time ahead of now means yesterday's: incidents are about what has happened.
    const past = at > now + 60_000 ? toUtc(wall - 86_400_000) : at;
    return found(
      past,
      clock[3] ? 's' : 'minute',
      clock[4] ? 'stated' : 'incident',
      `${typed} read as ${clock[4] ? 'UTC' : zone}`,
    );
  }
  const iso =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(z|utc|[+-]\d{2}:?\d{2})?$/i.exec(
      typed,
    );
  if (iso) return fromIso(iso, typed, context.zone);
  const slashed = /^(\d{1,2})[/.](\d{1,2})(?:[/.]\d{2,4})?\b/.exec(typed);
  if (slashed) {
    return refuse(
      'ambiguous-time',
      `"${typed}" can mean day ${slashed[1]} of month ${slashed[2]}, or month ${slashed[1]}, day ${slashed[2]}. ${EXAMPLES}`,
    );
  }
  return refuse('bad-time', `"${typed.slice(0, 60)}" is not a time I can read. ${EXAMPLES}`);
}

const CLOCK_SKEW_MS = 10 * 60_000;

/** The same for what has happened: refuses a time that is more than ten minutes ahead of now. */
export function readPast(text: string, context: { readonly nowAt: string; readonly zone: string }): When | Refusal {
  const when = readWhen(text, context);
  if (isRefusal(when) || Date.parse(when.at) <= Date.parse(context.nowAt) + CLOCK_SKEW_MS) return when;
  return refuse(
    'bad-time',
    `"${text.trim()}" is still to come: it is ${context.nowAt.slice(0, 16).replace('T', ' ')}Z now. Look at the year, the day and the zone. ${EXAMPLES}`,
  );
}

function fromIso(m: RegExpExecArray, typed: string, zone: string): When | Refusal {
  const [y, mo, d, h, mi, s] = [1, 2, 3, 4, 5, 6].map((i) => Number(m[i] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const wall = Date.UTC(y, mo - 1, d, h, mi, s, Number((m[7] ?? '').padEnd(3, '0').slice(0, 3)));
  const back = new Date(wall);
  if (back.getUTCMonth() !== mo - 1 || back.getUTCDate() !== d || h > 23 || mi > 59 || s > 59)
    return refuse('bad-time', `"${typed}" names a day or time that does not exist. ${EXAMPLES}`);
  const precision = m[4] === undefined ? 'day' : m[7] ? 'ms' : m[6] ? 's' : 'minute';
  const stated = m[8];
  if (stated === undefined)
    return found(zoneClock(zone).toUtc(wall), precision, 'incident', `${typed} read as ${zone}`);
  const offset = /^[zu]/i.test(stated)
    ? 0
    : (stated.startsWith('-') ? -1 : 1) * (Number(stated.slice(1, 3)) * 60 + Number(stated.slice(-2)));
  return found(wall - offset * 60_000, precision, 'stated', typed);
}

const found = (ms: number, precision: When['precision'], basis: When['basis'], reading: string): When => ({
  at: new Date(ms).toISOString(),
  precision,
  basis,
  reading,
});
