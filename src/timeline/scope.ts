// Which hosts, users and addresses the suspicious records touch, and how we know.
import type { Timeline } from './types.ts';

const MOST_NAMES = 20_000;
const SHOWN = 50;
/** From here on a record counts as suspicious for the scope. */
export const SCOPE_SEVERITY = 4;

/** Counts what suspicious records name. */
export interface ScopeCount {
  add(names: {
    readonly host?: string;
    readonly user?: string;
    readonly srcIp?: string;
    readonly dstIp?: string;
  }): void;
  finish(): Timeline['scope'];
}

interface Named {
  readonly value: string;
  count: number;
}

const top = (counts: ReadonlyMap<string, Named>): { value: string; count: number }[] =>
  [...counts.values()]
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ value, count }) => ({ value, count }));

/** A new count. */
export function createScopeCount(): ScopeCount {
  const hosts = new Map<string, Named>();
  const users = new Map<string, Named>();
  const addresses = new Map<string, Named>();
  let records = 0;
  const count = (into: Map<string, Named>, name: string | undefined): void => {
    if (!name) return;
    const known = into.get(name);
    if (known !== undefined) known.count++;
    else if (into.size < MOST_NAMES) into.set(name, { value: name, count: 1 });
  };
  return {
    add({ host, user, srcIp, dstIp }) {
      records++;
      count(hosts, host);
      count(users, user);
      count(addresses, srcIp);
      count(addresses, dstIp);
    },
    finish: () => ({
      hosts: top(hosts),
      users: top(users),
      addresses: top(addresses),
      how: `Named in ${records} record${records === 1 ? '' : 's'} of severity ${SCOPE_SEVERITY} or more, or in a turn of a chain. Being named is not being compromised, and what these logs do not record is not here.`,
    }),
  };
}
