// Compressed and binary uploads become the text sources that the engine reads. An archive is hostile: every output is bounded
// before it is made.
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { type Refusal, refuse } from '../refusal.ts';
import { isEvtx, readEvtx } from './evtx.ts';
import { type PackedSource, packedFile, spill, TooMuch } from './packed.ts';
import {
  allowance,
  type Member,
  shown,
  tooMuch,
  UNPACK_LIMITS,
  type UnpackCode,
  type UnpackLimits,
} from './unpack-limits.ts';
import { isDecoderError, readZip } from './zip.ts';

/** So much tells what a file is. */
const FIRST_BYTES = 512;

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

/**
 * Opens .gz, .zip and .evtx by their first bytes, whatever the name says: the sources within, each written to a file in `folder`
 * (empty, made and removed by the caller), null for anything else, or a refusal that says what to do. Folders, empty members and
 * macOS resource forks (__MACOSX/) are left out.
 */
export async function unpack(
  name: string,
  source: PackedSource,
  folder: string,
  limits: UnpackLimits = UNPACK_LIMITS,
): Promise<readonly Member[] | null | Refusal<UnpackCode>> {
  const first = await source.read(0, FIRST_BYTES);
  if (startsWith(first, GZIP)) return openGzip(name, source, folder, limits);
  if (ZIP.some((magic) => startsWith(first, magic))) {
    const members = await readZip(source, folder, limits);
    return 'kind' in members ? members : opened(name, members, folder, limits);
  }
  if (isEvtx(first)) return decoded(name, source, join(folder, 'events'), limits);
  const other = OTHERS.find((o) => startsWith(first, o.magic, o.at));
  if (!other) return null;
  return refuse(
    'not-readable',
    `${shown(name)} is ${other.words}. Unpack it and upload the logs themselves, or pack them as .zip or .gz.`,
  );
}

async function openGzip(name: string, source: PackedSource, folder: string, limits: UnpackLimits) {
  const most = allowance(source.sizeBytes, limits);
  const path = join(folder, 'member-0');
  try {
    const { sizeBytes } = await spill(path, source.stream(0, source.sizeBytes), createGunzip(), most);
    return opened(name, [{ name: '', path, sizeBytes }], folder, limits);
  } catch (error) {
    if (error instanceof TooMuch) return tooMuch(name, source.sizeBytes, most, limits);
    if (!isDecoderError(error)) throw error;
    const isCut = (error as { code?: unknown }).code === 'Z_BUF_ERROR';
    return refuse(
      'bad-archive',
      `${shown(name)} is gzip but broken (${isCut ? 'it ends too early' : 'its data is damaged'}). Fetch it again, or upload the log unpacked.`,
    );
  }
}

async function opened(archive: string, members: readonly Member[], folder: string, limits: UnpackLimits) {
  const sources: Member[] = [];
  for (const member of members) {
    const name = member.name === '' ? withoutEnding(archive) : `${shown(archive)}/${shown(member.name)}`;
    const source = packedFile(member.path, member.sizeBytes);
    const first = await source.read(0, FIRST_BYTES);
    const nested = startsWith(first, GZIP) || ZIP.some((magic) => startsWith(first, magic));
    const other = OTHERS.find((o) => startsWith(first, o.magic, o.at));
    if (nested || other) {
      return refuse(
        'nested',
        `${shown(name)} is ${other?.words ?? 'an archive'} inside an archive. Unpack the outer one and upload what is inside.`,
      );
    }
    if (!isEvtx(first)) {
      if (member.sizeBytes > 0) sources.push({ ...member, name });
      continue;
    }
    const events = await decoded(name, source, join(folder, `events-${sources.length}`), limits);
    if ('kind' in events) return events;
    sources.push(...events);
  }
  if (sources.length === 0)
    return refuse('bad-archive', `${shown(archive)} holds no file with anything in it. Upload the logs themselves.`);
  return sources;
}

async function decoded(
  name: string,
  source: PackedSource,
  path: string,
  limits: UnpackLimits,
): Promise<readonly Member[] | Refusal<UnpackCode>> {
  const read = await readEvtx(source, path, limits.maxBytes);
  if ('kind' in read) return refuse('not-readable', `${shown(name)}: ${read.message}`);
  return [{ name: `${shown(name)}.xml`, path, sizeBytes: read.sizeBytes }];
}

function startsWith(bytes: Uint8Array, magic: readonly number[], at = 0): boolean {
  return bytes.length >= at + magic.length && magic.every((byte, i) => bytes[at + i] === byte);
}

const withoutEnding = (name: string) => shown(name.replace(/\.(?:gz|gzip)$/i, '')).replace(/\.tgz$/i, '.tar');
