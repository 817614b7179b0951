// What each remote address did over the whole source, and the turns in it: failures then a login, probes then a request that went through.
import type { Description } from './meaning/describe.ts';
import type { Phase } from './phase.ts';

const MOST_ACTORS = 100_000;
const LINES_KEPT = 20;
const FAILURES_BEFORE_LOGIN = 3;
const PROBES_BEFORE_POST = 8;

/** An address and what it did. */
export interface Actor {
  readonly ip: string;
  records: number;
  weight: number;
  worst: number;
  readonly phases: Partial<Record<Phase, number>>;
  /** Lines with the highest severity first seen, at most 20. */
  readonly lines: number[];
  readonly saysCounts: Map<string, number>;
  turns: number;
  firstLine: number;
}

/** A record that changes the story, and why. */
export interface Turn {
  readonly why: string;
  readonly bonus: number;
}

// What one record of a severity says about the address behind it. Many small things add up; one exploit outweighs them.
const WEIGHTS = [0.02, 0.05, 0.1, 0.25, 1, 1.6, 2.4, 4, 6, 8, 10];

/** Follows addresses, users and hosts through the records in the order they come. */
export interface ActorBoard {
  see(meaning: Description, phase: Phase | null, line: number, isPost: boolean): Turn | null;
  readonly actors: ReadonlyMap<string, Actor>;
}

/** A new board. Beyond 100,000 addresses, new ones are no longer followed. */
export function createActorBoard(): ActorBoard {
  const actors = new Map<string, Actor>();
  const failuresOfUser = new Map<string, number>();
  const loginOfUser = new Map<string, string>();
  const exploited = new Map<string, number>();

  const actorOf = (ip: string, line: number): Actor | undefined => {
    let actor = actors.get(ip);
    if (actor === undefined && actors.size < MOST_ACTORS) {
      actor = {
        ip,
        records: 0,
        weight: 0,
        worst: 0,
        phases: {},
        lines: [],
        saysCounts: new Map(),
        turns: 0,
        firstLine: line,
      };
      actors.set(ip, actor);
    }
    return actor;
  };

  const count = (actor: Actor, meaning: Description, phase: Phase | null, line: number): void => {
    actor.records++;
    actor.weight += WEIGHTS[meaning.severity] ?? 0;
    actor.worst = Math.max(actor.worst, meaning.severity);
    if (phase) actor.phases[phase] = (actor.phases[phase] ?? 0) + 1;
    if (meaning.severity >= 4 && actor.lines.length < LINES_KEPT) actor.lines.push(line);
    if (meaning.says && meaning.severity >= 3) {
      if (actor.saysCounts.size < 40 || actor.saysCounts.has(meaning.says))
        actor.saysCounts.set(meaning.says, (actor.saysCounts.get(meaning.says) ?? 0) + 1);
    }
  };

  const loginTurn = (actor: Actor | undefined, user: string | undefined): Turn | null => {
    const byAddress = actor?.phases.failure ?? 0;
    if (byAddress >= FAILURES_BEFORE_LOGIN)
      return { why: `login after ${byAddress} failures from the same address`, bonus: 6 };
    const byUser = user ? (failuresOfUser.get(user) ?? 0) : 0;
    if (byUser >= 10) return { why: `login after ${byUser} failures for the same account`, bonus: 3 };
    if ((actor?.phases.exploit ?? 0) > 0) return { why: 'login from an address that also sent exploits', bonus: 5 };
    return null;
  };

  return {
    actors,
    see(meaning, phase, line, isPost) {
      const { srcIp, user, host, outcome } = meaning.entities;
      const actor = srcIp ? actorOf(srcIp, line) : undefined;
      let turn: Turn | null = null;
      if (phase === 'login') turn = loginTurn(actor, user);
      else if (isPost && outcome === 'success' && (actor?.phases.probe ?? 0) >= PROBES_BEFORE_POST)
        turn = {
          why: `a change went through after ${actor!.phases.probe} refused requests from the same address`,
          bonus: 4,
        };
      else if (phase === 'exploit' && outcome === 'success')
        turn = { why: 'the server answered an exploit with success', bonus: 2 };
      else if (
        phase === 'foothold' &&
        ((actor?.turns ?? 0) > 0 || (user && loginOfUser.has(user)) || (host && exploited.has(host)))
      )
        turn = { why: 'a new account, key, right or schedule after a suspicious login or exploit', bonus: 4 };
      else if (phase === 'execution' && host && exploited.has(host))
        turn = { why: 'commands on a host after an exploit against it', bonus: 3 };
      else if (meaning.rules.includes('web-process-shell')) turn = { why: 'a web process started a shell', bonus: 4 };
      else if (phase === 'evasion' && meaning.techniques.some((technique) => technique.id.startsWith('T1070')))
        turn = { why: 'traces were removed', bonus: 3 };
      if (actor) {
        count(actor, meaning, phase, line);
        if (turn) actor.turns++;
      }
      if (turn && phase === 'login' && user && loginOfUser.size < MOST_ACTORS) loginOfUser.set(user, srcIp ?? '');
      if (phase === 'failure' && user && (failuresOfUser.has(user) || failuresOfUser.size < MOST_ACTORS))
        failuresOfUser.set(user, (failuresOfUser.get(user) ?? 0) + 1);
      if (phase === 'exploit' && outcome !== 'failure' && host && exploited.size < MOST_ACTORS)
        exploited.set(host, line);
      return turn;
    },
  };
}
