// Asking a platform's directory, with a time limit: no answer is never taken for a yes.
import type { ChatPort, Principal } from '../chat/types.ts';
import type { DirectoryFact } from './decide-approval.ts';

/** What the directory says of somebody now. Never throws; no adapter, an error or no answer in time is `unavailable`. */
export async function standingOf(
  port: Pick<ChatPort, 'resolvePerson'> | undefined,
  who: Pick<Principal, 'tenant' | 'id'>,
  timeoutMs: number,
): Promise<DirectoryFact> {
  if (!port) return 'unavailable';
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeoutMs);
    });
    const entry = await Promise.race([port.resolvePerson({ tenant: who.tenant, id: who.id }), late]);
    if (entry === 'late') return 'unavailable';
    if (entry === null) return 'gone';
    // An answer about somebody else is no answer.
    const isSame = entry.principal.id === who.id && entry.principal.tenant === who.tenant;
    return isSame ? entry.principal.standing : 'unavailable';
  } catch {
    return 'unavailable';
  } finally {
    clearTimeout(timer);
  }
}
