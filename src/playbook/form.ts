// The form of a step: its questions, the evidence it wants, and the checks that come first.

import { prose, text } from '../view/build.ts';
import type { Field, Form, Prose } from '../view/types.ts';
import type { FieldValue, PlaybookRun, Step, Variable } from './types.ts';
import { stateOf } from './walk.ts';

const EVIDENCE = 'evidence.';
const CHECK = 'check.';

const shown = (value: FieldValue | undefined): string =>
  value === undefined ? '' : Array.isArray(value) ? value.join('\n') : String(value);

function variableField(name: string, variable: Variable, value: FieldValue | undefined, isRequired: boolean): Field {
  const base = { name, label: variable.ask, isRequired };
  const choices = variable.type === 'yes_no' ? ['yes', 'no'] : (variable.choices ?? []);
  if (choices.length > 0 && !variable.many)
    return {
      ...base,
      kind: 'choice',
      choices: choices.map((c) => ({ value: c, label: c })),
      ...(value === undefined ? {} : { value: String(value) }),
    };
  if (variable.many || variable.type === 'text')
    return {
      ...base,
      kind: 'paragraph',
      ...(variable.many ? { hint: 'One per line' } : {}),
      value: shown(value),
      maxLength: 10_000,
    };
  return {
    ...base,
    kind: 'line',
    ...(variable.type === 'time' ? { hint: '2026-11-20T08:15Z' } : {}),
    value: shown(value),
  };
}

/** Asks for what a step needs; nothing blocks saving, so no field is required by the form itself. */
export function stepForm(
  incident: string,
  run: PlaybookRun,
  step: Step,
  evidence: readonly { readonly key: string; readonly name: string }[],
  verb: string,
  submitLabel: string,
): Form {
  const state = stateOf(run, step.id);
  const names = [...new Set([...step.requires, ...step.inputs])];
  return {
    title: step.title,
    submitLabel,
    intent: { verb, args: { incident, run: run.id, step: step.id, isFilled: 'yes' } },
    intro: [text(...(prose(step.instructions) as Prose))],
    fields: [
      ...names.flatMap((name) => {
        const variable = run.playbook.variables[name];
        return variable ? [variableField(name, variable, run.values[name], false)] : [];
      }),
      ...step.evidence_required.map(
        (e): Field => ({
          kind: 'choices',
          name: `${EVIDENCE}${e.id}`,
          label: `Evidence: ${e.what}`,
          hint: evidence.length > 0 ? (e.how ?? 'Tick what holds it') : 'Add it first with "log", then tick it here',
          isRequired: false,
          choices: evidence.slice(0, 100).map((i) => ({ value: i.key, label: `${i.key} ${i.name}` })),
          values: state.evidence[e.id] ?? [],
        }),
      ),
      ...step.pre_checks.map(
        (c): Field => ({
          kind: 'choice',
          name: `${CHECK}${c.id}`,
          label: c.question,
          isRequired: false,
          choices: [
            { value: 'yes', label: 'Yes' },
            { value: 'no', label: 'No' },
          ],
          ...(state.checks[c.id] ? { value: state.checks[c.id] as string } : {}),
        }),
      ),
      ...(step.success
        ? [
            {
              kind: 'choice',
              name: 'answer',
              label: step.success.question,
              isRequired: false,
              choices: [
                { value: 'yes', label: 'Yes' },
                { value: 'no', label: 'No' },
              ],
            } as Field,
            { kind: 'line', name: 'reason', label: 'How do you know?', isRequired: false, maxLength: 300 } as Field,
          ]
        : []),
    ],
  };
}

/** What was filled in, sorted into values, evidence and checks; empty answers are left out. */
export function readStepForm(
  run: PlaybookRun,
  step: Step,
  values: Readonly<Record<string, string | readonly string[]>>,
): {
  readonly values: Record<string, unknown>;
  readonly evidence: Record<string, readonly string[]>;
  readonly checks: Record<string, 'yes' | 'no'>;
} {
  const filled: {
    values: Record<string, unknown>;
    evidence: Record<string, readonly string[]>;
    checks: Record<string, 'yes' | 'no'>;
  } = { values: {}, evidence: {}, checks: {} };
  const known = new Set([...step.requires, ...step.inputs]);
  for (const [name, value] of Object.entries(values)) {
    const isEmpty = typeof value === 'string' ? value.trim() === '' : value.length === 0;
    if (isEmpty) continue;
    if (known.has(name) && run.playbook.variables[name]) {
      if (shown(run.values[name]) !== (typeof value === 'string' ? value : value.join('\n')))
        filled.values[name] = value;
    } else if (name.startsWith(EVIDENCE))
      filled.evidence[name.slice(EVIDENCE.length)] = typeof value === 'string' ? [value] : value;
    else if (name.startsWith(CHECK) && (value === 'yes' || value === 'no'))
      filled.checks[name.slice(CHECK.length)] = value;
  }
  return filled;
}
