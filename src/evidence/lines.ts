// Single lines of evidence, by number, from its exact bytes.

const LONGEST_LINE = 64 << 10;

/** The text of the lines with these numbers (1-based, as the timeline counts them), each at most 64 KiB; numbers past the end are left out. */
export function linesAt(bytes: Uint8Array, wanted: ReadonlySet<number>): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const last = Math.max(0, ...wanted);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let line = 1, from = 0; line <= last && from < buffer.length; line += 1) {
    const at = buffer.indexOf(10, from);
    const end = at < 0 ? buffer.length : at;
    if (wanted.has(line)) found.set(line, buffer.toString('utf8', from, Math.min(end, from + LONGEST_LINE)));
    from = end + 1;
  }
  return found;
}
