// Binary Windows event logs: one <Event> a line, as `wevtutil qe` prints them, which the engine reads like any other paste.
// Chunks are found by their magic, so that a log copied from a running machine, whose header lags behind, is read whole.
import { type Refusal, refuse } from '../refusal.ts';
import { binaryXmlText } from './binary-xml.ts';

const FILE_MAGIC = Buffer.from('ElfFile\0', 'latin1');
const CHUNK_MAGIC = Buffer.from('ElfChnk\0', 'latin1');
const FILE_HEADER = 0x1000;
const CHUNK = 0x10000;
const CHUNK_HEADER = 0x200;
const RECORD_MAGIC = 0x2a2a;
const RECORD_HEADER = 24;
const SMALLEST_RECORD = RECORD_HEADER + 4;

/** The records as text and how many could not be decoded; each of those is an XML comment in its place. */
export interface EvtxRead {
  readonly xmlLines: Buffer;
  readonly records: number;
  readonly undecoded: number;
}

/** Whether bytes begin like an .evtx file. */
export function isEvtx(bytes: Uint8Array): boolean {
  return FILE_MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Decodes an .evtx file, letting others run between its 64 KiB chunks; refuses what is damaged, or gives more than `maxBytes`, with what to do. */
export async function readEvtx(bytes: Uint8Array, maxBytes: number): Promise<EvtxRead | Refusal<'not-readable'>> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: string[] = [];
  let undecoded = 0;
  let size = 0;
  for (let at = FILE_HEADER; at + CHUNK_HEADER < file.length; at += CHUNK) {
    await new Promise(setImmediate);
    const chunk = file.subarray(at, at + CHUNK);
    if (!chunk.subarray(0, 8).equals(CHUNK_MAGIC)) continue;
    for (const line of chunkLines(chunk)) {
      if (line.startsWith('<!--')) undecoded += 1;
      size += line.length;
      lines.push(line);
    }
    if (size > maxBytes) {
      return refuse(
        'not-readable',
        'the event log is too big to decode here. Export the hours that matter with wevtutil or Event Viewer.',
      );
    }
  }
  if (lines.length === undecoded)
    return refuse(
      'not-readable',
      lines.length === 0 ? `the event log holds no records. ${EXPORT}` : `the event log is damaged. ${EXPORT}`,
    );
  return { xmlLines: Buffer.from(`${lines.join('\n')}\n`, 'utf8'), records: lines.length, undecoded };
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
