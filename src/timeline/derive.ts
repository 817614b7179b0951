// From judged records to what a timeline holds: events collapsed and ranked, indicators, attackers, ways in, scope, clock.
import { createActorBoard } from './actors.ts';
import { assetCheck } from './assets.ts';
import { attackersOf } from './attackers.ts';
import { createClockWatch } from './clock.ts';
import { type Cluster, createCollapser, type Judged, kindOf, type Run } from './collapse.ts';
import { createIndicatorCollector } from './indicators.ts';
import { initialAccessOf, type WalkedEvent } from './initial-access.ts';
import { joined, withoutCrowds } from './join.ts';
import { type RankContext, rank } from './rank.ts';
import { createScopeCount, SCOPE_SEVERITY } from './scope.ts';
import type { TemplateMiner } from './template/miner.ts';
import type { OwnAssets, Receipt, Timeline } from './types.ts';

const MANIPULATION_LINES_KEPT = 200;
/** So many records are searched for indicators whatever they are; then so many of each template, more of severe ones. */
const ALL_SEARCHED = 10_000;
const OF_A_TEMPLATE = 200;
const SEVERE_OF_A_TEMPLATE = 5_000;
/** From here on a record is worth a closer look for indicators. */
const WORTH_SEARCHING = 6;
/** The earliest part of a log that teaches what is usual. */
const WARM_UP = 0.2;

/** What derivation gives: a timeline without its receipt, and the parts of the receipt that only it knows. */
export interface Derived extends Omit<Timeline, 'receipt'> {
  readonly receipt: Pick<Receipt, 'duplicatesCollapsed' | 'manipulationLines' | 'clock'>;
}

/** Takes records in input order; `finish` once, after the miner is settled. Memory grows with kinds and addresses, not with records. */
export interface Derivation {
  /** The record may be reused afterwards: what is kept of it is copied. */
  add(judged: Judged): void;
  /** Adds alike everyday records at once: such as tell nothing about who did them. Their clocks are told by `tick`. */
  addRun(sample: Judged, run: Run): void;
  /** Tells a source's clock the time of a record that comes in a run. */
  tick(format: string, host: string, line: number, timeMs: number): void;
  finish(miner: TemplateMiner): Derived;
}

/** Whether records like this one may come in runs: nothing follows from a single one of them. */
export const isEveryday = ({ meaning }: Judged): boolean =>
  meaning.phase === null && meaning.severity < 3 && meaning.flags.length === 0 && !meaning.rules.includes('web-post');

/** A new derivation. */
export function createDerivation(own?: OwnAssets): Derivation {
  const check = assetCheck(own);
  const board = createActorBoard();
  const collapser = createCollapser();
  const clock = createClockWatch();
  const scope = createScopeCount();
  const indicators = createIndicatorCollector(own, check);
  const manipulationLines: number[] = [];
  const searched: number[] = [];
  let records = 0;
  let dated = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let firstLine = 0;
  return {
    add(judged) {
      const { record, meaning } = judged;
      const { severity, entities } = meaning;
      const turn = board.see(meaning, record.line);
      const isSuspicious = severity >= WORTH_SEARCHING || turn !== null;
      const ofTemplate = (searched[judged.group] ?? 0) + 1;
      if (++records <= ALL_SEARCHED || ofTemplate <= (isSuspicious ? SEVERE_OF_A_TEMPLATE : OF_A_TEMPLATE)) {
        searched[judged.group] = ofTemplate;
        indicators.add(record.text, record.line, isSuspicious);
      } else {
        if (entities.srcIp !== undefined) indicators.addAddress(entities.srcIp, record.line);
        if (entities.dstIp !== undefined) indicators.addAddress(entities.dstIp, record.line);
      }
      if (meaning.flags.includes('possible-manipulation') && manipulationLines.length < MANIPULATION_LINES_KEPT)
        manipulationLines.push(record.line);
      if (severity >= SCOPE_SEVERITY || turn) scope.add(entities);
      if (record.timeMs === null) return;
      dated++;
      if (record.timeMs < firstMs) [firstMs, firstLine] = [record.timeMs, record.line];
      clock.add(record.format, entities.host ?? '', record.line, record.timeMs);
      collapser.add(judged, turn);
    },
    addRun(sample, run) {
      dated += run.count;
      if (run.firstMs < firstMs) [firstMs, firstLine] = [run.firstMs, run.lines[0] ?? sample.record.line];
      collapser.addRun(sample, run);
    },
    tick: (format, host, line, timeMs) => clock.add(format, host, line, timeMs),
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

function contextOf(clusters: readonly Cluster[], dated: number): RankContext {
  const counts = new Map<string | number, number>();
  const firsts = new Map<string | number, number>();
  const firstOfPair = new Map<string, Cluster>();
  const pairOf = ({ meaning: { entities } }: Cluster): string => `${entities.user}\u0000${entities.srcIp}`;
  const warmUp = dated * WARM_UP;
  for (const cluster of clusters) {
    const kind = kindOf(cluster.group, cluster.meaning);
    counts.set(kind, (counts.get(kind) ?? 0) + cluster.count);
    firsts.set(kind, Math.min(firsts.get(kind) ?? Number.POSITIVE_INFINITY, cluster.ordinal));
    const { user, srcIp } = cluster.meaning.entities;
    if (cluster.phase !== 'login' || !user || !srcIp) continue;
    const known = firstOfPair.get(pairOf(cluster));
    if (!known || cluster.ordinal < known.ordinal) firstOfPair.set(pairOf(cluster), cluster);
  }
  return {
    recordsOf: ({ group, meaning }) => counts.get(kindOf(group, meaning)) ?? 0,
    firstOf: ({ group, meaning }) => firsts.get(kindOf(group, meaning)) ?? 0,
    dated,
    warmUp,
    isNewPair: (cluster) =>
      cluster.phase === 'login' && cluster.ordinal > warmUp && firstOfPair.get(pairOf(cluster)) === cluster,
  };
}

function eventsOf(raw: readonly Cluster[], miner: TemplateMiner, dated: number): WalkedEvent[] {
  const clusters = withoutCrowds(joined(raw, miner));
  const context = contextOf(clusters, dated);
  return clusters
    .map((cluster) => {
      const { meaning, isManyUsers, isManyAddresses } = cluster;
      const { user, srcIp, ...others } = meaning.entities;
      const { score, reasons } = rank(cluster, context);
      const event = {
        occurredAt: new Date(cluster.firstMs).toISOString(),
        lastAt: new Date(cluster.lastMs).toISOString(),
        precision: cluster.precision,
        zoneBasis: cluster.zoneBasis,
        assumed: cluster.assumed,
        count: cluster.count,
        lines: cluster.lines,
        message: cluster.message,
        format: cluster.format,
        severity: meaning.severity,
        score,
        reasons,
        templateId: miner.idOf(cluster.group),
        entities: {
          ...(srcIp && !isManyAddresses ? { srcIp } : {}),
          ...others,
          ...(user && !isManyUsers ? { user } : {}),
        },
        techniques: meaning.techniques,
        flags: cluster.flags,
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
