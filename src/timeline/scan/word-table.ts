// Short texts straight from bytes, each made once: names repeat, so the same string is given for the same bytes.

const SLOTS = 1 << 12;

/** Gives the text of some ASCII bytes. */
export interface WordTable {
  readonly at: (bytes: Uint8Array, from: number, to: number) => string;
}

/** A table that remembers the 4096 texts last seen, by the place their bytes hash to. */
export function wordTable(): WordTable {
  const words: string[] = new Array(SLOTS).fill('');
  return {
    at(bytes, from, to) {
      let hash = to - from;
      for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
      const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
      const known = words[slot] as string;
      if (known.length === to - from) {
        let at = from;
        while (at < to && known.charCodeAt(at - from) === bytes[at]) at++;
        if (at === to) return known;
      }
      let fresh = '';
      for (let at = from; at < to; at++) fresh += String.fromCharCode(bytes[at] as number);
      words[slot] = fresh;
      return fresh;
    },
  };
}
