// A record inside another: which clock its own time is by, when it names none.
import { utcMs } from '../stamp/calendar.ts';
import type { Stamp } from '../stamp/types.ts';
import type { Reading } from './reading.ts';

const HALF_HOUR_MS = 1_800_000;
const wallMs = (s: Stamp): number => utcMs(s.year ?? 0, s.month ?? 1, s.day ?? 1, s.hour, s.minute, s.second);

/**
 * The offset of a record's own naive time. Its carrier's, unless the carrier wrote at the same moment by a clock that is whole half
 * hours off: a container in local time under a runtime in UTC.
 */
function offsetBeside(stamp: Stamp, outer: Stamp): number {
  const stated = outer.offsetMinutes ?? 0;
  if (outer.epochMs === null && outer.year === null) return stated;
  if (stamp.year === null || stamp.numbers !== null) return stated;
  const apart = wallMs(stamp) - (outer.epochMs ?? wallMs(outer) - stated * 60_000);
  const steps = Math.round(apart / HALF_HOUR_MS);
  return Math.abs(apart - steps * HALF_HOUR_MS) <= 60_000 && Math.abs(steps) <= 28 ? steps * 30 : stated;
}

/** The record with its own time, in the zone that its carrier's time shows when it names none itself. */
export function inCarrier(held: Reading, outer: Stamp): Reading {
  const { stamp } = held;
  if (!stamp || stamp.epochMs !== null || stamp.offsetMinutes !== null || outer.offsetMinutes === null)
    return { ...held, carrier: outer };
  return { ...held, stamp: { ...stamp, offsetMinutes: offsetBeside(stamp, outer), zone: 'source' }, carrier: outer };
}
