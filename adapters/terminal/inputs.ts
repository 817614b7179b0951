// Where reading commands get their bytes: files as they are, archives and event logs unpacked as uploads are, standard input.
import { closeSync, createReadStream, createWriteStream, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { packedFile } from '../../src/evidence/packed.ts';
import { unpack } from '../../src/evidence/unpack.ts';
import { isRefusal } from '../../src/refusal.ts';
import { NothingRead, whyUnread } from './errors.ts';

/** One source by the name people know it by, in a file that can be read more than once. */
export interface Input {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * The sources of the named files (`-`: standard input), in order, each while it is its turn. What cannot be read or opened is
 * said on standard error; throws NothingRead when nothing is left. Temporary files are gone afterwards.
 */
export async function* eachInput(files: readonly string[]): AsyncGenerator<Input> {
  const temporary = mkdtempSync(join(tmpdir(), 'countersign-'));
  // Also when the command is interrupted: what was unpacked may be anybody's log.
  const clear = (): void => rmSync(temporary, { recursive: true, force: true });
  const interrupted = (): void => {
    clear();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  let read = 0;
  try {
    for (const [i, file] of files.entries()) {
      try {
        for (const input of await inputsOf(file, join(temporary, String(i)))) {
          read++;
          yield input;
        }
      } catch (error) {
        console.error(`${file} cannot be read: ${whyUnread(error)}`);
      }
    }
  } finally {
    process.removeListener('SIGINT', interrupted);
    clear();
  }
  if (read === 0) throw new NothingRead('Nothing could be read.');
}

async function inputsOf(file: string, temporary: string): Promise<readonly Input[]> {
  const input = file === '-' ? await copied('-', temporary) : await onDisk(file, temporary);
  const folder = mkdtempSync(`${temporary}-`);
  const members = await unpack(input.name, packedFile(input.path, input.sizeBytes), folder);
  if (isRefusal(members)) throw new Error(members.message);
  return members ?? [input];
}

async function onDisk(path: string, temporary: string): Promise<Input> {
  const stat = statSync(path);
  if (stat.isDirectory()) throw new Error('it is a folder: name the files in it');
  // A pipe or a device has no size and can be read only once.
  if (!stat.isFile()) return copied(path, temporary);
  closeSync(openSync(path, 'r'));
  return { name: path, path, sizeBytes: stat.size };
}

async function copied(name: string, temporary: string): Promise<Input> {
  const path = `${temporary}.copy`;
  await pipeline(name === '-' ? process.stdin : createReadStream(name), createWriteStream(path, { mode: 0o600 }));
  return { name, path, sizeBytes: statSync(path).size };
}
