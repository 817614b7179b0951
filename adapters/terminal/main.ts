#!/usr/bin/env node
// The one-shot commands. Exit status: 0 good, 2 misuse, 3 nothing could be read; 1 is each command's own no.
import type { Command } from './command.ts';
import { Misuse, NothingRead, Unusable } from './errors.ts';
import { ReaderGone, watchOutput } from './output.ts';

/** The commands by name, each loaded only when it is called: reading a paste does not wait for the database. */
const COMMANDS: Readonly<Record<string, { readonly about: string; readonly load: () => Promise<Command> }>> = {
  entries: {
    about: 'each line of a log as JSON: time, format, severity, template, entities',
    load: async () => (await import('./entries.ts')).entriesCommand,
  },
  timeline: {
    about: 'what happened in these logs: a ranked timeline with its receipt and the likeliest ways in',
    load: async () => (await import('./timeline.ts')).timelineCommand,
  },
  templates: {
    about: 'what kinds of lines a log holds, the rarest first',
    load: async () => (await import('./templates.ts')).templatesCommand,
  },
  import: {
    about: 'read exported timelines back, and write them in any format',
    load: async () => (await import('./import.ts')).importCommand,
  },
  audit: {
    about: 'export the ledger, verify an export, give and check receipts, replace the key',
    load: async () => (await import('./audit.ts')).auditCommand,
  },
  playbook: {
    about: 'check playbook files, or trade them as CACAO 2.0',
    load: async () => (await import('./playbook.ts')).playbookCommand,
  },
  executions: {
    about: "hold an executor's own log against an exported ledger",
    load: async () => (await import('./executions.ts')).executionsCommand,
  },
  totp: {
    about: 'enrol an authenticator for approvals, at the server',
    load: async () => (await import('./totp.ts')).totpCommand,
  },
};

const LIST = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`);
const USAGE = `usage: countersign COMMAND [options] [FILE ...]\n\n${LIST.join('\n')}\n\ncountersign COMMAND --help says more.`;

const isHelp = (word: string): boolean => word === '--help' || word === '-h';

async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || isHelp(name) || name === 'help') {
    console.log(USAGE);
    return name === undefined ? 2 : 0;
  }
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!found) throw new Misuse(`There is no command ${name}.`, USAGE);
  const command = await found.load();
  if (rest.some(isHelp)) {
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
    console.error(`${error.message}\n\n${error.usage}`);
    process.exitCode = 2;
  } else if (error instanceof Unusable) {
    console.error(error.message);
    process.exitCode = 2;
  } else if (error instanceof NothingRead) {
    console.error(error.message);
    process.exitCode = 3;
  } else throw error;
}
