// Searching the evidence of an incident: the exact bytes, kept ready for the next search.
import { isRefusal, type Refusal } from '../refusal.ts';
import { prepareSearch, search } from '../timeline/search.ts';
import { type SearchSource, searchSource } from '../timeline/search-source.ts';
import type { EvidenceBlobs } from './blobs.ts';
import type { Evidence } from './types.ts';

/** One place a search found. */
export interface Hit {
  readonly evidence: string;
  readonly line: number;
  readonly excerpt: string;
}

/** Hits in order, and whether there are more. */
export interface Found {
  readonly hits: readonly Hit[];
  readonly hasMore: boolean;
}

export type SearchEvidence = (items: readonly Evidence[], what: string, limit: number) => Promise<Found | Refusal>;

// Bytes of the evidence searched last stay in memory, up to this much.
const KEPT_BYTES = 256 << 20;

/** Searches for text as it stands, or for an RE2 expression between slashes; case does not matter. */
export function searchOver(blobs: EvidenceBlobs): SearchEvidence {
  const kept = new Map<string, SearchSource>();
  async function sourceOf(item: Evidence): Promise<SearchSource | null> {
    const known = kept.get(item.sha256);
    if (known) return { ...known, evidence: item.key };
    const bytes = await blobs.read(item.sha256);
    if (!bytes) return null;
    const source = searchSource(item.key, bytes);
    kept.set(item.sha256, source);
    let total = [...kept.values()].reduce((sum, s) => sum + s.bytes.length, 0);
    for (const [name, old] of kept) {
      if (total <= KEPT_BYTES || name === item.sha256) continue;
      kept.delete(name);
      total -= old.bytes.length;
    }
    return source;
  }
  return async (items, what, limit) => {
    const expression = /^\/(.+)\/$/s.exec(what)?.[1];
    const prepared = prepareSearch({
      kind: expression === undefined ? 'literal' : 'regex',
      pattern: expression ?? what,
      isCaseSensitive: false,
    });
    if (isRefusal(prepared)) return prepared;
    const sources = (await Promise.all(items.map(sourceOf))).filter((s): s is SearchSource => s !== null);
    const hits: Hit[] = [];
    for await (const found of search(sources, prepared, { limit })) {
      if (found.kind === 'end') return { hits, hasMore: found.next !== null };
      const { before, match, after } = found.excerpt;
      hits.push({ evidence: found.evidence, line: found.line, excerpt: `${before}${match}${after}` });
    }
    return { hits, hasMore: false };
  };
}
