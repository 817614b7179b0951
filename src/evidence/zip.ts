// ZIP by its central directory (APPNOTE 6.3), stored and deflated members only. Sizes that the archive states are never
// trusted: what comes out is bounded while it comes out.
import { join } from 'node:path';
import { createInflateRaw } from 'node:zlib';
import { type Refusal, refuse } from '../refusal.ts';
import { type PackedSource, type Spilled, spill, TooMuch } from './packed.ts';
import { allowance, type Member, tooMuch, type UnpackCode, type UnpackLimits } from './unpack-limits.ts';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const LOCAL_SIZE = 30;
const LONGEST_COMMENT = 0xffff;
const LARGEST_DIRECTORY = 16 << 20;
const STORED = 0;
const DEFLATED = 8;

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly offset: number;
}

/** Writes the files of a ZIP into a folder, in the order of its directory, or refuses; never more bytes altogether than the limits allow for the whole. */
export async function readZip(
  archive: PackedSource,
  folder: string,
  limits: UnpackLimits,
): Promise<readonly Member[] | Refusal<UnpackCode>> {
  const entries = await directory(archive, limits);
  if ('kind' in entries) return entries;
  const most = allowance(archive.sizeBytes, limits);
  let left = most;
  const members: Member[] = [];
  for (const entry of entries) {
    if (entry.name.endsWith('/') || entry.name.startsWith('__MACOSX/')) continue;
    const path = join(folder, `member-${members.length}`);
    const out = await extract(archive, entry, path, left);
    if (out === 'too much') return tooMuch('The archive', archive.sizeBytes, most, limits);
    if ('kind' in out) return out;
    left -= out.sizeBytes;
    members.push({ name: entry.name, path, sizeBytes: out.sizeBytes });
  }
  return members.filter((member) => member.sizeBytes > 0);
}

async function directory(archive: PackedSource, limits: UnpackLimits): Promise<readonly Entry[] | Refusal<UnpackCode>> {
  const tailAt = Math.max(0, archive.sizeBytes - END_SIZE - LONGEST_COMMENT);
  const tail = await archive.read(tailAt, END_SIZE + LONGEST_COMMENT);
  const end = findEnd(tail);
  if (end < 0) return broken('its directory is missing, so it was probably cut off');
  const count = tail.readUInt16LE(end + 10);
  const from = tail.readUInt32LE(end + 16);
  if (count === 0xffff || from === 0xffffffff) {
    return refuse(
      'too-big',
      'The archive is in ZIP64 form, for more than 4 GiB or 65,535 files. Upload the logs that matter one by one.',
    );
  }
  if (count > limits.maxMembers) {
    return refuse(
      'too-big',
      `The archive holds ${count} files; ${limits.maxMembers} are the most. Pack only the logs that matter.`,
    );
  }
  const size = tailAt + end - from;
  if (size < 0 || size > LARGEST_DIRECTORY) return broken('its directory is damaged');
  const bytes = await archive.read(from, size);
  const entries: Entry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) return broken('its directory is damaged');
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(tail: Buffer): number {
  for (let at = tail.length - END_SIZE; at >= 0; at--) if (tail.readUInt32LE(at) === END) return at;
  return -1;
}

async function extract(
  archive: PackedSource,
  entry: Entry,
  path: string,
  most: number,
): Promise<Spilled | 'too much' | Refusal<UnpackCode>> {
  if (entry.flags & 1)
    return refuse('encrypted', 'The archive has a password. Unpack it and upload the logs themselves.');
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    return refuse(
      'not-readable',
      `The archive is packed in a way that is not read here (method ${entry.method}). Pack it again as an ordinary .zip.`,
    );
  }
  const head = await archive.read(entry.offset, LOCAL_SIZE);
  if (head.length < LOCAL_SIZE || head.readUInt32LE(0) !== LOCAL) return broken('a file in it cannot be found');
  const start = entry.offset + LOCAL_SIZE + head.readUInt16LE(26) + head.readUInt16LE(28);
  if (start + entry.packed > archive.sizeBytes) return broken('it ends too early');
  try {
    const data = archive.stream(start, start + entry.packed);
    const out = await spill(path, data, entry.method === STORED ? null : createInflateRaw(), most);
    return out.crc === entry.crc ? out : broken('a file in it does not match its checksum');
  } catch (error) {
    if (error instanceof TooMuch) return 'too much';
    if (!isDecoderError(error)) throw error;
    return broken('a file in it is damaged');
  }
}

/** Whether zlib found the data damaged, rather than the disk or the program. */
export function isDecoderError(error: unknown): boolean {
  return /^Z_/.test(String((error as { code?: unknown }).code));
}

function broken(why: string): Refusal<UnpackCode> {
  return refuse('bad-archive', `The archive is broken: ${why}. Fetch it again, or upload the logs unpacked.`);
}
