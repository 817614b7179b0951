// Addresses and what they did, in one array of numbers: a flood of sources costs no objects.
import { intTable } from './int-table.ts';
import type { Kind, Kinds } from './kind.ts';
import { type NameTable, NONE } from './names.ts';

const MOST_ACTORS = 50_000;
const LINES_KEPT = 20;
const FINDINGS_KEPT = 40;
const TURNS_KEPT = 20;

// What one record of a severity says about the address behind it. Many small things add up; one exploit outweighs them.
const WEIGHTS = [0.02, 0.05, 0.1, 0.25, 1, 1.6, 2.4, 4, 6, 8, 10];

// Where the numbers of an actor stand.
const ADDRESS = 0;
const RECORDS = 1;
const WORST = 2;
const FIRST_LINE = 3;
const LINE_COUNT = 4;
const SAID_COUNT = 5;
// Phases are numbered from 1 on.
const PHASE = 5;
const LINES = 16;
const SAID = LINES + LINES_KEPT;
/** Findings said of one actor that stand in the array; the few with more have a map of their own. */
const SAID_HERE = 4;
const WIDTH = SAID + 2 * SAID_HERE;
/** From here on the lines of an actor are kept. */
const LINE_SEVERITY = 4;

/** An address and what it did. */
export interface Actor {
  readonly ip: string;
  readonly records: number;
  readonly worst: number;
  /** First lines of severity 4 or more, at most 20. */
  readonly lines: readonly number[];
  /** How often each finding was said of it. */
  readonly says: readonly (readonly [string, number])[];
  readonly firstLine: number;
}

/** The actors of a source by small numbers, which change when room is made. */
export interface ActorTable {
  readonly size: () => number;
  /** The actor of an address, or NONE. */
  readonly find: (address: number) => number;
  /** The actor of an address, new ones included. */
  readonly of: (address: number, line: number) => number;
  /** How many records of a phase an actor has; 0 for NONE. */
  readonly phase: (actor: number, phase: number) => number;
  readonly hasTurned: (actor: number) => boolean;
  /** Remembers a turn; false when the actor had it before. */
  readonly turn: (actor: number, what: string) => boolean;
  readonly count: (actor: number, kind: Kind, line: number) => void;
  readonly address: (actor: number) => number;
  readonly records: (actor: number) => number;
  readonly worst: (actor: number) => number;
  readonly weight: (actor: number) => number;
  readonly turns: (actor: number) => number;
  readonly firstLine: (actor: number) => number;
  readonly get: (actor: number) => Actor;
}

/** An empty table. Addresses that did next to nothing make room for new ones, so that a flood cannot hide one that comes late. */
export function actorTable(names: NameTable, kinds: Kinds): ActorTable {
  let cells = new Int32Array(64 * WIDTH);
  let weights = new Float64Array(64);
  let size = 0;
  const index = intTable();
  let turns = new Map<number, readonly string[]>();
  let moreSaid = new Map<number, Map<number, number>>();

  const turnsOf = (actor: number): readonly string[] => turns.get(actor) ?? [];
  const grow = (): void => {
    const moreCells = new Int32Array(cells.length * 2);
    moreCells.set(cells);
    cells = moreCells;
    const moreWeights = new Float64Array(weights.length * 2);
    moreWeights.set(weights);
    weights = moreWeights;
  };

  const keepOnly = (isKept: (actor: number) => boolean): void => {
    const [oldTurns, oldSaid] = [turns, moreSaid];
    turns = new Map();
    moreSaid = new Map();
    let to = 0;
    for (let from = 0; from < size; from++) {
      if (!isKept(from)) continue;
      if (to !== from) {
        cells.copyWithin(to * WIDTH, from * WIDTH, (from + 1) * WIDTH);
        weights[to] = weights[from] as number;
      }
      const told = oldTurns.get(from);
      if (told !== undefined) turns.set(to, told);
      const said = oldSaid.get(from);
      if (said !== undefined) moreSaid.set(to, said);
      to++;
    }
    size = to;
    index.clear();
    for (let actor = 0; actor < size; actor++) index.set(cells[actor * WIDTH + ADDRESS] as number, 0, 0, actor);
  };
  const makeRoom = (): void => {
    for (let least = 1; size > MOST_ACTORS / 2 && least < 1e6; least *= 4)
      keepOnly((actor) => (weights[actor] as number) >= least || turns.has(actor));
    // Where nearly every address has a story, the oldest stories go: making room must never cost more than it gains.
    const tooMany = size - MOST_ACTORS / 2;
    if (tooMany > 0) keepOnly((actor) => actor >= tooMany);
  };

  const say = (actor: number, says: number): void => {
    const base = actor * WIDTH;
    const count = cells[base + SAID_COUNT] as number;
    const here = Math.min(count, SAID_HERE);
    for (let i = 0, at = base + SAID; i < here; i++, at += 2) {
      if (cells[at] === says) {
        cells[at + 1]!++;
        return;
      }
    }
    if (count < SAID_HERE) {
      cells[base + SAID_COUNT] = count + 1;
      cells[base + SAID + 2 * count] = says;
      cells[base + SAID + 2 * count + 1] = 1;
      return;
    }
    let more = moreSaid.get(actor);
    if (more === undefined) moreSaid.set(actor, (more = new Map()));
    const known = more.get(says);
    if (known !== undefined || more.size < FINDINGS_KEPT - SAID_HERE) more.set(says, (known ?? 0) + 1);
  };

  return {
    size: () => size,
    find: (address) => index.get(address, 0, 0),
    of(address, line) {
      if (size >= MOST_ACTORS && index.get(address, 0, 0) === NONE) makeRoom();
      const known = index.getOrAdd(address, 0, 0, size);
      if (known !== NONE) return known;
      if (size === weights.length) grow();
      const base = size * WIDTH;
      for (let i = base; i < base + LINES; i++) cells[i] = 0;
      cells[base + ADDRESS] = address;
      cells[base + FIRST_LINE] = line;
      weights[size] = 0;
      return size++;
    },
    phase: (actor, phase) => (actor === NONE ? 0 : (cells[actor * WIDTH + PHASE + phase] as number)),
    hasTurned: (actor) => turns.has(actor),
    turn(actor, what) {
      const told = turnsOf(actor);
      if (told.includes(what)) return false;
      turns.set(actor, [...told.slice(1 - TURNS_KEPT), what]);
      return true;
    },
    count(actor, { severity, phase, says }, line) {
      const base = actor * WIDTH;
      cells[base + RECORDS]!++;
      weights[actor]! += WEIGHTS[severity] ?? 0;
      if (severity > (cells[base + WORST] as number)) cells[base + WORST] = severity;
      if (phase !== 0) cells[base + PHASE + phase]!++;
      if (severity >= LINE_SEVERITY) {
        const lines = cells[base + LINE_COUNT] as number;
        if (lines < LINES_KEPT) {
          cells[base + LINES + lines] = line;
          cells[base + LINE_COUNT] = lines + 1;
        }
      }
      if (says !== -1) say(actor, says);
    },
    address: (actor) => cells[actor * WIDTH + ADDRESS] as number,
    records: (actor) => cells[actor * WIDTH + RECORDS] as number,
    worst: (actor) => cells[actor * WIDTH + WORST] as number,
    weight: (actor) => weights[actor] as number,
    turns: (actor) => turnsOf(actor).length,
    firstLine: (actor) => cells[actor * WIDTH + FIRST_LINE] as number,
    get(actor) {
      const base = actor * WIDTH;
      const here = Math.min(cells[base + SAID_COUNT] as number, SAID_HERE);
      const said = Array.from({ length: here }, (_, i): [number, number] => [
        cells[base + SAID + 2 * i] as number,
        cells[base + SAID + 2 * i + 1] as number,
      ]);
      return {
        ip: names.addressText(cells[base + ADDRESS] as number),
        records: cells[base + RECORDS] as number,
        worst: cells[base + WORST] as number,
        lines: [...cells.subarray(base + LINES, base + LINES + (cells[base + LINE_COUNT] as number))],
        says: [...said, ...(moreSaid.get(actor) ?? [])].map(([says, count]) => [kinds.said(says), count]),
        firstLine: cells[base + FIRST_LINE] as number,
      };
    },
  };
}
