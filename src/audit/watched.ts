// The store with the audit log watching: every commit is told to the log, which signs when it is due. Signing never delays a decision.
import type { Logger } from 'pino';
import { causeNow } from '../store/cause.ts';
import { LedgerUnavailable, type Store } from '../store/types.ts';
import type { AuditLog } from './log.ts';

/**
 * The same store; after each append the log learns of it. A signing that fails is logged and shown by `audit`. Once the log
 * has found a contradiction, nothing is appended any more (LedgerUnavailable): no decision is taken on an unsound ledger.
 */
export function watched(store: Store, log: () => AuditLog | null, logger: Pick<Logger, 'error'>): Store {
  return {
    ...store,
    async append(appends, outbox, cause = causeNow()) {
      const halted = log()?.status().halted ?? null;
      if (halted) throw new LedgerUnavailable(`the ledger is not sound: ${halted}`);
      const written = await store.append(appends, outbox, cause);
      log()
        ?.appended(written.map((s) => s.record.type))
        .catch((error: unknown) => logger.error({ err: error }, 'the ledger could not be signed'));
      return written;
    },
  };
}
