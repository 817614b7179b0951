// How they may have got in: three candidates, each with why and with how it could be wrong.

import type { DerivedEvent, InitialAccessCandidate } from './types.ts';

const MOST_CANDIDATES = 3;
const STRONGEST = 10;

/** An event of one of the sources that are looked at together. */
export interface WalkedEvent {
  readonly event: DerivedEvent;
  /** The source's name; null when there is only one. */
  readonly source: string | null;
  /** Nothing in its source is earlier. */
  readonly isAtStart: boolean;
}

interface Entry {
  readonly base: number;
  readonly why: string;
  readonly caveat: string;
}

const plural = (count: number, one: string): string => (count === 1 ? `one ${one}` : `${count} ${one}s`);

/** What kind of way in an event would be, or null when it is none. */
function entryOf(event: DerivedEvent): Entry | null {
  const { phase, isTurn = false, detections = [] } = event;
  const from = event.entities.srcIp ? ` from ${event.entities.srcIp}` : '';
  const as = event.entities.user ? ` as ${event.entities.user}` : '';
  if (phase === 'login' && isTurn)
    return {
      base: 12,
      why: `Login${as}${from}: ${event.reasons[0] ?? 'after failures'}.`,
      caveat: 'The owner of the account may have mistyped the password and then got it right.',
    };
  if (detections.some((id) => id === 'web-shell' || id === 'web-process-shell' || id === 'web-backdoor-name'))
    return {
      base: event.entities.outcome === 'failure' ? 5 : 11,
      why: `What looks like a web shell was used${from}.`,
      caveat:
        'A shell must be put there first: the way in may be an earlier upload or exploit, or a legitimate script of that name.',
    };
  if (isTurn && event.reasons[0]?.includes('appears from a new address'))
    return {
      base: 10,
      why: `${event.reasons[0]}${event.entities.srcIp ? `, ${event.entities.srcIp}` : ''}: its password, key or session may be in other hands.`,
      caveat: 'People and jobs change networks and machines: ask the owner of the account.',
    };
  if (phase === 'exploit') {
    const isAnswered = event.entities.outcome === 'success';
    return {
      base: isAnswered ? 9 : 5,
      why: `${plural(event.count, 'exploit attempt')}${from}${isAnswered ? ', answered with success' : ''}.`,
      caveat: isAnswered
        ? 'A success status says that the server answered, not that the exploit worked.'
        : 'The server refused it, as far as this log tells; scanners send such requests everywhere.',
    };
  }
  if (phase === 'login' && event.reasons.some((reason) => reason.includes('first login')))
    return {
      base: 7,
      why: `First login${as}${from} in this log.`,
      caveat: 'New for this log is not new for the account: people travel and change networks.',
    };
  if (phase === 'foothold')
    return {
      base: 6,
      why: `${event.reasons[0] ?? 'A foothold'}${as}${from}.`,
      caveat:
        'This is what intruders do after they are in; whoever did it came earlier, or is an administrator at work.',
    };
  if (phase === 'execution')
    return {
      base: 5,
      why: `${event.reasons[0] ?? 'Commands'}${as}${from}.`,
      caveat: 'Code already ran here; the way in lies earlier.',
    };
  if (phase === 'failure' && event.count >= 10)
    return {
      base: 4,
      why: `${event.count} failed logins${as}${from}.`,
      caveat: 'No success after them is in this log; it may have happened where this log does not look.',
    };
  if (phase === 'login')
    return {
      base: 2,
      why: `Login${as}${from}.`,
      caveat: 'Nothing but its place before the suspicious events speaks for it.',
    };
  return null;
}

function sharedWith(event: DerivedEvent, strongest: readonly DerivedEvent[]): string[] {
  const names = new Set<string>();
  for (const other of strongest) {
    if (other === event) continue;
    for (const key of ['srcIp', 'user', 'host'] as const) {
      const value = event.entities[key];
      if (value && value === other.entities[key]) names.add(value);
    }
  }
  return [...names];
}

/** The strongest events, each kind from each host once: ten alike would say one thing ten times. */
function oneOfEachKind(walked: readonly WalkedEvent[]): DerivedEvent[] {
  const seen = new Set<string>();
  const chosen: DerivedEvent[] = [];
  for (const { event, source } of walked) {
    if (chosen.length === STRONGEST) break;
    const kind = `${source} ${event.templateId} ${event.entities.host} ${event.entities.srcIp}`;
    if (seen.has(kind)) continue;
    seen.add(kind);
    chosen.push(event);
  }
  return chosen;
}

/** At most three candidates over all sources, best first. The events may come in any order. */
export function initialAccessOf(walked: readonly WalkedEvent[]): InitialAccessCandidate[] {
  const byScore = [...walked].sort((a, b) => b.event.score - a.event.score || a.event.lines[0]! - b.event.lines[0]!);
  const strongest = oneOfEachKind(byScore.filter((one) => one.event.score >= 7));
  const worth =
    strongest.length > 0
      ? strongest
      : byScore
          .slice(0, 3)
          .map((one) => one.event)
          .filter((event) => event.severity >= 4);
  if (worth.length === 0) return [];
  const last = worth
    .map((event) => event.lastAt)
    .sort()
    .at(-1)!;
  const found: (InitialAccessCandidate & { score: number; who: string })[] = [];
  // All of them: a thousand severe repeats must not hide the one quiet login that began it.
  for (const one of byScore) {
    const { event, source, isAtStart } = one;
    const entry = event.occurredAt <= last ? entryOf(event) : null;
    if (entry === null) continue;
    const shared = sharedWith(event, worth);
    const score = entry.base + Math.min(3, shared.length * 1.5) + event.score / 10;
    const caveat = isAtStart
      ? `${entry.caveat} It stands at the very beginning: the log may start too late.`
      : entry.caveat;
    const why =
      shared.length > 0
        ? `${entry.why} Shares ${shared.slice(0, 3).join(', ')} with the most suspicious events.`
        : entry.why;
    found.push({
      ...(source === null ? {} : { source }),
      line: event.lines[0]!,
      why,
      caveat,
      score,
      who: entry.why,
    });
  }
  const seen = new Set<string>();
  return found
    .sort((a, b) => b.score - a.score || a.line - b.line)
    .filter((one) => !seen.has(one.who) && seen.add(one.who))
    .slice(0, MOST_CANDIDATES)
    .map(({ score, who, ...candidate }) => candidate);
}
