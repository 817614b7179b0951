// countersign import: exported timelines read back, checked, and written in any format.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isRefusal } from '../../src/refusal.ts';
import { EXPORT_FORMATS, exportDocument, isExportFormat } from '../../src/timeline/export/export.ts';
import { readExport } from '../../src/timeline/export/import.ts';
import type { ExportRow } from '../../src/timeline/export/row.ts';
import type { Command } from './command.ts';
import { Misuse, NothingRead, whyUnread } from './errors.ts';
import { write } from './output.ts';

const USAGE = `usage: countersign import [--format ${EXPORT_FORMATS.join('|')}] FILE ...     (- reads standard input)

Reads exported timelines back (Timesketch CSV or JSON Lines, ours or foreign ones), with comments and tags, and writes them
together in the order of time. A file that is wrong is named with its row and what is wrong; nothing is then written.
Exit status 0 written, 2 misuse, 3 a file cannot be read back.`;

export const importCommand: Command = {
  usage: USAGE,
  async run(args) {
    const { format, files } = parse(args);
    const rows: ExportRow[] = [];
    for (const file of files) {
      const read = readExport(bytesOf(file));
      if (isRefusal(read)) throw new NothingRead(`${file}: ${read.message}`);
      rows.push(...read);
    }
    rows.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
    const title = files.length === 1 ? `Timeline of ${files[0]}` : `Timeline of ${files.length} exports`;
    const beside = { indicators: [], receipt: null, initialAccess: [], attackers: [], scope: null };
    const look = { width: process.stdout.columns ?? 100, isColoured: process.stdout.isTTY === true };
    await write(exportDocument({ title, rows, ...beside }, format, look));
    return 0;
  },
};

function parse(args: readonly string[]) {
  let parsed: { values: { format: string }; positionals: string[] };
  try {
    const options = { format: { type: 'string', default: 'table' } } as const;
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new Misuse((error as Error).message, USAGE);
  }
  const { values, positionals: files } = parsed;
  if (!isExportFormat(values.format))
    throw new Misuse(`no format ${values.format}: ${EXPORT_FORMATS.join(', ')}`, USAGE);
  if (files.length === 0) throw new Misuse('which export?', USAGE);
  return { format: values.format, files };
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new NothingRead(`${file} cannot be read: ${whyUnread(error)}`);
  }
}
