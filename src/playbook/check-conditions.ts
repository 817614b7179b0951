// Load rules about order and conditions: what can never be reached, answered or ended.

import { askersBefore, descendantsOf, graphOf, leavesOf } from './graph.ts';
import type { Rule } from './rule.ts';
import type { ConditionLeaf, Playbook, Step } from './types.ts';

const TESTS = ['is', 'is_not', 'in', 'at_least', 'at_most', 'answered'] as const;

function conditionProblem(leaf: ConditionLeaf, step: Step, playbook: Playbook): readonly [string, string] | null {
  if ((leaf.variable === undefined) === (leaf.step === undefined)) {
    return ['A condition tests a variable or a step, one of the two', 'Write variable: or step:'];
  }
  const tests = TESTS.filter((test) => leaf[test] !== undefined);
  if (leaf.step !== undefined) {
    const other = playbook.steps.find((s) => s.id === leaf.step);
    if (!other) return [`The condition of ${step.id} names ${leaf.step}, which is no step`, 'Correct the id'];
    if (tests.length > 0 || leaf.outcome === undefined)
      return ['A condition on a step needs outcome', 'Write outcome: done, skipped, yes or no'];
    if ((leaf.outcome === 'yes' || leaf.outcome === 'no') && !other.success) {
      return [
        `${other.id} asks no question, so it is never answered ${leaf.outcome}`,
        'Write outcome: done or skipped',
      ];
    }
    return null;
  }
  const variable = playbook.variables[leaf.variable!];
  if (!variable)
    return [`The condition of ${step.id} names ${leaf.variable}, which is not declared`, 'Declare it under variables'];
  const isRange = tests.length > 0 && tests.every((test) => test === 'at_least' || test === 'at_most');
  if (leaf.outcome !== undefined || (tests.length !== 1 && !isRange)) {
    return ['A condition on a variable has exactly one test', `Use one of: ${TESTS.join(', ')}`];
  }
  if (isRange && variable.type !== 'number' && !variable.many) {
    return [`${leaf.variable} is no number and no list`, 'Compare it with is, is_not or in'];
  }
  const possible = variable.type === 'yes_no' ? ['yes', 'no'] : variable.choices;
  const named = [leaf.is, leaf.is_not, ...(leaf.in ?? [])].filter((value) => value !== undefined);
  const impossible = possible && named.find((value) => !possible.includes(String(value)));
  if (impossible !== undefined)
    return [`${leaf.variable} is never ${impossible}`, `Use one of: ${possible!.join(', ')}`];
  if (!variable.required && variable.source === 'human' && askersBefore(playbook, step, leaf.variable!).length === 0) {
    return [
      `Nobody is asked for ${leaf.variable} before ${step.id}`,
      'Put it into requires or inputs of an earlier step, or set required: true',
    ];
  }
  return null;
}

/** Load rules about conditions, order and reachability, by name. */
export const CONDITION_RULES: Readonly<Record<string, Rule>> = {
  condition: (playbook) =>
    playbook.steps.flatMap((step, index) =>
      step.when
        ? leavesOf(step.when).flatMap((leaf) => {
            const found = conditionProblem(leaf, step, playbook);
            return found ? [{ path: ['steps', index, 'when'], message: found[0], remedy: found[1] }] : [];
          })
        : [],
    ),

  variables: (playbook) =>
    playbook.steps.flatMap((step, index) =>
      (['requires', 'inputs'] as const)
        .flatMap((list) =>
          step[list].flatMap((name, at) =>
            playbook.variables[name]
              ? []
              : [
                  {
                    path: ['steps', index, list, at],
                    message: `${step.id} asks for ${name}, which is not declared`,
                    remedy: 'Declare it under variables',
                  },
                ],
          ),
        )
        .concat(
          Object.entries(step.action?.parameters ?? {}).flatMap(([parameter, value]) =>
            typeof value !== 'object' || playbook.variables[value.variable]
              ? []
              : [
                  {
                    path: ['steps', index, 'action', 'parameters', parameter],
                    message: `${step.id} fills ${parameter} with ${value.variable}, which is not declared`,
                    remedy: 'Declare it under variables',
                  },
                ],
          ),
        ),
    ),

  cycle: (playbook) => {
    // A condition waits too: for the step it names, and for the earlier steps that ask for its variable.
    const waits = new Map<string, Set<string>>(playbook.steps.map((step) => [step.id, new Set<string>()]));
    for (const edge of graphOf(playbook).edges) waits.get(edge.to)?.add(edge.from);
    for (const step of playbook.steps) {
      for (const leaf of step.when ? leavesOf(step.when) : []) {
        if (leaf.step !== undefined) waits.get(step.id)!.add(leaf.step);
        else for (const asker of askersBefore(playbook, step, leaf.variable!)) waits.get(step.id)!.add(asker.id);
      }
    }
    const circle = circleIn(waits);
    if (!circle) return [];
    const index = graphOf(playbook).position.get(circle[0]!) ?? 0;
    return [
      {
        path: ['steps', index],
        message: `These steps wait for each other in a circle: ${[...circle, circle[0]].join(' -> ')}`,
        remedy: 'Remove one of these dependencies',
      },
    ];
  },

  'unbounded-loop': (playbook) =>
    graphOf(playbook).loops.flatMap((loop) => {
      const index = graphOf(playbook).position.get(loop.from)!;
      const found = [];
      if (playbook.steps[index]!.max_attempts === undefined) {
        found.push({
          path: ['steps', index, 'on_failure'],
          message: `${loop.from} goes back to ${loop.to} without a bound`,
          remedy: 'Add max_attempts, such as 3',
        });
      }
      if (loop.to !== loop.from && !descendantsOf(graphOf(playbook), loop.to).has(loop.from)) {
        found.push({
          path: ['steps', index, 'on_failure'],
          message: `${loop.from} goes back to ${loop.to}, which does not lead to it`,
          remedy: 'Name a step that comes before it, or move the step below it in the file',
        });
      }
      return found;
    }),

  unreachable: (playbook) => {
    const { undoes, into } = graphOf(playbook);
    const found = [];
    for (const [index, step] of playbook.steps.entries()) {
      const onlyAfterUndo = (into.get(step.id) ?? []).filter((edge) => undoes.has(edge.from));
      for (const edge of onlyAfterUndo) {
        found.push({
          path: ['steps', index],
          message: `${step.id} waits for ${edge.from}, which only runs to undo a containment`,
          remedy: 'Depend on another step, or give the rollback step a place in the order',
        });
      }
      const tests = step.when && !('any' in step.when) ? leavesOf(step.when) : [];
      for (const edge of into.get(step.id) ?? []) {
        if (edge.why !== 'on_success' && edge.why !== 'on_failure') continue;
        const against = edge.why === 'on_success' ? 'no' : 'yes';
        if (!tests.some((leaf) => leaf.step === edge.from && leaf.outcome === against)) continue;
        found.push({
          path: ['steps', index, 'when'],
          message: `${step.id} can never be reached: it follows ${edge.why} of ${edge.from} and wants the answer ${against}`,
          remedy: 'Remove the condition, or move the step to the other branch',
        });
      }
    }
    return found;
  },

  roles: (playbook) =>
    playbook.steps.flatMap((step, index) =>
      playbook.roles[step.role]
        ? []
        : [
            {
              path: ['steps', index, 'role'],
              message: `${step.id} is for the ${step.role}, a role this playbook does not ask for`,
              remedy: `Add ${step.role} under roles`,
            },
          ],
    ),
};

function circleIn(waits: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | null {
  const finished = new Set<string>();
  const path: string[] = [];
  const walk = (id: string): readonly string[] | null => {
    const at = path.indexOf(id);
    if (at >= 0) return path.slice(at);
    if (finished.has(id)) return null;
    path.push(id);
    for (const other of waits.get(id) ?? []) {
      const circle = walk(other);
      if (circle) return circle;
    }
    path.pop();
    finished.add(id);
    return null;
  };
  for (const id of waits.keys()) {
    const circle = walk(id);
    if (circle) return circle;
  }
  return null;
}
