// Clusters that turn out to be alike once everything is in, and crowds of addresses that all did the same.
import { APART_MS, type Cluster, union } from './collapse.ts';
import { kindOf, SEVERE } from './kind.ts';
import type { TemplateMiner } from './template/miner.ts';

// Templates may have merged since the clusters were made, so alike clusters are joined under the settled template.
/** The clusters under their settled templates, alike ones joined. Clusters are changed in place. */
export function joined(clusters: readonly Cluster[], miner: TemplateMiner): Cluster[] {
  const byKey = new Map<string, Cluster>();
  const all: Cluster[] = [];
  for (const cluster of clusters) {
    cluster.group = miner.rootOf(cluster.group);
    const { meaning, turn, phase } = cluster;
    const { srcIp, outcome, user } = meaning.entities;
    const who = phase === 'login' || meaning.severity >= SEVERE ? (user ?? '') : '';
    const key = `${kindOf(cluster.group, meaning)} ${cluster.isManyAddresses ? '*' : (srcIp ?? '')} ${outcome ?? ''} ${who} ${meaning.severity}`;
    const known = turn || meaning.flags.length > 0 ? undefined : byKey.get(key);
    if (known && Math.max(known.firstMs, cluster.firstMs) - Math.min(known.lastMs, cluster.lastMs) <= APART_MS) {
      absorb(known, cluster);
      known.lines = [...known.lines, ...cluster.lines].sort((a, b) => a - b).slice(0, 20);
      if (cluster.isManyUsers || known.meaning.entities.user !== user) known.isManyUsers = true;
      continue;
    }
    all.push(cluster);
    if (!turn && meaning.flags.length === 0) byKey.set(key, cluster);
  }
  return all;
}

/** Beyond so many addresses that do the same, those that did the least share one event: nobody reads ten thousand rows. */
const ALIKE_KEPT = 200;
const BUSIEST_KEPT = 50;

/** The clusters without crowds: of very many that differ in nothing but the address, the quiet ones become one. */
export function withoutCrowds(clusters: readonly Cluster[]): Cluster[] {
  const crowds = new Map<string, Cluster[]>();
  for (const cluster of clusters) {
    const { group, meaning, turn } = cluster;
    if (turn || meaning.flags.length > 0 || meaning.severity >= SEVERE) continue;
    const key = `${kindOf(group, meaning)} ${meaning.entities.outcome ?? ''} ${meaning.severity}`;
    const crowd = crowds.get(key);
    if (crowd) crowd.push(cluster);
    else crowds.set(key, [cluster]);
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
