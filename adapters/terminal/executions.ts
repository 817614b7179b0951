// countersign executions check: an executor's own log against an exported ledger.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type LedgerLine, reconcile } from '../../src/containment/reconcile.ts';
import type { Command } from './command.ts';
import { Misuse } from './errors.ts';
import { write } from './output.ts';

const USAGE = `usage: countersign executions check LOG EXPORT

LOG     what the executor did, JSON Lines: {"approval":"INC-1/CA-3/412","digest":"<64 hex digits>"}
EXPORT  a folder of "countersign audit export"; verify it first with "countersign audit verify"

Prints one line for everything that ran without an approval, twice, early, or otherwise than approved.
Exit status 0 every execution had its approval, 1 some had not, 2 misuse.`;

const line = z.object({ approval: z.string(), digest: z.string() });

function linesOf(path: string): readonly unknown[] {
  let at = 0;
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((text) => text.trim() !== '')
      .map((text) => {
        at += 1;
        return JSON.parse(text) as unknown;
      });
  } catch (error) {
    throw new Misuse(`${path}${at > 0 ? ` line ${at}` : ''}: ${(error as Error).message}`, USAGE);
  }
}

/** `countersign executions check`: exit status 1 when something ran that the ledger does not allow. */
export const executionsCommand: Command = {
  usage: USAGE,
  async run(args) {
    const [verb, log, folder, ...more] = args;
    if (verb !== 'check' || !log || !folder || more.length > 0) throw new Misuse('which log and which export?', USAGE);
    const ran = linesOf(log).map((value, i) => {
      const parsed = line.safeParse(value);
      if (!parsed.success) throw new Misuse(`${log} line ${i + 1} has no approval and digest`, USAGE);
      return parsed.data;
    });
    const faults = reconcile(ran, linesOf(join(folder, 'entries.jsonl')) as readonly LedgerLine[]);
    for (const fault of faults) await write(`${fault}\n`);
    await write(faults.length === 0 ? `${ran.length} executions, each with its approval\n` : '');
    return faults.length === 0 ? 0 : 1;
  },
};
