// countersign entries: one JSON object an input line.
import { readEntries, readEntriesOfFile } from '../../src/timeline/entries.ts';
import { serveBatch } from './batch.ts';
import type { Command } from './command.ts';
import { eachInput } from './inputs.ts';
import { writeAll } from './output.ts';
import { progressBar } from './progress.ts';
import { parseReading } from './read-options.ts';

const USAGE = `usage: countersign entries [--now ISO] [--zone IANA] FILE ...     (- reads standard input)
       countersign entries --batch     requests as JSON Lines: {"id","text","now","zone"}

Prints one JSON object a line of input, in order: its bytes, kind, time, format, severity, template, entities and techniques.
.gz, .zip and .evtx are unpacked; their entries name the file within.
--now   the clock that completes times without a year (default: the real clock)
--zone  the zone of times without one (default UTC; said as assumed)
Exit status 0 read, 2 misuse, 3 nothing could be read.`;

function* jsonLines(items: Iterable<object>): Generator<string> {
  for (const item of items) yield `${JSON.stringify(item)}\n`;
}

export const entriesCommand: Command = {
  usage: USAGE,
  async run(args) {
    const { options, files, isBatch } = parseReading(args, USAGE);
    if (isBatch) await serveBatch((bytes, how) => ({ entries: readEntries(bytes, how) }));
    else
      for await (const { path, name, sizeBytes } of eachInput(files)) {
        // Entries on the same screen are progress enough.
        const bar = progressBar(name, process.stdout.isTTY === true ? 0 : sizeBytes);
        await writeAll(jsonLines(readEntriesOfFile(path, options, name, bar.show)));
        bar.clear();
      }
    return 0;
  },
};
