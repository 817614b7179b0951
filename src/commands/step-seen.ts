// What the evidence of an incident shows that a step may ask for: accounts, hosts, addresses and so on. Offered, never chosen.
import { defangText } from '../evidence/defang.ts';
import { withoutSecrets } from '../evidence/secrets.ts';
import type { Seen, SeenKind } from '../playbook/form.ts';
import type { Indicator, Timeline } from '../timeline/types.ts';
import type { Call } from './types.ts';

const KIND_OF: Readonly<Partial<Record<Indicator['type'], SeenKind>>> = {
  ipv4: 'address',
  ipv6: 'address',
  domain: 'domain',
  url: 'url',
  email: 'mailbox',
  md5: 'hash',
  sha1: 'hash',
  sha256: 'hash',
};

/** A name nobody would take for a target: empty, a placeholder, or far too long. */
const isName = (value: string): boolean => /^[^\s-]/.test(value) && value.length <= 120;

interface Tally {
  readonly kind: SeenKind;
  readonly value: string;
  readonly where: Set<string>;
  count: number;
  rank: number;
  /** Highest severity, 0 to 10, of an event that names it. */
  worst: number;
}

/** The highest severity of an event that names each account and host. */
function worstOf(timeline: Timeline): ReadonlyMap<string, number> {
  const worst = new Map<string, number>();
  for (const { entities, severity } of timeline.events)
    for (const name of [entities.user, entities.host])
      if (name !== undefined) worst.set(name, Math.max(worst.get(name) ?? 0, severity));
  return worst;
}

function aside({ count, rank, worst }: Pick<Tally, 'count' | 'rank' | 'worst'>): string {
  const times = count > 0 ? `, ${count} ${count === 1 ? 'time' : 'times'}` : '';
  if (rank === 3) return `${times}, kept as an indicator`;
  if (rank === 2) return `${times}, behaves like an attacker`;
  return worst >= 6 ? `${times}, in an event of severity ${worst} of 10` : times;
}

/** Everything seen in the evidence that was read, kept indicators first, then those that behave like an attacker, then by severity and number. */
export async function seenIn(call: Call): Promise<readonly Seen[]> {
  const { dossier, services } = call;
  if (!dossier) return [];
  const found = new Map<string, Tally>();
  const see = (kind: SeenKind, value: string, where: string, count: number, rank = 0, worst = 0): void => {
    if (!isName(value)) return;
    const key = `${kind} ${value.toLowerCase()}`;
    const before = found.get(key);
    if (before) {
      before.where.add(where);
      before.count += count;
      before.rank = Math.max(before.rank, rank);
      before.worst = Math.max(before.worst, worst);
    } else found.set(key, { kind, value, where: new Set([where]), count, rank, worst });
  };
  for (const { type, value, evidence } of dossier.evidence.indicators) {
    const kind = KIND_OF[type];
    if (kind) see(kind, value, evidence, 0, 3);
  }
  for (const { key, reading } of dossier.evidence.items) {
    const timeline: Timeline | null = reading ? await services.intake.result(reading.result) : null;
    if (!timeline) continue;
    const attackers = new Set(timeline.attackers.map((a) => a.ip));
    for (const i of withoutSecrets(timeline)) {
      const kind = KIND_OF[i.type];
      if (kind && !(i.isOurs && kind !== 'mailbox')) see(kind, i.value, key, i.count, attackers.has(i.value) ? 2 : 0);
    }
    const worst = worstOf(timeline);
    for (const { value, count } of timeline.scope.users) see('account', value, key, count, 0, worst.get(value));
    for (const { value, count } of timeline.scope.hosts) see('host', value, key, count, 0, worst.get(value));
  }
  return [...found.values()]
    .sort((a, b) => b.rank - a.rank || b.worst - a.worst || b.count - a.count || (a.value < b.value ? -1 : 1))
    .map(({ kind, value, where, ...more }) => ({
      kind,
      value,
      where: [...where],
      label: `${defangText(value)} (${[...where].join(', ')}${aside(more)})`,
    }));
}
