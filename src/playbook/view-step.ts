// One step as a person works on it: what, why now, whose, by when, what is known, what is still needed, and what comes after.
import { said } from '../finding/said.ts';
import { CLOCK_NAMES } from '../notice/clocks/regimes.ts';
import {
  actions,
  button,
  code,
  context,
  fields,
  heading,
  list,
  notice,
  prose,
  strong,
  text,
  time,
} from '../view/build.ts';
import type { Button, Element, Prose } from '../view/types.ts';
import { graphOf } from './graph.ts';
import type { StepLine } from './steps.ts';
import { toldWords } from './told.ts';
import type { FieldValue, PlaybookRun } from './types.ts';
import { valueText } from './values.ts';
import { standings } from './walk.ts';

/** Names of people by key, for what the run keeps as keys. */
export type NameOf = (key: string) => string;

const SHOWN_VALUES = 8;

const dueProse = (line: StepLine): Prose | null =>
  line.dueAt === null
    ? null
    : prose(time(new Date(line.dueAt).toISOString()), ...(line.isOverdue ? [strong(' overdue')] : []));

/** Long lists end with how many more there are: the form shows them all. */
function shortValue(value: FieldValue): string {
  return Array.isArray(value) && value.length > SHOWN_VALUES
    ? `${value.slice(0, SHOWN_VALUES).join(', ')} and ${value.length - SHOWN_VALUES} more`
    : valueText(value);
}

/** A waived thing by the words it is asked with. */
function waivedWords(run: PlaybookRun, { step }: StepLine, key: string): string {
  const [what, id] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
  switch (what) {
    case 'field':
      return run.playbook.variables[id]?.ask ?? id;
    case 'evidence':
      return step.evidence_required.find((e) => e.id === id)?.what ?? id;
    case 'check':
      return step.pre_checks.find((c) => c.id === id)?.question ?? id;
    default:
      return `waiting for "${run.playbook.steps.find((s) => s.id === id)?.title ?? id}"`;
  }
}

/** What people answered and attached so far, a line each. */
function knownElements(run: PlaybookRun, line: StepLine): readonly Element[] {
  const answered = line.inputs.flatMap(({ ask, value }) =>
    value === undefined ? [] : [prose(`${ask} `, said(shortValue(value)))],
  );
  const attached = line.step.evidence_required.flatMap(({ id, what }) => {
    const keys = line.state.evidence[id] ?? [];
    return keys.length === 0 ? [] : [prose(`${what}: `, code(keys.join(', ')))];
  });
  const waived = Object.entries(line.state.waived).map(([what, reason]) =>
    prose(`Waived: ${waivedWords(run, line, what)}. `, said(reason)),
  );
  const all = [...answered, ...attached, ...waived];
  return all.length === 0 ? [] : [text(strong('Known so far')), list(all)];
}

/** What settling the step opens, so that nobody is surprised. */
function nextElements(run: PlaybookRun, line: StepLine): readonly Element[] {
  const titleOf = (id: string): string => `"${run.playbook.steps.find((s) => s.id === id)?.title ?? id}"`;
  const named = (ids: readonly string[]): string =>
    ids.slice(0, 4).map(titleOf).join(', ') + (ids.length > 4 ? ` and ${ids.length - 4} more` : '');
  const { on_success: yes, on_failure: no, id } = line.step;
  if (yes.length + no.length > 0)
    return [
      context(
        `Yes goes on to ${yes.length > 0 ? named(yes) : 'what follows'}. No goes ${no.length > 0 ? `to ${named(no)}` : 'on without it'}.`,
      ),
    ];
  const stood = standings(run);
  const waiting = (graphOf(run.playbook).edges ?? [])
    .filter((e) => e.from === id && stood.get(e.to)?.standing === 'blocked')
    .map((e) => e.to);
  return waiting.length === 0 ? [] : [context(`Then: ${named([...new Set(waiting)])}.`)];
}

/** Clocks and notices the step brings to mind. It starts and sends nothing: a person does. */
function offerElements(incident: string, line: StepLine): readonly Element[] {
  const { clocks_suggested: clocks, notices } = line.step;
  // Also while it is blocked: a clock does not wait for a step.
  const isOpen = line.acts.includes('skip');
  return [
    ...(clocks.length > 0
      ? [
          text(
            strong('Clocks to ask counsel about: '),
            clocks.map((id) => CLOCK_NAMES.get(id) ?? id).join('; '),
            '. None of them has been started by this step.',
          ),
        ]
      : []),
    ...(isOpen && line.step.phase === 'review' ? [actions(button('Write the review', 'review', { incident }))] : []),
    ...(isOpen && clocks.length + notices.length > 0
      ? [
          actions(
            ...notices.map(({ audience, template }) =>
              button(`Draft notice: ${audience}`, 'notice draft', {
                incident,
                audience,
                ...(template ? { template } : {}),
              }),
            ),
            ...(clocks.length > 0
              ? [
                  button('Start a clock', 'notice clock', { incident, action: 'start', among: clocks.join(' ') }),
                  button('Say what applies', 'notice clock', { incident, action: 'mark', among: clocks.join(' ') }),
                ]
              : []),
          ),
        ]
      : []),
  ];
}

/** Of a notice step that is done: what went out, to be read, or why nothing did. */
function toldElements(incident: string, { state: { told, settledBy } }: StepLine, nameOf: NameOf): readonly Element[] {
  if (!told) return [];
  const tone = told.without.length > 0 ? 'warning' : 'good';
  return [
    notice(tone, said(toldWords(told)), settledBy ? ` (${nameOf(settledBy)})` : ''),
    ...(told.notices.length > 0
      ? [actions(...told.notices.map((key) => button(`Read ${key}`, 'notice show', { incident, notice: key })))]
      : []),
  ];
}

function stepButtons(incident: string, run: PlaybookRun, line: StepLine): readonly Button[] {
  const args = { incident, run: run.id, step: line.step.id };
  const acts = new Set(line.acts);
  const isStuck = line.missing.length > 0 || line.standing === 'blocked';
  return [
    ...(acts.has('propose') ? [button('Propose this containment', 'step propose', args, { style: 'primary' })] : []),
    ...(acts.has('done') ? [button('Done', 'step done', args, { style: 'primary' })] : []),
    ...(acts.has('answer') ? [button('Answer', 'step done', args, { style: 'primary' })] : []),
    ...(acts.has('save') && line.inputs.length + line.step.evidence_required.length + line.step.pre_checks.length > 0
      ? [button('Fill in', 'step fill', args)]
      : []),
    ...(acts.has('skip') ? [button('Skip', 'step skip', args), button('Not applicable', 'step na', args)] : []),
    ...(acts.has('assign') ? [button('Assign', 'step assign', args), button('Note', 'step note', args)] : []),
    ...(acts.has('skip') && isStuck ? [button('Waive', 'step waive', args)] : []),
  ];
}

/** One step whole, with what can be done with it now; `isWhole` adds where its sources can be read. */
export function stepElements(
  incident: string,
  run: PlaybookRun,
  line: StepLine,
  nameOf: NameOf,
  isWhole = false,
): readonly Element[] {
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
      ...(step.kind === 'containment'
        ? {
            Reversibility: (step.reversibility ?? 'unknown').replaceAll('_', ' '),
            'To undo it': step.rollback
              ? 'none' in step.rollback
                ? step.rollback.none.trim()
                : `"${run.playbook.steps.find((s) => s.id === (step.rollback as { readonly step: string }).step)?.title ?? ''}"`
              : null,
          }
        : {}),
      Proposal: line.proposal ? `${line.proposal.proposal}: ${line.proposal.outcome}` : null,
    }),
    text(step.instructions.trim()),
    ...(step.success ? [text(strong(step.success.question))] : []),
    ...(step.blast_radius_note ? [notice('warning', strong('What else breaks. '), step.blast_radius_note.trim())] : []),
    ...knownElements(run, line),
    ...(line.missing.length > 0 ? [text(strong('Still needed')), list(line.missing.map((m) => m.ask))] : []),
    ...toldElements(incident, line, nameOf),
    ...offerElements(incident, line),
    ...state.entries
      .filter((e) => e.what === 'note')
      .slice(-3)
      .map((e) => context(`${nameOf(e.by)}: `, said(String(e.value)))),
    ...nextElements(run, line),
    actions(...stepButtons(incident, run, line)),
    ...(step.refs.length === 0
      ? []
      : isWhole
        ? [text(strong('Read more')), list(step.refs.map((r) => prose(r.name, ...(r.url ? [' ', code(r.url)] : []))))]
        : [context(`See ${step.refs.map((r) => r.name).join('; ')}`)]),
  ];
}
