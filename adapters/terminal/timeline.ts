// countersign timeline: the collapsed, ranked timeline of files or pastes.
import { buildTimeline } from '../../src/timeline/build.ts';
import { serveBatch } from './batch.ts';
import type { Command } from './command.ts';
import { write } from './output.ts';
import { parseReading, readInputs } from './read-options.ts';

const FORMATS = ['table', 'md', 'json', 'jsonl', 'csv', 'html'] as const;
const USAGE = `usage: countersign timeline [--format ${FORMATS.join('|')}] [--now ISO] [--zone IANA] FILE ...     (- reads standard input)
       countersign timeline --batch                                  requests as JSON Lines: {"id","text","now","zone"}`;

export const timelineCommand: Command = {
  name: 'timeline',
  about: 'the collapsed, ranked timeline with receipt, indicators and initial access',
  usage: USAGE,
  async run(args) {
    const { options, files, isBatch } = parseReading(args, USAGE, FORMATS);
    if (isBatch) await serveBatch((bytes, how) => buildTimeline(bytes, how));
    else for (const { bytes } of readInputs(files)) await write(`${JSON.stringify(buildTimeline(bytes, options))}\n`);
    return 0;
  },
};
