// The form of a proposal, and reading it back. The questions come from the action's declaration.
import { type Citable, danglingCites } from '../finding/cites.ts';
import type { ActionType, Parameter } from '../organisation/containment.ts';
import type { Organisation } from '../organisation/schema.ts';
import { type Seen, seenField } from '../playbook/form.ts';
import { notice, strong, text } from '../view/build.ts';
import type { Field, Form } from '../view/types.ts';
import { harder } from './source.ts';
import type { Case, Containment, ParameterValue, Reversibility } from './types.ts';

const CLASS: Readonly<Record<Reversibility, string>> = {
  reversible: 'It can be undone by us. ',
  externally_reversible: 'It can be undone only with help from outside. ',
  irreversible: 'IT CANNOT BE UNDONE. ',
};

/** What a proposal starts from: nothing, an earlier request, or a step of a playbook. */
export interface Prefill {
  readonly targets?: string;
  readonly reason?: string;
  readonly evidence?: string;
  readonly parameters?: Containment['request']['parameters'];
  /** How hard a playbook says it is to undo; the harder of its word and the action's counts. */
  readonly reversibility?: Reversibility;
  /** What the evidence shows that could be a target; offered beside those that are named, never chosen. */
  readonly offer?: readonly Seen[];
}

const parameterField = (name: string, p: Parameter, value: ParameterValue | undefined): Field => {
  const base = { name: `param.${name}`, label: p.label, isRequired: p.required };
  const text = value === undefined ? {} : { value: String(value) };
  switch (p.type) {
    case 'text':
      return { ...base, kind: 'line', maxLength: p.max_length, ...text };
    case 'integer':
      return { ...base, kind: 'line', hint: `A whole number from ${p.min} to ${p.max}`, ...text };
    case 'boolean':
      return {
        ...base,
        kind: 'choice',
        choices: [
          { value: 'true', label: 'Yes' },
          { value: 'false', label: 'No' },
        ],
        ...text,
      };
    case 'choice':
      return { ...base, kind: 'choice', choices: p.choices.map((c) => ({ value: c, label: c })), ...text };
  }
};

/** The form; `args` go with its intent, the server's word and not the browser's. */
export function proposeForm(
  org: Organisation,
  name: string,
  action: ActionType,
  args: Readonly<Record<string, string>>,
  prefill: Prefill,
): Form {
  const known = org.assets.filter((a) => a.kind === action.targets).map((a) => a.name);
  const reversibility = harder(action.reversibility, prefill.reversibility ?? action.reversibility);
  const executors = action.executor.kind === 'manual' ? action.executor.people : [];
  const able = org.people.filter((p) =>
    executors.length > 0 ? executors.includes(p.key) : p.roles.some((r) => r === 'responder' || r === 'commander'),
  );
  return {
    title: action.title,
    submitLabel: 'Propose',
    intent: { verb: 'contain propose', args: { ...args, action: name } },
    intro: [
      text(action.does),
      notice(reversibility === 'irreversible' ? 'danger' : 'info', strong(CLASS[reversibility]), action.undo),
      text('Proposing runs nothing: somebody else has to approve exactly what you write here.'),
    ],
    fields: [
      {
        kind: 'paragraph',
        name: 'targets',
        label: `Which ${action.targets}`,
        hint: `One a line${known.length > 0 ? `; known here: ${known.slice(0, 6).join(', ')}` : ''}`,
        isRequired: true,
        maxLength: 4000,
        ...(prefill.targets ? { value: prefill.targets } : {}),
      },
      ...seenField(
        'seen',
        'Also seen in the evidence, not named above',
        prefill.offer ?? [],
        (prefill.offer ?? []).map((s) => s.kind),
        (prefill.targets ?? '').split('\n'),
      ),
      ...Object.entries(action.parameters).map(([key, p]) => parameterField(key, p, prefill.parameters?.[key])),
      {
        kind: 'paragraph',
        name: 'reason',
        label: 'Why now',
        hint: 'For whoever has to decide: what you saw, what happens if you wait',
        isRequired: true,
        maxLength: 1500,
        ...(prefill.reason ? { value: prefill.reason } : {}),
      },
      {
        kind: 'line',
        name: 'evidence',
        label: 'Evidence',
        hint: 'Keys such as EV-2, TE-14, FI-1',
        isRequired: false,
        maxLength: 200,
        ...(prefill.evidence ? { value: prefill.evidence } : {}),
      },
      ...action.preserve.flatMap((q): Field[] => [
        {
          kind: 'choice',
          name: `keep.${q.key}`,
          label: q.question,
          isRequired: true,
          choices: [
            { value: 'kept', label: 'Yes, it is kept' },
            { value: 'waived', label: 'No, and it is not needed' },
          ],
        },
        {
          kind: 'line',
          name: `keep.${q.key}.note`,
          label: 'Where it is kept, or why it is not needed',
          isRequired: true,
          maxLength: 300,
        },
      ]),
      ...(action.executor.kind === 'manual'
        ? [
            {
              kind: 'choice' as const,
              name: 'executor',
              label: 'Who carries it out',
              hint: 'They attest the outcome by name',
              isRequired: true,
              choices: able.map((p) => ({ value: p.key, label: p.name })),
            },
          ]
        : []),
    ],
  };
}

/** The filled-in parts of a proposal. */
export interface Filled extends Pick<Case, 'reason' | 'evidence' | 'preservation'> {
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

const KEY = /^(?:EV-\d{1,6}(?::\d{1,7}(?:-\d{1,7})?)?|(?:TE|FI|CA)-\d{1,6})$/;

/** Keys as somebody typed them. */
export const splitKeys = (typed: string): readonly string[] =>
  [
    ...new Set(
      typed
        .toUpperCase()
        .split(/[\s,;]+/)
        .filter(Boolean),
    ),
  ].slice(0, 20);

/** What looks like a key of an incident. */
export const isKey = (word: string): boolean => KEY.test(word);

/** Where somebody finds the keys there are. */
export const WHERE_KEYS = '"log list", "timeline" and "finding" show what there is.';

/** Reads the fields an action asks for; errors by field say what to write. */
export function readFilled(
  action: ActionType,
  incident: Citable,
  get: (name: string) => string,
): Filled | { readonly errors: Readonly<Record<string, string>> } {
  const errors: Record<string, string> = {};
  const parameters: Record<string, ParameterValue> = {};
  for (const [name, p] of Object.entries(action.parameters)) {
    const typed = get(`param.${name}`).normalize('NFC').trim();
    if (typed === '') {
      if (p.required) errors[`param.${name}`] = `${p.label} is needed.`;
      continue;
    }
    const value = readParameter(p, typed);
    if (typeof value === 'object') errors[`param.${name}`] = value.error;
    else parameters[name] = value;
  }
  const reason = get('reason').trim();
  if (reason.length < 10) errors['reason'] = 'Say why in a sentence: whoever decides reads this first.';
  const evidence = splitKeys(get('evidence'));
  const odd = evidence.find((k) => !isKey(k));
  const missing = odd ? [] : danglingCites(evidence, incident);
  if (odd) errors['evidence'] = `"${odd.slice(0, 40)}" is no key. Use keys such as EV-2, EV-2:14, TE-14 or FI-1.`;
  else if (missing.length > 0) errors['evidence'] = `There is no ${missing.join(', ')} in this incident. ${WHERE_KEYS}`;
  const preservation = action.preserve.map((q) => {
    const answer = get(`keep.${q.key}`);
    const note = get(`keep.${q.key}.note`).trim();
    if (answer !== 'kept' && answer !== 'waived')
      errors[`keep.${q.key}`] = 'Answer this before it is gone: kept, or not needed.';
    else if (note.length < 3)
      errors[`keep.${q.key}.note`] = answer === 'kept' ? 'Say where it is kept.' : 'Say why it is not needed.';
    return {
      key: q.key,
      question: q.question,
      answer: answer === 'kept' ? ('kept' as const) : ('waived' as const),
      note,
    };
  });
  return Object.keys(errors).length > 0 ? { errors } : { parameters, reason, evidence, preservation };
}

function readParameter(p: Parameter, typed: string): ParameterValue | { readonly error: string } {
  switch (p.type) {
    case 'text':
      return typed.length <= p.max_length ? typed : { error: `Use at most ${p.max_length} characters.` };
    case 'integer': {
      const value = /^-?\d{1,12}$/.test(typed) ? Number(typed) : Number.NaN;
      return Number.isSafeInteger(value) && value >= p.min && value <= p.max
        ? value
        : { error: `Write a whole number from ${p.min} to ${p.max}.` };
    }
    case 'boolean':
      return typed === 'true' || typed === 'false' ? typed === 'true' : { error: 'Choose yes or no.' };
    case 'choice':
      return p.choices.includes(typed) ? typed : { error: `Choose one of ${p.choices.join(', ')}.` };
  }
}
