// From what somebody typed to the list of things it is done to, and what else that touches. Pure.
import { isIP } from 'node:net';
import type { ActionType } from '../organisation/containment.ts';
import type { Organisation } from '../organisation/schema.ts';
import { showAll } from './show-all.ts';
import type { Target, TargetKind } from './types.ts';

const MAX_NAME = 300;

/** Splits what was typed: one a line, or separated by commas. Unicode is brought to one form, spaces are trimmed. */
export const splitTargets = (typed: string): readonly string[] => [
  ...new Set(
    typed
      .split(/[\n,]/)
      .map((t) => t.normalize('NFC').trim())
      .filter((t) => t !== ''),
  ),
];

/**
 * The targets that are meant: assets by name or address, groups and `all` as the list they stand for, anything else as
 * typed. Sorted, each once. An error says what to type instead.
 */
export function resolveTargets(
  org: Organisation,
  action: ActionType,
  asked: readonly string[],
): readonly Target[] | { readonly error: string } {
  if (asked.length === 0) return { error: 'Name at least one target.' };
  const found = new Map<string, Target>();
  for (const name of asked) {
    if (name.length > MAX_NAME) return { error: `"${name.slice(0, 40)}..." is longer than ${MAX_NAME} characters.` };
    const group = Object.hasOwn(org.groups, name) ? org.groups[name] : undefined;
    const names =
      name.toLowerCase() === 'all'
        ? org.assets.filter((a) => a.kind === action.targets).map((a) => a.name)
        : (group ?? [name]);
    if (names.length === 0)
      return { error: `"all" stands for nothing: the organisation's file lists no ${action.targets}.` };
    for (const each of names) {
      const target = resolveOne(org, action.targets, each);
      if ('error' in target) return target;
      found.set(`${target.kind} ${target.name}`, target);
    }
  }
  const targets = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return targets.length > action.max_targets
    ? {
        error: `${targets.length} targets are more than the ${action.max_targets} that ${action.title} allows at once. Propose it in parts.`,
      }
    : targets;
}

const MACHINES = new Set(['host', 'service']);

/** Machines are not accounts; every other kind of target may well name an asset of any kind. */
const isFitting = (kind: TargetKind, asset: string): boolean =>
  MACHINES.has(kind) ? MACHINES.has(asset) : kind === 'account' ? asset === 'account' : true;

function resolveOne(org: Organisation, kind: TargetKind, typed: string): Target | { readonly error: string } {
  const lower = typed.toLowerCase();
  const asset = org.assets.find((a) => a.name.toLowerCase() === lower || a.addresses.includes(lower));
  if (asset) {
    if (!isFitting(kind, asset.kind))
      return { error: `${asset.name} is a ${asset.kind} in the organisation's file, and this is done to a ${kind}.` };
    return { kind, name: asset.name, addresses: [...asset.addresses].sort(), isListed: true };
  }
  if (/[*?]/.test(typed) && kind !== 'mail')
    return {
      error: `"${typed.slice(0, 60)}" is a pattern. Name each target, a group of the organisation's file, or "all".`,
    };
  return { kind, name: isIP(lower) ? lower : typed, addresses: [], isListed: false };
}

/** What breaks, who owns it, what must not be touched: a line each, most dangerous first. */
export function blastRadius(org: Organisation, targets: readonly Target[]): readonly string[] {
  const nameOf = (key: string | undefined): string => org.people.find((p) => p.key === key)?.name ?? 'nobody on file';
  const lines = targets.flatMap((target) => {
    const asset = target.isListed ? org.assets.find((a) => a.name === target.name) : undefined;
    if (!asset)
      return [`${showAll(target.name)} is not in the organisation's file: nobody can say here what depends on it.`];
    const dependants = dependantsOf(org, asset.name);
    return [
      ...(asset.must_not ? [`${asset.name}: ${asset.must_not}`] : []),
      ...(asset.crown_jewel ? [`${asset.name} is a crown jewel.`] : []),
      `${asset.name} belongs to ${nameOf(asset.owner)}; ${dependants.length > 0 ? `what needs it: ${dependants.join(', ')}.` : 'nothing on file needs it.'}`,
    ];
  });
  return [...new Set(lines)];
}

function dependantsOf(org: Organisation, name: string): readonly string[] {
  const found = new Set<string>();
  const visit = (of: string): void => {
    for (const asset of org.assets) {
      if (!asset.depends_on.includes(of) || found.has(asset.name) || asset.name === name) continue;
      found.add(asset.name);
      visit(asset.name);
    }
  };
  visit(name);
  return [...found].sort();
}
