// People in arguments: mention tokens and picked people, never typed names.
import { accountOf } from '../organisation/people.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { PersonRef } from '../view/types.ts';
import { type Call, one } from './types.ts';

/**
 * The person an argument names: `<@id>` as adapters write mentions, `@key` or the key of the organisation's file, or a picked
 * `tenant/id`. Null when the argument is empty; a refusal when nobody is meant by it.
 */
export async function personFromArgs(call: Call, name: string): Promise<PersonRef | null | Refusal> {
  const typed = one(call.args, name).trim();
  if (typed === '') return null;
  const org = call.services.organisation.organisation;
  const platform = call.actor.platform;
  const mention = /^<@([^>|]+)(?:\|[^>]*)?>$/.exec(typed)?.[1] ?? typed.replace(/^@/, '');
  const [tenant, id] = mention.includes('/')
    ? [mention.slice(0, mention.indexOf('/')), mention.slice(mention.indexOf('/') + 1)]
    : [call.actor.tenant, mention];
  const found = org.people
    .map((p) => ({ person: p, account: accountOf(p, platform) }))
    .find(
      ({ person, account }) =>
        account && ((account.tenant === tenant && account.id === id) || person.key === mention.toLowerCase()),
    );
  if (!found?.account)
    return refuse(
      'nobody',
      `"${typed.slice(0, 40)}" is nobody the organisation's file lists on this platform. Pick a mention from the list that appears after @.`,
    );
  return { ...found.account, label: found.person.name };
}
