// Repeats become one event: the same template by the same address with the same end. A turn in a chain stays by itself.
import type { Turn } from './actors.ts';
import type { Description } from './meaning/describe.ts';
import { messageOf } from './message.ts';
import type { Phase } from './phase.ts';
import type { LogRecord } from './record.ts';
import type { Assumption, EntryFlag, Precision, ZoneBasis } from './types.ts';

const LINES_KEPT = 20;
/** Beyond so many clusters, records of unknown addresses share one cluster a template. */
const MOST_CLUSTERS = 60_000;
/** Alike records further apart than this are two things that happened. */
const APART_MS = 6 * 3_600_000;

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
  readonly lines: number[];
  count: number;
  /** Ordinal among the dated records of the first one. */
  readonly ordinal: number;
  phase: Phase | null;
  readonly turn: Turn | null;
  readonly precision: Precision;
  readonly zoneBasis: ZoneBasis;
  readonly assumed: Set<Assumption>;
  readonly flags: Set<EntryFlag>;
  meaning: Description;
  message: string;
  readonly format: string;
  isManyUsers: boolean;
}

/** Gathers dated records into clusters in the order they come. */
export interface Collapser {
  add(judged: Judged, phase: Phase | null, turn: Turn | null): void;
  readonly clusters: readonly Cluster[];
}

function clusterOf(judged: Judged, phase: Phase | null, turn: Turn | null, ordinal: number): Cluster {
  const { record, meaning } = judged;
  const at = record.timeMs ?? 0;
  return {
    group: judged.group,
    firstMs: at,
    lastMs: at,
    lines: [record.line],
    count: 1,
    ordinal,
    phase,
    turn,
    precision: judged.precision,
    zoneBasis: judged.zoneBasis,
    assumed: new Set(judged.assumed),
    flags: new Set([...judged.flags, ...meaning.flags]),
    meaning,
    message: messageOf(record, meaning.entities),
    format: record.format,
    isManyUsers: false,
  };
}

/** A new collapser. */
export function createCollapser(): Collapser {
  const clusters: Cluster[] = [];
  const open = new Map<string, Cluster>();
  let dated = 0;
  return {
    clusters,
    add(judged, phase, turn) {
      const { record, meaning } = judged;
      if (record.timeMs === null) return;
      dated++;
      const isFull = clusters.length >= MOST_CLUSTERS;
      if (turn && !isFull) {
        clusters.push(clusterOf(judged, phase, turn, dated));
        return;
      }
      const { srcIp, outcome, user } = meaning.entities;
      const isManipulation = meaning.flags.length > 0;
      // Who logged in matters; whose password was guessed at does not.
      const who = phase === 'login' || meaning.severity >= 7 ? (user ?? '') : '';
      const key = isFull
        ? `${judged.group}`
        : `${judged.group} ${srcIp ?? ''} ${outcome ?? ''} ${who} ${isManipulation ? record.line : ''} ${meaning.severity >= 7 ? meaning.severity : ''}`;
      const known = open.get(key);
      if (known === undefined || (Math.abs(record.timeMs - known.lastMs) > APART_MS && !isFull)) {
        const fresh = clusterOf(judged, phase, null, dated);
        clusters.push(fresh);
        open.set(key, fresh);
        return;
      }
      known.count++;
      known.firstMs = Math.min(known.firstMs, record.timeMs);
      known.lastMs = Math.max(known.lastMs, record.timeMs);
      if (known.lines.length < LINES_KEPT) known.lines.push(record.line);
      for (const one of judged.assumed) known.assumed.add(one);
      for (const one of judged.flags) known.flags.add(one);
      if (known.meaning.entities.user !== user) known.isManyUsers = true;
      if (meaning.severity > known.meaning.severity) {
        known.meaning = meaning;
        known.phase = phase;
        known.message = messageOf(record, meaning.entities);
      }
    },
  };
}
