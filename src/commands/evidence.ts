// Evidence as commands find it: which piece, its reading, and how to read it.

import type { Evidence } from '../evidence/types.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { isZone } from '../timeline/stamp/zone.ts';
import type { ReadOptions, Timeline } from '../timeline/types.ts';
import { zoneOf } from './reading.ts';
import { type Call, one } from './types.ts';

/** How zone-less and year-less times are read: what was typed, else the incident's zone, else the organisation's. */
export function readOptions(call: Call, typedZone: string): ReadOptions | Refusal {
  const zone = typedZone.trim() || zoneOf(call);
  if (!isZone(zone))
    return refuse(
      'bad-zone',
      `"${zone.slice(0, 60)}" is no zone I know. Use an IANA name such as Europe/Berlin, America/New_York or UTC.`,
    );
  const isSet = call.dossier?.incident.zone === zone || (typedZone.trim() !== '' && typedZone.trim() !== zoneOf(call));
  return { now: call.services.now(), zone, ...(isSet ? { zoneIsKnown: true } : {}) };
}

interface Read {
  readonly item: Evidence;
  readonly timeline: Timeline;
}

/** The evidence an argument names, read; or why there is none. */
export async function readEvidence(call: Call): Promise<Read | Refusal> {
  const key = one(call.args, 'evidence').toUpperCase();
  const item = call.dossier?.evidence.items.find((i) => i.key === key);
  if (!item)
    return refuse(
      'no-such-evidence',
      `There is no evidence ${key || 'without a key'} here. "log list" shows what there is.`,
    );
  if (!item.reading)
    return refuse(
      'not-read',
      item.failure
        ? `${key} could not be read: ${item.failure}.`
        : `${key} is still being read. The receipt in the channel counts up; try again when it is done.`,
    );
  const timeline = await call.services.intake.result(item.reading.result);
  return timeline
    ? { item, timeline }
    : refuse(
        'not-read',
        `The reading of ${key} is gone from the data folder. Use "log again ${key}" to read it once more.`,
      );
}
