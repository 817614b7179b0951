// The walker's card: the current step, why now, how, whose, due, what is required, what is next or why it is blocked.
import {
  actions,
  button,
  context,
  fields,
  heading,
  list,
  notice,
  prose,
  strong,
  text,
  time,
  untrusted,
  view,
} from '../view/build.ts';
import type { Button, Element, Prose, View } from '../view/types.ts';
import { currentSteps, progressOf, type StepLine, stepLines } from './steps.ts';
import type { LoadedPlaybook, PlaybookRun, PlaybookState } from './types.ts';

const PHASE_ORDER = ['triage', 'containment', 'eradication', 'recovery', 'review'];

const dueProse = (line: StepLine): Prose | null =>
  line.dueAt === null
    ? null
    : prose(time(new Date(line.dueAt).toISOString()), ...(line.isOverdue ? [strong(' overdue')] : []));

/** Names of people by key, for what the run keeps as keys. */
export type NameOf = (key: string) => string;

function stepButtons(incident: string, run: PlaybookRun, line: StepLine): readonly Button[] {
  const args = { incident, run: run.id, step: line.step.id };
  const acts = new Set(line.acts);
  return [
    ...(acts.has('propose') ? [button('Propose this containment', 'step propose', args, { style: 'primary' })] : []),
    ...(acts.has('done') ? [button('Done', 'step done', args, { style: 'primary' })] : []),
    ...(acts.has('answer') ? [button('Answer', 'step done', args, { style: 'primary' })] : []),
    ...(acts.has('save') && line.missing.length > 0 ? [button('Fill in', 'step fill', args)] : []),
    ...(acts.has('skip') ? [button('Skip', 'step skip', args), button('Not applicable', 'step na', args)] : []),
    ...(acts.has('assign') ? [button('Assign', 'step assign', args), button('Note', 'step note', args)] : []),
  ];
}

/** One step whole, with what can be done with it now. */
export function stepElements(incident: string, run: PlaybookRun, line: StepLine, nameOf: NameOf): readonly Element[] {
  const { step, state } = line;
  return [
    heading(step.title),
    ...(line.isTimedOut
      ? [notice('warning', 'This has been open longer than the playbook allows: stop waiting and decide.')]
      : []),
    fields({
      Phase: step.phase,
      Whose: state.assignee ? strong(nameOf(state.assignee)) : step.role,
      Due: dueProse(line),
      'Why now': line.why,
      ...(step.kind === 'containment' ? { Reversibility: (step.reversibility ?? 'unknown').replaceAll('_', ' ') } : {}),
      Proposal: line.proposal ? `${line.proposal.proposal}: ${line.proposal.outcome}` : null,
    }),
    text(step.instructions.trim()),
    ...(step.blast_radius_note ? [notice('warning', strong('What else breaks. '), step.blast_radius_note.trim())] : []),
    ...(line.missing.length > 0 ? [text(strong('Still needed')), list(line.missing.map((m) => m.ask))] : []),
    ...state.entries
      .filter((e) => e.what === 'note')
      .slice(-3)
      .map((e) => context(`${nameOf(e.by)}: `, untrusted(String(e.value)))),
    actions(...stepButtons(incident, run, line)),
    ...(step.refs.length > 0 ? [context(`See ${step.refs.map((r) => r.name).join('; ')}`)] : []),
  ];
}

/** The card of a run: where it stands, the current step whole, the others that are open in a line each. */
export function runView(
  incident: string,
  run: PlaybookRun,
  nowMs: number,
  loaded: LoadedPlaybook | undefined,
  nameOf: NameOf,
): View {
  const { settled, all } = progressOf(run);
  const title = `${run.key} ${run.playbook.name}: ${settled} of ${all} steps`;
  if (run.status !== 'open')
    return view(title, [
      heading(`${run.key} ${run.playbook.name}`),
      notice(
        run.status === 'finished' ? 'good' : 'info',
        `${run.key} is ${run.status}. ${settled} of ${all} steps are settled.`,
      ),
    ]);
  const current = currentSteps(run, nowMs);
  const [first, ...others] = current;
  const changed =
    loaded && loaded.hash !== run.hash
      ? `The file changed from version ${run.playbook.version} to ${loaded.playbook.version}; this run keeps ${run.playbook.version}.`
      : null;
  return view(title, [
    heading(`${run.key} ${run.playbook.name}`),
    context(`${settled} of ${all} steps settled, version ${run.playbook.version}`),
    ...(changed ? [notice('info', changed)] : []),
    ...(first
      ? stepElements(incident, run, first, nameOf)
      : [notice('info', 'No step is open now. "All steps" says what each one waits for.')]),
    ...(others.length > 0
      ? [
          text(strong('Also open')),
          list(
            others
              .slice(0, 8)
              .map((l) => prose(l.step.title, ` (${l.step.role})`, ...(l.isOverdue ? [strong(' overdue')] : []))),
          ),
          ...(others.length > 0
            ? [
                actions(
                  ...others
                    .slice(0, 4)
                    .map((l) =>
                      button(l.step.title.slice(0, 60), 'step show', { incident, run: run.id, step: l.step.id }),
                    ),
                ),
              ]
            : []),
        ]
      : []),
    actions(button('All steps', 'step all', { incident, run: run.id })),
  ]);
}

const MARK: Readonly<Record<StepLine['standing'], string>> = {
  done: 'done',
  skipped: 'skipped',
  'not-applicable': 'not applicable',
  open: 'open',
  waiting: 'waiting',
  blocked: 'blocked',
  hidden: 'hidden',
  undecided: 'undecided',
  standby: 'standby',
  offered: 'offered',
};

/** Every step by phase, each with where it stands and why. */
export function allStepsView(run: PlaybookRun, nowMs: number): View {
  const lines = stepLines(run, nowMs);
  return view(
    `${run.key}: all steps`,
    PHASE_ORDER.flatMap((phase) => {
      const of = lines.filter((l) => l.step.phase === phase);
      return of.length === 0
        ? []
        : [
            heading(phase),
            list(
              of.map((l) =>
                prose(
                  strong(`${MARK[l.standing]}: `),
                  l.step.title,
                  ` (${l.step.id})`,
                  l.why ? `. ${l.why}` : '',
                  l.state.reason ? `. Reason: ${l.state.reason}` : '',
                ),
              ),
            ),
          ];
    }),
  );
}

/** What the pinned card says of the runs. */
export function runsSection(state: PlaybookState, nowMs: number): readonly Element[] {
  return state.runs
    .filter((r) => r.status === 'open')
    .map((run) => {
      const { settled, all } = progressOf(run);
      const current = currentSteps(run, nowMs);
      const overdue = current.filter((l) => l.isOverdue).length;
      return fields({
        [run.playbook.name]: prose(
          `${settled} of ${all} steps`,
          ...(current[0] ? ['; now: ', strong(current[0].step.title)] : []),
          ...(overdue > 0 ? [`; ${overdue} overdue`] : []),
        ),
      });
    });
}
