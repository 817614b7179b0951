// What a walker card needs to know of a run, as plain data.
import { durationMs } from './duration.ts';
import { type Missing, missingOf } from './missing.ts';
import type { FieldValue, LoadedPlaybook, PlaybookRun, ProposalOutcome, Step, StepState, Told } from './types.ts';
import { dueAt, isInFlight, openedAt, type Standing, standings, stateOf } from './walk.ts';

/** What a person may do with a step now. */
type StepAct = 'done' | 'answer' | 'propose' | 'skip' | 'notApplicable' | 'save' | 'assign' | 'note';

/** One step of a run at a moment. Times are epoch milliseconds. */
export interface StepLine {
  readonly step: Step;
  readonly state: StepState;
  readonly standing: Standing;
  /** Why it stands there, as a sentence. */
  readonly why: string;
  readonly missing: readonly Missing[];
  readonly inputs: readonly { readonly name: string; readonly ask: string; readonly value: FieldValue | undefined }[];
  readonly dueAt: number | null;
  readonly isOverdue: boolean;
  /** Open for longer than its timeout: stop waiting, decide. */
  readonly isTimedOut: boolean;
  readonly acts: readonly StepAct[];
  /** Steps that this one opens. */
  readonly proposal: { readonly proposal: string; readonly outcome: ProposalOutcome } | null;
}

/** Every step of the run in file order, with where it stands at `now` (epoch milliseconds). */
export function stepLines(run: PlaybookRun, now: number): readonly StepLine[] {
  const stood = standings(run);
  return run.playbook.steps.map((step) => {
    const { standing, why } = stood.get(step.id)!;
    const state = stateOf(run, step.id);
    const isLive = run.status === 'open' && (standing === 'open' || standing === 'waiting' || standing === 'offered');
    const due = dueAt(run, step);
    const names = [...new Set([...step.inputs, ...step.requires])];
    return {
      step,
      state,
      standing,
      why,
      missing: isLive ? missingOf(run, step) : [],
      inputs: names.map((name) => ({ name, ask: run.playbook.variables[name]?.ask ?? name, value: run.values[name] })),
      dueAt: due,
      isOverdue: due !== null && now > due && (isLive || standing === 'blocked' || standing === 'undecided'),
      isTimedOut: isLive && step.timeout !== undefined && now > openedAt(run, step) + durationMs(step.timeout),
      acts: run.status === 'open' ? actsOf(step, state, standing) : [],
      proposal: state.proposals.at(-1) ?? null,
    };
  });
}

/** The steps somebody can work on now, overdue ones first, then in file order; last those whose proposal waits for others. */
export function currentSteps(run: PlaybookRun, now: number): readonly StepLine[] {
  const lines = stepLines(run, now);
  const open = lines.filter((line) => line.standing === 'open');
  return [
    ...open.filter((line) => line.isOverdue),
    ...open.filter((line) => !line.isOverdue),
    ...lines.filter((line) => line.standing === 'waiting'),
  ];
}

/** How far a run is: settled and all steps that count now; hidden, standby and offered ones do not. */
export function progressOf(run: PlaybookRun): { readonly settled: number; readonly all: number } {
  const counted = [...standings(run).values()].filter((s) => !['hidden', 'standby', 'offered'].includes(s.standing));
  const settled = counted.filter((s) => ['done', 'skipped', 'not-applicable'].includes(s.standing));
  return { settled: settled.length, all: counted.length };
}

/** The steps that stand in the way of closing the incident; each can be settled by its role or skipped with a reason. */
export function outstandingSteps(run: PlaybookRun, now: number): readonly StepLine[] {
  if (run.status !== 'open') return [];
  return stepLines(run, now).filter((line) => ['open', 'waiting', 'blocked', 'undecided'].includes(line.standing));
}

/** The notice steps of a run that are done, with what was told, in file order. */
export const toldSteps = (run: PlaybookRun): readonly { readonly step: Step; readonly told: Told }[] =>
  run.playbook.steps.flatMap((step) => {
    const { told } = stateOf(run, step.id);
    return told ? [{ step, told }] : [];
  });

/** A sentence for a run whose file has changed since it started, or null when it has not. */
export function changedSince(run: PlaybookRun, loaded: LoadedPlaybook | undefined): string | null {
  if (run.status !== 'open' || loaded?.hash === run.hash) return null;
  const { version, id } = run.playbook;
  if (!loaded)
    return `The file of ${id} is gone. ${run.key} goes on with version ${version}, which is kept in its record.`;
  return `The file changed from version ${version} to ${loaded.playbook.version} after ${run.key} started. The run keeps ${version}; change over to the new one when you are ready.`;
}

function actsOf(step: Step, state: StepState, standing: Standing): readonly StepAct[] {
  const always: readonly StepAct[] = ['save', 'assign', 'note'];
  switch (standing) {
    case 'done':
    case 'skipped':
    case 'not-applicable':
    case 'hidden':
    case 'standby':
      return always;
    case 'blocked':
    case 'undecided':
      return ['skip', 'notApplicable', ...always];
    case 'waiting':
      return state.proposals.some((p) => p.outcome !== 'pending' && isInFlight(p.outcome))
        ? always
        : ['skip', 'notApplicable', ...always];
    case 'offered':
      return ['propose', ...always];
    case 'open': {
      const isExecuted = state.proposals.some((p) => p.outcome === 'executed');
      if (step.kind === 'containment' && !isExecuted) return ['propose', 'skip', 'notApplicable', ...always];
      return [step.success ? 'answer' : 'done', 'skip', 'notApplicable', ...always];
    }
  }
}
