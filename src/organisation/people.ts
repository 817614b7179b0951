// Who a principal is in the organisation: by stable platform id only, never by name or e-mail.
import { accountKey } from '../chat/actor.ts';
import type { Organisation, Person } from './schema.ts';

interface Identity {
  readonly platform: string;
  readonly tenant: string;
  readonly id: string;
}

/** The id under which a platform's account stands in the organisation's file. */
const accountId = (who: Identity): string =>
  who.platform === 'web' && who.tenant === 'local' ? who.id : `${who.tenant}/${who.id}`;

/** The person behind an account, or null for somebody the organisation does not list. */
export const personOf = (org: Organisation, who: Identity): Person | null =>
  org.people.find((p) => p.ids[who.platform] === accountId(who)) ?? null;

/** A stable key for one human: linked accounts count once; an unlisted account stands for itself. */
export const humanKey = (org: Organisation, who: Identity): string => personOf(org, who)?.key ?? accountKey(who);

/** The account of a person on a platform, or null when they have none there. */
export function accountOf(person: Person, platform: string): Identity | null {
  const id = person.ids[platform];
  if (id === undefined) return null;
  if (platform === 'web') return { platform, tenant: 'local', id };
  const slash = id.indexOf('/');
  return { platform, tenant: id.slice(0, slash), id: id.slice(slash + 1) };
}
