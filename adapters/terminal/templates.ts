// countersign templates: what kinds of lines a log holds, the rarest first.
import { visibleText } from '../../src/evidence/visible-text.ts';
import { type TemplateCount, templatesOfFile } from '../../src/timeline/templates.ts';
import type { Command } from './command.ts';
import { eachInput } from './inputs.ts';
import { writeAll } from './output.ts';
import { parseReading } from './read-options.ts';

const FORMATS = ['table', 'jsonl'] as const;
const USAGE = `usage: countersign templates [--format ${FORMATS.join('|')}] [--now ISO] [--zone IANA] FILE ...     (- reads standard input)

Prints the templates of the lines, values masked, the rarest first: how many lines, the first of them, when, and in what format.
--now   the clock that completes times without a year (default: the real clock)
--zone  the zone of times without one (default UTC)
Exit status 0 read, 2 misuse, 3 nothing could be read.`;

const shortTime = (iso: string | null): string => (iso === null ? '-' : iso.slice(0, 19).replace('T', ' '));

function row({ count, lines, firstAt, lastAt, template }: TemplateCount): string {
  const when = firstAt === lastAt ? shortTime(firstAt) : `${shortTime(firstAt)} to ${shortTime(lastAt)}`;
  return `${String(count).padStart(9)}  line ${lines[0] ?? '-'}  ${when}  ${visibleText(template)}\n`;
}

export const templatesCommand: Command = {
  usage: USAGE,
  async run(args) {
    const { options, files, format = 'table' } = parseReading(args, USAGE, FORMATS);
    for await (const { path, name } of eachInput(files)) {
      const templates = templatesOfFile(path, options);
      if (format === 'jsonl') await writeAll(templates.map((one) => `${JSON.stringify({ source: name, ...one })}\n`));
      else await writeAll([`${name}: ${templates.length} templates\n`, ...templates.map(row)]);
    }
    return 0;
  },
};
