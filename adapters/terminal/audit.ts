// countersign audit: export the ledger, verify an export, give and check receipts, replace the key. Exit status 0 sound, 1 not sound, 2 misuse.
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { parseCheckpoint } from '../../src/audit/checkpoint.ts';
import { exportDataFolder, receiptOfSubject, recordExport, rotateDataFolder } from '../../src/audit/data-folder.ts';
import { AuditError } from '../../src/audit/errors.ts';
import { trustThroughRotations } from '../../src/audit/keys.ts';
import { formatVerifierKey, parseVerifierKey } from '../../src/audit/note.ts';
import { openAnchors } from '../../src/audit/open.ts';
import { verifyReceipt } from '../../src/audit/receipt.ts';
import type { Actor } from '../../src/audit/record.ts';
import { oneLine } from '../../src/audit/syslog.ts';
import { type VerifyReport, verifyExport } from '../../src/audit/verify.ts';
import { anchorPlaces, readSettings, SettingsError } from '../../src/config.ts';
import type { Command } from './command.ts';
import { Misuse, Unusable, whyUnread } from './errors.ts';
import { write } from './output.ts';

const USAGE = `usage: countersign audit export --out DIR [--data FOLDER]
           writes everything an auditor needs into a new folder
       countersign audit verify DIR --vkey FILE [--checkpoint FILE ...] [--json]
           checks an export, without server or database
       countersign audit receipt INC-n/CA-n [--out FILE] [--data FOLDER]
           the proof that one approval is in the ledger
       countersign audit check FILE --vkey FILE [--rotation FILE ...]
           checks a receipt offline; rotations lead from an older key
       countersign audit rotate --reason WHY [--data FOLDER]
           a new signing key, vouched for by the old one

--data        the data folder; without it COUNTERSIGN_DATA, or data
--vkey        the verifier key: keys/ledger.key.vkey of the data folder, from somewhere else than the export
--checkpoint  a signed head of your own (from the channel, the write-once folder or syslog)
An export cannot vouch for itself: bring key and checkpoint. Rotate on the server, as the user the server runs as; a running
server takes the new key up by itself.
Exit status 0 sound, 1 not sound, 2 misuse.`;

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
      // A typo in a path is no word about anybody's ledger.
      if (error.code === 'wrong-call') throw new Unusable(oneLine(error.message));
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
  readonly reason: string | null;
  readonly vkey: string | null;
  readonly checkpoints: readonly string[];
  readonly rotations: readonly string[];
  readonly json: boolean;
}

const verbs = {
  async export({ out, data }: Options): Promise<string> {
    const done = await exportDataFolder(data, needed(out, '--out'));
    const { records, checkpoints, blobs, absentBlobs, unsigned } = done;
    const isOnRecord = await recordExport(data, serverActor(), done, Date.now);
    const rest = [
      unsigned === 0
        ? ''
        : unsigned === 1
          ? '\nOne newer record is not signed yet and was left out.'
          : `\n${unsigned} newer records are not signed yet and were left out.`,
      isOnRecord ? '' : '\nThe data folder takes no record, so this export is not on record.',
      `\nWhoever checks it brings a key and a checkpoint of their own: countersign audit verify ${oneLine(out ?? '')} --vkey FILE --checkpoint FILE`,
    ].join('');
    return `Exported ${records} records, ${checkpoints} checkpoints and ${blobs} blobs (${absentBlobs} erased or missing) to ${out}.${rest}`;
  },

  async verify({ names, vkey, checkpoints, json }: Options): Promise<string> {
    const folder = only(names, 'the folder of the export');
    const key = read(needed(vkey, '--vkey'));
    usable(vkey, 'a verifier key', () => parseVerifierKey(key));
    const notes = checkpoints.map((path) => {
      const note = read(path);
      usable(path, 'a checkpoint', () => parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)));
      return note;
    });
    const report = verifyExport(folder, key, notes);
    return json
      ? JSON.stringify({ isSound: true, ...report, root: hex(report.root), signedBy: report.signedBy.id })
      : describe(report);
  },

  async receipt({ names, out, data }: Options): Promise<string> {
    const receipt = await receiptOfSubject(data, only(names, 'the approval, such as INC-1/CA-3').toUpperCase());
    if (out === null) return receipt.trimEnd();
    try {
      writeFileSync(out, receipt, { flag: 'wx' });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const why = code === 'EEXIST' ? 'exists already: name a new file' : `cannot be written (${code})`;
      throw new Unusable(`${oneLine(out)} ${why}`);
    }
    return `Wrote ${out}. Check it anywhere with: countersign audit check ${out} --vkey FILE`;
  },

  async check({ names, vkey, rotations }: Options): Promise<string> {
    const text = read(needed(vkey, '--vkey'));
    const first = usable(vkey, 'a verifier key', () => parseVerifierKey(text));
    const keys = trustThroughRotations(first, rotations.map(read));
    const { seq, bytes, checkpoint } = verifyReceipt(read(only(names, 'the receipt')), keys);
    return `SOUND: record ${seq} of ${checkpoint.origin}, under a head of ${checkpoint.size} records:\n${oneLine(Buffer.from(bytes).toString('utf8'))}`;
  },

  async rotate({ names, data, reason }: Options): Promise<string> {
    if (names.length > 0) throw new Misuse('rotate takes no name', USAGE);
    const why = needed(reason, '--reason');
    // Opened once it is known that this is a data folder: the folder of an anchor is made where there is none.
    const anchors = () => openAnchors(anchorPlaces(settings(), data), hostname(), Date.now);
    const key = await rotateDataFolder(data, anchors, serverActor(), why, Date.now);
    return `The ledger is signed with a new key from here on. Write its public half down, beside the old one:\n${formatVerifierKey(key)}`;
  },
};

/** What the machine knows of whoever does this: an account of its own, and no person of the organisation. */
function serverActor(): Actor {
  const { username } = userInfo();
  return { kind: 'system', platform: 'server', tenant: hostname(), id: username, label: username };
}

const settings = () => {
  try {
    return readSettings();
  } catch (error) {
    if (error instanceof SettingsError) throw new Misuse(error.message, USAGE);
    throw error;
  }
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
        data: { type: 'string' },
        reason: { type: 'string' },
        vkey: { type: 'string' },
        checkpoint: { type: 'string', multiple: true, default: [] },
        rotation: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    });
    const { out, data, reason, vkey, checkpoint, rotation, json } = values;
    return {
      names: positionals,
      out: out ?? null,
      data: data ?? settings().COUNTERSIGN_DATA,
      reason: reason?.trim() || null,
      vkey: vkey ?? null,
      checkpoints: checkpoint,
      rotations: rotation,
      json,
    };
  } catch (error) {
    throw error instanceof Misuse ? error : new Misuse((error as Error).message, USAGE);
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
    throw new Unusable(`${oneLine(path)} cannot be read: ${whyUnread(error)}`);
  }
}

/** What was parsed; a file that is something else altogether proves nothing either way. */
function usable<T>(path: string | null, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw new Unusable(`${oneLine(path ?? '')} is not ${what}: ${oneLine(error.message)}`);
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
