// Evidence is bytes: kept exactly as received, named by their SHA-256, on disk before anything parses them.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A content-addressed folder. Names are 64 lower-case hex digits. */
export interface EvidenceBlobs {
  /** Keeps the bytes durably (fsync before the name appears) and gives their SHA-256. Keeping the same bytes again changes nothing. */
  keep(bytes: Uint8Array): Promise<string>;
  /** Keeps a copy of a file, piece by piece, and gives its SHA-256: like `keep`, for what is too large for memory. */
  keepFile(path: string): Promise<string>;
  /** A new empty folder on the same disk, for what is unpacked; whoever asked removes it. */
  scratch(): Promise<string>;
  /** Removes the scratch files and folders that a stopped process left. Only while nobody else works here. */
  sweep(): Promise<void>;
  /** The bytes, verified against their name, or null. Throws when the file was changed. */
  read(sha256: string): Promise<Uint8Array | null>;
  has(sha256: string): Promise<boolean>;
  /** Where the file of a name stands, for reading it in a worker. */
  path(sha256: string): string;
  /** Removes a blob, if it is there: only src/audit/disposal.ts does, for an erasure that is on record. */
  erase(sha256: string): Promise<void>;
}

const SCRATCH = 'scratch-';
const PIECE = 4 << 20;

/** The SHA-256 of many bytes, letting others run in between. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += PIECE) {
    hash.update(bytes.subarray(at, at + PIECE));
    if (at + PIECE < bytes.length) await new Promise(setImmediate);
  }
  return hash.digest('hex');
}

/** Blobs in a folder, made when missing. */
export function openBlobs(folder: string): EvidenceBlobs {
  const path = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('not a SHA-256');
    return join(folder, sha256.slice(0, 2), sha256);
  };
  const has = async (sha256: string): Promise<boolean> =>
    (await stat(path(sha256)).catch(() => null))?.isFile() ?? false;
  const settle = async (from: string, final: string): Promise<void> => {
    await rename(from, final);
    const directory = await open(dirname(final), 'r');
    await directory.sync().finally(() => directory.close());
  };
  return {
    path,
    has,
    async keep(bytes) {
      const sha256 = await hashOf(bytes);
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
      await settle(temporary, final);
      return sha256;
    },
    async keepFile(from) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const temporary = join(folder, `${SCRATCH}${randomBytes(6).toString('hex')}`);
      const file = await open(temporary, 'wx', 0o600);
      const hash = createHash('sha256');
      try {
        for await (const chunk of createReadStream(from, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
          hash.update(chunk);
          await file.writeFile(chunk);
        }
        await file.sync();
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      } finally {
        await file.close();
      }
      const sha256 = hash.digest('hex');
      if (await has(sha256)) await rm(temporary);
      else {
        await mkdir(dirname(path(sha256)), { recursive: true, mode: 0o700 });
        await settle(temporary, path(sha256));
      }
      return sha256;
    },
    async scratch() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return mkdtemp(join(folder, SCRATCH));
    },
    async sweep() {
      for (const name of await readdir(folder).catch(() => [] as string[]))
        if (name.startsWith(SCRATCH)) await rm(join(folder, name), { recursive: true, force: true });
    },
    async read(sha256) {
      const bytes = await readFile(path(sha256)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      if (bytes && (await hashOf(bytes)) !== sha256)
        throw new Error(`the stored bytes of ${sha256} were changed on disk`);
      return bytes;
    },
    async erase(sha256) {
      await rm(path(sha256), { force: true });
    },
  };
}
