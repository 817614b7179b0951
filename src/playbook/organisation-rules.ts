// What an organisation's file means for its playbooks: which actions, approvers and audiences there are.
import { listFor, peopleOn } from '../containment/policy.ts';
import type { Reversibility } from '../containment/types.ts';
import { audienceKeys } from '../notice/recipients.ts';
import type { Organisation } from '../organisation/schema.ts';
import type { CheckContext } from './rule.ts';

/** The load rules' view of an organisation and of the clock rules that ship. */
export function checkContextOf(
  organisation: Organisation,
  clocks: ReadonlySet<string>,
  templates: ReadonlySet<string> = new Set(),
): CheckContext {
  const actions = Object.entries(organisation.actions).map(
    ([type, { targets, parameters }]) => [type, { targets, parameters: new Set(Object.keys(parameters)) }] as const,
  );
  return {
    actions: new Map(actions),
    adapters: new Set(Object.keys(organisation.webhooks)),
    eligible: (action, stated, role) => {
      const reversibility: Reversibility =
        stated === 'externally_reversible' || stated === 'irreversible' ? stated : 'reversible';
      const list = listFor(organisation, action, reversibility);
      const people = list ? peopleOn(organisation, list) : [];
      return role === undefined || people.some((person) => person.roles.some((held) => held === role))
        ? people.length
        : 0;
    },
    clocks,
    audiences: new Set(audienceKeys(organisation)),
    templates,
  };
}
