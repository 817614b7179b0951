import type { ExportRow } from './row.ts';
import { toTimesketch } from './timesketch.ts';

/** Writes rows as Timesketch JSON Lines, one object a line, values raw. */
export function toJsonl(rows: readonly ExportRow[]): string {
  return rows.map((row) => `${JSON.stringify(toTimesketch(row))}\n`).join('');
}
