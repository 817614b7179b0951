// ZIP by its central directory (APPNOTE 6.3), stored and deflated members only. Sizes that the archive states are never
// trusted: what comes out is bounded while it comes out.
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { type Refusal, refuse } from '../refusal.ts';
import { allowance, type Member, tooMuch, type UnpackCode, type UnpackLimits } from './unpack-limits.ts';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;
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

/** The files of a ZIP in the order of its directory, or a refusal; never more bytes altogether than the limits allow for the whole. */
export async function readZip(
  archive: Uint8Array,
  limits: UnpackLimits,
): Promise<readonly Member[] | Refusal<UnpackCode>> {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const entries = directory(bytes, limits);
  if ('kind' in entries) return entries;
  const most = allowance(bytes.length, limits);
  let left = most;
  const members: Member[] = [];
  for (const entry of entries) {
    if (entry.name.endsWith('/') || entry.name.startsWith('__MACOSX/')) continue;
    const out = await extract(bytes, entry, left);
    if (out === 'too much') return tooMuch('The archive', bytes.length, most, limits);
    if ('kind' in out) return out;
    left -= out.length;
    if (out.length > 0) members.push({ name: entry.name, bytes: out });
  }
  return members;
}

function directory(bytes: Buffer, limits: UnpackLimits): readonly Entry[] | Refusal<UnpackCode> {
  const end = findEnd(bytes);
  if (end < 0) return broken('its directory is missing, so it was probably cut off');
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) {
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
  const entries: Entry[] = [];
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

function findEnd(bytes: Buffer): number {
  const lowest = Math.max(0, bytes.length - END_SIZE - LONGEST_COMMENT);
  for (let at = bytes.length - END_SIZE; at >= lowest; at--) if (bytes.readUInt32LE(at) === END) return at;
  return -1;
}

async function extract(bytes: Buffer, entry: Entry, most: number): Promise<Buffer | 'too much' | Refusal<UnpackCode>> {
  if (entry.flags & 1)
    return refuse('encrypted', 'The archive has a password. Unpack it and upload the logs themselves.');
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    return refuse(
      'not-readable',
      `The archive is packed in a way that is not read here (method ${entry.method}). Pack it again as an ordinary .zip.`,
    );
  }
  const at = entry.offset;
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL) return broken('a file in it cannot be found');
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  if (start + entry.packed > bytes.length) return broken('it ends too early');
  const data = bytes.subarray(start, start + entry.packed);
  if (entry.method === STORED) return data.length > most ? 'too much' : checked(Buffer.from(data), entry);
  if (most === 0) return 'too much';
  try {
    return checked(await promisify(inflateRaw)(data, { maxOutputLength: most }), entry);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') return 'too much';
    return broken('a file in it is damaged');
  }
}

function checked(out: Buffer, entry: Entry): Buffer | Refusal<UnpackCode> {
  return crc32(out) === entry.crc ? out : broken('a file in it does not match its checksum');
}

function broken(why: string): Refusal<UnpackCode> {
  return refuse('bad-archive', `The archive is broken: ${why}. Fetch it again, or upload the logs unpacked.`);
}
