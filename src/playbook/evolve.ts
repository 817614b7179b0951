import type { Entry, FieldValue, PlaybookRecord, PlaybookRun, PlaybookState, StepState } from './types.ts';

/** No runs yet. */
export const noRuns: PlaybookState = { runs: [] };

/** A step nobody touched. */
export const untouched: StepState = {
  settled: 'no',
  settledAt: null,
  settledBy: null,
  reason: null,
  answer: null,
  told: null,
  assignee: null,
  evidence: {},
  checks: {},
  waived: {},
  proposals: [],
  attempts: 0,
  entries: [],
};

/** Folds one record of a run into the state; a record of a run that is not in the state changes nothing. */
export function evolvePlaybooks(state: PlaybookState, record: PlaybookRecord): PlaybookState {
  if (record.type === 'playbook.started') {
    const { body } = record;
    const stamp = { at: body.at, by: body.by };
    const run: PlaybookRun = {
      id: body.runId,
      key: body.key,
      playbook: body.playbook,
      hash: body.hash,
      startedAt: body.at,
      startedBy: body.by,
      status: 'open',
      endedAt: null,
      values: body.values,
      steps: {},
      entries: valueEntries(body.values, stamp),
    };
    return { runs: [...state.runs, run] };
  }
  return { runs: state.runs.map((run) => (run.id === record.body.runId ? evolveRun(run, record) : run)) };
}

function evolveRun(run: PlaybookRun, record: Exclude<PlaybookRecord, { type: 'playbook.started' }>): PlaybookRun {
  const { body } = record;
  const stamp = { at: body.at, by: body.by };
  switch (record.type) {
    case 'playbook.adopted':
      return { ...run, playbook: record.body.playbook, hash: record.body.hash };
    case 'playbook.stopped':
      return {
        ...run,
        status: 'stopped',
        endedAt: body.at,
        entries: [...run.entries, { what: 'reason', id: 'stopped', value: record.body.reason, ...stamp }],
      };
    case 'playbook.finished':
      return { ...run, status: 'finished', endedAt: body.at };
    case 'step.filled': {
      const { stepId, values, evidence, checks } = record.body;
      const filled = withStep(run, stepId, (step) => ({
        evidence: mergeEvidence(step.evidence, evidence),
        checks: { ...step.checks, ...checks },
        entries: [
          ...step.entries,
          ...valueEntries(values, stamp),
          ...Object.entries(evidence).map(([id, keys]): Entry => ({ what: 'evidence', id, value: keys, ...stamp })),
          ...Object.entries(checks).map(([id, value]): Entry => ({ what: 'check', id, value, ...stamp })),
        ],
      }));
      return { ...filled, values: { ...run.values, ...values } };
    }
    case 'step.completed':
      return completed(run, record.body, stamp);
    case 'step.answered': {
      const { answer, reason } = record.body;
      return withStep(run, record.body.stepId, (step) => ({
        settled: 'done',
        settledAt: body.at,
        settledBy: body.by,
        answer,
        reason,
        attempts: step.attempts + (answer === 'no' ? 1 : 0),
        entries: [
          ...step.entries,
          { what: 'answer', id: 'answer', value: answer, ...stamp },
          { what: 'reason', id: 'answer', value: reason, ...stamp },
        ],
      }));
    }
    case 'step.skipped':
    case 'step.ruled-out': {
      const settled = record.type === 'step.skipped' ? 'skipped' : 'not-applicable';
      const { reason } = record.body;
      return withStep(run, record.body.stepId, (step) => ({
        settled,
        settledAt: body.at,
        settledBy: body.by,
        reason,
        entries: [...step.entries, { what: 'reason', id: settled, value: reason, ...stamp }],
      }));
    }
    case 'step.reopened':
      return withStep(run, record.body.stepId, () => ({
        settled: 'no',
        settledAt: null,
        settledBy: null,
        reason: null,
        answer: null,
        told: null,
      }));
    case 'step.noted': {
      const { text } = record.body;
      return withStep(run, record.body.stepId, (step) => ({
        entries: [...step.entries, { what: 'note', id: 'note', value: text, ...stamp }],
      }));
    }
    case 'step.assigned': {
      const { assignee } = record.body;
      return withStep(run, record.body.stepId, () => ({ assignee }));
    }
    case 'step.waived': {
      const { what, id, reason } = record.body;
      return withStep(run, record.body.stepId, (step) => ({
        waived: { ...step.waived, [`${what}:${id}`]: reason },
        entries: [...step.entries, { what: 'waiver', id: `${what}:${id}`, value: reason, ...stamp }],
      }));
    }
    case 'step.proposed': {
      const { proposal } = record.body;
      return withStep(run, record.body.stepId, (step) => ({
        proposals: [...step.proposals, { proposal, outcome: 'pending', at: body.at }],
      }));
    }
    case 'step.linked': {
      const { proposal, outcome } = record.body;
      return withStep(run, record.body.stepId, (step) => ({
        proposals: step.proposals.map((p) => (p.proposal === proposal ? { proposal, outcome, at: body.at } : p)),
      }));
    }
  }
}

function completed(
  run: PlaybookRun,
  { stepId, told }: Extract<PlaybookRecord, { type: 'step.completed' }>['body'],
  stamp: { at: string; by: string },
): PlaybookRun {
  const added: readonly Entry[] = told
    ? [
        ...told.notices.map((key): Entry => ({ what: 'told', id: 'notice', value: key, ...stamp })),
        ...(told.reason === '' ? [] : [{ what: 'told' as const, id: 'without', value: told.reason, ...stamp }]),
      ]
    : [];
  return withStep(run, stepId, (step) => ({
    settled: 'done',
    settledAt: stamp.at,
    settledBy: stamp.by,
    told: told ?? null,
    entries: [...step.entries, ...added],
  }));
}

function withStep(run: PlaybookRun, stepId: string, change: (step: StepState) => Partial<StepState>): PlaybookRun {
  const step = run.steps[stepId] ?? untouched;
  return { ...run, steps: { ...run.steps, [stepId]: { ...step, ...change(step) } } };
}

function valueEntries(values: Readonly<Record<string, FieldValue>>, stamp: { at: string; by: string }): Entry[] {
  return Object.entries(values).map(([id, value]) => ({ what: 'value', id, value, ...stamp }));
}

function mergeEvidence(
  before: Readonly<Record<string, readonly string[]>>,
  added: Readonly<Record<string, readonly string[]>>,
): Record<string, readonly string[]> {
  const merged = { ...before };
  for (const [id, keys] of Object.entries(added)) merged[id] = [...new Set([...(merged[id] ?? []), ...keys])];
  return merged;
}
