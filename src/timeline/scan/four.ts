// An IPv4 address that is written as four masked parts of a line.
import { isFour, NONE } from '../names.ts';
import { type LineShape, maskEnd, maskStart } from './line-shape.ts';

/** The 32 bits of the address at four masked parts from `mask` on, or NONE when its numbers are none. */
export function fourAt(bytes: Uint8Array, shape: LineShape, mask: number): number {
  let bits = 0;
  for (let m = mask; m < mask + 4; m++) {
    const from = maskStart(shape, m);
    const to = maskEnd(shape, m);
    let octet = (bytes[from] as number) - 48;
    if (to - from > 1) {
      if (octet === 0 || to - from > 3) return NONE;
      octet = octet * 10 + (bytes[from + 1] as number) - 48;
      if (to - from === 3) octet = octet * 10 + (bytes[from + 2] as number) - 48;
      if (octet > 255) return NONE;
    }
    bits = (bits << 8) | octet;
  }
  return isFour(bits) ? bits : NONE;
}
