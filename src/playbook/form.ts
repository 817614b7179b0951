// The form of a step: its questions, the evidence it wants, and the checks that come first.

import { readWhen } from '../incident/when.ts';
import type { Notice } from '../notice/types.ts';
import { isRefusal } from '../refusal.ts';
import { strong, text } from '../view/build.ts';
import type { Field, Form } from '../view/types.ts';
import type { FieldValue, PlaybookRun, Step, Variable } from './types.ts';
import { readValue } from './values.ts';
import { stateOf } from './walk.ts';

const EVIDENCE = 'evidence.';
const CHECK = 'check.';
const SEEN = 'seen.';
const MOST_SEEN = 12;

/** Kinds of things that evidence names and steps ask for. */
export type SeenKind = 'account' | 'host' | 'address' | 'domain' | 'url' | 'hash' | 'mailbox';

/** Something the evidence shows, best first; `value` is raw, `label` defanged with where it was seen. */
export interface Seen {
  readonly kind: SeenKind;
  readonly value: string;
  readonly where: readonly string[];
  readonly label: string;
}

/** What a form is made with beside the step itself. */
export interface FormSetting {
  readonly evidence: readonly { readonly key: string; readonly name: string }[];
  readonly seen: readonly Seen[];
  /** Notices that went out, for a notice step. */
  readonly sent: readonly Notice[];
  /** Zone in which a time without one is read. */
  readonly zone: string;
}

const has = (listed: readonly string[], value: string): boolean =>
  listed.some((one) => one.trim().toLowerCase() === value.toLowerCase());

/** A field that offers what was seen and is not listed yet; none when there is nothing to offer. */
export function seenField(
  name: string,
  label: string,
  seen: readonly Seen[],
  kinds: readonly string[],
  listed: readonly string[],
): readonly Field[] {
  const offered = seen.filter((s) => kinds.includes(s.kind) && !has(listed, s.value)).slice(0, MOST_SEEN);
  return offered.length === 0
    ? []
    : [
        {
          kind: 'choices',
          name,
          label,
          hint: 'Seen is not affected: tick only what you mean',
          isRequired: false,
          choices: offered.map((s) => ({ value: s.value, label: s.label })),
        },
      ];
}

const shown = (value: FieldValue | undefined): string =>
  value === undefined ? '' : Array.isArray(value) ? value.join('\n') : String(value);

function variableField(
  name: string,
  variable: Variable,
  value: FieldValue | undefined,
  zone: string,
  isNeeded: boolean,
): Field {
  const needed = isNeeded ? ['May wait, but is needed before the step is done'] : [];
  const hinted = (...hints: readonly string[]) => ({ hint: [...needed, ...hints].join('. ') });
  const base = { name, label: variable.ask, isRequired: false, isNeeded, ...(isNeeded ? hinted() : {}) };
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
      ...(variable.many ? hinted('One per line') : {}),
      value: shown(value),
      maxLength: 10_000,
    };
  return {
    ...base,
    kind: 'line',
    ...(variable.type === 'time' ? hinted(`2026-11-20T08:15Z, 14:05 (${zone}), 14:05Z or -15m`) : {}),
    value: shown(value),
  };
}

/** Asks for what a step needs; nothing blocks saving, so no field is required by the form itself. */
export function stepForm(
  incident: string,
  run: PlaybookRun,
  step: Step,
  { evidence, seen, sent, zone }: FormSetting,
  verb: string,
  submitLabel: string,
): Form {
  const state = stateOf(run, step.id);
  const names = [...new Set([...step.requires, ...step.inputs])];
  return {
    title: step.title,
    submitLabel,
    intent: { verb, args: { incident, run: run.id, step: step.id, isFilled: 'yes' } },
    intro: [
      text(step.instructions.trim()),
      ...(step.evidence_required.length > 0 && evidence.length === 0
        ? [text(strong('No evidence is kept yet. '), 'Add it with "log", then come back and tick it here.')]
        : []),
    ],
    fields: [
      ...names.flatMap((name) => {
        const variable = run.playbook.variables[name];
        if (!variable) return [];
        const value = run.values[name];
        const listed = Array.isArray(value) ? value : value === undefined ? [] : [String(value)];
        return [
          variableField(name, variable, value, zone, step.requires.includes(name)),
          ...(variable.many
            ? seenField(`${SEEN}${name}`, `Seen in the evidence: ${variable.ask}`, seen, [variable.type], listed)
            : []),
        ];
      }),
      ...step.evidence_required.map(
        (e): Field => ({
          kind: 'choices',
          name: `${EVIDENCE}${e.id}`,
          label: `Evidence: ${e.what}`,
          hint: e.how?.trim().replace(/\s+/g, ' ') ?? 'Tick what holds it',
          isRequired: false,
          isNeeded: true,
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
          isNeeded: true,
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
              isNeeded: true,
              choices: [
                { value: 'yes', label: 'Yes' },
                { value: 'no', label: 'No' },
              ],
            } as Field,
            { kind: 'line', name: 'reason', label: 'Why, in one sentence', isRequired: false, maxLength: 300 } as Field,
          ]
        : []),
      ...(step.kind === 'notice' && verb === 'step done' ? toldFields(step, sent) : []),
    ],
  };
}

/** Which notices were sent, those to the step's audiences ticked; and why none was. */
function toldFields(step: Step, sent: readonly Notice[]): readonly Field[] {
  const audiences = step.notices.map((n) => n.audience);
  return [
    ...(sent.length > 0
      ? [
          {
            kind: 'choices' as const,
            name: 'notices',
            label: 'Which notice was sent?',
            hint: `This step is for ${audiences.join(', ')}`,
            isRequired: false,
            isNeeded: true,
            choices: sent.map((n) => ({ value: n.key, label: `${n.key} to ${n.audience}, version ${n.version}` })),
            values: sent.filter((n) => audiences.includes(n.audience)).map((n) => n.key),
          },
        ]
      : []),
    {
      kind: 'line',
      name: 'without',
      label: 'If it is done without a notice: why?',
      hint: `${sent.length > 0 ? 'Only when no notice went to somebody it is for' : `No notice to ${audiences.join(', ')} was sent yet, so this is needed`}. It is read in the review`,
      isRequired: false,
      isNeeded: sent.length === 0,
      maxLength: 300,
    },
  ];
}

/** What was filled in, sorted into values, evidence and checks. Empty answers are left out. */
interface FilledStep {
  readonly values: Record<string, unknown>;
  readonly evidence: Record<string, readonly string[]>;
  readonly checks: Record<string, 'yes' | 'no'>;
}

const many = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value;

/** Reads a filled-in form; errors by field, so that the form stays open and nothing that was typed is lost. */
export function readStepForm(
  run: PlaybookRun,
  step: Step,
  values: Readonly<Record<string, string | readonly string[]>>,
  when: { readonly nowAt: string; readonly zone: string },
): FilledStep | { readonly errors: Readonly<Record<string, string>> } {
  const filled: FilledStep = { values: {}, evidence: {}, checks: {} };
  const errors: Record<string, string> = {};
  for (const name of new Set([...step.requires, ...step.inputs])) {
    const variable = run.playbook.variables[name];
    if (!variable) continue;
    const typed = String(many(values[name]).join('\n'));
    const ticked = many(values[`${SEEN}${name}`]);
    const whole = [typed, ...ticked].filter((part) => part.trim() !== '').join('\n');
    if (whole === '' || whole === shown(run.values[name])) continue;
    const read = variable.type === 'time' ? readTime(whole, when) : readValue(variable, whole);
    if ('problem' in read) errors[name] = read.problem;
    else filled.values[name] = read.value;
  }
  for (const [name, value] of Object.entries(values)) {
    if (many(value).length === 0) continue;
    if (name.startsWith(EVIDENCE)) filled.evidence[name.slice(EVIDENCE.length)] = many(value);
    else if (name.startsWith(CHECK) && (value === 'yes' || value === 'no'))
      filled.checks[name.slice(CHECK.length)] = value;
  }
  return Object.keys(errors).length > 0 ? { errors } : filled;
}

function readTime(
  typed: string,
  when: { readonly nowAt: string; readonly zone: string },
): { readonly value: string } | { readonly problem: string } {
  const read = readWhen(typed, when);
  return isRefusal(read) ? { problem: read.message } : { value: read.at };
}
