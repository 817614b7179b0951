// Names and addresses as 32-bit handles, so that a million lines are compared and counted without a text being made.
import { randomBytes } from 'node:crypto';
import { intTable } from './int-table.ts';

/** No name, no address. */
export const NONE = -1;

/** Names kept apart in one source; later ones count as no name. */
const MOST_NAMES = 400_000;
// Addresses from here on are no hosts' (class E), so their numbers stand for what is no IPv4 address.
const FIRST_OTHER = 0xf0000000;

/** Gives each text one small number, and each address one: an IPv4 address its own 32 bits. */
export interface NameTable {
  readonly of: (text: string | undefined) => number;
  /** The handle of ASCII bytes. */
  readonly at: (bytes: Uint8Array, from: number, to: number) => number;
  readonly text: (name: number) => string;
  readonly addressOf: (text: string | undefined) => number;
  /** The address that ASCII bytes hold, whatever its kind. */
  readonly addressAt: (bytes: Uint8Array, from: number, to: number) => number;
  readonly addressText: (address: number) => string;
}

/** The 32 bits of an IPv4 address as usually written; undefined for anything else. */
function bitsOf(text: string): number | undefined {
  let bits = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 46) {
      if (octet < 0) return undefined;
      bits = (bits << 8) | octet;
      octet = -1;
      dots++;
    } else if (c >= 48 && c <= 57) {
      if (octet === 0) return undefined;
      octet = octet < 0 ? c - 48 : octet * 10 + c - 48;
      if (octet > 255) return undefined;
    } else return undefined;
  }
  return dots === 3 && octet >= 0 ? (bits << 8) | octet : undefined;
}

/** True when an address handle is the 32 bits of an IPv4 address. */
export const isFour = (address: number): boolean => address >>> 0 < FIRST_OTHER;

const slotOf = (hash: number): number => hash ^ (hash >>> 15);

/** An empty table. The hash is keyed anew for each, so that nobody can choose names that collide. */
export function nameTable(): NameTable {
  const key = randomBytes(4).readInt32LE() | 1;
  const mixed = (hash: number, unit: number): number => {
    const h = Math.imul(hash ^ unit, key);
    return h ^ (h >>> 13);
  };
  const texts: string[] = [];
  const short = intTable();
  let hashes = new Int32Array(64);
  let slots = new Int32Array(128);

  const keep = (hash: number, text: string): number => {
    if (texts.length >= MOST_NAMES) return NONE;
    if (texts.length === hashes.length) {
      const more = new Int32Array(hashes.length * 2);
      more.set(hashes);
      hashes = more;
      slots = new Int32Array(slots.length * 2);
      for (let i = 0; i < texts.length; i++) enter(hashes[i] as number, i);
    }
    hashes[texts.length] = hash;
    enter(hash, texts.length);
    texts.push(text);
    return texts.length - 1;
  };
  const enter = (hash: number, index: number): void => {
    let slot = slotOf(hash) & (slots.length - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = index + 1;
  };
  const of = (text: string | undefined): number => {
    if (text === undefined || text === '') return NONE;
    let hash = text.length;
    for (let i = 0; i < text.length; i++) hash = mixed(hash, text.charCodeAt(i));
    for (let slot = slotOf(hash) & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
      const index = (slots[slot] as number) - 1;
      if (index < 0) return keep(hash, text);
      if (hashes[index] === hash && texts[index] === text) return index;
    }
  };
  const longAt = (bytes: Uint8Array, from: number, to: number): number => {
    let hash = to - from;
    for (let at = from; at < to; at++) hash = mixed(hash, bytes[at] as number);
    for (let slot = slotOf(hash) & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
      const index = (slots[slot] as number) - 1;
      if (index < 0) return keep(hash, asciiText(bytes, from, to));
      if (hashes[index] === hash && isSame(texts[index] as string, bytes, from, to)) return index;
    }
  };
  const addressOf = (text: string | undefined): number => {
    if (text === undefined || text === '') return NONE;
    const bits = bitsOf(text);
    if (bits !== undefined && isFour(bits)) return bits;
    const name = of(text);
    return name === NONE ? NONE : FIRST_OTHER | name;
  };
  return {
    of,
    addressOf,
    addressAt: (bytes, from, to) => addressOf(asciiText(bytes, from, to)),
    at(bytes, from, to) {
      const length = to - from;
      if (length > 8) return longAt(bytes, from, to);
      // Most names are as short as two numbers.
      let first = 0;
      let second = 0;
      for (let i = 0; i < length && i < 4; i++) first = (first << 8) | (bytes[from + i] as number);
      for (let i = 4; i < length; i++) second = (second << 8) | (bytes[from + i] as number);
      const known = short.get(first, second, length);
      if (known !== NONE) return known;
      const name = of(asciiText(bytes, from, to));
      if (name !== NONE) short.set(first, second, length, name);
      return name;
    },
    text: (name) => texts[name] ?? '',
    addressText: (address) =>
      isFour(address)
        ? `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
        : (texts[address & 0x0fffffff] ?? ''),
  };
}

function isSame(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let at = from; at < to; at++) if (text.charCodeAt(at - from) !== bytes[at]) return false;
  return true;
}

/** Bytes known to be ASCII as text. */
export function asciiText(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > 24) return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}
