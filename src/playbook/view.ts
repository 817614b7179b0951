// The walker's card: the current step, why now, how, whose, due, what is required, what is next or why it is blocked.
import { said } from '../finding/said.ts';
import { actions, button, context, fields, heading, list, notice, prose, strong, text, view } from '../view/build.ts';
import type { Button, Element, View } from '../view/types.ts';
import { changedSince, currentSteps, progressOf, type StepLine, stepLines, toldSteps } from './steps.ts';
import { toldWords } from './told.ts';
import type { LoadedPlaybook, PlaybookRun, PlaybookState } from './types.ts';
import { type NameOf, stepElements } from './view-step.ts';

const PHASE_ORDER = ['triage', 'containment', 'eradication', 'recovery', 'review'];

const MOST_OTHERS = 6;

/** A step that is open as well: what, whose, and whether it is late. */
function otherButton(incident: string, run: PlaybookRun, line: StepLine): Button {
  const aside = `${line.step.role}${line.isOverdue ? ', OVERDUE' : ''}`;
  return button(`${line.step.title.slice(0, 50)} (${aside})`, 'step show', {
    incident,
    run: run.id,
    step: line.step.id,
  });
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
      ...toldList(run),
    ]);
  const current = currentSteps(run, nowMs);
  const [first, ...others] = current;
  const changed = changedSince(run, loaded);
  const args = { incident, run: run.id };
  return view(title, [
    heading(`${run.key} ${run.playbook.name}`),
    context(`${settled} of ${all} steps settled, version ${run.playbook.version}`),
    ...(changed
      ? [notice('info', changed), ...(loaded ? [actions(button('Change over', 'step adopt', args))] : [])]
      : []),
    ...(first
      ? stepElements(incident, run, first, nameOf)
      : [notice('info', 'No step is open now. "All steps" says what each one waits for.')]),
    ...(others.length > 0
      ? [
          text(strong('Also open')),
          actions(...others.slice(0, MOST_OTHERS).map((l) => otherButton(incident, run, l))),
          ...(others.length > MOST_OTHERS
            ? [context(`and ${others.length - MOST_OTHERS} more under "All steps"`)]
            : []),
        ]
      : []),
    ...toldList(run),
    ...undoElements(incident, run, nowMs),
    actions(button('All steps', 'step all', args)),
  ]);
}

/** The notice steps that are done: what went out, and loudly where nothing did. */
function toldList(run: PlaybookRun): readonly Element[] {
  const told = toldSteps(run);
  return told.length === 0
    ? []
    : [text(strong('Who was told')), list(told.map((t) => prose(`"${t.step.title}": `, said(toldWords(t.told)))))];
}

/** What was carried out and can be undone by a step of its own. */
function undoElements(incident: string, run: PlaybookRun, nowMs: number): readonly Element[] {
  const offered = stepLines(run, nowMs).filter((l) => l.standing === 'offered');
  return offered.length === 0
    ? []
    : [
        text(strong('To undo what was done')),
        actions(
          ...offered
            .slice(0, 4)
            .map((l) => button(l.step.title.slice(0, 60), 'step show', { incident, run: run.id, step: l.step.id })),
        ),
      ];
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
export function allStepsView(incident: string, run: PlaybookRun, nowMs: number): View {
  const lines = stepLines(run, nowMs);
  const { playbook } = run;
  const guide = Object.entries(playbook.severity_guide).map(([severity, means]) =>
    prose(strong(`${severity} `), means),
  );
  return view(`${run.key}: all steps`, [
    heading(`${run.key} ${playbook.name}, version ${playbook.version}`),
    ...(guide.length > 0 ? [text(strong('How severe is it?')), list(guide)] : []),
    ...(playbook.out_of_scope.length > 0
      ? [
          text(strong('Another playbook fits better when')),
          list(playbook.out_of_scope.map((o) => prose(`${o.situation}: `, strong(o.use)))),
        ]
      : []),
    ...PHASE_ORDER.flatMap((phase) => {
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
                  l.why ? ` \u2013 ${l.why}` : '',
                  l.standing === 'done' && l.state.reason ? ` ${l.state.reason}` : '',
                ),
              ),
            ),
          ];
    }),
    ...(run.status === 'open' ? [actions(button('Stop this run', 'step stop', { incident, run: run.id }))] : []),
  ]);
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
