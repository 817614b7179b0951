// The playbooks as they stand on disk now, read again only when a file changed.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadPlaybooks, type PlaybookShelf } from './load.ts';
import type { CheckContext } from './rule.ts';
import type { Problem } from './types.ts';

/** What playbooks are checked against, and a text that is another one when it is. */
export interface ShelfChecks {
  readonly stamp: () => string;
  readonly context: () => CheckContext;
}

const USUAL = 'playbooks';

const unreadable = (folder: string, code: string): Problem => ({
  file: folder,
  line: 1,
  rule: 'folder',
  message: `The folder of playbooks cannot be read (${code})`,
  remedy: 'Name the right one in COUNTERSIGN_PLAYBOOKS and start again, or give this user the right to read it',
});

/** The folder that is meant: the shipped one where nobody has made a folder of the usual name. */
export const playbookFolder = (wanted: string, shipped: string): string =>
  wanted === USUAL && !existsSync(wanted) ? shipped : wanted;

/** A shelf over a folder, checked against what the organisation has: calling it gives the playbooks of now. A folder that cannot be read is a problem, not a throw. */
export function shelfOf(folder: string, checks?: ShelfChecks): () => PlaybookShelf {
  let known: { readonly stamp: string; readonly shelf: PlaybookShelf } | null = null;
  return () => {
    try {
      const files = readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
        .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`);
      const stamp = [checks?.stamp() ?? '', ...files].join('\n');
      if (known?.stamp !== stamp) known = { stamp, shelf: loadPlaybooks(folder, checks?.context() ?? {}) };
      return known.shelf;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return { playbooks: new Map(), problems: [unreadable(folder, code)] };
    }
  };
}
