// What platforms delivered, kept before it is acknowledged: a crash afterwards loses nothing, and what can never be handled ends.

/** One delivery as it came. `id` is the same when the platform delivers it again. */
export interface Arrival {
  readonly id: string;
  readonly body: string;
  /** Epoch milliseconds when it was kept. */
  readonly atMs: number;
  /** Rounds of handling that were begun, the one at its arrival included. */
  readonly tries: number;
}

/** Why nobody tries an arrival any more. */
export type Spent = 'tries' | 'age';

/** An arrival that is not tried any more. Its body is kept for a month. */
export interface GivenUp {
  readonly id: string;
  readonly atMs: number;
  readonly givenUpMs: number;
  readonly tries: number;
  /** What the last try failed of; empty when the process ended with it. */
  readonly lastError: string;
}

/** The inbox of the adapters. `keep` is durable when it returns; its throwing means: do not acknowledge. */
export interface Arrivals {
  /** True when it is new; false when it was kept before, whether handled or not. Keeping it is its first try. */
  keep(id: string, body: string): Promise<boolean>;
  /** What was kept, not finished and not given up, oldest first, of ids that start so. */
  unhandled(prefix: string): Promise<readonly Arrival[]>;
  /** Counts one more try before it is made: one that ends the process has counted too. */
  tries(id: string): Promise<void>;
  /** A try failed of this. */
  failed(id: string, because: string): Promise<void>;
  /** Finished: the body is forgotten, the id stays so that a repeat is told. */
  handled(id: string): Promise<void>;
  /** Not to be tried any more. */
  giveUp(id: string): Promise<void>;
  /** How many are not finished, and what was given up, the newest first. */
  state(): Promise<{ readonly waiting: number; readonly givenUp: readonly GivenUp[] }>;
}

/** Rounds of handling after which it is given up. */
export const MAX_TRIES = 5;
/** Older than this nobody expects an answer any more. */
export const MAX_AGE_MS = 24 * 3_600_000;
/** What failed is tried again after so long, and at each start or new connection. */
export const ROUND_EVERY_MS = 5 * 60_000;

/** Why it is not tried any more; null while it may be. */
export function spentOf({ tries, atMs }: Arrival, nowMs: number): Spent | null {
  if (tries >= MAX_TRIES) return 'tries';
  return nowMs - atMs > MAX_AGE_MS ? 'age' : null;
}

/**
 * Gives a function that takes up everything unfinished once, oldest first; a call during a round joins it. `work` handles one
 * and says so itself; what it throws is noted, and stands in nobody's way. `lost` tells of one that is given up.
 */
export function createRounds(parts: {
  readonly arrivals: Arrivals;
  readonly prefix: string;
  readonly now: () => number;
  readonly isUnderWay: (id: string) => boolean;
  readonly work: (arrival: Arrival) => Promise<void>;
  readonly lost: (arrival: Arrival, why: Spent) => Promise<void>;
  readonly log: { error(facts: object, words: string): void };
}): () => Promise<void> {
  const { arrivals, log } = parts;
  let running: Promise<void> | null = null;

  async function one(arrival: Arrival): Promise<void> {
    const why = spentOf(arrival, parts.now());
    try {
      if (why !== null) {
        await parts.lost(arrival, why);
        await arrivals.giveUp(arrival.id);
        log.error({ id: arrival.id, tries: arrival.tries, why }, 'a delivery could not be handled and is given up');
        return;
      }
      await arrivals.tries(arrival.id);
      await parts.work(arrival);
    } catch (error) {
      log.error({ err: error, id: arrival.id }, 'a delivery of before could not be handled; it waits');
      await arrivals.failed(arrival.id, String(error)).catch(() => {});
    }
  }

  async function round(): Promise<void> {
    for (const arrival of await arrivals.unhandled(parts.prefix)) if (!parts.isUnderWay(arrival.id)) await one(arrival);
  }

  return () => {
    running ??= round().finally(() => {
      running = null;
    });
    return running;
  };
}
