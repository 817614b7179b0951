// From judged records to what a timeline holds: events collapsed and ranked, indicators, attackers, ways in, scope, clock.
import { createActorBoard } from './actors.ts';
import { assetCheck } from './assets.ts';
import { attackersOf } from './attackers.ts';
import { createClockWatch } from './clock.ts';
import { type Cluster, createCollapser, type Judged } from './collapse.ts';
import { createIndicatorCollector } from './indicators.ts';
import { initialAccessOf, type WalkedEvent } from './initial-access.ts';
import { phaseOf } from './phase.ts';
import { type RankContext, rank } from './rank.ts';
import { createScopeCount, SCOPE_SEVERITY } from './scope.ts';
import type { TemplateMiner } from './template/miner.ts';
import type { OwnAssets, Receipt, Timeline } from './types.ts';

const MANIPULATION_LINES_KEPT = 200;
/** Records whose text is searched for indicators whatever they are; later only suspicious ones are. */
const RECORDS_SEARCHED = 200_000;
/** The earliest part of a log that teaches what is usual. */
const WARM_UP = 0.2;

/** What derivation gives: a timeline without its receipt, and the parts of the receipt that only it knows. */
export interface Derived extends Omit<Timeline, 'receipt'> {
  readonly receipt: Pick<Receipt, 'duplicatesCollapsed' | 'manipulationLines' | 'clock'>;
}

/** Takes records in input order; `finish` once, after the miner is settled. Memory grows with kinds and addresses, not with records. */
export interface Derivation {
  add(judged: Judged): void;
  finish(miner: TemplateMiner): Derived;
}

/** A new derivation. */
export function createDerivation(own?: OwnAssets): Derivation {
  const check = assetCheck(own);
  const board = createActorBoard();
  const collapser = createCollapser();
  const clock = createClockWatch();
  const scope = createScopeCount();
  const indicators = createIndicatorCollector(own, check);
  const manipulationLines: number[] = [];
  let records = 0;
  let dated = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let firstLine = 0;
  return {
    add(judged) {
      const { record, meaning } = judged;
      records++;
      const phase = phaseOf(meaning);
      const isPost = meaning.rules.includes('web-post');
      const turn = board.see(meaning, phase, record.line, isPost);
      if (records <= RECORDS_SEARCHED || meaning.severity >= SCOPE_SEVERITY)
        indicators.add(record.text, record.line, meaning.severity >= 6);
      if (meaning.flags.includes('possible-manipulation') && manipulationLines.length < MANIPULATION_LINES_KEPT)
        manipulationLines.push(record.line);
      if (meaning.severity >= SCOPE_SEVERITY || turn) scope.add(meaning.entities);
      if (record.timeMs === null) return;
      dated++;
      if (record.timeMs < firstMs) [firstMs, firstLine] = [record.timeMs, record.line];
      clock.add(`${record.format} ${meaning.entities.host ?? ''}`, record.line, record.timeMs);
      collapser.add(judged, phase, turn);
    },
    finish(miner) {
      const walked = eventsOf(collapser.clusters, miner, dated);
      const events = walked.map((one) => one.event);
      const firstAt = dated > 0 ? new Date(firstMs).toISOString() : '';
      return {
        events,
        indicators: indicators.finish(),
        attackers: attackersOf(board.actors, check),
        initialAccess: initialAccessOf(walked, firstAt, firstLine),
        scope: scope.finish(),
        receipt: { duplicatesCollapsed: dated - events.length, manipulationLines, clock: clock.finish() },
      };
    },
  };
}

// Templates may have merged since the clusters were made, so alike clusters are joined under the settled template.
function joined(clusters: readonly Cluster[], miner: TemplateMiner): Cluster[] {
  const byKey = new Map<string, Cluster>();
  const all: Cluster[] = [];
  for (const cluster of clusters) {
    cluster.group = miner.rootOf(cluster.group);
    const { srcIp, outcome, user } = cluster.meaning.entities;
    const { severity, flags } = cluster.meaning;
    const who = cluster.phase === 'login' || severity >= 7 ? (user ?? '') : '';
    const key = `${cluster.group} ${srcIp ?? ''} ${outcome ?? ''} ${who} ${severity}`;
    const known = byKey.get(key);
    const isNear =
      known && Math.max(known.firstMs, cluster.firstMs) - Math.min(known.lastMs, cluster.lastMs) <= 6 * 3_600_000;
    if (!known || !isNear || cluster.turn || known.turn || flags.length > 0) {
      all.push(cluster);
      if (!cluster.turn && flags.length === 0) byKey.set(key, cluster);
      continue;
    }
    known.count += cluster.count;
    known.firstMs = Math.min(known.firstMs, cluster.firstMs);
    known.lastMs = Math.max(known.lastMs, cluster.lastMs);
    known.lines.push(...cluster.lines);
    known.lines.sort((a, b) => a - b).splice(20);
    for (const one of cluster.assumed) known.assumed.add(one);
    if (known.meaning.entities.user !== user) known.isManyUsers = true;
  }
  return all;
}

function contextOf(clusters: readonly Cluster[], dated: number): RankContext {
  const counts = new Map<number, number>();
  const firsts = new Map<number, number>();
  const firstOfPair = new Map<string, Cluster>();
  const pairOf = ({ meaning: { entities } }: Cluster): string => `${entities.user}\u0000${entities.srcIp}`;
  const warmUp = dated * WARM_UP;
  for (const cluster of clusters) {
    counts.set(cluster.group, (counts.get(cluster.group) ?? 0) + cluster.count);
    firsts.set(cluster.group, Math.min(firsts.get(cluster.group) ?? Number.POSITIVE_INFINITY, cluster.ordinal));
    const { user, srcIp } = cluster.meaning.entities;
    if (cluster.phase !== 'login' || !user || !srcIp) continue;
    const known = firstOfPair.get(pairOf(cluster));
    if (!known || cluster.ordinal < known.ordinal) firstOfPair.set(pairOf(cluster), cluster);
  }
  return {
    recordsOf: (group) => counts.get(group) ?? 0,
    firstOf: (group) => firsts.get(group) ?? 0,
    dated,
    warmUp,
    isNewPair: (cluster) =>
      cluster.phase === 'login' && cluster.ordinal > warmUp && firstOfPair.get(pairOf(cluster)) === cluster,
  };
}

function eventsOf(raw: readonly Cluster[], miner: TemplateMiner, dated: number): WalkedEvent[] {
  const clusters = joined(raw, miner);
  const context = contextOf(clusters, dated);
  return clusters
    .map((cluster) => {
      const { meaning, isManyUsers } = cluster;
      const { user, ...others } = meaning.entities;
      const { score, reasons } = rank(cluster, context);
      const event = {
        occurredAt: new Date(cluster.firstMs).toISOString(),
        lastAt: new Date(cluster.lastMs).toISOString(),
        precision: cluster.precision,
        zoneBasis: cluster.zoneBasis,
        assumed: [...cluster.assumed],
        count: cluster.count,
        lines: cluster.lines,
        message: cluster.message,
        format: cluster.format,
        severity: meaning.severity,
        score,
        reasons,
        templateId: miner.idOf(cluster.group),
        entities: user && !isManyUsers ? meaning.entities : others,
        techniques: meaning.techniques,
        flags: [...cluster.flags],
      };
      return { event, phase: cluster.phase, isTurn: cluster.turn !== null, rules: meaning.rules };
    })
    .sort(
      (a, b) =>
        b.event.score - a.event.score ||
        (a.event.occurredAt < b.event.occurredAt ? -1 : a.event.occurredAt > b.event.occurredAt ? 1 : 0) ||
        a.event.lines[0]! - b.event.lines[0]!,
    );
}
