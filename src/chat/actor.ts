import type { Actor } from '../audit/record.ts';
import type { PersonRef } from '../view/types.ts';
import type { Principal } from './types.ts';

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
