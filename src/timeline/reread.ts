// Two readings of one source side by side: which events moved, and which the chosen ones have become.
import { spotOf } from './spot.ts';
import type { DerivedEvent, ReadOptions, Timeline } from './types.ts';

/** One event before and after. */
export interface Move {
  readonly was: DerivedEvent;
  readonly is: DerivedEvent;
}

export interface Comparison {
  /** The chosen events whose time is another now, in order of their place. */
  readonly moved: readonly Move[];
  /** The places of what the chosen events have become; null for all. */
  readonly lines: readonly number[] | null;
  /** Chosen events that have no place in the new reading. */
  readonly gone: readonly DerivedEvent[];
}

/** Finds an event of another reading again: at its place, else the one that its lines were collapsed into. */
export function eventFinder(timeline: Timeline): (event: DerivedEvent) => DerivedEvent | undefined {
  const atSpot = new Map(timeline.events.map((event) => [spotOf(event), event]));
  const onLine = new Map<number, DerivedEvent>();
  // Of records that share a line, the line does not say which is meant.
  for (const event of timeline.events)
    if (event.part === undefined) for (const line of event.lines) onLine.set(line, event);
  return (event) => {
    const same = atSpot.get(spotOf(event));
    if (same || event.part !== undefined) return same;
    for (const line of event.lines) {
      const found = onLine.get(line);
      if (found) return found;
    }
    return undefined;
  };
}

/** Compares two readings over the chosen places (null: all). Pure. */
export function compareReadings(before: Timeline, after: Timeline, chosen: readonly number[] | null): Comparison {
  const isChosen = chosen === null ? null : new Set(chosen);
  const find = eventFinder(after);
  const moved: Move[] = [];
  const gone: DerivedEvent[] = [];
  const lines = new Set<number>();
  for (const was of before.events.toSorted((a, b) => spotOf(a) - spotOf(b))) {
    if (isChosen && !isChosen.has(spotOf(was))) continue;
    const is = find(was);
    if (!is) {
      gone.push(was);
      continue;
    }
    lines.add(spotOf(is));
    if (is.occurredAt !== was.occurredAt || is.lastAt !== was.lastAt) moved.push({ was, is });
  }
  return { moved, gone, lines: chosen === null ? null : [...lines].sort((a, b) => a - b) };
}

const ORDERS = { dayFirst: 'day before month', monthFirst: 'month before day' } as const;

/** What was set, in words: `zone UTC (assumed), year 2024, clock +90 s`. */
export function readingWords({ zone, zoneIsKnown, overrides = {} }: ReadOptions): string {
  const { year, dayMonthOrder, clockOffsetMs } = overrides;
  return [
    `zone ${zone}${zoneIsKnown ? '' : ' (assumed)'}`,
    ...(year === undefined ? [] : [`year ${year}`]),
    ...(dayMonthOrder === undefined ? [] : [ORDERS[dayMonthOrder]]),
    ...(clockOffsetMs ? [`clock ${clockWords(clockOffsetMs)}`] : []),
  ].join(', ');
}

const UNITS_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

/** A shift of a clock: `+1 m 30 s`, `-2.5 s`, `0 s`. */
export function clockWords(ms: number): string {
  let rest = Math.abs(ms);
  const parts: string[] = [];
  for (const [unit, unitMs] of Object.entries(UNITS_MS)) {
    const n = unit === 's' ? rest / unitMs : Math.floor(rest / unitMs);
    rest -= n * unitMs;
    if (n > 0) parts.push(`${n} ${unit}`);
  }
  return parts.length === 0 ? '0 s' : `${ms < 0 ? '-' : '+'}${parts.join(' ')}`;
}

const MOST_SHIFT_MS = 3660 * UNITS_MS.d;

const AMOUNT = /(\d{1,12}(?:\.\d{1,3})?) ?([dhms]?)/g;

/** A typed shift in milliseconds: seconds, or amounts with d, h, m or s behind them (`-90`, `2h`, `1 h 30 m`); empty is none. Null for anything else or more than ten years. */
export function parseShift(typed: string): number | null {
  const said = typed.trim().toLowerCase();
  if (said === '') return 0;
  if (!/^[+-]?(?: ?\d{1,12}(?:\.\d{1,3})? ?[dhms]){1,4}$|^[+-]?\d{1,12}(?:\.\d{1,3})?$/.test(said)) return null;
  let ms = 0;
  for (const [, amount, unit] of said.matchAll(AMOUNT))
    ms += Math.round(Number(amount) * UNITS_MS[(unit || 's') as keyof typeof UNITS_MS]);
  return ms > MOST_SHIFT_MS ? null : said.startsWith('-') ? -ms : ms;
}
