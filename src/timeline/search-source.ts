// Line numbers for byte offsets, counted once and no further than asked for.

/** Evidence to search: its key, such as `EV-2`, and its bytes as received. Made by `searchSource`. */
export interface SearchSource {
  readonly evidence: string;
  readonly bytes: Buffer;
  /** Line breaks before each block that was counted so far. */
  readonly breaks: number[];
}

const BLOCK = 64 << 10;

/** Makes evidence searchable; keep it to have line numbers ready for the next search. */
export function searchSource(evidence: string, bytes: Uint8Array): SearchSource {
  return { evidence, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), breaks: [0] };
}

/** The line, 1-based, that the byte at an offset stands on. */
export function lineAt(source: SearchSource, offset: number): number {
  const { bytes, breaks } = source;
  const block = Math.floor(offset / BLOCK);
  for (let b = breaks.length; b <= block; b++) breaks.push(breaks[b - 1]! + count(bytes, (b - 1) * BLOCK, b * BLOCK));
  return 1 + breaks[block]! + count(bytes, block * BLOCK, offset);
}

/** Where the line begins on which an offset stands. */
export function lineStart(bytes: Buffer, offset: number): number {
  return offset === 0 ? 0 : bytes.lastIndexOf(10, offset - 1) + 1;
}

// indexOf is four times as fast as a loop over bytes on lines of usual length, and slower on a run of empty ones.
const MANY = 2_048;

function count(bytes: Buffer, from: number, to: number): number {
  const block = bytes.subarray(from, to);
  let n = 0;
  let at = block.indexOf(10);
  for (; at >= 0 && n < MANY; at = block.indexOf(10, at + 1)) n++;
  if (at >= 0) for (; at < block.length; at++) if (block[at] === 10) n++;
  return n;
}
