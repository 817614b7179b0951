// Whether a line is a record by itself whatever stands above it: the condition for reading its like without looking around.

import type { TimedRecord } from '../read.ts';
import { isChatHeader, isIndented, isProse, isTrace } from '../split/continuation.ts';
import { isOwnRecordAnywhere } from '../split/records.ts';

/** True when neither a wrapped line nor a trace above could take this line in. */
export function standsAlone(record: TimedRecord, text: string): boolean {
  if (record.time.timeMs === null || record.flags.length > 0) return false;
  if (isTrace(text) || isIndented(text) || isProse(text) || isChatHeader(text) || text[0] === ' ') return false;
  return isOwnRecordAnywhere(text);
}
