// The values a claim names and whether what it cites has them: an address that is in no cited line is a slip or worse. Pure.
import ipaddr from 'ipaddr.js';
import { refang } from '../evidence/defang.ts';

const HASH = /\b[0-9a-f]{32,128}\b/gi;
const CVE = /\bCVE-\d{4}-\d{4,7}\b/gi;

/** Addresses, file hashes, CVE numbers and quoted words of a claim, as written; at most 20. */
export function valuesIn(claim: string): readonly string[] {
  const text = refang(claim.slice(0, 1000));
  const addresses = text
    .split(/[\s,;()<>"'[\]/]+/)
    .map((token) => token.replace(/[.:!?]+$/, '').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1'))
    .filter(
      (token) =>
        ipaddr.IPv4.isValidFourPartDecimal(token) || (token.split(':').length > 2 && ipaddr.IPv6.isValid(token)),
    );
  const quoted = [...text.matchAll(/"([^"]{2,100})"/g)].map((m) => m[1] as string);
  return [...new Set([...addresses, ...(text.match(HASH) ?? []), ...(text.match(CVE) ?? []), ...quoted])].slice(0, 20);
}

// A digit or letter beside it would make it another value: 10.0.0.1 is not in 10.0.0.12.
const isPart = (c: string | undefined): boolean => c !== undefined && /[\p{L}\p{N}]/u.test(c);

function stands(value: string, text: string): boolean {
  const [hay, needle] = [text.toLowerCase(), value.toLowerCase()];
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1))
    if (!isPart(hay[at - 1]) && !isPart(hay[at + needle.length])) return true;
  return false;
}

/** The values of a claim that stand in none of the cited texts. Empty when nothing was cited: there is nothing to compare. */
export const valuesNotIn = (claim: string, cited: readonly string[]): readonly string[] =>
  cited.length === 0 ? [] : valuesIn(claim).filter((v) => !cited.some((text) => stands(v, text)));
