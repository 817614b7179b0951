import type { ClockRecord, ClockState, Trigger } from './types.ts';

/** No clock has been touched. */
export const noClocks: ClockState = { marks: {}, triggers: {}, submissions: {}, deferrals: {} };

/** Folds one clock record into the state; earlier triggers stay readable. */
export function evolveClocks(state: ClockState, record: ClockRecord): ClockState {
  const { by, at } = record.body;
  switch (record.type) {
    case 'clock.regime-marked': {
      const { regime, mark, reason } = record.body;
      return { ...state, marks: { ...state.marks, [regime]: { mark, reason, by } } };
    }
    case 'clock.started':
    case 'clock.trigger-corrected': {
      const { regime, anchor, triggerAt, zone, reason } = record.body;
      const trigger: Trigger = { at: Date.parse(triggerAt), zone, reason, by, recordedAt: at };
      const known = state.triggers[regime] ?? {};
      return {
        ...state,
        triggers: { ...state.triggers, [regime]: { ...known, [anchor]: [...(known[anchor] ?? []), trigger] } },
      };
    }
    case 'clock.submitted': {
      const { rule, submittedAt, zone, reference } = record.body;
      const submission = { at: Date.parse(submittedAt), zone, reference, reason: '', by, recordedAt: at };
      return { ...state, submissions: { ...state.submissions, [rule]: submission } };
    }
    case 'clock.deferred': {
      const { rule, until, basis } = record.body;
      return { ...state, deferrals: { ...state.deferrals, [rule]: { until: Date.parse(until), basis, by } } };
    }
  }
}
