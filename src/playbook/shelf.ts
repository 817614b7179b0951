// The playbooks as they stand on disk now, read again only when a file changed.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadPlaybooks, type PlaybookShelf } from './load.ts';
import type { CheckContext } from './rule.ts';

/** What playbooks are checked against, and a text that is another one when it is. */
export interface ShelfChecks {
  readonly stamp: () => string;
  readonly context: () => CheckContext;
}

/** A shelf over a folder, checked against what the organisation has: calling it gives the playbooks of now. Throws when the folder cannot be read. */
export function shelfOf(folder: string, checks?: ShelfChecks): () => PlaybookShelf {
  let known: { readonly stamp: string; readonly shelf: PlaybookShelf } | null = null;
  return () => {
    const files = readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`);
    const stamp = [checks?.stamp() ?? '', ...files].join('\n');
    if (known?.stamp !== stamp) known = { stamp, shelf: loadPlaybooks(folder, checks?.context() ?? {}) };
    return known.shelf;
  };
}
