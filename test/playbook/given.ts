import { decidePlaybook } from '../../src/playbook/decide.ts';
import { evolvePlaybooks, noRuns } from '../../src/playbook/evolve.ts';
import { type ReadPlaybook, readPlaybook } from '../../src/playbook/load.ts';
import type { CheckContext } from '../../src/playbook/rule.ts';
import { stepLines } from '../../src/playbook/steps.ts';
import type {
  LoadedPlaybook,
  PlaybookCommand,
  PlaybookContext,
  PlaybookRefusal,
  PlaybookRun,
  PlaybookState,
} from '../../src/playbook/types.ts';

export const START_MS = Date.UTC(2026, 10, 20, 14, 0);

const HEAD = `id: sample
version: 1.0.0
name: Sample
summary: A sample for tests.
owner_role: commander
tlp: GREEN
types: [sample]
severity_guide: {}
applies_when: [Something happened]
roles: { commander: {}, responder: {} }
`;

/** Reads a playbook made of the usual head and the given rest; the file is called sample.yaml. */
export function read(rest: string, context: CheckContext = {}, head = HEAD): ReadPlaybook {
  return readPlaybook(new TextEncoder().encode(head + rest), 'sample.yaml', context);
}

/** Like read, and throws when the playbook does not load. */
export function loaded(rest: string): LoadedPlaybook {
  const one = read(rest);
  if (one.kind === 'problems') throw new Error(one.problems.map((p) => `${p.line} ${p.message}`).join('\n'));
  return one.loaded;
}

/** A person acting at a minute after the start. */
export function at(minutes: number, more: Partial<PlaybookContext> = {}): PlaybookContext {
  return {
    now: START_MS + minutes * 60_000,
    newId: () => `run-${minutes}`,
    actor: { kind: 'human', key: 'web:tomas' },
    roles: ['responder'],
    exercise: false,
    sent: [],
    ...more,
  };
}

/** What a test asks: commands in order, each at its minute. Refusals are kept apart and change nothing. */
export function play(
  commands: readonly (readonly [number, PlaybookCommand, Partial<PlaybookContext>?])[],
  from: PlaybookState = noRuns,
): { readonly state: PlaybookState; readonly run: PlaybookRun; readonly refusals: readonly PlaybookRefusal[] } {
  let state = from;
  const refusals: PlaybookRefusal[] = [];
  for (const [minutes, command, more] of commands) {
    const decided = decidePlaybook(command, state, at(minutes, more));
    if ('kind' in decided) refusals.push(decided);
    else state = decided.reduce(evolvePlaybooks, state);
  }
  return { state, run: state.runs[0]!, refusals };
}

/** A step in the shortest form that loads. */
export function step(id: string, more = ''): string {
  return `  - { id: ${id}, phase: triage, title: Do ${id}, kind: human, instructions: Do it.${more ? `, ${more}` : ''} }\n`;
}

/** A containment step in the shortest form that loads. */
export function contain(id: string, more = ''): string {
  return `  - { id: ${id}, phase: containment, title: Do ${id}, kind: containment, instructions: Do it., requires: [hosts], action: { type: isolate-host, targets: { variables: [hosts] } }, reversibility: reversible, blast_radius_note: It is off., approval: { quorum: 1 }, executor: human${more.includes('rollback') ? '' : ', rollback: { none: By hand. }'}${more ? `, ${more}` : ''} }\n`;
}

export const HOSTS = 'variables: { hosts: { type: host, many: true, ask: Which hosts? } }\n';

export const RUN = 'PR-1';
export const start = (rest: string, values = {}): PlaybookCommand => ({ kind: 'start', loaded: loaded(rest), values });
export const done = (stepId: string): PlaybookCommand => ({ kind: 'done', runId: RUN, stepId });
export const skip = (stepId: string, reason = 'Not tonight'): PlaybookCommand => ({
  kind: 'skip',
  runId: RUN,
  stepId,
  reason,
});
export const reply = (stepId: string, answer: 'yes' | 'no', reason = 'We looked'): PlaybookCommand => ({
  kind: 'answer',
  runId: RUN,
  stepId,
  answer,
  reason,
});
export const save = (stepId: string, values: Record<string, unknown>): PlaybookCommand => ({
  kind: 'save',
  runId: RUN,
  stepId,
  values,
});
export const propose = (stepId: string, proposal = 'CA-1'): PlaybookCommand => ({
  kind: 'propose',
  runId: RUN,
  stepId,
  proposal,
});
export const link = (
  stepId: string,
  outcome: 'approved' | 'executed' | 'denied' | 'failed' | 'unknown' | 'expired',
  proposal = 'CA-1',
): PlaybookCommand => ({ kind: 'linkOutcome', runId: RUN, stepId, proposal, outcome });

export const S = 'steps:\n';
export const min = (m: number) => START_MS + m * 60_000;
export const standing = (run: ReturnType<typeof play>['run'], id: string) =>
  stepLines(run, min(0)).find((l) => l.step.id === id)!;
