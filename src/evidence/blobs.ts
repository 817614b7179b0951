// Evidence is bytes: kept exactly as received, named by their SHA-256, on disk before anything parses them.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A content-addressed folder. Names are 64 lower-case hex digits. */
export interface EvidenceBlobs {
  /** Keeps the bytes durably (fsync before the name appears) and gives their SHA-256. Keeping the same bytes again changes nothing. */
  keep(bytes: Uint8Array): Promise<string>;
  /** The bytes, verified against their name, or null. Throws when the file was changed. */
  read(sha256: string): Promise<Uint8Array | null>;
  has(sha256: string): Promise<boolean>;
  /** Where the file of a name stands, for reading it in a worker. */
  path(sha256: string): string;
  /** Removes a blob: only for an erasure that is recorded. */
  erase(sha256: string): Promise<void>;
}

const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Blobs in a folder, made when missing. */
export function openBlobs(folder: string): EvidenceBlobs {
  const path = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('not a SHA-256');
    return join(folder, sha256.slice(0, 2), sha256);
  };
  const has = async (sha256: string): Promise<boolean> =>
    (await stat(path(sha256)).catch(() => null))?.isFile() ?? false;
  return {
    path,
    has,
    async keep(bytes) {
      const sha256 = hex(bytes);
      if (await has(sha256)) return sha256;
      const final = path(sha256);
      await mkdir(dirname(final), { recursive: true, mode: 0o700 });
      const temporary = `${final}.${randomBytes(6).toString('hex')}`;
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, final);
      const directory = await open(dirname(final), 'r');
      await directory.sync().finally(() => directory.close());
      return sha256;
    },
    async read(sha256) {
      const bytes = await readFile(path(sha256)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      if (bytes && hex(bytes) !== sha256) throw new Error(`the stored bytes of ${sha256} were changed on disk`);
      return bytes;
    },
    async erase(sha256) {
      await unlink(path(sha256));
    },
  };
}
