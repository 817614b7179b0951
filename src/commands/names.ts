import type { NameOf } from '../playbook/view-step.ts';
import type { Services } from './types.ts';

/** Names of people behind keys; a key nobody has any more is shown as it is. */
export const namesIn =
  (services: Services): NameOf =>
  (key) =>
    services.organisation.organisation.people.find((p) => p.key === key)?.name ?? key;
