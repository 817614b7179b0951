#!/usr/bin/env node
import { auditCommand } from './audit.ts';
import type { Command } from './command.ts';
// The one-shot commands: read a paste, make a timeline, without server or database. Exit status 0 read, 2 misuse, 3 nothing could be read.
import { entriesCommand } from './entries.ts';
import { Misuse, NothingRead } from './errors.ts';
import { ReaderGone, watchOutput } from './output.ts';
import { playbookCommand } from './playbook.ts';
import { timelineCommand } from './timeline.ts';

const COMMANDS: readonly Command[] = [entriesCommand, timelineCommand, auditCommand, playbookCommand];

const usage = (): string =>
  `usage: countersign COMMAND [options] [FILE ...]\n\n${COMMANDS.map((c) => `  ${c.name.padEnd(10)} ${c.about}`).join('\n')}\n\ncountersign COMMAND --help says more.`;

async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(usage());
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((c) => c.name === name);
  if (!command) throw new Misuse(`no command ${name}`, usage());
  if (rest.includes('--help')) {
    console.log(command.usage);
    return 0;
  }
  return command.run(rest);
}

watchOutput();
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof ReaderGone) process.exitCode = 0;
  else if (error instanceof Misuse) {
    console.error(`${error.message}\n${error.usage}`);
    process.exitCode = 2;
  } else if (error instanceof NothingRead) {
    console.error(error.message);
    process.exitCode = 3;
  } else throw error;
}
