// Choosing and starting a playbook.

import { refuse } from '../refusal.ts';
import { actions, button, context, heading, list, notice, text, view } from '../view/build.ts';
import { incidentOf } from './status.ts';
import { act } from './step-act.ts';
import { type Answer, type Call, one } from './types.ts';

/** Offers the playbooks, asks what one wants to know first, and starts it. */
export async function start(call: Call): Promise<Answer> {
  const incident = incidentOf(call);
  const shelf = call.services.playbooks();
  const wanted = one(call.args, 'playbook').toLowerCase();
  const isExercise = call.dossier?.incident.kind === 'exercise';
  const offered = [...shelf.playbooks.values()].filter((p) => isExercise || !p.playbook.exercise);
  const loaded = shelf.playbooks.get(wanted);
  if (!loaded) {
    if (wanted !== '')
      return refuse(
        'no-such-playbook',
        `There is no playbook "${wanted}". There are ${offered.map((p) => p.playbook.id).join(', ')}.`,
      );
    return {
      kind: 'private',
      view: view('Start which playbook?', [
        heading('Start which playbook?'),
        ...offered.flatMap(({ playbook: p }) => [
          text(`${p.name}. ${p.summary.trim()}`),
          list(p.applies_when),
          actions(button(`Start ${p.name}`, 'step start', { incident, playbook: p.id })),
        ]),
        ...(shelf.problems.length > 0
          ? [
              notice(
                'warning',
                `${shelf.problems.length} problems keep playbook files from loading; "help doctor" lists them.`,
              ),
            ]
          : []),
      ]),
    };
  }
  const asked = Object.entries(loaded.playbook.variables).filter(([, v]) => v.required);
  const values = Object.fromEntries(asked.map(([name]) => [name, call.args[name] ?? '']));
  if (asked.some(([name]) => one(call.args, name) === '')) {
    return {
      kind: 'form',
      form: {
        title: `Start ${loaded.playbook.name}`,
        submitLabel: 'Start',
        intent: { verb: 'step start', args: { incident, playbook: loaded.playbook.id } },
        intro: [context(loaded.playbook.summary.trim())],
        fields: asked.map(([name, v]) => ({
          kind: v.many ? ('paragraph' as const) : ('line' as const),
          name,
          label: v.ask,
          isRequired: true,
          ...(v.many ? { hint: 'One per line' } : {}),
        })),
      },
    };
  }
  return act(call, () => [{ kind: 'start', loaded, values }]);
}
