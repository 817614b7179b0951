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

const top = (counts: ReadonlyMap<string, number>): { value: string; count: number }[] =>
  [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, SHOWN)
    .map(([value, count]) => ({ value, count }));

/** A new count. */
export function createScopeCount(): ScopeCount {
  const hosts = new Map<string, number>();
  const users = new Map<string, number>();
  const addresses = new Map<string, number>();
  let records = 0;
  const count = (into: Map<string, number>, name: string | undefined): void => {
    if (name && (into.has(name) || into.size < MOST_NAMES)) into.set(name, (into.get(name) ?? 0) + 1);
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
