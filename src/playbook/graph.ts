import type { Condition, ConditionLeaf, Playbook, Step } from './types.ts';

/** Why one step waits for another. `on_success` and `on_failure` are branches: only one of them is taken. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly why: 'depends_on' | 'next' | 'on_success' | 'on_failure';
}

/** The order of a playbook's steps: forward edges, and the loops that a no may take back to an earlier step. */
export interface StepGraph {
  readonly position: ReadonlyMap<string, number>;
  readonly into: ReadonlyMap<string, readonly Edge[]>;
  readonly edges: readonly Edge[];
  /** on_failure edges to the step itself or to one written earlier in the file. */
  readonly loops: readonly Edge[];
  /** Steps that exist only to undo another: id to the id of the step they undo. */
  readonly undoes: ReadonlyMap<string, string>;
}

const graphs = new WeakMap<Playbook, StepGraph>();

/** The graph of a playbook; edges to steps that do not exist are kept, so that a check can name them. */
export function graphOf(playbook: Playbook): StepGraph {
  const known = graphs.get(playbook);
  if (known) return known;
  const position = new Map(playbook.steps.map((step, index) => [step.id, index]));
  const edges: Edge[] = [];
  const loops: Edge[] = [];
  for (const [index, step] of playbook.steps.entries()) {
    for (const from of step.depends_on) edges.push({ from, to: step.id, why: 'depends_on' });
    for (const to of step.next) edges.push({ from: step.id, to, why: 'next' });
    for (const to of step.on_success) edges.push({ from: step.id, to, why: 'on_success' });
    for (const to of step.on_failure) {
      const isLoop = (position.get(to) ?? Number.POSITIVE_INFINITY) <= index;
      (isLoop ? loops : edges).push({ from: step.id, to, why: 'on_failure' });
    }
  }
  const into = new Map<string, Edge[]>(playbook.steps.map((step) => [step.id, []]));
  for (const edge of edges) into.get(edge.to)?.push(edge);
  const undoes = new Map<string, string>();
  for (const step of playbook.steps) {
    if (!step.rollback || 'none' in step.rollback) continue;
    if (into.get(step.rollback.step)?.length === 0) undoes.set(step.rollback.step, step.id);
  }
  const graph = { position, into, edges, loops, undoes };
  graphs.set(playbook, graph);
  return graph;
}

/** The single tests of a condition, in the order written. */
export function leavesOf(condition: Condition): readonly ConditionLeaf[] {
  if ('all' in condition) return condition.all;
  if ('any' in condition) return condition.any;
  return [condition];
}

/** The steps written before `step` that ask for a variable. */
export function askersBefore(playbook: Playbook, step: Step, variable: string): readonly Step[] {
  const graph = graphOf(playbook);
  const limit = graph.position.get(step.id) ?? 0;
  return playbook.steps.slice(0, limit).filter((s) => s.requires.includes(variable) || s.inputs.includes(variable));
}

/** Every step that comes after `from` along forward edges, `from` itself left out. */
export function descendantsOf(graph: StepGraph, from: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [from];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const edge of graph.edges) {
      if (edge.from !== id || seen.has(edge.to)) continue;
      seen.add(edge.to);
      waiting.push(edge.to);
    }
  }
  return seen;
}

/** The steps a loop opens again: its target, its source and everything between them. */
export function stepsOfLoop(playbook: Playbook, loop: Edge): readonly string[] {
  const graph = graphOf(playbook);
  const after = descendantsOf(graph, loop.to);
  return playbook.steps
    .map((step) => step.id)
    .filter((id) => id === loop.to || id === loop.from || (after.has(id) && descendantsOf(graph, id).has(loop.from)));
}
