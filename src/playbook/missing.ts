import type { PlaybookRun, Step, WaivedThing } from './types.ts';
import { stateOf } from './walk.ts';

/** One thing a step still needs: what it is, its id, and the sentence that asks for it. */
export interface Missing {
  readonly what: WaivedThing;
  readonly id: string;
  readonly ask: string;
}

/** What blocks Done or the proposal of a step: unanswered fields, evidence not attached, checks not answered yes. Waived things are not missing. */
export function missingOf(run: PlaybookRun, step: Step): readonly Missing[] {
  const state = stateOf(run, step.id);
  const isWaived = (what: WaivedThing, id: string) => Object.hasOwn(state.waived, `${what}:${id}`);
  const fields = step.requires
    .filter((name) => !Object.hasOwn(run.values, name) && !isWaived('field', name))
    .map((id): Missing => ({ what: 'field', id, ask: run.playbook.variables[id]?.ask ?? id }));
  const evidence = step.evidence_required
    .filter(({ id }) => !(state.evidence[id]?.length ?? 0) && !isWaived('evidence', id))
    .map(({ id, what }): Missing => ({ what: 'evidence', id, ask: `evidence: ${what}` }));
  const checks = step.pre_checks
    .filter(({ id }) => state.checks[id] !== 'yes' && !isWaived('check', id))
    .map(({ id, question }): Missing => ({ what: 'check', id, ask: `check: ${question}` }));
  return [...fields, ...evidence, ...checks];
}
