// Where every step of a run stands, and why. Pure: the clock comes in.
import { durationMs } from './duration.ts';
import { untouched } from './evolve.ts';
import { askersBefore, type Edge, graphOf, leavesOf } from './graph.ts';
import { toldWords } from './told.ts';
import type { ConditionLeaf, Playbook, PlaybookRun, Step, StepState } from './types.ts';
import { valueText } from './values.ts';

/**
 * Where a step stands. `undecided`: its condition waits for an answer. `waiting`: its proposal is in flight.
 * `standby`: it undoes a containment that has not been carried out. `offered`: it may undo one, and nothing waits for it.
 */
export type Standing =
  | 'done'
  | 'skipped'
  | 'not-applicable'
  | 'open'
  | 'waiting'
  | 'blocked'
  | 'hidden'
  | 'undecided'
  | 'standby'
  | 'offered';

/** A standing with the sentence that explains it, and the steps it waits for. */
export interface Stood {
  readonly standing: Standing;
  readonly why: string;
  readonly blockedBy: readonly string[];
  /** Hidden because a decision went the other way; what follows only from it is hidden too. */
  readonly isOffBranch: boolean;
}

/** Where every step of the run stands, by step id. */
export function standings(run: PlaybookRun): ReadonlyMap<string, Stood> {
  const known = new Map<string, Stood>();
  const { playbook } = run;
  const byId = new Map(playbook.steps.map((step) => [step.id, step]));
  const stand = (id: string): Stood => {
    const before = known.get(id);
    if (before) return before;
    const step = byId.get(id);
    const stood = step ? standingOf(run, step, stand) : standAs('hidden', `There is no step ${id}.`);
    known.set(id, stood);
    return stood;
  };
  for (const step of playbook.steps) stand(step.id);
  return known;
}

/** The records' view of a step; untouched when nobody did anything to it. */
export function stateOf(run: PlaybookRun, stepId: string): StepState {
  return Object.hasOwn(run.steps, stepId) ? run.steps[stepId]! : untouched;
}

/** The title of a step for a sentence, in quotes. */
function titleOf(playbook: Playbook, stepId: string): string {
  return `"${playbook.steps.find((step) => step.id === stepId)?.title ?? stepId}"`;
}

function standAs(standing: Standing, why: string, blockedBy: readonly string[] = [], isOffBranch = false): Stood {
  return { standing, why, blockedBy, isOffBranch };
}

function doneWords({ answer, told }: StepState): string {
  if (told) return `Done: ${toldWords(told)}${told.reason === '' ? '.' : ''}`;
  return `Done${answer ? `: ${answer}` : ''}.`;
}

function standingOf(run: PlaybookRun, step: Step, stand: (id: string) => Stood): Stood {
  const state = stateOf(run, step.id);
  if (state.settled === 'done') return standAs('done', doneWords(state));
  if (state.settled === 'skipped') return standAs('skipped', `Skipped: ${state.reason}`);
  if (state.settled === 'not-applicable') return standAs('not-applicable', `Not applicable: ${state.reason}`);
  const proposal = state.proposals.at(-1);
  if (proposal && isInFlight(proposal.outcome)) {
    return standAs('waiting', `${proposal.proposal} is ${proposal.outcome}; its outcome settles this step.`);
  }
  const { playbook } = run;
  const graph = graphOf(playbook);
  const undone = graph.undoes.get(step.id);
  if (undone !== undefined) {
    if (state.proposals.some((p) => p.outcome === 'executed'))
      return standAs('open', 'Carried out: say whether it worked.');
    const isCarriedOut = stateOf(run, undone).proposals.some((p) => p.outcome === 'executed');
    return isCarriedOut
      ? standAs('offered', `Use this to undo ${titleOf(playbook, undone)}. Nothing waits for it.`)
      : standAs('standby', `Only needed to undo ${titleOf(playbook, undone)}, which has not been carried out.`);
  }
  const branch = branchOf(run, step, stand);
  if (branch) return branch;
  if (step.when) {
    const shown = isShown(run, step, stand);
    if (shown.truth === false) return standAs('hidden', shown.why);
    if (shown.truth === null) return standAs('undecided', shown.why);
  }
  const blockedBy = (graph.into.get(step.id) ?? [])
    .map((edge) => edge.from)
    .filter((id, index, all) => all.indexOf(id) === index)
    .filter((id) => !isOver(stand(id)) && !Object.hasOwn(state.waived, `dependency:${id}`));
  if (blockedBy.length > 0) {
    const names = blockedBy.map((id) => titleOf(playbook, id)).join(', ');
    return standAs(
      'blocked',
      `Blocked because ${names} ${blockedBy.length === 1 ? 'is' : 'are'} not settled yet.`,
      blockedBy,
    );
  }
  return standAs('open', whyOpen(run, step, stand));
}

/** Why a step is open now: what was settled or answered before it. */
function whyOpen(run: PlaybookRun, step: Step, stand: (id: string) => Stood): string {
  const edges = graphOf(run.playbook).into.get(step.id) ?? [];
  const before = [...new Set(edges.map((edge) => edge.from))].filter((id) => stand(id).standing !== 'hidden');
  const answered = edges
    .filter((edge) => edge.why === 'on_success' || edge.why === 'on_failure')
    .map((edge) => isTaken(run, edge, stand))
    .find((one) => one.truth === true && one.why !== '');
  if (answered) return `${answered.why}.`;
  if (before.length === 0) return 'Nothing stands before it.';
  const names = before
    .slice(0, 3)
    .map((id) => titleOf(run.playbook, id))
    .join(', ');
  return `${names}${before.length > 3 ? ` and ${before.length - 3} more` : ''} ${before.length === 1 ? 'is' : 'are'} settled.`;
}

/** Whether a proposal still stands between approval and outcome. */
export function isInFlight(outcome: string): boolean {
  return outcome === 'pending' || outcome === 'approved' || outcome === 'unknown';
}

function isOver(stood: Stood): boolean {
  return ['done', 'skipped', 'not-applicable', 'hidden'].includes(stood.standing);
}

/** Off the way that was taken: no branch that leads here was chosen, or everything it follows is off the way itself. */
function branchOf(run: PlaybookRun, step: Step, stand: (id: string) => Stood): Stood | null {
  const waived = stateOf(run, step.id).waived;
  const edges = (graphOf(run.playbook).into.get(step.id) ?? []).filter(
    (edge) => !Object.hasOwn(waived, `dependency:${edge.from}`),
  );
  const branches = edges.filter((edge) => edge.why === 'on_success' || edge.why === 'on_failure');
  const taken = (branches.length > 0 ? branches : edges).map((edge) => isTaken(run, edge, stand));
  if (taken.length === 0 || taken.some((one) => one.truth === true)) return null;
  const why = [...new Set(taken.map((one) => one.why))].join('; ');
  return taken.some((one) => one.truth === null)
    ? standAs('undecided', `Not known yet: ${why}.`)
    : standAs('hidden', `Hidden because ${why}.`, [], true);
}

function isTaken(run: PlaybookRun, edge: Edge, stand: (id: string) => Stood): Shown {
  const source = stand(edge.from);
  const title = titleOf(run.playbook, edge.from);
  if (source.isOffBranch) return { truth: false, why: `${title} is not needed` };
  if (edge.why === 'depends_on' || edge.why === 'next') return { truth: true, why: '' };
  if (source.standing === 'hidden') return { truth: false, why: `${title} is not needed` };
  // A skipped question leaves both ways open: hiding either would decide it in silence.
  if (source.standing === 'skipped' || source.standing === 'not-applicable') return { truth: true, why: '' };
  if (source.standing !== 'done') return { truth: null, why: `${title} is not answered yet` };
  const answer = stateOf(run, edge.from).answer ?? 'yes';
  return { truth: (edge.why === 'on_success') === (answer === 'yes'), why: `${title} was answered ${answer}` };
}

interface Shown {
  readonly truth: boolean | null;
  readonly why: string;
}

function isShown(run: PlaybookRun, step: Step, stand: (id: string) => Stood): Shown {
  const condition = step.when!;
  const tests = leavesOf(condition).map((leaf) => testLeaf(run, step, leaf, stand));
  const wanted = !('any' in condition);
  // all: one false hides it. any: one true shows it. Otherwise a test that is not known keeps it undecided.
  const decisive = tests.find((test) => test.truth === !wanted);
  if (decisive) return decisive;
  const open = tests.find((test) => test.truth === null);
  if (open) return open;
  return wanted ? { truth: true, why: '' } : { truth: false, why: tests.map((test) => test.why).join(' ') };
}

function testLeaf(run: PlaybookRun, step: Step, leaf: ConditionLeaf, stand: (id: string) => Stood): Shown {
  if (leaf.step !== undefined) return testStep(run, leaf.step, leaf.outcome ?? 'done', stand);
  const name = leaf.variable!;
  const ask = run.playbook.variables[name]?.ask ?? name;
  const value = Object.hasOwn(run.values, name) ? run.values[name] : undefined;
  if (value === undefined) {
    const asker = askersBefore(run.playbook, step, name).find((s) => {
      const stood = stand(s.id);
      return !isOver(stood) && stood.standing !== 'standby';
    });
    if (asker) return { truth: null, why: `Not known yet: it depends on "${ask}", asked in "${asker.title}".` };
    if (leaf.answered === false) return { truth: true, why: '' };
    // Nobody is left to answer: showing the step is the safe side.
    if (leaf.answered === undefined) return { truth: true, why: `Shown because nobody answered "${ask}".` };
  }
  const truth = value === undefined ? false : compare(leaf, value);
  return {
    truth,
    why: truth ? '' : `Hidden because "${ask}" must ${wanted(leaf)}; the answer is ${valueText(value)}.`,
  };
}

function testStep(run: PlaybookRun, id: string, outcome: string, stand: (id: string) => Stood): Shown {
  const title = titleOf(run.playbook, id);
  const { standing } = stand(id);
  if (standing === 'hidden') return { truth: false, why: `Hidden because ${title} is not needed.` };
  if (!['done', 'skipped', 'not-applicable'].includes(standing)) {
    return { truth: null, why: `Not known yet: it depends on ${title}.` };
  }
  const { answer } = stateOf(run, id);
  const is = standing === 'done' ? (answer ?? 'done') : 'skipped';
  const truth = is === outcome || (outcome === 'done' && standing === 'done');
  return { truth, why: truth ? '' : `Hidden because ${title} must be ${outcome}; it is ${is}.` };
}

function compare(leaf: ConditionLeaf, value: NonNullable<PlaybookRun['values'][string]>): boolean {
  const items: readonly (string | number)[] = typeof value === 'object' ? value : [value];
  const has = (wanted: string | number) => items.some((item) => String(item) === String(wanted));
  if (leaf.answered !== undefined) return leaf.answered;
  if (leaf.is !== undefined) return has(leaf.is);
  if (leaf.is_not !== undefined) return !has(leaf.is_not);
  if (leaf.in !== undefined) return leaf.in.some(has);
  const number = typeof value === 'object' ? value.length : Number(value);
  return number >= (leaf.at_least ?? Number.NEGATIVE_INFINITY) && number <= (leaf.at_most ?? Number.POSITIVE_INFINITY);
}

function wanted(leaf: ConditionLeaf): string {
  if (leaf.answered !== undefined) return leaf.answered ? 'be answered' : 'stay unanswered';
  if (leaf.is !== undefined) return `be ${leaf.is}`;
  if (leaf.is_not !== undefined) return `not be ${leaf.is_not}`;
  if (leaf.in !== undefined) return `be one of ${leaf.in.join(', ')}`;
  const parts = [];
  if (leaf.at_least !== undefined) parts.push(`at least ${leaf.at_least}`);
  if (leaf.at_most !== undefined) parts.push(`at most ${leaf.at_most}`);
  return `be ${parts.join(' and ')}`;
}

/** When a step became workable: the start of the run, or the last settling among the steps it waits for. Epoch milliseconds. */
export function openedAt(run: PlaybookRun, step: Step): number {
  const settled = (graphOf(run.playbook).into.get(step.id) ?? [])
    .map((edge) => stateOf(run, edge.from).settledAt)
    .filter((at) => at !== null);
  return Math.max(Date.parse(run.startedAt), ...settled.map((at) => Date.parse(at)));
}

/** When a step is due in epoch milliseconds, or null when it has no due time or the step it counts from is not settled. */
export function dueAt(run: PlaybookRun, step: Step): number | null {
  if (step.due === undefined) return null;
  if (typeof step.due === 'string') return Date.parse(run.startedAt) + durationMs(step.due);
  if (step.due.of === 'start') return Date.parse(run.startedAt) + durationMs(step.due.within);
  const { settledAt } = stateOf(run, step.due.of);
  return settledAt === null ? null : Date.parse(settledAt) + durationMs(step.due.within);
}
