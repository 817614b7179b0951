// Compressed and binary uploads become the text sources that the engine reads. An archive is hostile: every output is bounded
// before it is made.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Refusal, refuse } from '../refusal.ts';
import { isEvtx, readEvtx } from './evtx.ts';
import {
  allowance,
  type Member,
  shown,
  tooMuch,
  UNPACK_LIMITS,
  type UnpackCode,
  type UnpackLimits,
} from './unpack-limits.ts';
import { readZip } from './zip.ts';

interface Packing {
  readonly words: string;
  readonly magic: readonly number[];
  readonly at?: number;
}

const GZIP = [0x1f, 0x8b];
const ZIP: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
];
// What we can name but not open.
const OTHERS: readonly Packing[] = [
  { words: 'a tar archive', magic: [0x75, 0x73, 0x74, 0x61, 0x72], at: 257 },
  { words: 'a 7-Zip archive', magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { words: 'a RAR archive', magic: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07] },
  { words: 'xz-compressed', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { words: 'bzip2-compressed', magic: [0x42, 0x5a, 0x68] },
  { words: 'zstd-compressed', magic: [0x28, 0xb5, 0x2f, 0xfd] },
];

/** Opens .gz, .zip and .evtx by their first bytes, whatever the name says: the sources within, null for anything else, or a refusal that says what to do. Folders, empty members and macOS resource forks (__MACOSX/) are left out. */
export async function unpack(
  name: string,
  bytes: Uint8Array,
  limits: UnpackLimits = UNPACK_LIMITS,
): Promise<readonly Member[] | null | Refusal<UnpackCode>> {
  if (startsWith(bytes, GZIP)) return openGzip(name, bytes, limits);
  if (ZIP.some((magic) => startsWith(bytes, magic))) {
    const members = await readZip(bytes, limits);
    return 'kind' in members ? members : opened(name, members, limits);
  }
  if (isEvtx(bytes)) return decoded(name, bytes, limits);
  const other = OTHERS.find((o) => startsWith(bytes, o.magic, o.at));
  if (!other) return null;
  return refuse(
    'not-readable',
    `${shown(name)} is ${other.words}. Unpack it and upload the logs themselves, or pack them as .zip or .gz.`,
  );
}

async function openGzip(name: string, bytes: Uint8Array, limits: UnpackLimits) {
  const most = allowance(bytes.length, limits);
  try {
    const out = await promisify(gunzip)(bytes, { maxOutputLength: most });
    return opened(name, [{ name: '', bytes: out }], limits);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooMuch(name, bytes.length, most, limits);
    return refuse(
      'bad-archive',
      `${shown(name)} is gzip but broken (${code === 'Z_BUF_ERROR' ? 'it ends too early' : 'its data is damaged'}). Fetch it again, or upload the log unpacked.`,
    );
  }
}

async function opened(archive: string, members: readonly Member[], limits: UnpackLimits) {
  const sources: Member[] = [];
  for (const member of members) {
    const name = member.name === '' ? withoutEnding(archive) : `${shown(archive)}/${shown(member.name)}`;
    const nested = startsWith(member.bytes, GZIP) || ZIP.some((magic) => startsWith(member.bytes, magic));
    const other = OTHERS.find((o) => startsWith(member.bytes, o.magic, o.at));
    if (nested || other) {
      return refuse(
        'nested',
        `${shown(name)} is ${other?.words ?? 'an archive'} inside an archive. Unpack the outer one and upload what is inside.`,
      );
    }
    if (!isEvtx(member.bytes)) {
      sources.push({ name, bytes: member.bytes });
      continue;
    }
    const events = await decoded(name, member.bytes, limits);
    if ('kind' in events) return events;
    sources.push(...events);
  }
  if (sources.length === 0)
    return refuse('bad-archive', `${shown(archive)} holds no file with anything in it. Upload the logs themselves.`);
  return sources;
}

async function decoded(
  name: string,
  bytes: Uint8Array,
  limits: UnpackLimits,
): Promise<readonly Member[] | Refusal<UnpackCode>> {
  const read = await readEvtx(bytes, limits.maxBytes);
  if ('kind' in read) return refuse('not-readable', `${shown(name)}: ${read.message}`);
  return [{ name: `${shown(name)}.xml`, bytes: read.xmlLines }];
}

function startsWith(bytes: Uint8Array, magic: readonly number[], at = 0): boolean {
  return bytes.length >= at + magic.length && magic.every((byte, i) => bytes[at + i] === byte);
}

const withoutEnding = (name: string) => shown(name.replace(/\.(?:gz|gzip)$/i, '')).replace(/\.tgz$/i, '.tar');
