// How far it goes, as far as anybody knows: which of our accounts and hosts suspicious events touch, what people have established
// about each, and what was never collected. Pure.
import { hasWord } from '../notice/words.ts';
import type { Organisation } from '../organisation/schema.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import { openChallenges } from './confidence.ts';
import type { Finding } from './types.ts';

/** From here on the engine counts an event as suspicious (src/timeline/scope.ts). */
const SUSPICIOUS = 4;

/** `established`: a verified finding says so. `claimed`: only findings that nobody verified. `seen`: in logs, no finding yet. */
export type Standing = 'established' | 'claimed' | 'refuted' | 'seen';

export interface Touched {
  readonly kind: 'account' | 'host';
  readonly name: string;
  readonly standing: Standing;
  /** Findings that name it or cite one of its events. */
  readonly findings: readonly string[];
  readonly events: number;
  /** Worst first, at most three keys. */
  readonly cites: readonly string[];
  readonly firstAt: string;
  readonly lastAt: string;
  readonly isCrownJewel: boolean;
}

export interface Scope {
  readonly touched: readonly Touched[];
  /** Assets of ours beside what is touched of which no evidence holds a single event. */
  readonly notCollected: readonly { readonly name: string; readonly why: string; readonly isCrownJewel: boolean }[];
}

const citesOf = (f: Finding): readonly string[] => [...f.cites, ...(f.verification?.cites ?? [])];

function isCited(event: TimelineEvent, cites: readonly string[]): boolean {
  return cites.some((c) => {
    if (c === event.key) return true;
    const [evidence, lines] = c.split(':');
    if (evidence !== event.evidence || lines === undefined) return false;
    const [from = 0, to = from] = lines.split('-').map(Number);
    return event.lines.some((l) => l >= from && l <= to);
  });
}

function standingOf(about: readonly Finding[]): Standing {
  const live = about.filter((f) => f.state !== 'refuted');
  if (live.some((f) => f.state === 'verified' && openChallenges(f).length === 0)) return 'established';
  if (live.length > 0) return 'claimed';
  return about.length > 0 ? 'refuted' : 'seen';
}

const ORDER: readonly Standing[] = ['established', 'claimed', 'seen', 'refuted'];

/** The scope of an incident. `collected` is every event of all evidence, on the timeline or not. */
export function scopeOf(collected: readonly TimelineEvent[], findings: readonly Finding[], org: Organisation): Scope {
  const suspicious = collected.filter((e) => e.severity >= SUSPICIOUS && e.derived !== null);
  const groups = new Map<string, { kind: Touched['kind']; name: string; events: TimelineEvent[] }>();
  for (const event of suspicious) {
    const { user, host } = event.derived?.entities ?? {};
    for (const [kind, name] of [
      ['account', user],
      ['host', host],
    ] as const) {
      if (!name) continue;
      const id = `${kind} ${name.toLowerCase()}`;
      const known = groups.get(id);
      if (known) known.events.push(event);
      else groups.set(id, { kind, name, events: [event] });
    }
  }
  const asset = (name: string) => org.assets.find((a) => a.name.toLowerCase() === name.toLowerCase());
  const touched = [...groups.values()].map(({ kind, name, events }): Touched => {
    const about = findings.filter((f) => hasWord(f.claim, name) || events.some((e) => isCited(e, citesOf(f))));
    const times = events.map((e) => e.occurredAt).toSorted();
    return {
      kind,
      name,
      standing: standingOf(about),
      findings: about.map((f) => f.key),
      events: events.reduce((sum, e) => sum + e.count, 0),
      cites: events
        .toSorted((a, b) => b.severity - a.severity)
        .slice(0, 3)
        .map((e) => e.key),
      firstAt: times[0] ?? '',
      lastAt: times.at(-1) ?? '',
      isCrownJewel: asset(name)?.crown_jewel ?? false,
    };
  });
  const present = (name: string): boolean =>
    collected.some((e) =>
      Object.values(e.derived?.entities ?? {}).some(
        (v) => typeof v === 'string' && v.toLowerCase() === name.toLowerCase(),
      ),
    );
  const hosts = new Set(touched.map((t) => t.name.toLowerCase()));
  const notCollected = org.assets
    .filter((a) => !hosts.has(a.name.toLowerCase()) && !present(a.name) && !a.addresses.some(present))
    .flatMap((a) => {
      const needs = touched.find((t) => asset(t.name)?.depends_on.includes(a.name));
      const needed = a.depends_on.find((d) => hosts.has(d.toLowerCase()));
      const why = needs
        ? `${needs.name} depends on it`
        : needed
          ? `it depends on ${needed}`
          : a.crown_jewel
            ? 'it matters most'
            : null;
      return why === null ? [] : [{ name: a.name, why, isCrownJewel: a.crown_jewel }];
    });
  return {
    touched: touched.toSorted(
      (a, b) =>
        ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing) ||
        Number(b.isCrownJewel) - Number(a.isCrownJewel) ||
        b.events - a.events ||
        (a.name < b.name ? -1 : 1),
    ),
    notCollected: touched.length === 0 ? [] : notCollected,
  };
}
