// Whom an audience is: the built-in rules, what the organisation's file says of it, and where it is reached.
import type { LoadedOrganisation } from '../organisation/load.ts';
import type { Organisation } from '../organisation/schema.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type Audience, builtInAudiences } from './audiences.ts';
import { withTemplate } from './template.ts';
import type { Tlp } from './tlp.ts';
import { channelOf, type Delivery } from './types.ts';

/** An audience as this organisation has it. */
export interface Reached {
  readonly audience: Audience;
  /** Widest handling its channels allow. */
  readonly width: Tlp;
  readonly isExternal: boolean;
  readonly deliveries: readonly Delivery[];
}

/** Every audience a notice can be drafted for. */
export const audienceKeys = (org: Organisation): readonly string[] => [
  ...new Set([...builtInAudiences.keys(), ...Object.keys(org.audiences)]),
];

const DEFAULT_WIDTH: Readonly<Record<string, Tlp>> = {
  employees: 'GREEN',
  legal: 'AMBER+STRICT',
  customers: 'CLEAR',
  media: 'CLEAR',
};

const named = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1).replaceAll('-', ' ');

/** An audience by key, in the words of a template when one is named; or a refusal that lists the audiences. Strangers to the built-in table follow the strictest rules for outsiders. */
export function reach(
  key: string,
  { organisation: org, templates }: LoadedOrganisation,
  template: string | null = null,
): Reached | Refusal {
  const wanted = key.trim().toLowerCase();
  const set = Object.hasOwn(org.audiences, wanted) ? org.audiences[wanted] : undefined;
  const builtIn = builtInAudiences.get(wanted);
  if (!set && !builtIn) {
    return refuse(
      'no-audience',
      `"${key.slice(0, 30)}" is no audience. There are ${audienceKeys(org).join(', ')}; countersign.yml can add more.`,
    );
  }
  const plain: Audience = builtIn ?? {
    ...(builtInAudiences.get('vendors') as Audience),
    key: wanted,
    title: named(wanted),
    isExternal: set?.external ?? true,
    needs: [],
  };
  // A template of its own adds to the one of its audience; one that is gone by now takes nothing of what was drafted with it.
  const own = withTemplate(plain, templates.get(wanted));
  const audience = template === null || template === wanted ? own : withTemplate(own, templates.get(template));
  return {
    audience,
    width: set?.tlp ?? DEFAULT_WIDTH[wanted] ?? 'AMBER',
    // The file can make an inside audience follow the rules for outsiders, never the other way round.
    isExternal: audience.isExternal || (set?.external ?? false),
    deliveries: [
      ...(set?.channels ?? []).filter((c) => channelOf(c) !== null).map((to): Delivery => ({ to, how: 'channel' })),
      ...(set?.emails ?? []).map((to): Delivery => ({ to, how: 'mail' })),
    ],
  };
}
