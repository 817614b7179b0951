// The addresses that behave like an attacker's, best first, each with why.
import type { Actor } from './actors.ts';
import type { AssetCheck } from './assets.ts';
import type { Attacker } from './types.ts';

const MOST_ATTACKERS = 50;
/** Below this an address did nothing that needs explaining. */
const LEAST_SCORE = 1;
const TURN_WEIGHT = 12;

function scoreOf(actor: Actor): number {
  const everyday = actor.records - (actor.phases.failure ?? 0) - (actor.phases.probe ?? 0);
  // Somebody who mostly does everyday things and fails now and then is a user; a share of one half costs nothing.
  const share = actor.worst >= 7 ? 1 : Math.min(1, (2 * (actor.records - everyday)) / actor.records + 0.25);
  return (actor.weight + actor.turns * TURN_WEIGHT + actor.worst / 2) * share;
}

function whyOf(actor: Actor): string {
  const says = [...actor.saysCounts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 3);
  const did = says.map(([what, count]) => (count > 1 ? `${what} (${count} times)` : what));
  return did.length > 0 ? did.join('; ') : `${actor.records} records, the worst of severity ${actor.worst}`;
}

/** At most 50 addresses that are not the organisation's own. */
export function attackersOf(actors: ReadonlyMap<string, Actor>, check: AssetCheck): Attacker[] {
  return [...actors.values()]
    .filter((actor) => !check.isOurAddress(actor.ip))
    .map((actor) => ({
      ip: actor.ip,
      score: Math.round(10 * scoreOf(actor)) / 10,
      why: whyOf(actor),
      lines: actor.lines,
      firstLine: actor.firstLine,
    }))
    .filter((one) => one.score >= LEAST_SCORE)
    .sort((a, b) => b.score - a.score || a.firstLine - b.firstLine)
    .slice(0, MOST_ATTACKERS)
    .map(({ ip, score, why, lines }) => ({ ip, score, why, lines }));
}
