// Whether a line is a record by itself whatever stands above it: the condition for reading its like without looking around.

import type { TimedRecord } from '../read.ts';
import { isChatHeader, isIndented, isProse, isTrace } from '../split/continuation.ts';
import { isOwnRecordAnywhere } from '../split/records.ts';

// The half of the day is written in letters, which lines of one shape share: 12:30 PM is 12:30, 01:30 PM is not 01:30.
const HALF_OF_DAY = /\d ?[ap](?:\.? ?m)\b|[上下]午|午[前後]|오[전후]/i;
const HEAD_CHARS = 300;

/** True when neither a wrapped line nor a trace above could take this line in, and what is read of it holds for its shape. */
export const standsAlone = (record: TimedRecord, text: string): boolean =>
  record.time.timeMs !== null &&
  record.flags.length === 0 &&
  !HALF_OF_DAY.test(text.length > HEAD_CHARS ? text.slice(0, HEAD_CHARS) : text) &&
  beginsAnywhere(text);

/** True when a line begins a record of its own whatever stands above it. */
export function beginsAnywhere(text: string): boolean {
  if (isTrace(text) || isIndented(text) || isProse(text) || isChatHeader(text) || text[0] === ' ') return false;
  return isOwnRecordAnywhere(text);
}
