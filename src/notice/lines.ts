// A line of a notice: its words, what it cites, and whether the record bears it out.
import { isSettled } from '../finding/confidence.ts';
import type { Finding } from '../finding/types.ts';

/** `recorded`: the ledger itself says so. `verified`: a person checked it. The rest is marked, or keeps a notice from outsiders. */
export type Grounds = 'recorded' | 'verified' | 'unverified' | 'refuted';

export interface CitedLine {
  readonly words: string;
  readonly cites: readonly string[];
}

/** Splits citations in brackets off the end of a line. */
export function splitCites(line: string): CitedLine {
  const trimmed = line.trim();
  const open = trimmed.endsWith(']') ? trimmed.lastIndexOf('[') : -1;
  if (open < 0) return { words: trimmed, cites: [] };
  const cites = trimmed
    .slice(open + 1, -1)
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((c) => c.toUpperCase());
  return cites.length > 0 && cites.every((c) => /^(INC|EX|FI|EV|TE|CA|QU)-\d{1,6}(:[\d-]{1,20})?$/.test(c))
    ? { words: trimmed.slice(0, open).trim(), cites }
    : { words: trimmed, cites: [] };
}

export const withCites = (words: string, cites: readonly string[]): string =>
  cites.length > 0 ? `${words} [${[...new Set(cites)].join(', ')}]` : words;

/** What bears a line out: `recorded` are the lines code writes from the ledger as it is now. */
export function groundsOf(line: string, findings: readonly Finding[], recorded: ReadonlySet<string>): Grounds {
  if (recorded.has(line.trim())) return 'recorded';
  const cited = splitCites(line).cites.filter((c) => c.startsWith('FI-'));
  const known = cited.map((c) => findings.find((f) => f.key === c));
  if (known.some((f) => f?.state === 'refuted')) return 'refuted';
  return known.length > 0 && known.every((f) => f !== undefined && isSettled(f)) ? 'verified' : 'unverified';
}
