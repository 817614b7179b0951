// A time as it was written, before the clock and the zone of the incident complete it.
import type { Precision } from '../types.ts';

/** Where a stated zone came from: written beside the time, or fixed by the format (W3C logs are UTC). */
export type StatedZone = 'stated' | 'source';

/** How three bare numbers can be read as a date; `ymd` needs two-digit years. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy' | 'dm' | 'md';

/** A stamp of wall-clock fields, or of an absolute instant when `epochMs` is set. Offsets are into the text it was found in. */
export interface Stamp {
  readonly start: number;
  readonly end: number;
  readonly shape: string;
  /** Milliseconds since 1970 UTC for epochs; the wall fields are then unused. */
  readonly epochMs: number | null;
  readonly year: number | null;
  readonly month: number | null;
  readonly day: number | null;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Digits after the decimal sign, as written. */
  readonly fraction: string;
  readonly precision: Precision;
  /** Minutes east of UTC, or null when no zone is written. */
  readonly offsetMinutes: number | null;
  readonly zone: StatedZone | null;
  /** The three (or two) bare numbers and the orders they allow, when more than one is possible. */
  readonly numbers: readonly number[] | null;
  readonly orders: readonly DateOrder[] | null;
  /** Set when the numbers themselves allowed only one of several orders: evidence for their neighbours. */
  readonly settledOrder?: 'dayFirst' | 'monthFirst' | 'yearFirst';
  /** A written date that does not exist, such as 30 February: never rolled over. */
  readonly impossible: boolean;
  /** True when only a time of day is written. */
  readonly timeOnly: boolean;
}

/** The precision that a number of fraction digits expresses. */
export function precisionOf(fraction: string): Precision {
  if (fraction === '') return 's';
  return fraction.length <= 3 ? 'ms' : fraction.length <= 6 ? 'us' : 'ns';
}
