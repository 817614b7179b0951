// Hostile text made visible: what a person reads is what is there.
import { maskSecrets } from '../evidence/secrets.ts';

const NAMES: Readonly<Record<number, string>> = {
  0: 'NUL',
  7: 'BEL',
  8: 'BS',
  13: 'CR',
  27: 'ESC',
  127: 'DEL',
  8203: 'ZWSP',
  8204: 'ZWNJ',
  8205: 'ZWJ',
  8288: 'WJ',
  65279: 'BOM',
  8238: 'RLO',
  8237: 'LRO',
  8234: 'LRE',
  8235: 'RLE',
  8236: 'PDF',
  8294: 'LRI',
  8295: 'RLI',
  8296: 'FSI',
  8297: 'PDI',
  8206: 'LRM',
  8207: 'RLM',
};

const isHidden = (c: number): boolean =>
  (c < 0x20 && c !== 0x0a && c !== 0x09) ||
  (c >= 0x7f && c <= 0x9f) ||
  c === 0xad ||
  c === 0x61c ||
  (c >= 0x200b && c <= 0x200f) ||
  (c >= 0x2028 && c <= 0x202e) ||
  (c >= 0x2060 && c <= 0x206f) ||
  c === 0xfeff ||
  (c >= 0xfff9 && c <= 0xfffb) ||
  (c >= 0xd800 && c <= 0xdfff) ||
  (c >= 0xe0000 && c <= 0xe0fff);

/** Shows control, bidirectional, zero-width and tag characters as `[RLO]` or `[U+202E]`; keeps line feeds and tabs. */
export function reveal(text: string): string {
  let out = '';
  for (const char of text) {
    const c = char.codePointAt(0) as number;
    out += isHidden(c) ? `[${NAMES[c] ?? `U+${c.toString(16).toUpperCase().padStart(4, '0')}`}]` : char;
  }
  return out;
}

/** At most `max` UTF-16 units, never inside a surrogate pair; what was cut is said. Secrets are masked before, so that no half of one is left. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  return cut(maskSecrets(text), max);
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = max - 1;
  const code = text.charCodeAt(end - 1);
  return `${text.slice(0, code >= 0xd800 && code <= 0xdbff ? end - 1 : end)}\u2026`;
}
