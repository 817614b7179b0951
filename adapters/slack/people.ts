// Who somebody is now, from users.info. No answer is never taken for a yes.
import type { DirectoryEntry, Principal } from '../../src/chat/types.ts';
import { clip, reveal } from '../../src/view/escape.ts';
import type { Installation, Sender } from './parse/envelope.ts';
import { flagAt, objectAt, type Payload, textAt } from './parse/payload.ts';
import { type Call, SlackRefused } from './send/clients.ts';

const CACHE_MS = 60_000;
const CACHE_SIZE = 2000;

export interface People {
  /** The sender as a Principal; `unknown` when Slack cannot be asked. Answers may be a minute old. Never throws. */
  principal(sender: Sender): Promise<Principal>;
  /** Asks Slack now; null when nobody has that id. Throws when Slack cannot be asked. */
  fresh(who: { readonly tenant: string; readonly id: string }): Promise<DirectoryEntry | null>;
}

/** What users.info says of a standing. Anything that does not look like a whole answer is `unknown`. */
export function standingOf(user: Payload, own: Installation): Principal['standing'] {
  const team = textAt(user, 'team_id');
  const enterprise = textAt(user, 'enterprise_user', 'enterprise_id') || textAt(user, 'enterprise_id');
  if (textAt(user, 'id') === '' || team === '') return 'unknown';
  if (flagAt(user, 'deleted')) return 'deactivated';
  if (flagAt(user, 'is_bot') || flagAt(user, 'is_workflow_bot') || textAt(user, 'id') === 'USLACKBOT') return 'bot';
  const isHome =
    team === own.team || (own.enterprise !== '' && (enterprise === own.enterprise || team === own.enterprise));
  if (flagAt(user, 'is_stranger') || !isHome) return 'external';
  if (flagAt(user, 'is_restricted') || flagAt(user, 'is_ultra_restricted')) return 'guest';
  return 'member';
}

const labelOf = (user: Payload, id: string): string =>
  clip(
    reveal(
      textAt(user, 'profile', 'display_name') ||
        textAt(user, 'profile', 'real_name') ||
        textAt(user, 'real_name') ||
        textAt(user, 'name') ||
        id,
    ),
    80,
  );

export function createPeople(call: Call, own: () => Installation, now: () => number): People {
  const cache = new Map<string, { readonly at: number; readonly principal: Principal }>();

  async function fresh(who: { readonly tenant: string; readonly id: string }): Promise<DirectoryEntry | null> {
    let user: Payload;
    try {
      user = objectAt(await call('users.info', { user: who.id }), 'user');
    } catch (error) {
      if (error instanceof SlackRefused && error.code === 'user_not_found') return null;
      throw error;
    }
    if (textAt(user, 'id') !== who.id) throw new Error('users.info answered about somebody else');
    const standing = standingOf(user, own());
    const principal: Principal = {
      platform: 'slack',
      tenant: who.tenant,
      id: who.id,
      label: labelOf(user, who.id),
      // Another workspace's person is never a member here, whatever users.info says.
      standing: standing === 'member' && who.tenant !== own().tenant ? 'external' : standing,
    };
    cache.delete(`${who.tenant}/${who.id}`);
    // A no is asked again each time: it may have been mended since.
    if (principal.standing === 'member') cache.set(`${who.tenant}/${who.id}`, { at: now(), principal });
    if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value as string);
    const zone = textAt(user, 'tz');
    return { principal, ...(zone ? { zone } : {}) };
  }

  return {
    fresh,
    async principal({ tenant, user }) {
      const known = cache.get(`${tenant}/${user}`);
      if (known && now() - known.at < CACHE_MS) return known.principal;
      const nobody: Principal = { platform: 'slack', tenant, id: user, label: user, standing: 'unknown' };
      try {
        return (await fresh({ tenant, id: user }))?.principal ?? nobody;
      } catch {
        return nobody;
      }
    },
  };
}
