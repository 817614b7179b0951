// Completion for a composer, from the registry.
import { commands } from './registry.ts';

/** At most ten commands that start with what was typed, best first; `insert` is the whole line so far. */
export function complete(text: string, root: string): readonly { readonly insert: string; readonly summary: string }[] {
  const typed = text.replace(/^\//, '').toLowerCase();
  const afterRoot = typed.startsWith(`${root} `) ? typed.slice(root.length + 1) : root.startsWith(typed) ? '' : null;
  if (afterRoot === null) return [];
  return commands
    .filter((c) => !c.isHidden && c.name.startsWith(afterRoot.trimStart()))
    .slice(0, 10)
    .map((c) => ({ insert: `/${root} ${c.name}`, summary: c.summary }));
}
