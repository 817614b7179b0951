// countersign playbook: checks playbook files before a team has to rely on them, and trades them with others as CACAO 2.0.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CLOCK_RULE_IDS } from '../../src/notice/clocks/regimes.ts';
import { exportCacao } from '../../src/playbook/cacao/export.ts';
import { importCacao } from '../../src/playbook/cacao/import.ts';
import { problemText, readPlaybookFile } from '../../src/playbook/load.ts';
import type { Command } from './command.ts';
import { Misuse, NothingRead } from './errors.ts';
import { write } from './output.ts';

const USAGE = `usage: countersign playbook check FILE|FOLDER ...   every problem: file, line, what is wrong, what to write
       countersign playbook export FILE              CACAO 2.0 JSON on standard output
       countersign playbook import FILE              CACAO 2.0 JSON in, a playbook file on standard output

Approver lists and action types belong to an organisation: the server checks them when it starts.
An imported playbook can do nothing: commands arrive as text. What to look at is said on standard error.
Exit status 0 good, 1 problems, 2 misuse, 3 the file cannot be read.`;

const TROUBLE = 1;

/** `countersign playbook`: check, export and import; exit status 1 when a file has problems. */
export const playbookCommand: Command = {
  usage: USAGE,
  async run(args) {
    const [verb, ...files] = args;
    const option = files.find((file) => file.startsWith('-'));
    if (option) throw new Misuse(`no option ${option}`, USAGE);
    if (verb === 'check' && files.length > 0) return check(files.flatMap(filesOf));
    if (verb === 'export' && files.length === 1) return exportOne(files[0]!);
    if (verb === 'import' && files.length === 1) return importOne(files[0]!);
    if (verb === 'check' || verb === 'export' || verb === 'import') throw new Misuse('which file?', USAGE);
    throw new Misuse(verb ? `no playbook command ${verb}` : 'which playbook command?', USAGE);
  },
};

async function check(files: readonly string[]): Promise<number> {
  let hasTrouble = false;
  for (const file of files) {
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
}

async function exportOne(file: string): Promise<number> {
  const read = readPlaybookFile(file);
  if (read.kind === 'problems') {
    console.error(read.problems.map(problemText).join('\n'));
    return TROUBLE;
  }
  const at = statSync(file).mtime.toISOString();
  await write(`${JSON.stringify(exportCacao(read.loaded.playbook, { created: at, modified: at }), null, 2)}\n`);
  return 0;
}

async function importOne(file: string): Promise<number> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new NothingRead(`${file} cannot be read. Check its name and permissions.`);
  }
  const imported = importCacao(text);
  if (imported.kind === 'problems') {
    console.error(imported.problems.map((problem) => `${file}: ${problem}`).join('\n'));
    return TROUBLE;
  }
  console.error([`Save it as ${imported.id}.yaml.`, ...imported.warnings].join('\n'));
  await write(imported.yaml);
  return 0;
}

function filesOf(path: string): readonly string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.yaml') || name.endsWith('.yml'))
    .sort()
    .map((name) => join(path, name));
}
