// Which event is being handled: what is appended meanwhile is noted as its work, in the same transaction.
import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** Runs the handling of an event; everything that is appended during it, and because of it, is its work. */
export const causedBy = <Done>(event: string, work: () => Promise<Done>): Promise<Done> => current.run(event, work);

/** The event that is being handled here, if any. */
export const causeNow = (): string | undefined => current.getStore();
