// A containment step has no Done: it opens its proposal, with the targets people named and what the evidence shows beside them.
import type { Seen } from '../playbook/form.ts';
import type { PlaybookRun, Step } from '../playbook/types.ts';
import { refuse } from '../refusal.ts';
import { openProposal } from './contain.ts';
import { incidentOf } from './status.ts';
import { withStep } from './step-pick.ts';
import { seenIn } from './step-seen.ts';

const MOST_EVIDENCE = 12;

/** What the step's variables name so far, each once. */
function targetsOf(run: PlaybookRun, variables: readonly string[]): readonly string[] {
  const named = variables.flatMap((name) => {
    const value = run.values[name];
    return value === undefined ? [] : Array.isArray(value) ? value : [String(value)];
  });
  return [...new Set(named)];
}

/** Parameters as the playbook writes them, or as people answered the question it names; what nobody answered stays open. */
function parametersOf(
  run: PlaybookRun,
  written: NonNullable<Step['action']>['parameters'],
): Readonly<Record<string, string | number | boolean>> {
  const filled: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(written)) {
    const answered = typeof value === 'object' ? run.values[value.variable] : value;
    if (answered !== undefined) filled[name] = typeof answered === 'object' ? answered.join(', ') : answered;
  }
  return filled;
}

/** Evidence an approver will want to see: what the run has attached, and where the targets were seen. */
function evidenceFor(run: PlaybookRun, step: Step, targets: readonly string[], seen: readonly Seen[]): string {
  const attached = [step.id, ...Object.keys(run.steps)].flatMap((id) =>
    Object.values(run.steps[id]?.evidence ?? {}).flat(),
  );
  const lower = new Set(targets.map((t) => t.toLowerCase()));
  const where = seen.filter((s) => lower.has(s.value.toLowerCase())).flatMap((s) => s.where);
  return [...new Set([...where, ...attached])].slice(0, MOST_EVIDENCE).join(' ');
}

export const propose = withStep(async (call, { run, step }) => {
  const { action } = step;
  if (!action) return refuse('not-containment', `"${step.title}" is no containment step; mark it done.`);
  const targets = targetsOf(run, action.targets.variables);
  const seen = await seenIn(call);
  const kinds = new Set<string>([
    ...action.targets.indicators,
    ...action.targets.variables.flatMap((name) => run.playbook.variables[name]?.type ?? []),
  ]);
  return openProposal({ ...call, args: { incident: incidentOf(call), run: run.id, step: step.id } }, action.type, {
    targets: targets.join('\n'),
    evidence: evidenceFor(run, step, targets, seen),
    parameters: parametersOf(run, action.parameters),
    ...(step.reversibility && step.reversibility !== 'read_only' ? { reversibility: step.reversibility } : {}),
    offer: seen.filter((s) => kinds.has(s.kind)),
  });
});
