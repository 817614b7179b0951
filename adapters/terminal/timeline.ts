// countersign timeline: the collapsed, ranked timeline of files or pastes.
import { buildTimeline, buildTimelineOfFile } from '../../src/timeline/build.ts';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  exportDocument,
  exportTimeline,
  isExportFormat,
} from '../../src/timeline/export/export.ts';
import { documentOfAll } from '../../src/timeline/export/row.ts';
import { type Part, together } from '../../src/timeline/together.ts';
import { serveBatch } from './batch.ts';
import type { Command } from './command.ts';
import { eachInput } from './inputs.ts';
import { write } from './output.ts';
import { progressBar } from './progress.ts';
import { parseReading } from './read-options.ts';

const USAGE = `usage: countersign timeline [--format ${EXPORT_FORMATS.join('|')}] [--now ISO] [--zone IANA] FILE ...     (- reads standard input)
       countersign timeline --batch     requests as JSON Lines: {"id","text","now","zone"}

Prints what happened: events collapsed and ranked, with the receipt of what was read, indicators, and candidates for initial access.
Several files give one timeline with one receipt; .gz, .zip and .evtx are unpacked. A large file shows its progress on standard error.
--format  table (default), md, html, json, jsonl and csv (Timesketch's import format), stix (the indicators alone)
--now     the clock that completes times without a year (default: the real clock)
--zone    the zone of times without one (default UTC; said as assumed)
Exit status 0 read, 2 misuse, 3 nothing could be read.`;

export const timelineCommand: Command = {
  usage: USAGE,
  async run(args) {
    const { options, files, isBatch, format = 'table' } = parseReading(args, USAGE, EXPORT_FORMATS);
    if (isBatch) {
      await serveBatch((bytes, how) => buildTimeline(bytes, how));
      return 0;
    }
    if (!isExportFormat(format)) return 2;
    const parts: Part[] = [];
    for await (const { name, path, sizeBytes } of eachInput(files)) {
      const bar = progressBar(name, sizeBytes);
      parts.push({ source: name, timeline: buildTimelineOfFile(path, options, undefined, bar.show) });
      bar.clear();
    }
    await write(written(parts, format));
    return 0;
  },
};

const look = () => ({ width: process.stdout.columns ?? 100, isColoured: process.stdout.isTTY === true });

/** One timeline of everything that was read; each row names its source where there are several. */
function written(parts: readonly Part[], format: ExportFormat): string {
  const [first] = parts;
  if (parts.length === 1 && first) return exportTimeline(first.timeline, format, { source: first.source, ...look() });
  if (format !== 'json')
    return exportDocument(documentOfAll(parts, `Timeline of ${parts.length} sources`), format, look());
  const { events, ...rest } = together(parts);
  const sources = parts.map(({ source, timeline: { receipt } }) => ({ source, receipt }));
  return `${JSON.stringify({ ...rest, events: events.map(({ source, event }) => ({ source, ...event })), sources }, null, 2)}\n`;
}
