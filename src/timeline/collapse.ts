// Repeats become one event: the same template by the same address with the same end. A turn in a chain stays by itself.
import type { Turn } from './actors.ts';
import { intTable } from './int-table.ts';
import { type Kind, SEVERE, type Sighting } from './kind.ts';
import { type NameTable, NONE } from './names.ts';
import type { Assumption, Entities, EntryFlag } from './types.ts';

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
  readonly turn: Turn | null;
  /** The kind of the first one, and of the one last added: its assumptions and flags are in. */
  readonly first: Kind;
  last: Kind;
  assumed: readonly Assumption[];
  flags: readonly EntryFlag[];
  isManyUsers: boolean;
  isManyAddresses: boolean;
  /** The kind of the record that speaks for all; its names are in the handles. */
  kind: Kind;
  src: number;
  dst: number;
  user: number;
  host: number;
  process: number;
  /** The record itself was read with care: its kind has its own names. */
  isOwnKind: boolean;
  words: Words;
}

/** The readable line of a record, or the text of a line that it is made from once it is shown: most never are. */
export type Words = { readonly message: string } | { readonly line: string };

/** Gathers dated records into clusters in the order they come. */
export interface Collapser {
  /** `wordsOf` gives the words of the record that is being added. */
  add(one: Sighting, turn: Turn | null, wordsOf: (one: Sighting) => Words): void;
  readonly clusters: readonly Cluster[];
}

/** Who and what the record that speaks for a cluster names. */
export function entitiesOf(
  cluster: Pick<Cluster, 'kind' | 'isOwnKind' | 'src' | 'dst' | 'user' | 'host' | 'process'>,
  names: NameTable,
): Entities {
  const { meaning } = cluster.kind;
  if (cluster.isOwnKind) return meaning.entities;
  const entities: { -readonly [K in keyof Entities]: Entities[K] } = { ...meaning.entities };
  if (entities.srcIp !== undefined) entities.srcIp = names.addressText(cluster.src);
  if (entities.dstIp !== undefined) entities.dstIp = names.addressText(cluster.dst);
  if (entities.user !== undefined) entities.user = names.text(cluster.user);
  if (entities.host !== undefined) entities.host = names.text(cluster.host);
  if (entities.process !== undefined) entities.process = names.text(cluster.process);
  return entities;
}

/** The members of both lists, once; the first list itself when the second adds nothing. */
export function union<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  if (one === other || other.length === 0) return one;
  return other.every((item) => one.includes(item)) ? one : [...new Set([...one, ...other])];
}

/** A new collapser. */
export function createCollapser(): Collapser {
  const clusters: Cluster[] = [];
  const open = intTable();
  let dated = 0;

  const speak = (cluster: Cluster, { kind, src, dst, user, host, process, record }: Sighting): void => {
    cluster.kind = kind;
    cluster.src = src;
    cluster.dst = dst;
    cluster.user = user;
    cluster.host = host;
    cluster.process = process;
    cluster.isOwnKind = record !== null;
  };
  const addTo = (known: Cluster, one: Sighting, wordsOf: (one: Sighting) => Words): void => {
    const { kind, line, timeMs, src, user } = one;
    known.count++;
    if (timeMs < known.firstMs) known.firstMs = timeMs;
    if (timeMs > known.lastMs) known.lastMs = timeMs;
    if (known.lines.length < LINES_KEPT) known.lines.push(line);
    if (user !== known.user) known.isManyUsers = true;
    if (src !== known.src) known.isManyAddresses = true;
    if (kind === known.last) return;
    known.last = kind;
    known.assumed = union(known.assumed, kind.assumed);
    known.flags = union(known.flags, kind.flags);
    if (kind.severity <= known.kind.severity) return;
    speak(known, one);
    known.words = wordsOf(one);
  };

  return {
    clusters,
    add(seen, turn, wordsOf) {
      const one = turn?.raised ? { ...seen, kind: turn.raised } : seen;
      const { kind, line, timeMs, src, dst, user, host, process, record } = one;
      dated++;
      const isFull =
        clusters.length >= MOST_CLUSTERS &&
        clusters.length >= MOST_CLUSTERS + (turn !== null || kind.severity >= SEVERE ? ROOM_FOR_SEVERE : 0);
      const isTurn = turn !== null && !turn.isRepeat;
      const isAlone = (isTurn || kind.isManipulation) && !isFull;
      // Who logged in matters; whose password was guessed at does not.
      const who = kind.isByUser ? user : NONE;
      let at = isAlone ? NONE : open.get(kind.cluster, src, who);
      const isRest = at === NONE && isFull;
      if (isRest) at = open.get(kind.cluster, 0, REST);
      const known = at === NONE ? undefined : clusters[at];
      if (known !== undefined && (isFull || Math.abs(timeMs - known.lastMs) <= APART_MS)) {
        addTo(known, one, wordsOf);
        return;
      }
      clusters.push({
        group: kind.group,
        firstMs: timeMs,
        lastMs: timeMs,
        lines: [line],
        count: 1,
        ordinal: dated,
        turn: isAlone && isTurn ? turn : null,
        first: kind,
        last: kind,
        assumed: kind.assumed,
        flags: kind.isManipulation ? union(kind.flags, kind.meaning.flags) : kind.flags,
        isManyUsers: false,
        isManyAddresses: false,
        kind,
        src,
        dst,
        user,
        host,
        process,
        isOwnKind: record !== null,
        words: wordsOf(one),
      });
      // What the chain raised takes the next of its kind with it.
      if (!isAlone || turn?.raised) open.set(kind.cluster, isRest ? 0 : src, isRest ? REST : who, clusters.length - 1);
    },
  };
}
