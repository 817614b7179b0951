import { refuse } from '../refusal.ts';
import { evolvePlaybooks } from './evolve.ts';
import { graphOf, stepsOfLoop } from './graph.ts';
import { missingOf } from './missing.ts';
import { toldWith } from './told.ts';
import type {
  FieldValue,
  LoadedPlaybook,
  Playbook,
  PlaybookCommand,
  PlaybookContext,
  PlaybookRecord,
  PlaybookRefusal,
  PlaybookRun,
  PlaybookState,
  Step,
  StepState,
} from './types.ts';
import { readValue } from './values.ts';
import { isInFlight, standings, stateOf } from './walk.ts';

const LONGEST_TEXT = 4000;
const MOST_EVIDENCE = 100;
const EVIDENCE_KEY = /^EV-[1-9][0-9]{0,8}$/;

type Decided = readonly PlaybookRecord[] | PlaybookRefusal;
type StepCommand = Extract<PlaybookCommand, { stepId: string }>;

/**
 * Decides one command about the runs of an incident: the records to keep, or a refusal that says what to do.
 * Only a person acts; the outcome of a proposal may also be linked by the system.
 */
export function decidePlaybook(command: PlaybookCommand, state: PlaybookState, context: PlaybookContext): Decided {
  if (context.actor.kind !== 'human' && command.kind !== 'linkOutcome') {
    return refuse('not-human', 'A named person does the steps of a playbook. Ask one to press the button.');
  }
  if (command.kind === 'start') return start(command.loaded, command.values, state, context);
  const run = state.runs.find((r) => r.id === command.runId || r.key.toLowerCase() === command.runId.toLowerCase());
  if (!run) {
    const keys = state.runs.map((r) => r.key).join(', ');
    return refuse(
      'no-such-run',
      keys ? `There is no such run here. Runs: ${keys}.` : 'No playbook runs yet. Start one.',
    );
  }
  const stamp = { runId: run.id, at: new Date(context.now).toISOString(), by: context.actor.key };
  if (run.status !== 'open' && command.kind !== 'linkOutcome') {
    return refuse(
      'run-ended',
      `${run.key} is ${run.status}. Start the playbook again to go on; its entries stay readable.`,
    );
  }
  if (command.kind === 'adopt') return adopt(run, command.loaded, stamp);
  if (command.kind === 'stop') {
    const reason = reasonOf(command.reason, 'stop this run');
    if (typeof reason !== 'string') return reason;
    return [{ type: 'playbook.stopped', body: { ...stamp, reason } }];
  }
  const step = run.playbook.steps.find((s) => s.id === command.stepId);
  if (!step) {
    const open = [...standings(run)].filter(([, stood]) => stood.standing === 'open').map(([id]) => id);
    return refuse('no-such-step', `${run.key} has no step of that name. Open now: ${open.join(', ') || 'none'}.`);
  }
  const decided = decideStep(command, run, step, context, { ...stamp, stepId: step.id });
  return 'kind' in decided ? decided : withFinish(decided, state, run, stamp);
}

type Stamp = { readonly runId: string; readonly at: string; readonly by: string };
type StepStamp = Stamp & { readonly stepId: string };

function decideStep(
  command: StepCommand,
  run: PlaybookRun,
  step: Step,
  context: PlaybookContext,
  stamp: StepStamp,
): Decided {
  const state = stateOf(run, step.id);
  switch (command.kind) {
    case 'save':
      return save(command, run.playbook, step, state, stamp);
    case 'note': {
      const text = command.text.trim();
      if (text === '') return refuse('reason-missing', 'The note is empty. Write what others should know.');
      if (text.length > LONGEST_TEXT) return tooLong('note');
      return [{ type: 'step.noted', body: { ...stamp, text } }];
    }
    case 'assign':
      if (state.assignee === command.assignee) return refuse('unchanged', 'The step is already assigned that way.');
      return [{ type: 'step.assigned', body: { ...stamp, assignee: command.assignee } }];
    case 'waive':
      return waive(command, run, step, state, context, stamp);
    case 'linkOutcome':
      return linkOutcome(command, step, state, stamp);
    case 'done':
    case 'answer':
    case 'skip':
    case 'notApplicable':
    case 'propose':
      return settle(command, run, step, state, context.sent, stamp);
  }
}

function settle(
  command: Extract<StepCommand, { kind: 'done' | 'answer' | 'skip' | 'notApplicable' | 'propose' }>,
  run: PlaybookRun,
  step: Step,
  state: StepState,
  sent: PlaybookContext['sent'],
  stamp: StepStamp,
): Decided {
  if (state.settled !== 'no') {
    return refuse('already-settled', `"${step.title}" is already ${state.settled}. Add a note if something changed.`);
  }
  const stood = standings(run).get(step.id)!;
  if (command.kind === 'skip' || command.kind === 'notApplicable') {
    if (['hidden', 'standby', 'offered'].includes(stood.standing)) {
      return refuse('hidden', `"${step.title}" does not need settling. ${stood.why}`);
    }
    const flying = state.proposals.find((p) => p.outcome === 'approved' || p.outcome === 'unknown');
    if (flying) {
      return refuse(
        'in-flight',
        `${flying.proposal} is ${flying.outcome}. Record its outcome first, then settle the step.`,
      );
    }
    const reason = reasonOf(command.reason, command.kind === 'skip' ? 'skip this step' : 'rule this step out');
    if (typeof reason !== 'string') return reason;
    return [{ type: command.kind === 'skip' ? 'step.skipped' : 'step.ruled-out', body: { ...stamp, reason } }];
  }
  if (stood.standing === 'hidden' || stood.standing === 'undecided' || stood.standing === 'standby') {
    return refuse('hidden', stood.why);
  }
  if (stood.standing === 'blocked') {
    return refuse('blocked', `${stood.why} Settle that first, or ask the commander to waive the dependency.`);
  }
  const isContainment = step.kind === 'containment';
  if (command.kind === 'propose') {
    if (!isContainment)
      return refuse('not-containment', `"${step.title}" proposes nothing. Press Done when it is done.`);
    if (stood.standing === 'waiting') return refuse('in-flight', `${stood.why} Withdraw it before you propose again.`);
    return missingOf(run, step).length > 0
      ? missing(run, step)
      : [{ type: 'step.proposed', body: { ...stamp, proposal: command.proposal } }];
  }
  const isExecuted = state.proposals.some((p) => p.outcome === 'executed');
  if (isContainment && stood.standing === 'waiting') return refuse('in-flight', stood.why);
  if (isContainment && !(isExecuted && command.kind === 'answer')) {
    return refuse(
      'needs-proposal',
      `"${step.title}" is containment: propose the action and let a named person approve it. Skip it with a reason if it is not wanted.`,
    );
  }
  if (command.kind === 'done') {
    if (step.success)
      return refuse('needs-answer', `"${step.title}" ends with an answer: ${step.success.question} Yes or no?`);
    if (missingOf(run, step).length > 0) return missing(run, step);
    if (step.kind !== 'notice') return [{ type: 'step.completed', body: stamp }];
    const told = toldWith(step, command, sent);
    return typeof told === 'string' ? refuse('not-told', told) : [{ type: 'step.completed', body: { ...stamp, told } }];
  }
  if (!step.success) return refuse('needs-answer', `"${step.title}" asks no question. Press Done when it is done.`);
  if (missingOf(run, step).length > 0) return missing(run, step);
  const reason = command.reason.trim();
  if (reason === '' && (step.kind === 'decision' || command.answer === 'no')) {
    return refuse('reason-missing', 'Say in one sentence why. The reason is read at every handover.');
  }
  if (reason.length > LONGEST_TEXT) return tooLong('reason');
  return answer(command.answer, reason, run, step, state, stamp);
}

function answer(
  given: 'yes' | 'no',
  reason: string,
  run: PlaybookRun,
  step: Step,
  state: StepState,
  stamp: StepStamp,
): Decided {
  const answered: PlaybookRecord = { type: 'step.answered', body: { ...stamp, answer: given, reason } };
  if (given === 'yes') return [answered];
  const loops = graphOf(run.playbook).loops.filter((loop) => loop.from === step.id);
  if (loops.length === 0 || state.attempts + 1 >= (step.max_attempts ?? 1)) return [answered];
  const reopened = new Set(loops.flatMap((loop) => stepsOfLoop(run.playbook, loop)));
  const because = `"${step.title}" was answered no (attempt ${state.attempts + 1} of ${step.max_attempts}).`;
  return [
    answered,
    ...[...reopened]
      .filter((id) => id === step.id || stateOf(run, id).settled !== 'no')
      .map((stepId): PlaybookRecord => ({ type: 'step.reopened', body: { ...stamp, stepId, because } })),
  ];
}

function save(
  command: Extract<StepCommand, { kind: 'save' }>,
  playbook: Playbook,
  step: Step,
  state: StepState,
  stamp: StepStamp,
): Decided {
  const values = readValues(playbook, command.values ?? {}, [...step.requires, ...step.inputs]);
  if ('kind' in values) return values;
  const evidence: Record<string, readonly string[]> = {};
  for (const [id, keys] of Object.entries(command.evidence ?? {})) {
    if (!step.evidence_required.some((wanted) => wanted.id === id)) {
      const known = step.evidence_required.map((wanted) => wanted.id).join(', ');
      return refuse('bad-value', `This step asks for no evidence called ${id}. It asks for: ${known || 'none'}.`);
    }
    const bad = keys.find((key) => !EVIDENCE_KEY.test(key));
    if (bad !== undefined || keys.length === 0 || keys.length + (state.evidence[id]?.length ?? 0) > MOST_EVIDENCE) {
      return refuse(
        'bad-value',
        `Evidence is named by 1 to ${MOST_EVIDENCE} keys such as EV-7. Add the log first, then attach its key.`,
      );
    }
    evidence[id] = [...new Set(keys)];
  }
  const checks: Record<string, 'yes' | 'no'> = {};
  for (const [id, reply] of Object.entries(command.checks ?? {})) {
    if (!step.pre_checks.some((check) => check.id === id) || (reply !== 'yes' && reply !== 'no')) {
      return refuse('bad-value', `This step has no check called ${id} that takes yes or no.`);
    }
    checks[id] = reply;
  }
  if ([values.read, evidence, checks].every((part) => Object.keys(part).length === 0)) {
    return refuse('missing', 'Nothing was filled in. Answer at least one question or attach one piece of evidence.');
  }
  return [{ type: 'step.filled', body: { ...stamp, values: values.read, evidence, checks } }];
}

function waive(
  command: Extract<StepCommand, { kind: 'waive' }>,
  run: PlaybookRun,
  step: Step,
  state: StepState,
  context: PlaybookContext,
  stamp: StepStamp,
): Decided {
  if (!context.roles.includes('commander') && !context.roles.includes('deputy')) {
    return refuse('not-allowed', 'Only the commander or the deputy may waive. Ask one of them, with your reason.');
  }
  const reason = reasonOf(command.reason, 'waive this');
  if (typeof reason !== 'string') return reason;
  const known: Record<typeof command.what, readonly string[]> = {
    field: step.requires,
    evidence: step.evidence_required.map((wanted) => wanted.id),
    check: step.pre_checks.map((check) => check.id),
    dependency: (graphOf(run.playbook).into.get(step.id) ?? []).map((edge) => edge.from),
  };
  if (!known[command.what].includes(command.id)) {
    const list = known[command.what].join(', ');
    return refuse('bad-value', `This step has no ${command.what} called ${command.id}. It has: ${list || 'none'}.`);
  }
  if (Object.hasOwn(state.waived, `${command.what}:${command.id}`))
    return refuse('unchanged', 'That is waived already.');
  return [{ type: 'step.waived', body: { ...stamp, what: command.what, id: command.id, reason } }];
}

function linkOutcome(
  command: Extract<StepCommand, { kind: 'linkOutcome' }>,
  step: Step,
  state: StepState,
  stamp: StepStamp,
): Decided {
  const known = state.proposals.find((p) => p.proposal === command.proposal);
  if (!known) return refuse('no-such-proposal', `This step opened no proposal ${command.proposal}.`);
  if (known.outcome === command.outcome) return refuse('unchanged', `${known.proposal} is already ${known.outcome}.`);
  if (!isInFlight(known.outcome)) {
    return refuse('unchanged', `${known.proposal} ended as ${known.outcome}. Open a new proposal.`);
  }
  const linked: PlaybookRecord = {
    type: 'step.linked',
    body: { ...stamp, proposal: command.proposal, outcome: command.outcome },
  };
  const isSettledByIt = command.outcome === 'executed' && state.settled === 'no' && !step.success;
  return isSettledByIt ? [linked, { type: 'step.completed', body: stamp }] : [linked];
}

function start(
  loaded: LoadedPlaybook,
  given: Readonly<Record<string, unknown>>,
  state: PlaybookState,
  context: PlaybookContext,
): Decided {
  const { playbook, hash } = loaded;
  if (playbook.exercise && !context.exercise) {
    return refuse('exercise-only', `"${playbook.name}" is an exercise. Open an exercise incident and start it there.`);
  }
  const values = readValues(playbook, given, Object.keys(playbook.variables));
  if ('kind' in values) return values;
  const unanswered = Object.entries(playbook.variables).filter(
    ([name, v]) => v.required && !Object.hasOwn(values.read, name),
  );
  if (unanswered.length > 0) {
    return refuse('missing', `Before it starts, answer: ${unanswered.map(([, v]) => `"${v.ask}"`).join(', ')}.`);
  }
  const stamp = { runId: context.newId(), at: new Date(context.now).toISOString(), by: context.actor.key };
  const key = `PR-${state.runs.length + 1}`;
  return [{ type: 'playbook.started', body: { ...stamp, key, playbook, hash, values: values.read } }];
}

function adopt(run: PlaybookRun, loaded: LoadedPlaybook, stamp: Stamp): Decided {
  if (loaded.playbook.id !== run.playbook.id) {
    return refuse(
      'bad-value',
      `${run.key} follows ${run.playbook.id}. Start ${loaded.playbook.id} as a run of its own.`,
    );
  }
  if (loaded.hash === run.hash) return refuse('unchanged', `${run.key} already follows this version of the file.`);
  const flying = Object.values(run.steps).flatMap((s) => s.proposals.filter((p) => isInFlight(p.outcome)));
  if (flying.length > 0) {
    const keys = flying.map((p) => p.proposal).join(', ');
    return refuse('in-flight', `${keys} was proposed under the old version. Settle or withdraw it, then change over.`);
  }
  return [
    { type: 'playbook.adopted', body: { ...stamp, playbook: loaded.playbook, hash: loaded.hash, from: run.hash } },
  ];
}

function withFinish(records: readonly PlaybookRecord[], state: PlaybookState, run: PlaybookRun, stamp: Stamp): Decided {
  if (run.status !== 'open') return records;
  const after = records.reduce(evolvePlaybooks, state).runs.find((r) => r.id === run.id)!;
  const isFinished = [...standings(after).values()].every((stood) =>
    ['done', 'skipped', 'not-applicable', 'hidden', 'standby', 'offered'].includes(stood.standing),
  );
  return isFinished ? [...records, { type: 'playbook.finished', body: stamp }] : records;
}

function readValues(
  playbook: Playbook,
  given: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
): { readonly read: Readonly<Record<string, FieldValue>> } | PlaybookRefusal {
  const read: Record<string, FieldValue> = {};
  for (const [name, raw] of Object.entries(given)) {
    const variable = allowed.includes(name) ? playbook.variables[name] : undefined;
    if (!variable)
      return refuse('bad-value', `Nothing called ${name} is asked here. Asked: ${allowed.join(', ') || 'nothing'}.`);
    const one = readValue(variable, raw);
    if ('problem' in one) return refuse('bad-value', one.problem);
    read[name] = one.value;
  }
  return { read };
}

function missing(run: PlaybookRun, step: Step): PlaybookRefusal {
  return refuse(
    'missing',
    `Still needed: ${missingOf(run, step)
      .map((m) => m.ask)
      .join('; ')}. What you entered is kept.`,
  );
}

function reasonOf(text: string, what: string): string | PlaybookRefusal {
  const reason = text.trim();
  if (reason === '') return refuse('reason-missing', `Say in one sentence why you ${what}.`);
  return reason.length > LONGEST_TEXT ? tooLong('reason') : reason;
}

function tooLong(what: string): PlaybookRefusal {
  return refuse(
    'bad-value',
    `The ${what} is over ${LONGEST_TEXT} characters. Keep the long text as evidence and cite it.`,
  );
}
