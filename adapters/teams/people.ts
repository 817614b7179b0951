// Who somebody is now, by the roster of a conversation they were seen in. No answer is never taken for a yes.
import type { DirectoryEntry, Principal } from '../../src/chat/types.ts';
import type { Connector } from './connector.ts';
import { STANDING_GOOD_FOR_MS } from './limits.ts';
import type { Memory } from './memory.ts';

export interface PeopleParts {
  readonly memory: Memory;
  readonly connector: Connector;
  readonly tenants: readonly string[];
  readonly isDevelopment: boolean;
  readonly now: () => number;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export class People {
  readonly #parts: PeopleParts;
  readonly #recent = new Map<string, { readonly standing: Principal['standing']; readonly atMs: number }>();

  constructor(parts: PeopleParts) {
    this.#parts = parts;
  }

  /** Asks the roster. Null when nobody there has that id; throws when it cannot be asked or answers about somebody else. */
  async resolve(who: { readonly tenant: string; readonly id: string }): Promise<DirectoryEntry | null> {
    const { memory, connector, tenants } = this.#parts;
    if (!tenants.includes(who.tenant)) return null;
    const known = await memory.person(who.tenant, who.id);
    const where = known?.seenIn ?? known?.direct;
    const reference = where === undefined ? null : await memory.reference(where);
    if (!known || where === undefined || !reference)
      throw new Error('that person was never seen in Teams, so their roster cannot be asked');
    const member = await connector.member(reference.serviceUrl, where, known.userId);
    if (member === null) return null;
    const objectId = text(member['aadObjectId'] ?? member['objectId']).toLowerCase();
    if (objectId !== who.id) throw new Error('the roster answered about somebody else');
    const label = text(member['name']) || known.label;
    return {
      principal: { platform: 'teams', tenant: who.tenant, id: who.id, label, standing: this.#standing(member) },
    };
  }

  /** Standing for what decides nothing irrevocable: kept for some minutes; `unknown` when the roster does not answer. */
  async standing(who: { readonly tenant: string; readonly id: string }): Promise<Principal['standing']> {
    const key = `${who.tenant}/${who.id}`;
    const recent = this.#recent.get(key);
    if (recent && this.#parts.now() - recent.atMs < STANDING_GOOD_FOR_MS) return recent.standing;
    try {
      const standing = (await this.resolve(who))?.principal.standing ?? 'deactivated';
      if (this.#recent.size > 2_000) this.#recent.clear();
      this.#recent.set(key, { standing, atMs: this.#parts.now() });
      return standing;
    } catch {
      return 'unknown';
    }
  }

  #standing(member: Readonly<Record<string, unknown>>): Principal['standing'] {
    const role = text(member['userRole']).toLowerCase();
    const tenant = text(member['tenantId']).toLowerCase();
    if (text(member['userPrincipalName']).toUpperCase().includes('#EXT#') || role === 'guest') return 'guest';
    if (role === 'anonymous') return 'external';
    if (this.#parts.isDevelopment) return 'member';
    if (tenant !== '' && !this.#parts.tenants.includes(tenant)) return 'external';
    return role === 'user' ? 'member' : 'unknown';
  }
}
