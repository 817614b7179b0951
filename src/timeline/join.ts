// Clusters that turn out to be alike once everything is in, and crowds of addresses that all did the same.
import { APART_MS, type Cluster, union } from './collapse.ts';
import { intTable } from './int-table.ts';
import { kindOf, SEVERE } from './kind.ts';
import { NONE } from './names.ts';
import type { TemplateMiner } from './template/miner.ts';

/** In place of an address: a cluster of many. */
const MANY = -2;
const OUTCOMES = ['success', 'failure', 'unknown'];

/** Numbers what alike clusters share besides addresses and users: the kind under its settled template, how it ended, how severe it is. */
function sameness(): (cluster: Cluster) => number {
  const kinds = new Map<string | number, number>();
  return ({ group, kind: { meaning } }) => {
    const key = kindOf(group, meaning);
    let kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, (kind = kinds.size));
    const outcome = meaning.entities.outcome === undefined ? 0 : 1 + OUTCOMES.indexOf(meaning.entities.outcome);
    return (kind * 4 + outcome) * 16 + meaning.severity;
  };
}

/** What stands by itself whatever else is like it. */
const isAlone = ({ turn, kind }: Cluster): boolean => turn !== null || kind.isManipulation;

// Templates may have merged since the clusters were made, so alike clusters are joined under the settled template.
/** The clusters under their settled templates, alike ones joined. Clusters are changed in place. */
export function joined(clusters: readonly Cluster[], miner: TemplateMiner): Cluster[] {
  const sameAs = sameness();
  const index = intTable();
  const all: Cluster[] = [];
  for (const cluster of clusters) {
    cluster.group = miner.rootOf(cluster.group);
    if (isAlone(cluster)) {
      all.push(cluster);
      continue;
    }
    const same = sameAs(cluster);
    const from = cluster.isManyAddresses ? MANY : cluster.src;
    const who = cluster.kind.isByUser ? cluster.user : NONE;
    const at = index.get(same, from, who);
    const known = at === NONE ? undefined : all[at];
    if (known && Math.max(known.firstMs, cluster.firstMs) - Math.min(known.lastMs, cluster.lastMs) <= APART_MS) {
      absorb(known, cluster);
      known.lines = [...known.lines, ...cluster.lines].sort((a, b) => a - b).slice(0, 20);
      if (cluster.isManyUsers || known.user !== cluster.user) known.isManyUsers = true;
      continue;
    }
    index.set(same, from, who, all.length);
    all.push(cluster);
  }
  return all;
}

/** Beyond so many addresses that do the same, those that did the least share one event: nobody reads ten thousand rows. */
const ALIKE_KEPT = 200;
const BUSIEST_KEPT = 50;

/** The clusters without crowds: of very many that differ in nothing but the address, the quiet ones become one. */
export function withoutCrowds(clusters: readonly Cluster[]): Cluster[] {
  const sameAs = sameness();
  const crowds = new Map<number, Cluster[]>();
  for (const cluster of clusters) {
    if (isAlone(cluster) || cluster.kind.severity >= SEVERE) continue;
    const same = sameAs(cluster);
    const crowd = crowds.get(same);
    if (crowd) crowd.push(cluster);
    else crowds.set(same, [cluster]);
  }
  const gone = new Set<Cluster>();
  for (const crowd of crowds.values()) {
    if (crowd.length <= ALIKE_KEPT) continue;
    const rest = crowd.toSorted((a, b) => b.count - a.count || a.ordinal - b.ordinal).slice(BUSIEST_KEPT);
    const [into, ...others] = rest.sort((a, b) => a.ordinal - b.ordinal) as [Cluster, ...Cluster[]];
    for (const other of others) {
      absorb(into, other);
      gone.add(other);
    }
    into.lines = rest
      .flatMap((one) => one.lines)
      .sort((a, b) => a - b)
      .slice(0, 20);
    into.isManyAddresses = true;
    into.isManyUsers = true;
  }
  return clusters.filter((cluster) => !gone.has(cluster));
}

function absorb(into: Cluster, other: Cluster): void {
  into.count += other.count;
  into.firstMs = Math.min(into.firstMs, other.firstMs);
  into.lastMs = Math.max(into.lastMs, other.lastMs);
  into.assumed = union(into.assumed, other.assumed);
  into.flags = union(into.flags, other.flags);
}
