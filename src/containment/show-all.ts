// Names and values as they really are: besides controls, every character outside ASCII is spelled out, so that no letter
// from another alphabet can pass for a known one.
import { reveal } from '../view/escape.ts';

/** `p\u0430ypal` with a Cyrillic letter becomes `p[U+0430]ypal`. Line feeds and tabs are spelled out as well. */
export function showAll(words: string): string {
  let out = '';
  for (const char of reveal(words)) {
    const c = char.codePointAt(0) as number;
    out += c < 0x20 || c > 0x7e ? `[U+${c.toString(16).toUpperCase().padStart(4, '0')}]` : char;
  }
  return out;
}
