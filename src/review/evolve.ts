import type { LedgerRecord } from '../audit/record.ts';
import type { ReviewRecord, Reviews } from './types.ts';

/** Folds one record; records of other nouns leave it as it is. */
export function evolveReviews(all: Reviews, stored: LedgerRecord): Reviews {
  const record = stored as unknown as ReviewRecord;
  const stamp = { editedBy: stored.actor, editedAt: stored.ts };
  switch (record.type) {
    case 'review.drafted':
      return { ...all, draft: { ...record.body, ...stamp } };
    case 'review.edited':
      return all.draft ? { ...all, draft: { ...all.draft, ...record.body, ...stamp } } : all;
    case 'review.published':
      return { draft: null, published: [...all.published, { ...record.body, by: stored.actor, at: stored.ts }] };
    case 'review.exported':
      return all;
  }
  return all;
}
