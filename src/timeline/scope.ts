// Which hosts, users and addresses the suspicious records touch, and how we know.
import { intTable } from './int-table.ts';
import type { Sighting } from './kind.ts';
import { type NameTable, NONE } from './names.ts';
import type { Timeline } from './types.ts';

const MOST_NAMES = 20_000;
const SHOWN = 50;
/** From here on a record counts as suspicious for the scope. */
export const SCOPE_SEVERITY = 4;

/** Counts what suspicious records name. */
export interface ScopeCount {
  add(one: Sighting): void;
  finish(): Timeline['scope'];
}

type Count = { readonly value: string; readonly count: number };

/** Counts handles; at most 20,000 are kept apart. */
interface Counter {
  readonly add: (handle: number) => void;
  readonly top: (textOf: (handle: number) => string) => Count[];
}

/** Counts by index: `indexOf` gives each handle a small number of its own, or NONE when there is no room for it. */
function counter(indexOf: (handle: number, size: number) => number): Counter {
  const handles: number[] = [];
  let counts = new Int32Array(64);
  return {
    add(handle) {
      if (handle === NONE) return;
      const at = indexOf(handle, handles.length);
      if (at === NONE) return;
      if (at === handles.length) {
        handles.push(handle);
        if (at === counts.length) {
          const more = new Int32Array(at * 2);
          more.set(counts);
          counts = more;
        }
      }
      counts[at]!++;
    },
    top(textOf) {
      const least = counts.slice(0, handles.length).sort().at(-SHOWN) ?? 0;
      return handles
        .flatMap((handle, i) => ((counts[i] as number) >= least ? [{ value: textOf(handle), count: counts[i]! }] : []))
        .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
        .slice(0, SHOWN);
    },
  };
}

/** Small numbers for handles of any size. */
function indexed(): (handle: number, size: number) => number {
  const index = intTable();
  return (handle, size) => {
    if (size >= MOST_NAMES) return index.get(handle, 0, 0);
    const known = index.getOrAdd(handle, 0, 0, size);
    return known === NONE ? size : known;
  };
}

/** The same for names, whose handles are small: one look into an array. */
function byName(): (name: number, size: number) => number {
  let index = new Int32Array(64);
  return (name, size) => {
    if (name >= index.length) {
      const more = new Int32Array(Math.max(name + 1, index.length * 2));
      more.set(index);
      index = more;
    }
    const known = (index[name] as number) - 1;
    if (known !== NONE || size >= MOST_NAMES) return known;
    index[name] = size + 1;
    return size;
  };
}

/** A new count. */
export function createScopeCount(names: NameTable): ScopeCount {
  const hosts = counter(byName());
  const users = counter(byName());
  const addresses = counter(indexed());
  let records = 0;
  return {
    add({ host, user, src, dst }) {
      records++;
      hosts.add(host);
      users.add(user);
      addresses.add(src);
      addresses.add(dst);
    },
    finish: () => ({
      hosts: hosts.top(names.text),
      users: users.top(names.text),
      addresses: addresses.top(names.addressText),
      how: `Named in ${records} record${records === 1 ? '' : 's'} of severity ${SCOPE_SEVERITY} or more, or in a turn of a chain. Being named is not being compromised, and what these logs do not record is not here.`,
    }),
  };
}
