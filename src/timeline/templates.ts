// What kinds of lines a log holds, and how often: the rare ones are where to look first.
import { type IndexedKind, indexLines } from './index-lines.ts';
import { windowOfFile } from './scan/ahead.ts';
import type { ReadOptions } from './types.ts';

/** One template of a log and its lines. */
export interface TemplateCount {
  readonly templateId: string;
  readonly template: string;
  readonly formats: readonly string[];
  readonly count: number;
  /** The first of its lines, at most three. */
  readonly lines: readonly number[];
  readonly firstAt: string | null;
  readonly lastAt: string | null;
}

const LINES_KEPT = 3;

interface Tally {
  count: number;
  readonly lines: number[];
  firstMs: number;
  lastMs: number;
}

const isoOf = (ms: number): string | null => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);

function together(kinds: readonly IndexedKind[], tallies: readonly Tally[]): TemplateCount[] {
  const byId = new Map<string, { kinds: IndexedKind[]; tallies: Tally[] }>();
  for (const [i, kind] of kinds.entries()) {
    const known = byId.get(kind.templateId) ?? { kinds: [], tallies: [] };
    known.kinds.push(kind);
    known.tallies.push(tallies[i] as Tally);
    byId.set(kind.templateId, known);
  }
  return [...byId.values()].map(({ kinds: alike, tallies: counted }) => ({
    templateId: (alike[0] as IndexedKind).templateId,
    template: (alike[0] as IndexedKind).template,
    formats: [...new Set(alike.map((kind) => kind.format))],
    count: counted.reduce((sum, one) => sum + one.count, 0),
    lines: counted
      .flatMap((one) => one.lines)
      .sort((a, b) => a - b)
      .slice(0, LINES_KEPT),
    firstAt: isoOf(Math.min(...counted.map((one) => one.firstMs))),
    lastAt: isoOf(Math.max(...counted.map((one) => one.lastMs))),
  }));
}

/** The templates of a file, the rarest first; of equally rare ones the one that comes first. Throws when it cannot be opened. */
export function templatesOfFile(path: string, options: ReadOptions): TemplateCount[] {
  const tallies: Tally[] = [];
  const { kinds } = indexLines(windowOfFile(path, options), options, ({ count, line, timeMs, kind }) => {
    for (let i = 0; i < count; i++) {
      const number = kind[i] as number;
      if (number < 0) continue;
      while (tallies.length <= number)
        tallies.push({
          count: 0,
          lines: [],
          firstMs: Number.POSITIVE_INFINITY,
          lastMs: Number.NEGATIVE_INFINITY,
        });
      const tally = tallies[number] as Tally;
      tally.count++;
      if (tally.lines.length < LINES_KEPT) tally.lines.push(line[i] as number);
      const ms = timeMs[i] as number;
      if (ms < tally.firstMs) tally.firstMs = ms;
      if (ms > tally.lastMs) tally.lastMs = ms;
    }
  });
  return together(kinds, tallies).sort((a, b) => a.count - b.count || (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
}
