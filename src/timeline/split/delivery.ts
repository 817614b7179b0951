// Files that hold many records on one physical line, as cloud services deliver them: {"Records":[{...},{...}]} or [{...},{...}].
// On a copy of the same length the commas between the records become line ends and what is around them blanks; every piece knows the line
// it came from.
import { closeSync, openSync, readSync } from 'node:fs';

const HEAD =
  /^\s{0,200}(?:\{\s{0,200}"(?:Records|records|value|events|Events|items|logs|data|hits|results|auditRecords)"\s{0,200}:\s{0,200})?\[\s{0,200}\{/;
const HEAD_CHARS = 1024;
/** Only a source that begins like a delivery, or is small enough to look at every line, is searched for them. */
const ALL_LINES_BYTES = 1 << 20;
const MOST_BYTES = 256 << 20;

const LF = 10;
const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const ESCAPE = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** The pieces of a source whose lines hold several records. */
export interface Delivery {
  /** As long as the source; line ends stand where records are parted. */
  readonly bytes: Uint8Array;
  /** The line, 1-based, that the nth piece (0-based) stands on, and which of its pieces it is, from 1; 0 where the line is one piece. */
  readonly lineOf: Uint32Array;
  readonly partOf: Uint32Array;
}

/** Parts the records that share a line; null when no line holds several. */
export function partDelivery(source: Uint8Array): Delivery | null {
  if (source.length > MOST_BYTES) return null;
  const given = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  if (source.length > ALL_LINES_BYTES && !isHead(given, 0)) return null;
  let copy: Buffer | null = null;
  const lineOf: number[] = [];
  const partOf: number[] = [];
  for (let line = 1, start = 0; start < given.length; line++) {
    const lineEnd = given.indexOf(LF, start);
    const end = lineEnd === -1 ? given.length : lineEnd;
    const { cuts, around } = isHead(given, start) ? cutsOf(given, start, end) : NOTHING;
    // One record in brackets needs no parting.
    if (cuts.length > 2) {
      copy ??= Buffer.from(given);
      for (const at of cuts) copy[at] = LF;
      for (const [from, to] of around) copy.fill(BLANK, from, to);
    }
    const pieces = cuts.length > 2 ? cuts.length + 1 : 1;
    for (let part = 1; part <= pieces; part++) {
      lineOf.push(line);
      partOf.push(pieces === 1 ? 0 : part);
    }
    start = end + 1;
  }
  return copy === null ? null : { bytes: copy, lineOf: Uint32Array.from(lineOf), partOf: Uint32Array.from(partOf) };
}

/** Whether a file begins like a delivery. Throws when it cannot be opened. */
export function beginsDelivery(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_CHARS);
    return isHead(head.subarray(0, readSync(file, head)), 0);
  } finally {
    closeSync(file);
  }
}

function isHead(bytes: Buffer, at: number): boolean {
  const first = bytes[at];
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY && first !== 32 && first !== 9) return false;
  return HEAD.test(bytes.toString('latin1', at, at + HEAD_CHARS));
}

interface Cuts {
  readonly cuts: readonly number[];
  /** What stands before, between and behind the arrays. */
  readonly around: readonly (readonly [from: number, to: number])[];
}

const NOTHING: Cuts = { cuts: [], around: [] };

/** Where the array of records opens, parts its elements and closes, for every delivery on the line: they may follow each other. */
function cutsOf(bytes: Buffer, start: number, end: number): Cuts {
  const cuts: number[] = [];
  const around: [number, number][] = [];
  let closedAt = start;
  let depth = 0;
  let arrayDepth = 0;
  let isQuoted = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (isQuoted) {
      if (byte === ESCAPE) at++;
      else if (byte === QUOTE) isQuoted = false;
      continue;
    }
    if (byte === QUOTE) isQuoted = true;
    else if (byte === OPEN_OBJECT) depth++;
    else if (byte === OPEN_ARRAY) {
      depth++;
      if (arrayDepth === 0 && depth <= 2) {
        arrayDepth = depth;
        cuts.push(at);
        around.push([closedAt, at]);
      }
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (byte === CLOSE_ARRAY && depth === arrayDepth) {
        cuts.push(at);
        arrayDepth = 0;
        closedAt = at + 1;
      }
      depth--;
    } else if (byte === COMMA && depth === arrayDepth && arrayDepth > 0) cuts.push(at);
  }
  if (arrayDepth === 0) around.push([closedAt, end]);
  return { cuts, around };
}
