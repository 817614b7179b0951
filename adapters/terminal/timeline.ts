// countersign timeline: the collapsed, ranked timeline of files or pastes.
import { buildTimeline, buildTimelineOfFile } from '../../src/timeline/build.ts';
import { EXPORT_FORMATS, exportDocument, exportTimeline, isExportFormat } from '../../src/timeline/export/export.ts';
import { documentOf } from '../../src/timeline/export/row.ts';
import type { Timeline } from '../../src/timeline/types.ts';
import { serveBatch } from './batch.ts';
import type { Command } from './command.ts';
import { write } from './output.ts';
import { progressBar } from './progress.ts';
import { eachInput, parseReading } from './read-options.ts';

const USAGE = `usage: countersign timeline [--format ${EXPORT_FORMATS.join('|')}] [--now ISO] [--zone IANA] FILE ...     (- reads standard input)
       countersign timeline --batch                                  requests as JSON Lines: {"id","text","now","zone"}

Prints what happened: events collapsed and ranked, with the receipt of what was read, indicators, and candidates for initial access.
--format  table (default), md, json, jsonl and csv (Timesketch's import format), html
--now     the clock that completes times without a year (default: the real clock)
--zone    the zone of times without one (default UTC; said as assumed)`;

interface Read {
  readonly source: string;
  readonly timeline: Timeline;
}

export const timelineCommand: Command = {
  usage: USAGE,
  async run(args) {
    const { options, files, isBatch, format = 'table' } = parseReading(args, USAGE, EXPORT_FORMATS);
    if (isBatch) {
      await serveBatch((bytes, how) => buildTimeline(bytes, how));
      return 0;
    }
    const read: Read[] = [];
    for (const input of eachInput(files)) {
      const bar = progressBar(input.name, input.size);
      const timeline =
        input.path === null
          ? buildTimeline(input.bytes(), options, undefined, bar.show)
          : buildTimelineOfFile(input.path, options, undefined, bar.show);
      bar.clear();
      read.push({ source: input.name, timeline });
    }
    if (!isExportFormat(format)) return 2;
    await write(
      read.length === 1
        ? exportTimeline((read[0] as Read).timeline, format, { source: (read[0] as Read).source, ...look() })
        : together(read, format),
    );
    return 0;
  },
};

const look = () => ({ width: process.stdout.columns ?? 100, isColoured: process.stdout.isTTY === true });

/** Several sources in one document, the events of all by rank; each row names its source. */
function together(read: readonly Read[], format: (typeof EXPORT_FORMATS)[number]): string {
  if (format === 'json') return `${JSON.stringify(read, null, 2)}\n`;
  const documents = read.map(({ source, timeline }) => documentOf(timeline, { source }));
  const rows = documents
    .flatMap((one) => one.rows)
    .sort((a, b) => b.score - a.score || (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
  const whole = {
    title: `Timeline of ${read.length} sources`,
    rows,
    indicators: documents.flatMap((one) => one.indicators),
    receipt: null,
    initialAccess: [],
    attackers: documents.flatMap((one) => one.attackers).sort((a, b) => b.score - a.score),
    scope: null,
  };
  return exportDocument(whole, format, look());
}
