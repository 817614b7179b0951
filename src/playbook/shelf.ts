// The playbooks as they stand on disk now, read again only when a file changed.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadPlaybooks, type PlaybookShelf } from './load.ts';
import type { CheckContext } from './rule.ts';

/** A shelf over a folder, checked against what the organisation has: calling it gives the playbooks of now. Throws when the folder cannot be read. */
export function shelfOf(folder: string, context: CheckContext = {}): () => PlaybookShelf {
  let known: { readonly stamp: string; readonly shelf: PlaybookShelf } | null = null;
  return () => {
    const stamp = readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`)
      .join('\n');
    if (known?.stamp !== stamp) known = { stamp, shelf: loadPlaybooks(folder, context) };
    return known.shelf;
  };
}
