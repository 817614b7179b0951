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

function counter(): Counter {
  const index = intTable();
  const handles: number[] = [];
  const counts: number[] = [];
  return {
    add(handle) {
      if (handle === NONE) return;
      const known = index.get(handle, 0, 0);
      if (known !== NONE) counts[known]!++;
      else if (handles.length < MOST_NAMES) {
        index.set(handle, 0, 0, handles.length);
        handles.push(handle);
        counts.push(1);
      }
    },
    top(textOf) {
      const sorted = counts.toSorted((a, b) => b - a);
      const least = sorted[SHOWN - 1] ?? 0;
      return handles
        .flatMap((handle, i) => ((counts[i] as number) >= least ? [{ value: textOf(handle), count: counts[i]! }] : []))
        .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
        .slice(0, SHOWN);
    },
  };
}

/** A new count. */
export function createScopeCount(names: NameTable): ScopeCount {
  const hosts = counter();
  const users = counter();
  const addresses = counter();
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
