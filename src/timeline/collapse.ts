// Repeats become one event: the same template by the same address with the same end. A turn in a chain stays by itself.
import type { Turn } from './actors.ts';
import { intTable } from './int-table.ts';
import { type Kind, PHASES, SEVERE, type Sighting } from './kind.ts';
import type { Description } from './meaning/describe.ts';
import { type NameTable, NONE } from './names.ts';
import type { Phase } from './phase.ts';
import type { Assumption, Entities, EntryFlag, Precision, ZoneBasis } from './types.ts';

const LINES_KEPT = 20;
/** Beyond so many clusters, everyday records share one cluster a template, whatever their address. */
const MOST_CLUSTERS = 20_000;
/** Room beyond that for what is severe or a turn in a chain. */
const ROOM_FOR_SEVERE = 10_000;
/** In place of a user: where records of addresses that are not kept apart go. */
const REST = -2;
/** Alike records further apart than this are two things that happened. */
export const APART_MS = 6 * 3_600_000;

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
  readonly format: string;
  isManyUsers: boolean;
  isManyAddresses: boolean;
  /** The kind last added; its assumptions and flags are in. */
  kind: Kind;
  src: number;
  user: number;
  /** The readable line of the record that speaks for all; a function where it is only worth making once the cluster is shown. */
  message: string | (() => string);
}

/** Gathers dated records into clusters in the order they come. */
export interface Collapser {
  /** `words` gives the readable line of the record, now or later. */
  add(one: Sighting, turn: Turn | null, words: (entities: Entities) => string | (() => string)): void;
  readonly clusters: readonly Cluster[];
}

/** The members of both lists, once; the first list itself when the second adds nothing. */
export function union<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  if (one === other || other.length === 0) return one;
  return other.every((item) => one.includes(item)) ? one : [...new Set([...one, ...other])];
}

/** A new collapser. */
export function createCollapser(names: NameTable): Collapser {
  const clusters: Cluster[] = [];
  const open = intTable();
  let dated = 0;

  /** The meaning of a kind with the names of one of its records. */
  const meaningOf = ({ kind, src, dst, user, host, process, record }: Sighting): Description => {
    const { meaning } = kind;
    if (record !== null) return meaning;
    const entities: { -readonly [K in keyof Entities]: Entities[K] } = { ...meaning.entities };
    if (entities.srcIp !== undefined) entities.srcIp = names.addressText(src);
    if (entities.dstIp !== undefined) entities.dstIp = names.addressText(dst);
    if (entities.user !== undefined) entities.user = names.text(user);
    if (entities.host !== undefined) entities.host = names.text(host);
    if (entities.process !== undefined) entities.process = names.text(process);
    return { ...meaning, entities };
  };

  return {
    clusters,
    add(one, turn, words) {
      const { kind, line, timeMs, src, user } = one;
      dated++;
      const isFull =
        clusters.length >= MOST_CLUSTERS &&
        clusters.length >= MOST_CLUSTERS + (turn !== null || kind.severity >= SEVERE ? ROOM_FOR_SEVERE : 0);
      const isAlone = (turn !== null || kind.isManipulation) && !isFull;
      // Who logged in matters; whose password was guessed at does not.
      const who = kind.isByUser ? user : NONE;
      let at = isAlone ? NONE : open.get(kind.cluster, src, who);
      const isRest = at === NONE && isFull;
      if (isRest) at = open.get(kind.cluster, 0, REST);
      const known = at === NONE ? undefined : clusters[at];
      if (known !== undefined && (isFull || Math.abs(timeMs - known.lastMs) <= APART_MS)) {
        known.count++;
        if (timeMs < known.firstMs) known.firstMs = timeMs;
        if (timeMs > known.lastMs) known.lastMs = timeMs;
        if (known.lines.length < LINES_KEPT) known.lines.push(line);
        if (user !== known.user) known.isManyUsers = true;
        if (src !== known.src) known.isManyAddresses = true;
        if (kind === known.kind) return;
        known.kind = kind;
        known.assumed = union(known.assumed, kind.assumed);
        known.flags = union(known.flags, kind.flags);
        if (kind.severity > known.meaning.severity) {
          known.meaning = meaningOf(one);
          known.phase = PHASES[kind.phase] as Phase | null;
          known.src = src;
          known.user = user;
          known.message = words(known.meaning.entities);
        }
        return;
      }
      const meaning = meaningOf(one);
      const fresh: Cluster = {
        group: kind.group,
        firstMs: timeMs,
        lastMs: timeMs,
        lines: [line],
        count: 1,
        ordinal: dated,
        phase: PHASES[kind.phase] as Phase | null,
        turn: isAlone ? turn : null,
        precision: kind.precision,
        zoneBasis: kind.zoneBasis,
        assumed: kind.assumed,
        flags: union(kind.flags, meaning.flags),
        meaning,
        format: kind.format,
        isManyUsers: false,
        isManyAddresses: false,
        kind,
        src,
        user,
        message: words(meaning.entities),
      };
      clusters.push(fresh);
      if (isAlone) return;
      const _number = clusters.length - 1;
      open.set(kind.cluster, isRest ? 0 : src, isRest ? REST : who, clusters.length - 1);
    },
  };
}
