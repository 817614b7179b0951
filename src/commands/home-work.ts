// What playbooks and legal deadlines put on a person's home tab.
import type { Principal } from '../chat/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import { ROLES } from '../incident/types.ts';
import { displayName } from '../incident/view.ts';
import { clockLines } from '../notice/clocks/board.ts';
import { humanKey } from '../organisation/people.ts';
import { currentSteps } from '../playbook/steps.ts';
import { actions, button, context, heading, list, prose, strong, text, time } from '../view/build.ts';
import type { Element, Prose } from '../view/types.ts';
import { holdsRole } from './permission.ts';
import type { Services } from './types.ts';

const MOST_STEPS = 5;

/** Steps that somebody gave this person, and open ones for a role they hold that nobody else was given; overdue ones first. */
export function stepsOf(dossiers: readonly Dossier[], actor: Principal, services: Services): readonly Element[] {
  const org = services.organisation.organisation;
  const me = humanKey(org, actor);
  return dossiers.flatMap((dossier): readonly Element[] => {
    const { key: incident } = dossier.incident;
    const held = new Set<string>(ROLES.filter((role) => holdsRole(org, dossier, actor, role)));
    const mine = dossier.playbook.runs
      .filter((run) => run.status === 'open')
      .flatMap((run) => currentSteps(run, services.now()).map((line) => ({ run, line })))
      .filter(({ line }) => line.standing === 'open')
      .filter(({ line }) => (line.state.assignee === null ? held.has(line.step.role) : line.state.assignee === me));
    return [
      ...mine
        .slice(0, MOST_STEPS)
        .flatMap(({ run, line }) => [
          text(
            `${incident} ${run.key}: `,
            strong(line.step.title),
            ...(line.dueAt === null ? [] : [' by ', time(new Date(line.dueAt).toISOString())]),
            ...(line.isOverdue ? [strong(', overdue')] : []),
          ),
          actions(
            button(`Show: ${line.step.title.slice(0, 50)}`, 'step show', { incident, run: run.id, step: line.step.id }),
          ),
        ]),
      ...(mine.length > MOST_STEPS ? [context(`and ${mine.length - MOST_STEPS} more steps of ${incident}`)] : []),
    ];
  });
}

/** The legal deadlines of each open incident, the next one first, with the board behind a button. */
export function deadlinesOf(dossiers: readonly Dossier[], services: Services): readonly Element[] {
  return dossiers.flatMap((dossier): readonly Element[] => {
    const lines = clockLines(dossier.clock.state, services.now()).filter((l) =>
      ['running', 'overdue', 'owed', 'uncountable'].includes(l.standing),
    );
    if (lines.length === 0) return [];
    return [
      heading(`Legal deadlines: ${dossier.incident.key} ${displayName(dossier.incident)}`),
      list(
        lines.map((l): Prose => {
          const what = `${l.regime.name}, ${l.rule.to}: ${l.rule.what}`;
          if (l.dueAt === null)
            return prose(
              `${what}. `,
              l.standing === 'owed' ? 'Without undue delay.' : 'Cannot be counted: ask counsel.',
            );
          return prose(
            `${what}. `,
            ...(l.standing === 'overdue' ? [strong('OVERDUE, was due ')] : ['Due ']),
            time(new Date(l.dueAt).toISOString()),
          );
        }),
      ),
      actions(button('Clock board', 'notice clock', { incident: dossier.incident.key })),
    ];
  });
}
