// Reading an export somebody else may have prepared: bounded, plain files only, and every absence named.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AuditError } from './errors.ts';

const CHUNK_BYTES = 1 << 20;

/** Bytes of a plain file of at most `maxBytes`; null when there is none. Throws AuditError `bad-export` on anything odd. */
export function readBounded(path: string, maxBytes: number): Uint8Array | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return null;
  if (!stat.isFile()) throw new AuditError('bad-export', `${path} is not a plain file`);
  if (stat.size > maxBytes) throw new AuditError('bad-export', `${path} is larger than such a file can be`);
  return readFileSync(path);
}

/** Text of a small file; throws AuditError `bad-export` when it is missing. */
export function readText(path: string): string {
  const bytes = readBounded(path, CHUNK_BYTES);
  if (!bytes) throw new AuditError('bad-export', `${path} is missing`);
  return Buffer.from(bytes).toString('utf8');
}

/** Paths of the files in a folder, sorted by name; none when there is no such folder. */
export function filesIn(folder: string): readonly { readonly name: string; readonly path: string }[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, path: join(folder, name) }));
}

/** Lines of a file as bytes without their newline, read in chunks; the last one also when no newline ends it. */
export function* linesOf(path: string, maxLineBytes: number): Generator<Uint8Array> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new AuditError('bad-export', `${path} is missing`);
  const file = openSync(path, 'r');
  try {
    let rest: Uint8Array = new Uint8Array();
    for (;;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const length = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (length === 0) break;
      const bytes = Buffer.concat([rest, chunk.subarray(0, length)]);
      let start = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        yield bytes.subarray(start, end);
        start = end + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > maxLineBytes)
        throw new AuditError('bad-export', `${path} has a line longer than a record can be`);
    }
    if (rest.length > 0) yield rest;
  } finally {
    closeSync(file);
  }
}

/** SHA-256 of a plain file of any size, in hex. */
export function hashFile(path: string): string {
  const file = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let n = readSync(file, chunk, 0, CHUNK_BYTES, null); n > 0; n = readSync(file, chunk, 0, CHUNK_BYTES, null)) {
      hash.update(chunk.subarray(0, n));
    }
    return hash.digest('hex');
  } finally {
    closeSync(file);
  }
}
