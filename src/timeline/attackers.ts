// The addresses that behave like an attacker's, best first, each with why.
import type { Actor, ActorTable } from './actor-table.ts';
import type { AssetCheck } from './assets.ts';
import { PHASES } from './kind.ts';
import type { NameTable } from './names.ts';
import type { Attacker } from './types.ts';

const MOST_ATTACKERS = 50;
/** Below this an address did nothing that needs explaining. */
const LEAST_SCORE = 1;
const TURN_WEIGHT = 12;
/** From so many refused requests on it is a scan; more of them say little more. */
const SCAN_PROBES = 5;
const MOST_FOR_SCAN = 20;

const ATTEMPT = PHASES.indexOf('attempt');
const PROBE = PHASES.indexOf('probe');
const FAILURE = PHASES.indexOf('failure');

function scoreOf(actors: ActorTable, actor: number): number {
  const records = actors.records(actor);
  const worst = actors.worst(actor);
  const probes = actors.phase(actor, PROBE);
  const refused = actors.phase(actor, FAILURE) + probes + actors.phase(actor, ATTEMPT);
  // Somebody who mostly does everyday things and fails now and then is a user; a share of one half costs nothing.
  const share = worst >= 7 ? 1 : Math.min(1, (2 * refused) / records + 0.25);
  const scan = probes >= SCAN_PROBES ? Math.min(probes, MOST_FOR_SCAN) : 0;
  return (actors.weight(actor) + scan + actors.turns(actor) * TURN_WEIGHT + worst / 2) * share;
}

function whyOf(actor: Actor): string {
  const says = actor.says.toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 3);
  const did = says.map(([what, count]) => (count > 1 ? `${what} (${count} times)` : what));
  return did.length > 0 ? did.join('; ') : `${actor.records} records, the worst of severity ${actor.worst}`;
}

const round = (score: number): number => Math.round(10 * score) / 10;

interface Scored {
  readonly actor: number;
  readonly score: number;
}

/**
 * At most 50 addresses that are not the organisation's own. When none stands out, the one with the most records is named all
 * the same, with a score below 1 and a why that says so.
 */
export function attackersOf(actors: ActorTable, names: NameTable, check: AssetCheck): Attacker[] {
  const isOurs = (actor: number): boolean => check.isOurAddress(names.addressText(actors.address(actor)));
  const best: Scored[] = [];
  let busiest: Scored | null = null;
  for (let actor = 0; actor < actors.size(); actor++) {
    const score = scoreOf(actors, actor);
    const before = ({ actor: other, score: than }: Scored): number =>
      than - score || actors.firstLine(actor) - actors.firstLine(other);
    if (score >= LEAST_SCORE) {
      const last = best[MOST_ATTACKERS - 1];
      if ((last !== undefined && before(last) >= 0) || isOurs(actor)) continue;
      const at = best.findIndex((one) => before(one) < 0);
      best.splice(at === -1 ? best.length : at, 0, { actor, score });
      if (best.length > MOST_ATTACKERS) best.pop();
    } else if (
      best.length === 0 &&
      (busiest === null ||
        actors.records(busiest.actor) - actors.records(actor) < 0 ||
        (actors.records(busiest.actor) === actors.records(actor) && before(busiest) < 0)) &&
      !isOurs(actor)
    )
      busiest = { actor, score };
  }
  if (best.length > 0)
    return best.map(({ actor: number, score }) => {
      const actor = actors.get(number);
      return { ip: actor.ip, score: round(score), why: whyOf(actor), lines: actor.lines };
    });
  if (busiest === null) return [];
  const { ip, records, firstLine } = actors.get(busiest.actor);
  return [
    {
      ip,
      score: round(Math.min(busiest.score, 0.9)),
      why: `Nothing it did is an attack by itself; it has the most records (${records}) of all addresses.`,
      lines: [firstLine],
    },
  ];
}
