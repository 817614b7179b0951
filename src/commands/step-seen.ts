// What the evidence of an incident shows that a step may ask for: accounts, hosts, addresses and so on. Offered, never chosen.
import { defang } from '../evidence/defang.ts';
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
}

/** Everything seen in the evidence that was read, kept indicators first, then those that behave like an attacker, then the most frequent. */
export async function seenIn(call: Call): Promise<readonly Seen[]> {
  const { dossier, services } = call;
  if (!dossier) return [];
  const found = new Map<string, Tally>();
  const see = (kind: SeenKind, value: string, where: string, count: number, rank: number): void => {
    if (!isName(value)) return;
    const key = `${kind} ${value.toLowerCase()}`;
    const before = found.get(key);
    if (before) {
      before.where.add(where);
      before.count += count;
      before.rank = Math.max(before.rank, rank);
    } else found.set(key, { kind, value, where: new Set([where]), count, rank });
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
    for (const { value, count } of timeline.scope.users) see('account', value, key, count, 0);
    for (const { value, count } of timeline.scope.hosts) see('host', value, key, count, 0);
  }
  return [...found.values()]
    .sort((a, b) => b.rank - a.rank || b.count - a.count || (a.value < b.value ? -1 : 1))
    .map(({ kind, value, where, count, rank }) => ({
      kind,
      value,
      where: [...where],
      label: `${defang(value)} (${[...where].join(', ')}${count > 0 ? `, ${count} ${count === 1 ? 'time' : 'times'}` : ''}${rank === 3 ? ', kept as an indicator' : rank === 2 ? ', behaves like an attacker' : ''})`,
    }));
}
