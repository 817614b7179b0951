import type { ExportRow } from './row.ts';
import { COLUMNS, toTimesketch } from './timesketch.ts';

// A cell that a spreadsheet would run: =, +, -, @ (also full width) at its start or behind blanks. One apostrophe is put in
// front, and one more in front of apostrophes that are already there, so that exactly one can be taken off again.
const FORMULA = /^'*[\s\u00a0]*[=+\-@＝＋－＠]|^'*[\t\r\n]/;
const NEUTRALISED = /^'(?='*(?:[\s\u00a0]*[=+\-@＝＋－＠]|[\t\r\n]))/;

/** Puts an apostrophe before a cell that a spreadsheet would take for a formula (OWASP CSV injection). */
export function neutralise(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** Takes off the apostrophe that `neutralise` put there, and nothing else. */
export function restore(cell: string): string {
  return cell.replace(NEUTRALISED, '');
}

const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

function cellOf(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return quote(neutralise(typeof value === 'string' ? value : JSON.stringify(value)));
}

/** Writes rows as Timesketch CSV (RFC 4180, UTF-8): lists as JSON, formula cells neutralised. */
export function toCsv(rows: readonly ExportRow[]): string {
  const body = rows.map((row) => {
    const record = toTimesketch(row);
    return COLUMNS.map((column) => cellOf(record[column])).join(',');
  });
  return `${[COLUMNS.join(','), ...body].join('\r\n')}\r\n`;
}
