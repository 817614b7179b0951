// Offsets of IANA zones, from the platform's own time zone data, remembered by the quarter hour.
const QUARTER_MS = 900_000;
const known = new Map<string, ZoneClock>();

/** A zone's offset from UTC, by instant and by wall time. */
export interface ZoneClock {
  /** Minutes east of UTC at an instant. */
  readonly offsetAt: (utcMs: number) => number;
  /** The instant of a wall time given as if it were UTC; the earlier one where the clock shows it twice. */
  readonly toUtc: (wallMs: number) => number;
}

/** Whether the platform knows an IANA zone name. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}

/** The clock of an IANA zone; throws RangeError for a name the platform does not know. */
export function zoneClock(name: string): ZoneClock {
  const found = known.get(name);
  if (found) return found;
  const clock = name === 'UTC' || name === 'Etc/UTC' ? UTC_CLOCK : makeClock(name);
  known.set(name, clock);
  return clock;
}

const UTC_CLOCK: ZoneClock = { offsetAt: () => 0, toUtc: (wallMs) => wallMs };

function makeClock(name: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsets = new Map<number, number>();
  const measure = (utcMs: number): number => {
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(utcMs)) part[type] = value;
    const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
    const wall = Date.UTC(
      year,
      Number(part['month']) - 1,
      Number(part['day']),
      Number(part['hour']),
      Number(part['minute']),
      Number(part['second']),
    );
    return Math.round((wall - Math.floor(utcMs / 1000) * 1000) / 60_000);
  };
  const offsetAt = (utcMs: number): number => {
    const quarter = Math.floor(utcMs / QUARTER_MS);
    const remembered = offsets.get(quarter);
    if (remembered !== undefined) return remembered;
    // A hostile file may name any instant of 9,999 years: the memory is bounded, not the answers.
    if (offsets.size > 20_000) offsets.clear();
    const offset = Math.abs(utcMs) > 8e15 ? 0 : measure(quarter * QUARTER_MS);
    offsets.set(quarter, offset);
    return offset;
  };
  const toUtc = (wallMs: number): number => {
    if (!(Math.abs(wallMs) < 8e15)) return wallMs;
    const before = wallMs - offsetAt(wallMs - 86_400_000) * 60_000;
    if (wallMs - offsetAt(before) * 60_000 === before) return before;
    return wallMs - offsetAt(before) * 60_000;
  };
  return { offsetAt, toUtc };
}
