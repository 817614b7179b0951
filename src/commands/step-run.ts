// A run as a whole, and what the commander may let go of: waive, stop, change over to the playbook as it is on disk now.
import { missingOf } from '../playbook/missing.ts';
import { stepLines } from '../playbook/steps.ts';
import type { Playbook, PlaybookRun, Step, WaivedThing } from '../playbook/types.ts';
import { standings } from '../playbook/walk.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { list, strong, text } from '../view/build.ts';
import type { Choice, Element } from '../view/types.ts';
import { incidentOf } from './status.ts';
import { act } from './step-act.ts';
import { pickRun, withStep } from './step-pick.ts';
import { type Call, type Command, one } from './types.ts';

/** What keeps a step from being done, as choices: `field:accounts`, `evidence:memory`, `check:kept`, `dependency:collect`. */
function waivable(run: PlaybookRun, step: Step): readonly Choice[] {
  const titleOf = (id: string): string => run.playbook.steps.find((s) => s.id === id)?.title ?? id;
  return [
    ...missingOf(run, step).map((m) => ({ value: `${m.what}:${m.id}`, label: m.ask })),
    ...(standings(run).get(step.id)?.blockedBy ?? []).map((id) => ({
      value: `dependency:${id}`,
      label: `waiting for "${titleOf(id)}"`,
    })),
  ];
}

const waive = withStep(async (call, { run, step }) => {
  const choices = waivable(run, step);
  if (choices.length === 0)
    return refuse('nothing-to-waive', `Nothing is missing for "${step.title}", so there is nothing to waive.`);
  const chosen = one(call.args, 'what');
  if (chosen === '')
    return {
      kind: 'form',
      form: {
        title: `Waive: ${step.title}`.slice(0, 150),
        submitLabel: 'Waive it',
        intent: { verb: 'step waive', args: { incident: incidentOf(call), run: run.id, step: step.id } },
        intro: [
          text(
            'The step can then be done without it. Your name and the reason stay on record and are read in the review.',
          ),
        ],
        fields: [
          { kind: 'choice', name: 'what', label: 'What to do without', isRequired: true, choices },
          { kind: 'line', name: 'reason', label: 'Why', isRequired: true, maxLength: 300 },
        ],
      },
    };
  const [what, id] = [chosen.slice(0, chosen.indexOf(':')), chosen.slice(chosen.indexOf(':') + 1)];
  if (!choices.some((c) => c.value === chosen))
    return { kind: 'errors', errors: { what: 'That is settled by now. Look at the step again.' } };
  return act(call, () => [
    { kind: 'waive', runId: run.id, stepId: step.id, what: what as WaivedThing, id, reason: one(call.args, 'reason') },
  ]);
});

async function stop(call: Call) {
  const run = pickRun(call);
  if (isRefusal(run)) return run;
  const reason = one(call.args, 'reason');
  if (reason !== '') return act(call, () => [{ kind: 'stop', runId: run.id, reason }]);
  const open = stepLines(run, call.services.now()).filter((l) =>
    ['open', 'waiting', 'blocked', 'undecided'].includes(l.standing),
  );
  return {
    kind: 'form' as const,
    form: {
      title: `Stop ${run.key}`,
      submitLabel: 'Stop it',
      intent: { verb: 'step stop', args: { incident: incidentOf(call), run: run.id } },
      intro: [
        text(
          `${open.length} steps of "${run.playbook.name}" are not settled. They stay readable, remind nobody any more, and no longer keep the incident open. It cannot be taken up again; the playbook can be started anew.`,
        ),
      ],
      fields: [{ kind: 'line' as const, name: 'reason', label: 'Why', isRequired: true, maxLength: 300 }],
    },
  };
}

function differences(was: Playbook, is: Playbook): readonly Element[] {
  const before = new Map(was.steps.map((s) => [s.id, JSON.stringify(s)]));
  const added = is.steps.filter((s) => !before.has(s.id));
  const changed = is.steps.filter((s) => before.has(s.id) && before.get(s.id) !== JSON.stringify(s));
  const gone = was.steps.filter((s) => !is.steps.some((other) => other.id === s.id));
  const part = (title: string, steps: readonly Step[]): readonly Element[] =>
    steps.length === 0 ? [] : [text(strong(title)), list(steps.slice(0, 15).map((s) => s.title))];
  return [
    ...part('New steps', added),
    ...part('Steps that read otherwise', changed),
    ...part('Steps that are gone', gone),
  ];
}

async function adopt(call: Call) {
  const run = pickRun(call);
  if (isRefusal(run)) return run;
  const loaded = call.services.playbooks().playbooks.get(run.playbook.id);
  if (!loaded)
    return refuse(
      'no-such-playbook',
      `The file of ${run.playbook.id} is gone or does not load. ${run.key} goes on with its own copy.`,
    );
  if (loaded.hash === run.hash) return refuse('unchanged', `${run.key} already follows the playbook as it is on disk.`);
  if (one(call.args, 'hash') === loaded.hash) return act(call, () => [{ kind: 'adopt', runId: run.id, loaded }]);
  return {
    kind: 'form' as const,
    form: {
      title: `${run.key}: change over to ${loaded.playbook.version}`,
      submitLabel: 'Change over',
      intent: { verb: 'step adopt', args: { incident: incidentOf(call), run: run.id, hash: loaded.hash } },
      intro: [
        text(
          `The run follows version ${run.playbook.version}. After this it follows ${loaded.playbook.version}, and everything that was entered and settled stays.`,
        ),
        ...differences(run.playbook, loaded.playbook),
      ],
      fields: [],
    },
  };
}

const base = { effect: 'record', who: 'command', needsIncident: true } as const;
const runArg = { name: 'run', summary: 'Key such as PR-1; the open one when left out', isRequired: false } as const;

export const stepRuns: readonly Command[] = [
  {
    ...base,
    name: 'step waive',
    summary: 'Do a step without something it asks for, with a reason',
    args: [{ name: 'step', summary: 'Name or number of a step; the current one when left out', isRequired: false }],
    examples: ['step waive preserve-volatile'],
    run: waive,
  },
  {
    ...base,
    name: 'step stop',
    summary: 'End a run that no longer fits, with a reason',
    args: [runArg],
    examples: ['step stop PR-1'],
    run: stop,
  },
  {
    ...base,
    name: 'step adopt',
    summary: 'Change a run over to its playbook as it is on disk now',
    args: [runArg],
    examples: ['step adopt PR-1'],
    run: adopt,
  },
];
