// Lines as byte ranges. A line ends at LF; what follows the last LF is a line when it is not empty.

/** Start offsets of all lines, and one past the last byte as the final item. */
export function lineStarts(bytes: Uint8Array): Uint32Array {
  let starts = new Uint32Array(1024);
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    if (count + 1 >= starts.length) {
      const grown = new Uint32Array(starts.length * 2);
      grown.set(starts);
      starts = grown;
    }
    starts[count++] = at;
    const lf = bytes.indexOf(10, at);
    at = lf === -1 ? bytes.length : lf + 1;
  }
  starts[count] = bytes.length;
  return starts.slice(0, count + 1);
}
