// countersign playbook: checks playbook files before a team has to rely on them.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CLOCK_RULE_IDS } from '../../src/notice/clocks/regimes.ts';
import { problemText, readPlaybookFile } from '../../src/playbook/load.ts';
import type { Command } from './command.ts';
import { Misuse } from './errors.ts';
import { write } from './output.ts';

const USAGE = `usage: countersign playbook check FILE|FOLDER ...

Reads every file as the server would, and prints one line for each problem: file, line, what is wrong, what to write.
Approver lists and action types belong to an organisation: the server checks them when it starts.
Exit status 0 all load, 1 some do not, 2 misuse.`;

const TROUBLE = 1;

/** `countersign playbook check`: every problem of the named files; exit status 1 when there is one. */
export const playbookCommand: Command = {
  usage: USAGE,
  async run(args) {
    const [verb, ...files] = args;
    if (verb !== 'check') throw new Misuse(verb ? `no playbook command ${verb}` : 'which playbook command?', USAGE);
    if (files.length === 0) throw new Misuse('which files?', USAGE);
    const option = files.find((file) => file.startsWith('-'));
    if (option) throw new Misuse(`no option ${option}`, USAGE);
    let hasTrouble = false;
    for (const file of files.flatMap(filesOf)) {
      const read = readPlaybookFile(file, { clocks: CLOCK_RULE_IDS });
      if (read.kind === 'problems') {
        hasTrouble = true;
        await write(`${read.problems.map(problemText).join('\n')}\n`);
      } else {
        const { playbook, hash } = read.loaded;
        await write(`${file}: ${playbook.name} ${playbook.version}, ${playbook.steps.length} steps, ${hash}\n`);
      }
    }
    return hasTrouble ? TROUBLE : 0;
  },
};

function filesOf(path: string): readonly string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.yaml') || name.endsWith('.yml'))
    .sort()
    .map((name) => join(path, name));
}
