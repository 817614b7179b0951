// Repeats become one event: the same template by the same address with the same end. A turn in a chain stays by itself.
import type { Turn } from './actors.ts';
import type { Description } from './meaning/describe.ts';
import { messageOf } from './message.ts';
import type { Phase } from './phase.ts';
import type { LogRecord } from './record.ts';
import type { Assumption, EntryFlag, Precision, ZoneBasis } from './types.ts';

const LINES_KEPT = 20;
/** Beyond so many clusters, everyday records share one cluster a template, whatever their address. */
const MOST_CLUSTERS = 20_000;
/** Room beyond that for what is severe or a turn in a chain. */
const ROOM_FOR_SEVERE = 10_000;
/** From here on who did it keeps records apart, and crowds are not joined. */
export const SEVERE = 7;
/** Where records of addresses that are not kept apart go. */
const REST = '\u0000rest';
/** Alike records further apart than this are two things that happened. */
export const APART_MS = 6 * 3_600_000;

/** What a record is, as the reading half gives it. */
export interface Judged {
  readonly record: LogRecord;
  readonly precision: Precision;
  readonly zoneBasis: ZoneBasis;
  readonly assumed: readonly Assumption[];
  readonly flags: readonly EntryFlag[];
  readonly meaning: Description;
  /** Group of the template miner, provisional. */
  readonly group: number;
}

/** Alike records. The strongest of them speaks for all. */
export interface Cluster {
  group: number;
  firstMs: number;
  lastMs: number;
  lines: number[];
  count: number;
  /** Ordinal among the dated records of the first one. */
  readonly ordinal: number;
  phase: Phase | null;
  readonly turn: Turn | null;
  readonly precision: Precision;
  readonly zoneBasis: ZoneBasis;
  assumed: readonly Assumption[];
  flags: readonly EntryFlag[];
  meaning: Description;
  message: string;
  readonly format: string;
  isManyUsers: boolean;
  isManyAddresses: boolean;
}

/** Alike everyday records no two of which are further apart than six hours from the one before. */
export interface Run {
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The first of their lines, at most 20. */
  readonly lines: readonly number[];
  readonly isManyAddresses: boolean;
}

/** Gathers dated records into clusters in the order they come. Records may be reused once they are added. */
export interface Collapser {
  add(judged: Judged, turn: Turn | null): void;
  /** Adds alike everyday records at once; the sample is the first of them. */
  addRun(sample: Judged, run: Run): void;
  readonly clusters: readonly Cluster[];
}

/** The members of both lists, once; the first list itself when the second adds nothing. */
export function union<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  if (one === other || other.length === 0) return one;
  return other.every((item) => one.includes(item)) ? one : [...new Set([...one, ...other])];
}

// What is kept of a record is copied: the one who gives it may use the same object for the next.
const copyOf = (meaning: Description): Description => ({ ...meaning, entities: { ...meaning.entities } });

function clusterOf(judged: Judged, turn: Turn | null, ordinal: number): Cluster {
  const { record, meaning } = judged;
  const at = record.timeMs ?? 0;
  return {
    group: judged.group,
    firstMs: at,
    lastMs: at,
    lines: [record.line],
    count: 1,
    ordinal,
    phase: meaning.phase,
    turn,
    precision: judged.precision,
    zoneBasis: judged.zoneBasis,
    assumed: judged.assumed,
    flags: union(judged.flags, meaning.flags),
    meaning: copyOf(meaning),
    message: messageOf(record, meaning.entities),
    format: record.format,
    isManyUsers: false,
    isManyAddresses: false,
  };
}

const OUTCOMES = ['success', 'failure', 'unknown'];

/** A number for what else keeps records of one template apart: how it ended, and how severe it is once it is severe. */
const variantOf = ({ severity, entities }: Description): number =>
  (entities.outcome ? 1 + OUTCOMES.indexOf(entities.outcome) : 0) * 16 + (severity >= SEVERE ? severity : 0);

function within<A, B, V>(outer: Map<A, Map<B, Map<string, V>>>, a: A, b: B): Map<string, V> {
  let middle = outer.get(a);
  if (middle === undefined) outer.set(a, (middle = new Map()));
  let inner = middle.get(b);
  if (inner === undefined) middle.set(b, (inner = new Map()));
  return inner;
}

function addTo(known: Cluster, judged: Judged): void {
  const { record, meaning } = judged;
  const at = record.timeMs!;
  known.count++;
  if (at < known.firstMs) known.firstMs = at;
  if (at > known.lastMs) known.lastMs = at;
  if (known.lines.length < LINES_KEPT) known.lines.push(record.line);
  known.assumed = union(known.assumed, judged.assumed);
  known.flags = union(known.flags, judged.flags);
  if (known.meaning.entities.user !== meaning.entities.user) known.isManyUsers = true;
  if (known.meaning.entities.srcIp !== meaning.entities.srcIp) known.isManyAddresses = true;
  if (meaning.severity > known.meaning.severity) {
    known.meaning = copyOf(meaning);
    known.phase = meaning.phase;
    known.message = messageOf(record, meaning.entities);
  }
}

/**
 * What alike records share: guessed passwords and probes go by the rule that knows them, so that a name in the sentence does not
 * part them; everything else by its template.
 */
export const kindOf = (group: number, { phase, rules }: Description): string | number =>
  (phase === 'failure' || phase === 'probe' || phase === 'attempt') && rules[0] !== undefined ? rules[0] : group;

/** A new collapser. */
export function createCollapser(): Collapser {
  const clusters: Cluster[] = [];
  const open = new Map<string | number, Map<number, Map<string, Cluster>>>();
  let dated = 0;
  return {
    clusters,
    addRun(sample, run) {
      dated += run.count;
      const byWho = within(open, kindOf(sample.group, sample.meaning), variantOf(sample.meaning));
      const who =
        run.isManyAddresses || clusters.length >= MOST_CLUSTERS ? REST : (sample.meaning.entities.srcIp ?? '');
      let known = byWho.get(who);
      if (known === undefined || Math.abs(run.firstMs - known.lastMs) > APART_MS) {
        known = clusterOf(sample, null, dated - run.count + 1);
        known.count = 0;
        known.lines = [];
        clusters.push(known);
        byWho.set(who, known);
      }
      known.count += run.count;
      known.firstMs = Math.min(known.firstMs, run.firstMs);
      known.lastMs = Math.max(known.lastMs, run.lastMs);
      known.lines.push(...run.lines.slice(0, LINES_KEPT - known.lines.length));
      known.assumed = union(known.assumed, sample.assumed);
      if (run.isManyAddresses) known.isManyAddresses = true;
      if (known.meaning.entities.user !== sample.meaning.entities.user) known.isManyUsers = true;
    },
    add(judged, turn) {
      const { record, meaning } = judged;
      if (record.timeMs === null) return;
      dated++;
      const isWorthRoom = turn !== null || meaning.severity >= SEVERE;
      const isFull = clusters.length >= MOST_CLUSTERS + (isWorthRoom ? ROOM_FOR_SEVERE : 0);
      if ((turn || meaning.flags.length > 0) && !isFull) {
        clusters.push(clusterOf(judged, turn, dated));
        return;
      }
      const byWho = within(open, kindOf(judged.group, meaning), variantOf(meaning));
      const { srcIp = '', user = '' } = meaning.entities;
      // Who logged in matters; whose password was guessed at does not.
      const who = (meaning.phase === 'login' || meaning.severity >= SEVERE) && user !== '' ? `${srcIp} ${user}` : srcIp;
      const known = byWho.get(who) ?? (isFull ? byWho.get(REST) : undefined);
      if (known !== undefined && (isFull || Math.abs(record.timeMs - known.lastMs) <= APART_MS)) {
        addTo(known, judged);
        return;
      }
      const fresh = clusterOf(judged, null, dated);
      clusters.push(fresh);
      byWho.set(isFull ? REST : who, fresh);
    },
  };
}
