// Undoes what chat did to one line. The bytes stay as received; only this view of them is read.
import { undoCharacters, undoEntities } from './characters.ts';
import { undoDefang, undoLinks } from './markup.ts';
import { undoPrefix } from './prefix.ts';

/** A line without chat damage: characters, entities, links, prefixes, defanged indicators. */
export function undoDamage(line: string): string {
  const plain = undoLinks(undoEntities(undoCharacters(line)));
  return undoDefang(undoPrefix(plain));
}

const FENCE = /^\s{0,3}(?:>\s?)?(?:`{3,}|~{3,})\s*[\w+-]{0,20}\s*$/;

/** Whether a line is only a code fence. */
export function isFence(line: string): boolean {
  return line.length < 60 && FENCE.test(line);
}
