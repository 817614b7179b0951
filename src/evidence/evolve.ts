import type { CustodyRecord } from '../audit/custody.ts';
import type { LedgerRecord } from '../audit/record.ts';
import type { Evidence, EvidenceRecord, EvidenceState } from './types.ts';

const change = (state: EvidenceState, key: string, by: (item: Evidence) => Evidence): EvidenceState => ({
  ...state,
  items: state.items.map((i) => (i.key === key ? by(i) : i)),
});

/** Folds one record of the stream; records of other nouns leave it as it is. */
export function evolveEvidence(state: EvidenceState, stored: LedgerRecord): EvidenceState {
  const record = stored as unknown as EvidenceRecord | CustodyRecord;
  switch (record.type) {
    case 'evidence.received':
      return {
        ...state,
        items: [
          ...state.items,
          {
            ...record.body,
            receivedBy: stored.actor,
            receivedAt: stored.ts,
            reading: null,
            failure: null,
            isSourceDeleted: false,
            isDisposed: false,
          },
        ],
      };
    case 'evidence.read':
      return change(state, record.body.key, (i) => ({ ...i, reading: record.body.reading, failure: null }));
    case 'evidence.unreadable':
      return change(state, record.body.key, (i) => ({ ...i, failure: record.body.why }));
    case 'evidence.source-changed':
      return change(state, record.body.key, (i) => ({
        ...i,
        isSourceDeleted: i.isSourceDeleted || record.body.change === 'deleted',
      }));
    case 'custody.disposed':
      return change(state, record.body.key, (i) => ({
        ...i,
        reading: null,
        failure: 'it was disposed of, and the record says by whom and why',
        isDisposed: true,
      }));
    case 'indicator.confirmed': {
      const { type, value, evidence } = record.body;
      if (state.indicators.some((i) => i.type === type && i.value === value)) return state;
      return { ...state, indicators: [...state.indicators, { type, value, evidence, confirmedBy: stored.actor }] };
    }
  }
  return state;
}
