// Files that appear whole or not at all, however many processes want to make them and whenever the power goes.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Makes a file that must not be there yet. False when another process was first: then its file stands, whole. */
export function placeNew(path: string, content: string, mode: number): boolean {
  const beside = writeBeside(path, content, mode);
  try {
    linkOrCopy(beside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    unlinkSync(beside);
    syncDirectory(dirname(path));
  }
}

/** Writes a file, in place of the one that may be there. */
export function replaceWhole(path: string, content: string, mode: number): void {
  renameSync(writeBeside(path, content, mode), path);
  syncDirectory(dirname(path));
}

function writeBeside(path: string, content: string, mode: number): string {
  const beside = `${path}.${randomBytes(6).toString('hex')}.new`;
  const file = openSync(beside, 'wx', mode);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return beside;
}

/** A link is made whole or not at all; some file systems have none, and there a copy at least replaces nothing. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
