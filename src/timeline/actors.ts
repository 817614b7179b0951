// What each remote address did over the whole source, and the turns in it: failures then a login, probes then a request that went through.
import type { Description } from './meaning/describe.ts';
import type { Phase } from './phase.ts';

const MOST_ACTORS = 50_000;
const MOST_NAMES = 50_000;
const CROWD = 10_000;
const LINES_KEPT = 20;
const FAILURES_BEFORE_LOGIN = 3;
const FAILURES_OF_USER = 10;
const PROBES_BEFORE_POST = 8;
/** An account is known after so many records, and roams when it has so many addresses. */
const RECORDS_TO_KNOW = 8;
const ADDRESSES_OF_A_ROAMER = 3;

/** An address and what it did. */
export interface Actor {
  readonly ip: string;
  records: number;
  weight: number;
  worst: number;
  phases: Partial<Record<Phase, number>>;
  /** First lines of severity 4 or more, at most 20. */
  lines: readonly number[];
  /** How often each finding was said of it. */
  says: Map<string, number> | null;
  /** Turns it caused; each is told once an address. */
  turns: readonly string[];
  readonly firstLine: number;
}

/** A record that changes the story, and why. */
export interface Turn {
  readonly why: string;
  readonly bonus: number;
}

// What one record of a severity says about the address behind it. Many small things add up; one exploit outweighs them.
const WEIGHTS = [0.02, 0.05, 0.1, 0.25, 1, 1.6, 2.4, 4, 6, 8, 10];
const FINDINGS_KEPT = 40;
// Most addresses of a flood do next to nothing: they share what is empty.
const NO_PHASES: Partial<Record<Phase, number>> = {};
const NOTHING: readonly never[] = [];

/** Follows addresses, users and hosts through the records in the order they come. */
export interface ActorBoard {
  see(meaning: Description, line: number): Turn | null;
  readonly actors: ReadonlyMap<string, Actor>;
}

// Addresses that did next to nothing make room for new ones, so that a flood of sources cannot hide one that comes late.
function makeRoom(actors: Map<string, Actor>): void {
  for (let least = 1; actors.size > MOST_ACTORS / 2 && least < 1e6; least *= 4) {
    for (const [ip, actor] of actors) if (actor.weight < least && actor.turns.length === 0) actors.delete(ip);
  }
  // Where nearly every address has a story, the oldest stories go: making room must never cost more than it gains.
  for (const ip of actors.keys()) {
    if (actors.size <= MOST_ACTORS / 2) break;
    actors.delete(ip);
  }
}

function count(actor: Actor, meaning: Description, line: number): void {
  const { severity, phase, says } = meaning;
  actor.records++;
  actor.weight += WEIGHTS[severity] ?? 0;
  if (severity > actor.worst) actor.worst = severity;
  if (phase) {
    if (actor.phases === NO_PHASES) actor.phases = {};
    actor.phases[phase] = (actor.phases[phase] ?? 0) + 1;
  }
  if (severity < 3) return;
  if (severity >= 4 && actor.lines.length < LINES_KEPT) actor.lines = [...actor.lines, line];
  if (says === undefined) return;
  actor.says ??= new Map();
  if (actor.says.size < FINDINGS_KEPT || actor.says.has(says)) actor.says.set(says, (actor.says.get(says) ?? 0) + 1);
}

/** A new board. */
export function createActorBoard(): ActorBoard {
  const actors = new Map<string, Actor>();
  const failuresOfUser = new Map<string, number>();
  const turnedLogins = new Set<string>();
  const homes = new Map<string, { records: number; readonly addresses: Set<string>; readonly first: string }>();
  /** Hosts after a suspicious login or an exploit that was not refused. */
  const entered = new Set<string>();

  const actorOf = (ip: string, line: number): Actor => {
    const known = actors.get(ip);
    if (known !== undefined) return known;
    if (actors.size >= MOST_ACTORS) makeRoom(actors);
    const actor = {
      ip,
      records: 0,
      weight: 0,
      worst: 0,
      phases: NO_PHASES,
      lines: NOTHING,
      says: null,
      turns: NOTHING,
      firstLine: line,
    };
    actors.set(ip, actor);
    return actor;
  };

  const loginTurn = (actor: Actor | undefined, user: string | undefined): Turn | null => {
    const byAddress = actor?.phases.failure ?? 0;
    if (byAddress >= FAILURES_BEFORE_LOGIN)
      return { why: `login after ${byAddress} failures from the same address`, bonus: 6 };
    if ((actor?.phases.exploit ?? 0) > 0) return { why: 'login from an address that also sent exploits', bonus: 5 };
    const byUser = user ? (failuresOfUser.get(user) ?? 0) : 0;
    return byUser >= FAILURES_OF_USER ? { why: `login after ${byUser} failures for the same account`, bonus: 3 } : null;
  };

  // The keys of an account in other hands look like the account in a new place.
  const newPlace = ({ phase, entities }: Description): Turn | null => {
    const { user, srcIp, outcome } = entities;
    if (user === undefined || srcIp === undefined || phase === 'failure' || phase === 'probe' || phase === 'attempt')
      return null;
    const home = homes.get(user);
    if (home === undefined) {
      if (outcome !== 'failure' && homes.size < MOST_NAMES)
        homes.set(user, { records: 1, addresses: new Set([srcIp]), first: srcIp });
      return null;
    }
    if (home.addresses.has(srcIp)) {
      home.records++;
      return null;
    }
    const isStrange = home.records >= RECORDS_TO_KNOW && home.addresses.size < ADDRESSES_OF_A_ROAMER;
    if (home.addresses.size <= ADDRESSES_OF_A_ROAMER) home.addresses.add(srcIp);
    return isStrange ? { why: `${user}, known from ${home.first}, appears from a new address`, bonus: 5 } : null;
  };

  const turnOf = (meaning: Description, actor: Actor | undefined): Turn | null => {
    const { phase } = meaning;
    const { user, host, outcome } = meaning.entities;
    if (phase === 'login') return loginTurn(actor, user);
    if (outcome === 'success' && meaning.rules.includes('web-post') && (actor?.phases.probe ?? 0) >= PROBES_BEFORE_POST)
      return {
        why: `a change went through after ${actor!.phases.probe} refused requests from the same address`,
        bonus: 4,
      };
    if (phase === null || phase === 'failure' || phase === 'probe' || phase === 'attempt') return null;
    if (meaning.rules.includes('web-process-shell')) return { why: 'a web process started a shell', bonus: 4 };
    if (phase === 'exploit')
      return outcome === 'success' ? { why: 'the server answered an exploit with success', bonus: 2 } : null;
    const isFollowed =
      (actor !== undefined && actor.turns.length > 0) ||
      (user !== undefined && turnedLogins.has(user)) ||
      (host !== undefined && entered.has(host));
    if (phase === 'foothold' && isFollowed)
      return { why: 'a new account, key, right or schedule after a suspicious login or exploit', bonus: 4 };
    if (phase === 'execution' && isFollowed) return { why: 'commands after a suspicious login or exploit', bonus: 3 };
    if (phase === 'theft' && isFollowed)
      return { why: 'data or credentials taken after a suspicious login or exploit', bonus: 3 };
    if (phase === 'evasion' && meaning.techniques.some((technique) => technique.id.startsWith('T1070')))
      return { why: 'traces were removed', bonus: 3 };
    return null;
  };

  return {
    actors,
    see(meaning, line) {
      const { phase } = meaning;
      const { srcIp, user, host, outcome } = meaning.entities;
      // In a crowd an address is followed from the first thing on that is worth a look.
      const isCrowd = actors.size >= CROWD && phase === null && meaning.severity < 3;
      const actor = srcIp === undefined ? undefined : isCrowd ? actors.get(srcIp) : actorOf(srcIp, line);
      const strange = newPlace(meaning);
      let turn = turnOf(meaning, actor) ?? strange;
      if (turn !== null && actor !== undefined) {
        // The same turn again is a repeat: its kind and whom it concerns are told once an address.
        const kind = `${turn.why.replace(/\d+/, '')} ${phase === 'login' || phase === 'foothold' ? (user ?? '') : ''} ${phase === 'foothold' ? (meaning.entities.action ?? '') : ''}`;
        if (actor.turns.includes(kind)) turn = null;
        else actor.turns = [...actor.turns.slice(-19), kind];
      }
      if (actor !== undefined) count(actor, meaning, line);
      // Failures before a login are told with it; what counts for the next one comes after it.
      if (phase === 'login' && user !== undefined && failuresOfUser.has(user)) failuresOfUser.set(user, 0);
      if (phase === 'login' && turn !== null && user !== undefined && turnedLogins.size < MOST_NAMES)
        turnedLogins.add(user);
      if (phase === 'failure' && user !== undefined && (failuresOfUser.has(user) || failuresOfUser.size < MOST_NAMES))
        failuresOfUser.set(user, (failuresOfUser.get(user) ?? 0) + 1);
      const isEntry = phase === 'exploit' ? outcome !== 'failure' : phase === 'login' && turn !== null;
      if (isEntry && host !== undefined && entered.size < MOST_NAMES) entered.add(host);
      return turn;
    },
  };
}
