// Where an event stands in its source: its first line and, when several records share that line, which of them it is.
import type { DerivedEvent } from './types.ts';

/** Records that can be told apart on one line. */
const PARTS = 2 ** 20;

type Placed = Pick<DerivedEvent, 'lines' | 'part'>;

/** One number for the place, exact for every line and part: the line, and the part as its fraction. */
export function spotOf({ lines, part = 0 }: Placed): number {
  return (lines[0] ?? 0) + Math.min(part, PARTS - 1) / PARTS;
}

/** The place as people write it: `118`, or `1.17` for the seventeenth record of line 1. */
export function spotText({ lines, part }: Placed): string {
  return `${lines[0] ?? 0}${part ? `.${part}` : ''}`;
}
