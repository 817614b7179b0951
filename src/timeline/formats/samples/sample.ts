/**
 * One thing people paste, as its product writes it. `at` holds the instants of its records, in order and in UTC (ISO 8601 with
 * milliseconds); none where it states no time. `format` is what it is recognised as, where that is promised.
 */
export interface FormatSample {
  readonly name: string;
  readonly text: string;
  readonly at: readonly string[];
  readonly format?: string;
}

/** The instant that most samples state. */
export const AT = '2026-11-19T08:15:30.000Z';
