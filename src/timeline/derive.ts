// From judged records to what a timeline holds: events collapsed and ranked, indicators, attackers, ways in, scope, clock.
import { createActorBoard, type Turn } from './actors.ts';
import { assetCheck } from './assets.ts';
import { attackersOf } from './attackers.ts';
import { createClockWatch } from './clock.ts';
import { type Cluster, createCollapser, entitiesOf, type Words } from './collapse.ts';
import { recognise } from './formats/recognise.ts';
import { createIndicatorCollector, type IndicatorPlan } from './indicators.ts';
import { initialAccessOf } from './initial-access.ts';
import { intTable } from './int-table.ts';
import { joined, withoutCrowds } from './join.ts';
import { createKinds, type Judged, type Kind, kindOf, newSighting, type Sighting } from './kind.ts';
import { messageOf } from './message.ts';
import { type NameTable, NONE, nameTable } from './names.ts';
import { type RankContext, rank } from './rank.ts';
import { createScopeCount, SCOPE_SEVERITY } from './scope.ts';
import type { TemplateMiner } from './template/miner.ts';
import type { DerivedEvent, OwnAssets, Receipt, Timeline } from './types.ts';

const MANIPULATION_LINES_KEPT = 200;
/** So many records are searched for indicators whatever they are; then so many of each template, more of severe ones. */
const ALL_SEARCHED = 10_000;
const OF_A_TEMPLATE = 200;
const SEVERE_OF_A_TEMPLATE = 5_000;
/** From here on a record is worth a closer look for indicators. */
const WORTH_SEARCHING = 6;
const LINES_KEPT = 20;
/** The text of a longer line is not kept until its event is shown. */
const LONGEST_HELD = 1024;
/** The earliest part of a log that teaches what is usual. */
const WARM_UP = 0.2;

/** What derivation gives: a timeline without its receipt, and the parts of the receipt that only it knows. */
export interface Derived extends Omit<Timeline, 'receipt'> {
  readonly receipt: Pick<Receipt, 'duplicatesCollapsed' | 'manipulationLines' | 'clock'>;
}

/** The lines of one shape, as far as they are alike. */
export interface LineKind {
  readonly kind: Kind;
  readonly plan: IndicatorPlan;
  count: number;
  /** The first of them, at most 20. */
  readonly lines: number[];
}

/** Where and when a line of a known shape was seen, by handles of the derivation's names. */
export interface KnownLine {
  line: number;
  timeMs: number;
  src: number;
  dst: number;
  user: number;
  host: number;
  process: number;
  /** The addresses at the places of its plan. */
  readonly addresses: number[];
  readonly text: () => string;
}

/** Takes records in input order; `finish` once, after the miner is settled. Memory grows with kinds and addresses, not with records. */
export interface Derivation {
  readonly names: NameTable;
  /** Takes a record that was read with care. */
  add(judged: Judged): void;
  /** What the lines of the shape of the record last added have in common; `isSame` says whether a part of its text is the same in all of them. */
  learn(judged: Judged, isSame: (from: number, to: number) => boolean): LineKind;
  /** Takes a line of a known shape. */
  known(lines: LineKind, at: KnownLine): void;
  finish(miner: TemplateMiner): Derived;
}

/** A new derivation. */
export function createDerivation(own?: OwnAssets): Derivation {
  const check = assetCheck(own);
  const names = nameTable();
  const kinds = createKinds();
  const board = createActorBoard(names, kinds);
  const collapser = createCollapser();
  const clock = createClockWatch();
  const scope = createScopeCount(names);
  const indicators = createIndicatorCollector(own, check, names);
  const lineKinds: LineKind[] = [];
  const manipulationLines: number[] = [];
  const searched: number[] = [];
  let records = 0;
  let dated = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let firstLine = 0;
  /** Whether the indicators of the record last added are counted. */
  let isCounted = true;
  let lineText: () => string = () => '';

  /** Whether a record of a template is among those that are searched for indicators. */
  const isSearched = ({ group }: Kind, isSuspicious: boolean): boolean => {
    const ofTemplate = (searched[group] ?? 0) + 1;
    if (records > ALL_SEARCHED && ofTemplate > (isSuspicious ? SEVERE_OF_A_TEMPLATE : OF_A_TEMPLATE)) return false;
    searched[group] = ofTemplate;
    return true;
  };
  const wordsOf = (one: Sighting): Words => {
    if (one.record !== null) return { message: messageOf(one.record, one.kind.meaning.entities) };
    const line = lineText();
    if (line.length <= LONGEST_HELD) return { line };
    return { message: messageOf(recognise(line), entitiesOf({ ...one, isOwnKind: false }, names)) };
  };
  const follow = (one: Sighting): Turn | null => {
    const { kind, line, timeMs } = one;
    records++;
    const turn = board.see(one);
    if (kind.isManipulation && manipulationLines.length < MANIPULATION_LINES_KEPT) manipulationLines.push(line);
    if (kind.severity >= SCOPE_SEVERITY || turn !== null) scope.add(one);
    if (Number.isNaN(timeMs)) return turn;
    dated++;
    if (timeMs < firstMs) [firstMs, firstLine] = [timeMs, line];
    clock.add(one);
    collapser.add(one, turn, wordsOf);
    return turn;
  };
  const sighting = newSighting();

  return {
    names,
    add(judged) {
      const { record, meaning } = judged;
      const { srcIp, dstIp, user, host } = meaning.entities;
      sighting.kind = kinds.of(judged);
      sighting.line = record.line;
      sighting.timeMs = record.timeMs ?? Number.NaN;
      sighting.src = names.addressOf(srcIp);
      sighting.dst = names.addressOf(dstIp);
      sighting.user = names.of(user);
      sighting.host = names.of(host);
      sighting.record = record;
      const turn = follow(sighting);
      const isSuspicious = meaning.severity >= WORTH_SEARCHING || turn !== null;
      isCounted = isSearched(sighting.kind, isSuspicious);
      if (isCounted) indicators.add(record.text, record.line, isSuspicious);
      else {
        indicators.addAddress(sighting.src, record.line);
        indicators.addAddress(sighting.dst, record.line);
      }
    },
    learn(judged, isSame) {
      const kind = kinds.of(judged);
      const plan = indicators.planOf(judged.record.text, kind.severity >= WORTH_SEARCHING, isSame);
      const lines = { kind, plan, count: isCounted ? 0 : 1, lines: isCounted ? [] : [judged.record.line] };
      lineKinds.push(lines);
      return lines;
    },
    known(lines, at) {
      const { kind, plan } = lines;
      const { line } = at;
      lines.count++;
      if (lines.lines.length < LINES_KEPT) lines.lines.push(line);
      sighting.kind = kind;
      sighting.line = line;
      sighting.timeMs = at.timeMs;
      sighting.src = at.src;
      sighting.dst = at.dst;
      sighting.user = at.user;
      sighting.host = at.host;
      sighting.process = at.process;
      sighting.record = null;
      lineText = at.text;
      const turn = follow(sighting);
      const isSuspicious = kind.severity >= WORTH_SEARCHING || turn !== null;
      if (plan.isOpen && isSearched(kind, isSuspicious)) {
        indicators.add(at.text(), line, isSuspicious);
        return;
      }
      for (let i = 0; i < plan.addresses.length; i++) indicators.addAddress(at.addresses[i] as number, line);
      if (plan.isOpen) {
        indicators.addAddress(at.src, line);
        indicators.addAddress(at.dst, line);
      }
      if (turn !== null && plan.hasPaths && isSearched(kind, true)) indicators.addPaths(at.text(), line);
    },
    finish(miner) {
      for (const { plan, count, lines } of lineKinds) indicators.addLines(plan, count, lines);
      const events = eventsOf(collapser.clusters, miner, names, dated);
      const firstAt = dated > 0 ? new Date(firstMs).toISOString() : '';
      return {
        events,
        indicators: indicators.finish(),
        attackers: attackersOf(board.actors, names, check),
        initialAccess: initialAccessOf(
          events.map((event) => ({
            event,
            source: null,
            isAtStart: event.lines[0] === firstLine || event.occurredAt === firstAt,
          })),
        ),
        scope: scope.finish(),
        receipt: { duplicatesCollapsed: dated - events.length, manipulationLines, clock: clock.finish() },
      };
    },
  };
}

const isLogin = ({ kind }: Cluster): boolean => kind.meaning.phase === 'login';

function contextOf(clusters: readonly Cluster[], dated: number): RankContext {
  const counts = new Map<string | number, number>();
  const firsts = new Map<string | number, number>();
  const firstOfPair = intTable();
  const keyOf = ({ group, kind }: Cluster): string | number => kindOf(group, kind.meaning);
  const warmUp = dated * WARM_UP;
  for (const cluster of clusters) {
    const key = keyOf(cluster);
    counts.set(key, (counts.get(key) ?? 0) + cluster.count);
    firsts.set(key, Math.min(firsts.get(key) ?? Number.POSITIVE_INFINITY, cluster.ordinal));
    const { user, src, ordinal } = cluster;
    if (!isLogin(cluster) || user === NONE || src === NONE) continue;
    const known = firstOfPair.get(user, src, 0);
    if (known === NONE || ordinal < known) firstOfPair.set(user, src, 0, ordinal);
  }
  return {
    recordsOf: (cluster) => counts.get(keyOf(cluster)) ?? 0,
    firstOf: (cluster) => firsts.get(keyOf(cluster)) ?? 0,
    dated,
    warmUp,
    isNewPair: (cluster) =>
      isLogin(cluster) && cluster.ordinal > warmUp && firstOfPair.get(cluster.user, cluster.src, 0) === cluster.ordinal,
  };
}

function eventsOf(raw: readonly Cluster[], miner: TemplateMiner, names: NameTable, dated: number): DerivedEvent[] {
  const clusters = withoutCrowds(joined(raw, miner));
  const context = contextOf(clusters, dated);
  return clusters
    .map((cluster) => {
      const { first, kind, words, isManyUsers, isManyAddresses } = cluster;
      const { meaning } = kind;
      const entities = entitiesOf(cluster, names);
      const { user, srcIp, ...others } = entities;
      const { score, reasons } = rank(cluster, context);
      return {
        occurredAt: new Date(cluster.firstMs).toISOString(),
        lastAt: new Date(cluster.lastMs).toISOString(),
        precision: first.precision,
        zoneBasis: first.zoneBasis,
        assumed: cluster.assumed,
        count: cluster.count,
        lines: cluster.lines,
        message: 'message' in words ? words.message : messageOf(recognise(words.line), entities),
        format: first.format,
        severity: Math.max(meaning.severity, cluster.turn?.severity ?? 0),
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
        ...(meaning.phase === null ? {} : { phase: meaning.phase }),
        ...(meaning.rules.length === 0 ? {} : { detections: meaning.rules }),
        ...(cluster.turn === null ? {} : { isTurn: true as const }),
      };
    })
    .sort(
      (a, b) =>
        b.score - a.score ||
        (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0) ||
        a.lines[0]! - b.lines[0]!,
    );
}
