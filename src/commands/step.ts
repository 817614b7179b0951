// step: the playbook walker.

import { humanKey } from '../organisation/people.ts';
import { type FormSetting, readStepForm, stepForm } from '../playbook/form.ts';
import { stepLines } from '../playbook/steps.ts';
import { toldWith } from '../playbook/told.ts';
import type { PlaybookCommand } from '../playbook/types.ts';
import { allStepsView, runView } from '../playbook/view.ts';
import { stepElements } from '../playbook/view-step.ts';
import { isRefusal } from '../refusal.ts';
import { view } from '../view/build.ts';
import { namesIn } from './names.ts';
import { personFromArgs } from './people.ts';
import { incidentOf } from './status.ts';
import { act, sentIn } from './step-act.ts';
import { withStep } from './step-pick.ts';
import { propose } from './step-propose.ts';
import { stepRuns } from './step-run.ts';
import { seenIn } from './step-seen.ts';
import { start } from './step-start.ts';
import { type Answer, type Call, type Command, many, one } from './types.ts';

async function show(call: Call): Promise<Answer> {
  const runs = (call.dossier?.playbook.runs ?? []).filter((r) => r.status === 'open');
  const incident = incidentOf(call);
  if (runs.length === 0) return start(call);
  const shown = runs.map((run) =>
    runView(
      incident,
      run,
      call.services.now(),
      call.services.playbooks().playbooks.get(run.playbook.id),
      namesIn(call.services),
    ),
  );
  const [first, ...rest] = shown;
  return first
    ? { kind: 'private', view: view(first.summary, [...first.elements, ...rest.flatMap((v) => v.elements)]) }
    : { kind: 'none' };
}

const zoneOf = (call: Call): string => call.dossier?.incident.zone ?? call.services.organisation.organisation.zone;

const setting = async (call: Call): Promise<FormSetting> => ({
  evidence: (call.dossier?.evidence.items ?? []).map((i) => ({ key: i.key, name: i.name })),
  seen: await seenIn(call),
  sent: call.dossier ? sentIn(call.dossier) : [],
  zone: zoneOf(call),
});

const reading = (call: Call) => ({ nowAt: call.nowAt, zone: zoneOf(call) });

/** Saves what was filled in, then settles the step; what is missing keeps it open, and what was filled in is kept. */
const finish = withStep(async (call, { run, step }) => {
  const line = stepLines(run, call.services.now()).find((l) => l.step.id === step.id);
  const isFilled = one(call.args, 'isFilled') === 'yes';
  const hasQuestions =
    step.requires.length + step.inputs.length + step.evidence_required.length + step.pre_checks.length > 0 ||
    step.success !== undefined ||
    step.kind === 'notice';
  if (line?.acts.includes('propose')) return propose(call);
  if (!isFilled && hasQuestions)
    return { kind: 'form', form: stepForm(incidentOf(call), run, step, await setting(call), 'step done', 'Done') };
  const filled = readStepForm(run, step, call.args, reading(call));
  if ('errors' in filled) return { kind: 'errors', errors: filled.errors };
  const hasFilled =
    Object.keys(filled.values).length + Object.keys(filled.evidence).length + Object.keys(filled.checks).length > 0;
  const answer = one(call.args, 'answer');
  const isReasonNeeded =
    step.success !== undefined && (answer === 'no' || (answer === 'yes' && step.kind === 'decision'));
  if (isReasonNeeded && one(call.args, 'reason').trim() === '')
    return { kind: 'errors', errors: { reason: 'Say in one sentence why. The reason is read at every handover.' } };
  const told = { notices: many(call.args, 'notices'), without: one(call.args, 'without') };
  const close: PlaybookCommand =
    step.success && (answer === 'yes' || answer === 'no')
      ? { kind: 'answer', runId: run.id, stepId: step.id, answer, reason: one(call.args, 'reason') }
      : {
          kind: 'done',
          runId: run.id,
          stepId: step.id,
          ...told,
        };
  // Refused before anything is kept, so that the form stays open at the reason.
  const untold = step.kind === 'notice' && call.dossier ? toldWith(step, told, sentIn(call.dossier)) : null;
  if (typeof untold === 'string') return { kind: 'errors', errors: { without: untold } };
  return act(
    call,
    () => [...(hasFilled ? [{ kind: 'save' as const, runId: run.id, stepId: step.id, ...filled }] : []), close],
    true,
  );
});

const fill = withStep(async (call, { run, step }) => {
  if (one(call.args, 'isFilled') !== 'yes')
    return { kind: 'form', form: stepForm(incidentOf(call), run, step, await setting(call), 'step fill', 'Save') };
  const filled = readStepForm(run, step, call.args, reading(call));
  if ('errors' in filled) return { kind: 'errors', errors: filled.errors };
  return act(call, () => [{ kind: 'save', runId: run.id, stepId: step.id, ...filled }]);
});

/** Skip and not-applicable want a reason. */
const withReason = (kind: 'skip' | 'notApplicable', title: string, verb: string) =>
  withStep(async (call, { run, step }) => {
    const reason = one(call.args, 'reason');
    if (reason === '')
      return {
        kind: 'form',
        form: {
          title: `${title}: ${step.title}`.slice(0, 150),
          submitLabel: title,
          intent: { verb, args: { incident: incidentOf(call), run: run.id, step: step.id } },
          intro: [],
          fields: [{ kind: 'line', name: 'reason', label: 'Why', isRequired: true, maxLength: 300 }],
        },
      };
    return act(call, () => [{ kind, runId: run.id, stepId: step.id, reason }]);
  });

const note = withStep(async (call, { run, step }) => {
  const said = one(call.args, 'text');
  if (said === '')
    return {
      kind: 'form',
      form: {
        title: `Note: ${step.title}`.slice(0, 150),
        submitLabel: 'Keep',
        intent: { verb: 'step note', args: { incident: incidentOf(call), run: run.id, step: step.id } },
        intro: [],
        fields: [
          { kind: 'paragraph', name: 'text', label: 'What others should know', isRequired: true, maxLength: 4000 },
        ],
      },
    };
  return act(call, () => [{ kind: 'note', runId: run.id, stepId: step.id, text: said }]);
});

const assign = withStep(async (call, { run, step }) => {
  const who = await personFromArgs(call, 'who');
  if (isRefusal(who)) return who;
  if (!who)
    return {
      kind: 'form',
      form: {
        title: `Assign: ${step.title}`.slice(0, 150),
        submitLabel: 'Assign',
        intent: { verb: 'step assign', args: { incident: incidentOf(call), run: run.id, step: step.id } },
        intro: [],
        fields: [{ kind: 'person', name: 'who', label: 'To whom', isRequired: true }],
      },
    };
  return act(call, () => [
    {
      kind: 'assign',
      runId: run.id,
      stepId: step.id,
      assignee: humanKey(call.services.organisation.organisation, who),
    },
  ]);
});

const base = { effect: 'record', who: 'responder', needsIncident: true } as const;
const read = { effect: 'read', who: 'participant', needsIncident: true } as const;
const stepArg = {
  name: 'step',
  summary: 'Name or number of a step; the current one when left out',
  isRequired: false,
} as const;

export const step: readonly Command[] = [
  {
    ...read,
    name: 'step',
    summary: 'The current step, what is next, what blocks',
    args: [],
    examples: ['step'],
    run: show,
  },
  {
    ...base,
    name: 'step start',
    summary: 'Start a playbook',
    args: [{ name: 'playbook', summary: 'Name of a playbook', isRequired: false }],
    examples: ['step start ransomware'],
    run: start,
  },
  {
    ...base,
    name: 'step done',
    summary: 'Mark a step done; what is required is asked',
    args: [stepArg],
    examples: ['step done'],
    run: finish,
  },
  {
    ...base,
    name: 'step fill',
    summary: 'Fill in a step without finishing it',
    args: [stepArg],
    examples: ['step fill'],
    run: fill,
  },
  {
    ...base,
    name: 'step skip',
    summary: 'Skip a step, with a reason',
    args: [stepArg, { name: 'reason', summary: 'Why', isRequired: true, isRest: true }],
    examples: ['step skip confirm-with-owner the owner is the insider'],
    run: withReason('skip', 'Skip', 'step skip'),
  },
  {
    ...base,
    name: 'step na',
    summary: 'A step does not apply, with a reason',
    args: [stepArg, { name: 'reason', summary: 'Why', isRequired: true, isRest: true }],
    examples: ['step na tell-works-council no personal data'],
    run: withReason('notApplicable', 'Not applicable', 'step na'),
  },
  {
    ...base,
    name: 'step note',
    summary: 'Keep a note on a step',
    args: [stepArg, { name: 'text', summary: 'The note', isRequired: true, isRest: true }],
    examples: ['step note scope-accounts two more accounts'],
    run: note,
  },
  {
    ...base,
    name: 'step assign',
    summary: 'Give a step to somebody',
    args: [stepArg, { name: 'who', summary: 'a mention', isRequired: true }],
    examples: ['step assign scope-accounts @tomas'],
    run: assign,
  },
  {
    ...read,
    name: 'step all',
    summary: 'Every step and why it stands where it does',
    args: [],
    examples: ['step all'],
    run: withStep(async (call, { run }) => ({
      kind: 'private',
      view: allStepsView(incidentOf(call), run, call.services.now()),
    })),
  },
  {
    ...read,
    name: 'step show',
    summary: 'One step whole',
    args: [stepArg],
    examples: ['step show scope-accounts'],
    run: withStep(async (call, { run, step: picked }) => {
      const line = stepLines(run, call.services.now()).find((l) => l.step.id === picked.id);
      return line
        ? {
            kind: 'private',
            view: view(picked.title, stepElements(incidentOf(call), run, line, namesIn(call.services), true)),
          }
        : { kind: 'none' };
    }),
  },
  {
    ...base,
    effect: 'contain',
    name: 'step propose',
    summary: 'Open the proposal of a containment step',
    args: [stepArg],
    examples: ['step propose reset-accounts'],
    run: propose,
  },
  ...stepRuns,
];
