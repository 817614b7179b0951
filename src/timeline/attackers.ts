// The addresses that behave like an attacker's, best first, each with why.
import type { Actor } from './actors.ts';
import type { AssetCheck } from './assets.ts';
import type { Attacker } from './types.ts';

const MOST_ATTACKERS = 50;
/** Below this an address did nothing that needs explaining. */
const LEAST_SCORE = 1;
const TURN_WEIGHT = 12;
/** From so many refused requests on it is a scan; more of them say little more. */
const SCAN_PROBES = 5;
const MOST_FOR_SCAN = 20;

function scoreOf(actor: Actor): number {
  const everyday =
    actor.records - (actor.phases.failure ?? 0) - (actor.phases.probe ?? 0) - (actor.phases.attempt ?? 0);
  // Somebody who mostly does everyday things and fails now and then is a user; a share of one half costs nothing.
  const share = actor.worst >= 7 ? 1 : Math.min(1, (2 * (actor.records - everyday)) / actor.records + 0.25);
  const probes = actor.phases.probe ?? 0;
  const scan = probes >= SCAN_PROBES ? Math.min(probes, MOST_FOR_SCAN) : 0;
  return (actor.weight + scan + actor.turns.length * TURN_WEIGHT + actor.worst / 2) * share;
}

function whyOf(actor: Actor): string {
  const says = [...(actor.says ?? [])].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 3);
  const did = says.map(([what, count]) => (count > 1 ? `${what} (${count} times)` : what));
  return did.length > 0 ? did.join('; ') : `${actor.records} records, the worst of severity ${actor.worst}`;
}

const round = (score: number): number => Math.round(10 * score) / 10;

/**
 * At most 50 addresses that are not the organisation's own. When none stands out, the one with the most records is named all
 * the same, with a score below 1 and a why that says so.
 */
export function attackersOf(actors: ReadonlyMap<string, Actor>, check: AssetCheck): Attacker[] {
  const theirs = [...actors.values()]
    .filter((actor) => !check.isOurAddress(actor.ip))
    .map((actor) => ({ actor, score: scoreOf(actor) }))
    .sort((a, b) => b.score - a.score || a.actor.firstLine - b.actor.firstLine);
  const found = theirs.filter((one) => one.score >= LEAST_SCORE).slice(0, MOST_ATTACKERS);
  if (found.length > 0)
    return found.map(({ actor, score }) => ({
      ip: actor.ip,
      score: round(score),
      why: whyOf(actor),
      lines: actor.lines,
    }));
  const busiest = theirs.toSorted((a, b) => b.actor.records - a.actor.records || b.score - a.score)[0];
  if (busiest === undefined) return [];
  const { ip, records, firstLine } = busiest.actor;
  return [
    {
      ip,
      score: round(Math.min(busiest.score, 0.9)),
      why: `Nothing it did is an attack by itself; it has the most records (${records}) of all addresses.`,
      lines: [firstLine],
    },
  ];
}
