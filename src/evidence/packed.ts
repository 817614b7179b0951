// What an upload is unpacked from and into: read piece by piece, written to files, never whole in memory.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';

/** Bytes that are read piece by piece, of a file or of what is in memory already. */
export interface PackedSource {
  readonly sizeBytes: number;
  /** At most `length` bytes from `from` on; fewer at the end. */
  read(from: number, length: number): Promise<Buffer>;
  /** The bytes [from, to) in pieces. */
  stream(from: number, to: number): Readable;
}

const PIECE = 1 << 16;

/** What is in memory already. */
export function packedBytes(bytes: Uint8Array): PackedSource {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    sizeBytes: all.length,
    read: async (from, length) => all.subarray(from, from + length),
    stream: (from, to) =>
      Readable.from(
        (function* () {
          for (let at = from; at < to; at += PIECE) yield all.subarray(at, Math.min(to, at + PIECE));
        })(),
        { objectMode: false },
      ),
  };
}

/** A file; it is opened for each reading. */
export function packedFile(path: string, sizeBytes: number): PackedSource {
  return {
    sizeBytes,
    async read(from, length) {
      const file = await open(path, 'r');
      try {
        const buffer = Buffer.alloc(Math.max(0, Math.min(length, sizeBytes - from)));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    stream: (from, to) => (to > from ? createReadStream(path, { start: from, end: to - 1 }) : Readable.from([])),
  };
}

/** More came out than may. */
export class TooMuch extends Error {}

/** How much was written, and its checksum. */
export interface Spilled {
  readonly sizeBytes: number;
  readonly crc: number;
}

/** Writes a stream, through a decoder if there is one, to a new file; throws TooMuch as soon as more than `most` bytes come out. */
export async function spill(path: string, from: Readable, decoder: Transform | null, most: number): Promise<Spilled> {
  const file = await open(path, 'wx', 0o600);
  let sizeBytes = 0;
  let crc = 0;
  const write = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length;
      if (sizeBytes > most) throw new TooMuch();
      crc = crc32(chunk, crc);
      await file.writeFile(chunk);
    }
  };
  try {
    if (decoder) await pipeline(from, decoder, write);
    else await pipeline(from, write);
  } catch (error) {
    // A pipeline that is torn down may answer with its own abortion instead of why.
    throw sizeBytes > most ? new TooMuch() : error;
  } finally {
    await file.close();
  }
  return { sizeBytes, crc };
}
