import type { Actor } from '../audit/record.ts';
import type { PersonRef } from '../view/types.ts';
import type { Principal } from './types.ts';

/** What somebody is recognised by, whatever they are called. */
type Account = Pick<Principal, 'platform' | 'tenant' | 'id'>;

/** An account in one word: `platform/tenant/id`. */
export const accountKey = (who: Account): string => `${who.platform}/${who.tenant}/${who.id}`;

/** Whether it is the same account; that two accounts are one human only the organisation's file says. */
export const isSameAccount = (a: Account, b: Account): boolean =>
  a.platform === b.platform && a.tenant === b.tenant && a.id === b.id;

/** The Principal as records keep it. */
export const actorOf = (who: Principal): Actor => ({
  kind: who.standing === 'bot' ? 'bot' : 'human',
  platform: who.platform,
  tenant: who.tenant,
  id: who.id,
  label: who.label,
});

/** The Principal as views and roles name it. */
export const refOf = (who: Pick<Principal, 'platform' | 'tenant' | 'id' | 'label'>): PersonRef => ({
  platform: who.platform,
  tenant: who.tenant,
  id: who.id,
  label: who.label,
});

/** The program itself: reminders, expiries, checkpoints. */
export const systemActor: Actor = {
  kind: 'system',
  platform: 'countersign',
  tenant: 'local',
  id: 'countersign',
  label: 'Countersign',
};
