// Reads Timesketch CSV, ours or a foreign one.
import { restore } from './csv.ts';
import { fromTimesketch } from './read-timesketch.ts';
import type { ExportRow } from './row.ts';
import { COLUMNS, type Column } from './timesketch.ts';

const KNOWN: ReadonlySet<string> = new Set(COLUMNS);
const LISTS: ReadonlySet<string> = new Set<Column>([
  'tag',
  'comments',
  'lines',
  'techniques',
  'flags',
  'reasons',
  'assumed',
  'origin',
]);
const NUMBERS: ReadonlySet<string> = new Set<Column>(['timestamp', 'severity', 'count', 'score']);

/** Reads Timesketch CSV back, ours or a foreign one; throws a sentence that names the row and what is wrong. */
export function fromCsv(text: string): ExportRow[] {
  const [header, ...records] = parseCsv(text.replace(/^\ufeff/, ''));
  if (header === undefined)
    throw new Error('The CSV is empty. Its first line must name the columns: message,datetime,timestamp_desc.');
  for (const column of ['message', 'datetime']) {
    if (!header.includes(column))
      throw new Error(`The CSV has no column "${column}". Name the columns in its first line.`);
  }
  return records.map((cells, index) => fromTimesketch(recordOf(header, cells, index + 2), index + 2));
}

function recordOf(header: readonly string[], cells: readonly string[], row: number): Record<string, unknown> {
  if (cells.length !== header.length) {
    throw new Error(
      `Row ${row} has ${cells.length} cells, the header names ${header.length}. Check its quotes and commas.`,
    );
  }
  const record: Record<string, unknown> = {};
  header.forEach((column, index) => {
    if (!KNOWN.has(column)) return;
    const cell = restore(cells[index]!);
    const value = readCell(column, cell, row);
    if (value !== undefined) record[column] = value;
  });
  return record;
}

function readCell(column: string, cell: string, row: number): unknown {
  if (column === 'message') return cell;
  if (cell === '') return undefined;
  if (NUMBERS.has(column)) return Number(cell);
  if (column === 'starred') return cell === 'true' || cell === 'True' || cell === '1';
  if (!LISTS.has(column)) return cell;
  if (cell.startsWith('[') || cell.startsWith('{')) {
    try {
      return JSON.parse(cell);
    } catch {
      throw new Error(`Row ${row}: ${column} is not a JSON list. Write ["a","b"] or a,b.`);
    }
  }
  // Timesketch's own way to write tags.
  return cell === '-' ? [] : cell.split(',').map((part) => part.trim());
}

/** Splits RFC 4180 text into records of cells; quoted cells may hold commas, quotes and line breaks. Throws when a quote stays open. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell: string;
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1, records.length + 1);
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      let end = at;
      while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++;
      cell = text.slice(at, text[end] === '\n' && text[end - 1] === '\r' ? end - 1 : end);
      at = end;
    }
    record.push(cell);
    if (text[at] === '\r') at++;
    if (text[at] === ',') {
      at++;
      if (at < text.length && text[at] !== '\r' && text[at] !== '\n') continue;
      // A comma at the end of a line stands before one more, empty, cell.
      record.push('');
      if (text[at] === '\r') at++;
    }
    if (at < text.length && text[at] !== '\n') {
      throw new Error(`Row ${records.length + 1}: text after a closing quote. Quotes inside a cell are doubled.`);
    }
    at++;
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  return records;
}

function closingQuote(text: string, from: number, row: number): number {
  for (let at = from; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) throw new Error(`Row ${row}: a quote is never closed. Quotes inside a cell are doubled.`);
    if (text[at + 1] !== '"') return at;
  }
}
