// Whether a line is a record by itself whatever stands above it: the condition for reading its like without looking around.

import type { TimedRecord } from '../read.ts';
import { isChatHeader, isIndented, isProse, isTrace } from '../split/continuation.ts';
import { isOwnRecordAnywhere } from '../split/records.ts';

// The half of the day, a place's summer time and a zone's name are written in letters, which lines of one shape share: 12:30 PM is
// 12:30, 01:30 PM is not 01:30; CET is Berlin's time in January, not in July. What a shape's first line shows does not hold for the next.
const NOT_BY_SHAPE =
  /\d ?[ap](?:\.? ?m)\b|[上下]午|午[前後]|오[전후]|\b(?:africa|america|antarctica|asia|atlantic|australia|europe|indian|pacific)\/[a-z]|\b(?:standard|daylight|summer) time\b|:\d\d(?:[.,]\d{1,9})? ?[([]?(?:w?est|wet|bst|ces?t|mes?z|ee?s?t|edt|[cmp][sd]t|ak[sd]t|hst|[jk]st|ist|msk|trt|sgt|hkt|a[cew][sd]t|nz[sd]t|brt|(?:utc|gmt)[+-]\d{1,4})\b/i;
const HEAD_CHARS = 300;

/** True when neither a wrapped line nor a trace above could take this line in. */
export const standsAlone = (record: TimedRecord, text: string): boolean =>
  record.time.timeMs !== null && record.flags.length === 0 && beginsAnywhere(text);

/** True when a line begins a record of its own whatever stands above it. */
export function beginsAnywhere(text: string): boolean {
  if (isTrace(text) || isIndented(text) || isProse(text) || isChatHeader(text) || text[0] === ' ') return false;
  if (NOT_BY_SHAPE.test(text.length > HEAD_CHARS ? text.slice(0, HEAD_CHARS) : text)) return false;
  return isOwnRecordAnywhere(text);
}
