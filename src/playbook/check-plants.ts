// What a playbook may plant in an exercise.
import { graphOf } from './graph.ts';
import type { Rule } from './rule.ts';

/** Plants belong to exercises, have ids of their own, and follow a step that exists. */
export const plantsRule: Rule = (playbook) => {
  const { position } = graphOf(playbook);
  const seen = new Set<string>();
  return playbook.plants.flatMap((plant, index) => {
    const found: { readonly path: readonly PropertyKey[]; readonly message: string; readonly remedy: string }[] = [];
    const path = ['plants', index];
    if (!playbook.exercise)
      found.push({
        path,
        message: `${plant.id} would put a planted claim into a live incident`,
        remedy: 'Take it out, or set exercise: true',
      });
    if (seen.has(plant.id))
      found.push({
        path: [...path, 'id'],
        message: `Two plants are called ${plant.id}`,
        remedy: 'Give each its own id',
      });
    seen.add(plant.id);
    if (!position.has(plant.after))
      found.push({
        path: [...path, 'after'],
        message: `${plant.id} comes after ${plant.after}, which is no step`,
        remedy: 'Correct the id, or add the step',
      });
    return found;
  });
};
