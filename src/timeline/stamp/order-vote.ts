// Which order of day and month the clear dates of a source agree on.
import type { ReadRecord } from '../split/records.ts';
import type { OrderVote } from './resolve.ts';

/** Counts what the records of a source prove. */
export interface OrderVotes {
  readonly add: (one: Pick<ReadRecord, 'reading'>) => void;
  /** The order that all dates with only one possible order agree on, or null. */
  readonly result: () => OrderVote;
}

/** No votes yet. */
export function orderVotes(): OrderVotes {
  const seen = new Set<OrderVote>();
  return {
    add: ({ reading }) => {
      if (reading?.stamp?.settledOrder) seen.add(reading.stamp.settledOrder);
    },
    result: () => {
      const [only] = seen;
      return seen.size === 1 && only ? only : null;
    },
  };
}
