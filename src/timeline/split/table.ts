// Tables with a head line: W3C and IIS (#Fields), Zeek (#fields), CSV with column names. The head gives the rows their names.
import { splitCells } from '../formats/cells.ts';
import { inUtc, newFields, type Reading } from '../formats/reading.ts';
import { stampOfFields, stampOfParts } from '../formats/time-keys.ts';

/** Column names and how the rows are parted. */
export interface TableHead {
  readonly format: 'w3c' | 'zeek' | 'csv';
  readonly columns: readonly string[];
  readonly separator: string;
  /** The day that a `#Date` line states, for rows that hold only a time. */
  readonly day?: string;
}

const W3C = /^#Fields:\s*(.{1,4000})$/;
const ZEEK = /^#fields[\t ](.{1,4000})$/;
const COMMENT =
  /^#(?:Software|Version|Date|Start-Date|End-Date|Remark|separator|set_separator|empty_field|unset_field|path|open|close|types|GMT-Offset)\b/i;
const TIME_COLUMN =
  /^"?(?:date|time|timestamp|datetime|date ?\/? ?time|time ?created|time ?generated|time_?stamp|_time|event ?time|created ?at|creationdate|creationtime|ts|when|utc ?time|datum|zeit|zeitpunkt|fecha|heure|id)(?: ?[[(](?:utc|gmt|[+-]\d\d:?\d\d)[\])])?"?$/i;
// W3C: s is the server that writes, r the one behind it. Elsewhere the same letters mean the source and the remote party.
const SERVER_COLUMNS: Readonly<Record<string, string>> = { 's-ip': 'server-ip', 'r-ip': 'dst-ip' };
const DAY = /^#Date: (\d{4}-\d\d-\d\d)/;
const RULE = /^\s*-{2,}(?:\s+-{2,})+\s*$/;

/** A head or comment line of a table: the table that follows (the present one for a comment), or null for any other line. */
export function readTableHead(text: string, present: TableHead | null): { table: TableHead | null } | null {
  if (text[0] === '#') {
    const w3c = W3C.exec(text);
    const day = DAY.exec(text)?.[1];
    if (day !== undefined) return { table: { format: 'w3c', columns: present?.columns ?? [], separator: ' ', day } };
    if (w3c) {
      const columns = (w3c[1] ?? '').trim().split(/\s+/);
      return { table: { format: 'w3c', columns, separator: ' ', ...(present?.day ? { day: present.day } : {}) } };
    }
    const zeek = ZEEK.exec(text);
    if (zeek) return { table: { format: 'zeek', columns: (zeek[1] ?? '').split(/[\t ]/), separator: '\t' } };
    return COMMENT.test(text) ? { table: present } : null;
  }
  if (RULE.test(text) || /^TimeCreated\s{2,}(?![:\s])/.test(text)) return { table: present };
  const separator = [',', ';', '\t'].find((s) => text.includes(s));
  if (separator === undefined || text.length > 4000 || /^\s*[{[<]|=/.test(text)) return null;
  const cells = splitCells(text, separator);
  const isHead =
    cells.length >= 2 &&
    cells.every((cell) => cell.length > 0 && cell.length < 60 && !/^\d/.test(cell)) &&
    cells.some((cell) => TIME_COLUMN.test(cell)) &&
    cells.some((cell) => /time|date|datum|zeit|fecha|^ts$|when/i.test(cell));
  return isHead ? { table: { format: 'csv', columns: cells, separator } } : null;
}

/** A row of the table, or null when it does not fit: then it is read like any other line. */
export function readTableRow(table: TableHead, text: string): Reading | null {
  // A proxy quotes what holds blanks: the browser, a list of categories.
  const isQuoted = table.format === 'csv' || text.includes('\t') || text.includes('"');
  const cells = isQuoted ? splitCells(text, text.includes('\t') ? '\t' : table.separator) : text.split(/ +/);
  if (
    cells.length < 2 ||
    cells.length < table.columns.length / 2 ||
    cells.length > table.columns.length + (table.format === 'csv' ? 2 : 8)
  )
    return null;
  const fields = newFields();
  for (const [i, name] of table.columns.entries()) {
    const value = cells[i];
    if (value !== undefined && value !== '-' && value !== '') fields[SERVER_COLUMNS[name] ?? name] = value;
  }
  if (table.day !== undefined && fields['time'] !== undefined && fields['date'] === undefined)
    fields['date'] = table.day;
  const stamp = stampOfParts(fields) ?? stampOfFields(fields)?.stamp ?? null;
  if (!stamp) return null;
  return { format: table.format, stamp: table.format === 'w3c' ? inUtc(stamp) : stamp, message: text, fields };
}
