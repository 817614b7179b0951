// countersign audit: export the ledger, verify an export, and give and check receipts. Exit status 0 sound, 1 not sound, 2 misuse.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { exportDataFolder, receiptOfSubject } from '../../src/audit/data-folder.ts';
import { AuditError } from '../../src/audit/errors.ts';
import { parseVerifierKey } from '../../src/audit/note.ts';
import { verifyReceipt } from '../../src/audit/receipt.ts';
import { oneLine } from '../../src/audit/syslog.ts';
import { type VerifyReport, verifyExport } from '../../src/audit/verify.ts';
import type { Command } from './command.ts';
import { Misuse } from './errors.ts';
import { write } from './output.ts';

const USAGE = `usage: countersign audit export --out DIR [--data FOLDER]                       writes everything an auditor needs
       countersign audit verify DIR --vkey FILE [--checkpoint FILE ...] [--json]   checks an export, without server or database
       countersign audit receipt CA-n [--out FILE] [--data FOLDER]                 the receipt of an approval
       countersign audit check FILE --vkey FILE                                    checks a receipt offline

Bring the verifier key and a checkpoint of your own (from the channel, the write-once folder or syslog): an export cannot vouch for itself.`;

export const auditCommand: Command = {
  usage: USAGE,
  async run([verb, ...args]) {
    const options = parse(args);
    const run = verbs[verb as keyof typeof verbs] ?? null;
    if (!run) throw new Misuse(verb === undefined ? 'audit what?' : `no audit command ${verb}`, USAGE);
    try {
      await write(`${await run(options)}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      await write(
        options.json ? `${JSON.stringify(failure(error))}\n` : `NOT SOUND (${error.code}): ${oneLine(error.message)}\n`,
      );
      return 1;
    }
  },
};

interface Options {
  readonly names: readonly string[];
  readonly out: string | null;
  readonly data: string;
  readonly vkey: string | null;
  readonly checkpoints: readonly string[];
  readonly json: boolean;
}

const verbs = {
  async export({ out, data }: Options): Promise<string> {
    const { records, checkpoints, blobs, absentBlobs, unsigned } = await exportDataFolder(data, needed(out, '--out'));
    const rest = unsigned > 0 ? `\n${unsigned} newer records are not signed yet and were left out.` : '';
    return `Exported ${records} records, ${checkpoints} checkpoints and ${blobs} blobs (${absentBlobs} erased or missing) to ${out}.${rest}`;
  },

  async verify({ names, vkey, checkpoints, json }: Options): Promise<string> {
    const key = read(needed(vkey, '--vkey'));
    const report = verifyExport(only(names, 'the folder of the export'), key, checkpoints.map(read));
    return json
      ? JSON.stringify({ isSound: true, ...report, root: hex(report.root), signedBy: report.signedBy.id })
      : describe(report);
  },

  async receipt({ names, out, data }: Options): Promise<string> {
    const receipt = await receiptOfSubject(data, only(names, 'the approval, such as CA-3').toUpperCase());
    if (out === null) return receipt.trimEnd();
    writeFileSync(out, receipt, { flag: 'wx' });
    return `Wrote ${out}. Check it anywhere with: countersign audit check ${out} --vkey FILE`;
  },

  async check({ names, vkey }: Options): Promise<string> {
    const key = parseVerifierKey(read(needed(vkey, '--vkey')));
    const { seq, bytes, checkpoint } = verifyReceipt(read(only(names, 'the receipt')), [key]);
    return `SOUND: record ${seq} of ${checkpoint.origin}, under a head of ${checkpoint.size} records:\n${oneLine(Buffer.from(bytes).toString('utf8'))}`;
  },
};

function describe(report: VerifyReport): string {
  const {
    origin,
    size,
    root,
    signedBy,
    rotations,
    checkpoints,
    anchored,
    unanchored,
    claimedAnchors,
    clockJumps,
    blobs,
  } = report;
  const lines = [
    `SOUND: ${size} records of ${oneLine(origin)}, root ${hex(root)}`,
    `  signed by key ${signedBy.id}${rotations > 0 ? `, ${rotations} key changes followed` : ''}; ${checkpoints} earlier heads agree`,
    anchored.to > 0
      ? `  anchored:   records 0 to ${anchored.to - 1} are the ones whose checkpoint you hold`
      : '  anchored:   nothing, because you brought no checkpoint of your own (--checkpoint FILE)',
    unanchored.to > unanchored.from
      ? `  unanchored: records ${unanchored.from} to ${unanchored.to - 1} are signed; whoever holds the key could have written them anew`
      : '  unanchored: nothing',
    ...claimedAnchors.map(
      ({ name, size: held }) =>
        `  the log says that ${oneLine(name)} holds a checkpoint of ${held} records: fetch it and check again with it`,
    ),
    ...(clockJumps.length > 0
      ? [`  the server's clock was set back before ${clockJumps.length} records, first at record ${clockJumps[0]}`]
      : []),
    `  blobs: ${blobs.present} whole, ${blobs.erased} erased with a record, ${blobs.absent} not in this export`,
  ];
  return lines.join('\n');
}

function failure({ code, seq, message }: AuditError): object {
  return { isSound: false, code, seq, message };
}

function parse(args: readonly string[]): Options {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        data: { type: 'string', default: 'data' },
        vkey: { type: 'string' },
        checkpoint: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    });
    const { out, data, vkey, checkpoint, json } = values;
    return { names: positionals, out: out ?? null, data, vkey: vkey ?? null, checkpoints: checkpoint, json };
  } catch (error) {
    throw new Misuse((error as Error).message, USAGE);
  }
}

function needed(value: string | null, name: string): string {
  if (value === null) throw new Misuse(`${name} is missing`, USAGE);
  return value;
}

function only(names: readonly string[], what: string): string {
  if (names.length !== 1) throw new Misuse(`name ${what}, and nothing else`, USAGE);
  return names[0]!;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Misuse(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`, USAGE);
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
