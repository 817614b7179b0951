// IPv4 addresses straight from bytes, each looked up by its 32 bits: open addressing, bounded.
const SLOTS = 1 << 18;
const MOST = 100_000;

/** Gives the address that stands at a place in a line as text, the same string each time; null for what is none, or one too many. */
export interface AddressTable {
  readonly at: (bytes: Uint8Array, from: number, to: number) => string | null;
  /** How many addresses are known. */
  readonly size: () => number;
}

/** An empty table for at most 100,000 addresses. */
export function addressTable(): AddressTable {
  const keys = new Int32Array(SLOTS);
  const indices = new Int32Array(SLOTS).fill(-1);
  const texts: string[] = [];
  return {
    size: () => texts.length,
    at(bytes, from, to) {
      let bits = 0;
      let octet = 0;
      let dots = 0;
      for (let at = from; at < to; at++) {
        const byte = bytes[at] as number;
        if (byte === 46) {
          bits = (bits << 8) | octet;
          octet = 0;
          dots++;
        } else if (byte >= 48 && byte <= 57) octet = octet * 10 + byte - 48;
        else return null;
        if (octet > 255) return null;
      }
      if (dots !== 3) return null;
      bits = (bits << 8) | octet;
      let slot = (Math.imul(bits, 0x9e3779b1) >>> 8) & (SLOTS - 1);
      for (;;) {
        const index = indices[slot] as number;
        if (index === -1) break;
        if (keys[slot] === bits) return texts[index] as string;
        slot = (slot + 1) & (SLOTS - 1);
      }
      if (texts.length >= MOST) return null;
      let ip = '';
      for (let at = from; at < to; at++) ip += String.fromCharCode(bytes[at] as number);
      keys[slot] = bits;
      indices[slot] = texts.length;
      texts.push(ip);
      return ip;
    },
  };
}
