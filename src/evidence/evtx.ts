// Binary Windows event logs: one <Event> a line, as `wevtutil qe` prints them, which the engine reads like any other paste.
// Chunks are found by their magic, so that a log copied from a running machine, whose header lags behind, is read whole.
import { open } from 'node:fs/promises';
import { type Refusal, refuse } from '../refusal.ts';
import { binaryXmlText } from './binary-xml.ts';
import type { PackedSource } from './packed.ts';

const FILE_MAGIC = Buffer.from('ElfFile\0', 'latin1');
const CHUNK_MAGIC = Buffer.from('ElfChnk\0', 'latin1');
const FILE_HEADER = 0x1000;
const CHUNK = 0x10000;
const CHUNK_HEADER = 0x200;
const RECORD_MAGIC = 0x2a2a;
const RECORD_HEADER = 24;
const SMALLEST_RECORD = RECORD_HEADER + 4;

/** How many records were written as text and how many of them could not be decoded; each of those is an XML comment in its place. */
export interface EvtxRead {
  readonly sizeBytes: number;
  readonly records: number;
  readonly undecoded: number;
}

/** Whether bytes begin like an .evtx file. */
export function isEvtx(bytes: Uint8Array): boolean {
  return FILE_MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Decodes an .evtx file chunk by chunk into a new file, one event a line; refuses what is damaged, or gives more than `maxBytes`, with what to do. */
export async function readEvtx(
  source: PackedSource,
  path: string,
  maxBytes: number,
): Promise<EvtxRead | Refusal<'not-readable'>> {
  const out = await open(path, 'wx', 0o600);
  let records = 0;
  let undecoded = 0;
  let sizeBytes = 0;
  try {
    for (let at = FILE_HEADER; at + CHUNK_HEADER < source.sizeBytes; at += CHUNK) {
      const chunk = await source.read(at, CHUNK);
      if (!chunk.subarray(0, 8).equals(CHUNK_MAGIC)) continue;
      const lines = [...chunkLines(chunk)];
      records += lines.length;
      undecoded += lines.filter((line) => line.startsWith('<!--')).length;
      if (lines.length === 0) continue;
      const text = Buffer.from(`${lines.join('\n')}\n`, 'utf8');
      sizeBytes += text.length;
      if (sizeBytes > maxBytes) {
        return refuse(
          'not-readable',
          'the event log is too big to decode here. Export the hours that matter with wevtutil or Event Viewer.',
        );
      }
      await out.writeFile(text);
    }
  } finally {
    await out.close();
  }
  if (records === undecoded)
    return refuse(
      'not-readable',
      records === 0 ? `the event log holds no records. ${EXPORT}` : `the event log is damaged. ${EXPORT}`,
    );
  return { sizeBytes, records, undecoded };
}

const EXPORT = 'Try to export it as XML with: wevtutil qe FILE.evtx /lf:true /f:xml > FILE.xml';

function* chunkLines(chunk: Buffer): Generator<string> {
  const end = Math.min(chunk.length, chunk.readUInt32LE(0x30));
  let at = CHUNK_HEADER;
  while (at + SMALLEST_RECORD <= end) {
    const size = chunk.readUInt32LE(at + 4);
    if (chunk.readUInt32LE(at) !== RECORD_MAGIC || size < SMALLEST_RECORD || at + size > end) {
      yield `<!-- event records from byte ${at} of a chunk could not be decoded -->`;
      return;
    }
    yield recordLine(chunk, at, size);
    at += size;
  }
}

function recordLine(chunk: Buffer, at: number, size: number): string {
  try {
    const xml = binaryXmlText(chunk, at + RECORD_HEADER, at + size - 4);
    if (xml.startsWith('<Event')) return xml;
  } catch {
    // Said in its place below: a record is never left out in silence, nor shown half.
  }
  return `<!-- event record ${chunk.readBigUInt64LE(at + 8)} could not be decoded -->`;
}
