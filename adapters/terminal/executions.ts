// countersign executions check: an executor's own log against an exported ledger.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { oneLine } from '../../src/audit/syslog.ts';
import { type LedgerLine, reconcile, startedWithout } from '../../src/containment/reconcile.ts';
import type { Command } from './command.ts';
import { Misuse, Unusable, whyUnread } from './errors.ts';
import { write } from './output.ts';

const USAGE = `usage: countersign executions check LOG EXPORT

LOG     what the executor did, JSON Lines: {"approval":"INC-1/CA-3/412","digest":"<64 hex digits>"}
EXPORT  a folder of "countersign audit export", made after the log; verify it first with "countersign audit verify"

Prints one line for everything that ran without an approval, twice, early, or otherwise than approved, then what the ledger
says was started and this log does not have: people and other executors carry things out too.
Exit status 0 every execution had its approval, 1 some had not, 2 misuse or nothing to check.`;

const line = z.object({ approval: z.string(), digest: z.string() });

interface Line {
  /** From 1, as editors count. */
  readonly number: number;
  readonly value: unknown;
}

function linesOf(path: string): readonly Line[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Unusable(`${oneLine(path)} cannot be read: ${whyUnread(error)}`);
  }
  return text.split('\n').flatMap((words, i): readonly Line[] => {
    if (words.trim() === '') return [];
    try {
      return [{ number: i + 1, value: JSON.parse(words) as unknown }];
    } catch (error) {
      throw new Unusable(`${oneLine(path)} line ${i + 1} is not JSON: ${oneLine((error as Error).message)}`);
    }
  });
}

/** `countersign executions check`: exit status 1 when something ran that the ledger does not allow. */
export const executionsCommand: Command = {
  usage: USAGE,
  async run(args) {
    const [verb, log, folder, ...more] = args;
    if (verb !== 'check' || !log || !folder || more.length > 0) throw new Misuse('which log and which export?', USAGE);
    const ran = linesOf(log).map(({ number, value }) => {
      const parsed = line.safeParse(value);
      if (!parsed.success)
        throw new Unusable(`${oneLine(log)} line ${number} has no "approval" and "digest": see --help for its form`);
      return parsed.data;
    });
    // Nothing to compare is no proof that all is well.
    if (ran.length === 0) throw new Unusable(`${oneLine(log)} holds no execution, so nothing was checked`);
    const entries = join(folder, 'entries.jsonl');
    if (!existsSync(entries))
      throw new Unusable(`${oneLine(folder)} is not an export: name a folder of "countersign audit export"`);
    const records = linesOf(entries).map(({ value }) => value as LedgerLine);
    const faults = reconcile(ran, records);
    for (const fault of faults) await write(`${oneLine(fault)}\n`);
    const all =
      ran.length === 1 ? 'One execution, with its approval' : `${ran.length} executions, each with its approval`;
    await write(
      faults.length === 0 ? `${all}\n` : `${faults.length} of ${ran.length} executions need an explanation\n`,
    );
    const elsewhere = startedWithout(ran, records);
    if (elsewhere.length > 0)
      await write(`started by the ledger, and not in this log: ${elsewhere.map(oneLine).join(', ')}\n`);
    return faults.length === 0 ? 0 : 1;
  },
};
