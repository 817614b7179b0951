// Several sources as one: a common receipt, and what only shows when they are looked at together.
import { initialAccessOf } from './initial-access.ts';
import { ENGINE } from './receipt.ts';
import { SCOPE_SEVERITY } from './scope.ts';
import type { Attacker, DerivedEvent, Indicator, Receipt, Timeline } from './types.ts';

/** A source by the name people know it by, and what was read from it. */
export interface Part {
  readonly source: string;
  readonly timeline: Timeline;
}

/** What several sources say together. */
export interface Together {
  /** The events of all, most worth a look first. */
  readonly events: readonly { readonly source: string; readonly event: DerivedEvent }[];
  /** Sums over all. What names lines (unparsed, manipulation, clock) stands in the receipts of the parts, where line numbers mean something. */
  readonly receipt: Receipt;
  readonly indicators: readonly Indicator[];
  readonly attackers: Timeline['attackers'];
  readonly initialAccess: Timeline['initialAccess'];
  readonly scope: Timeline['scope'];
}

const MOST_ATTACKERS = 50;
const MOST_NAMES = 50;

/** Puts sources together; for one source everything is as it was. */
export function together(parts: readonly Part[]): Together {
  const [only] = parts;
  const events = parts
    .flatMap(({ source, timeline }) => timeline.events.map((event) => ({ source, event })))
    .sort((a, b) => b.event.score - a.event.score || (a.event.occurredAt < b.event.occurredAt ? -1 : 1));
  if (parts.length === 1 && only) return { ...only.timeline, events };
  return {
    events,
    receipt: receiptOf(parts.map(({ timeline }) => timeline.receipt)),
    indicators: indicatorsOf(parts),
    attackers: attackersOf(parts),
    initialAccess: initialAccessOf(
      parts.flatMap(({ source, timeline }) =>
        timeline.events.map((event) => ({ event, source, isAtStart: event.occurredAt === timeline.receipt.firstAt })),
      ),
    ),
    scope: {
      hosts: counted(parts.flatMap(({ timeline }) => timeline.scope.hosts)),
      users: counted(parts.flatMap(({ timeline }) => timeline.scope.users)),
      addresses: counted(parts.flatMap(({ timeline }) => timeline.scope.addresses)),
      how: `Named in records of severity ${SCOPE_SEVERITY} or more, or in a turn of a chain, over ${parts.length} sources. Being named is not being compromised, and what these logs do not record is not here.`,
    },
  };
}

function receiptOf(all: readonly Receipt[]): Receipt {
  const sum = (of: (receipt: Receipt) => number): number => all.reduce((total, receipt) => total + of(receipt), 0);
  const times = (of: (receipt: Receipt) => string | null): string[] =>
    all.flatMap((receipt) => of(receipt) ?? []).sort();
  const formats = new Map<string, number>();
  for (const { format, entries } of all.flatMap((receipt) => receipt.formats))
    formats.set(format, (formats.get(format) ?? 0) + entries);
  return {
    lines: sum((r) => r.lines),
    entries: sum((r) => r.entries),
    continuations: sum((r) => r.continuations),
    unparsed: sum((r) => r.unparsed),
    bytes: sum((r) => r.bytes),
    firstAt: times((r) => r.firstAt)[0] ?? null,
    lastAt: times((r) => r.lastAt).at(-1) ?? null,
    formats: [...formats]
      .map(([format, entries]) => ({ format, entries }))
      .sort((a, b) => b.entries - a.entries || (a.format < b.format ? -1 : 1)),
    assumed: {
      year: sum((r) => r.assumed.year),
      zone: sum((r) => r.assumed.zone),
      dayMonthOrder: sum((r) => r.assumed.dayMonthOrder),
      date: sum((r) => r.assumed.date),
    },
    undated: sum((r) => r.undated),
    unparsedLines: [],
    duplicatesCollapsed: sum((r) => r.duplicatesCollapsed),
    manipulationLines: [],
    clock: [],
    engine: all[0]?.engine ?? ENGINE,
  };
}

// Lines are of the source that holds it most often: numbers of several sources in one list would mean nothing.
function indicatorsOf(parts: readonly Part[]): Indicator[] {
  const found = new Map<string, { all: Indicator; most: number }>();
  for (const one of parts.flatMap(({ timeline }) => timeline.indicators)) {
    const key = `${one.type} ${one.value}`;
    const known = found.get(key);
    if (!known) found.set(key, { all: one, most: one.count });
    else
      found.set(key, {
        all: {
          ...known.all,
          count: known.all.count + one.count,
          lines: one.count > known.most ? one.lines : known.all.lines,
        },
        most: Math.max(known.most, one.count),
      });
  }
  return [...found.values()].map(({ all }) => all).sort((a, b) => b.count - a.count);
}

function attackersOf(parts: readonly Part[]): Attacker[] {
  const found = new Map<string, { most: Attacker; score: number; why: string[] }>();
  for (const { source, timeline } of parts)
    for (const one of timeline.attackers) {
      const known = found.get(one.ip);
      const why = [...(known?.why ?? []), `${source}: ${one.why}`];
      found.set(one.ip, {
        most: known && known.most.score >= one.score ? known.most : one,
        score: (known?.score ?? 0) + one.score,
        why,
      });
    }
  return [...found.values()]
    .map(({ most, score, why }) => ({ ...most, score: Math.round(10 * score) / 10, why: why.join('; ') }))
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_ATTACKERS);
}

function counted(names: readonly { readonly value: string; readonly count: number }[]) {
  const counts = new Map<string, number>();
  for (const { value, count } of names) counts.set(value, (counts.get(value) ?? 0) + count);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_NAMES);
}
