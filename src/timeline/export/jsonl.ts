import type { ExportRow } from './row.ts';
import { fromTimesketch, toTimesketch } from './timesketch.ts';

/** Writes rows as Timesketch JSON Lines, one object a line, values raw. */
export function toJsonl(rows: readonly ExportRow[]): string {
  return rows.map((row) => `${JSON.stringify(toTimesketch(row))}\n`).join('');
}

/** Reads Timesketch JSON Lines back; throws a sentence that names the line and what is wrong. */
export function fromJsonl(text: string): ExportRow[] {
  const rows: ExportRow[] = [];
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .forEach((line, index) => {
      if (line.trim() !== '') rows.push(fromTimesketch(parseLine(line, index + 1), index + 1));
    });
  return rows;
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(
      `Line ${number} is not a JSON object. JSON Lines hold one object a line; for an array use one line an element.`,
    );
  }
}
