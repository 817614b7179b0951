// A form as a card with inputs. Input ids say how their value is to be read back.
import type { DeliverableForm } from '../../../src/chat/types.ts';
import { clip, reveal } from '../../../src/view/escape.ts';
import type { Field } from '../../../src/view/types.ts';
import { LIMITS } from '../limits.ts';
import { card } from './card.ts';
import { elementPieces, execute } from './element.ts';
import { type Json, literal } from './prose.ts';

/** What somebody filled in so far, by field name. */
export type Filled = Readonly<Record<string, string | readonly string[]>>;

const label = (field: Field): string => clip(reveal(field.label), 200);

function first(filled: Filled, field: Field, standing: string | undefined): string | undefined {
  const value = filled[field.name];
  return typeof value === 'string' ? value : (value?.[0] ?? standing);
}

const standing = (field: Extract<Field, { kind: 'line' | 'paragraph' }>, filled: Filled = {}): string =>
  first(filled, field, field.value) ?? '';

/** Values of choices travel percent-encoded, because Teams joins several with commas. */
const choice = (value: string, shown: string): Json => ({
  title: clip(reveal(shown), 200),
  value: encodeURIComponent(value),
});

function input(field: Field, filled: Filled): readonly Json[] {
  const shared = {
    label: label(field),
    isRequired: field.isRequired,
    ...(field.isRequired ? { errorMessage: 'This is needed.' } : {}),
  };
  switch (field.kind) {
    case 'line':
    case 'paragraph': {
      const value = standing(field, filled);
      return [
        {
          type: 'Input.Text',
          id: `text.${field.name}`,
          ...shared,
          isMultiline: field.kind === 'paragraph',
          ...(value ? { value } : {}),
          ...(field.hint ? { placeholder: clip(reveal(field.hint), 150) } : {}),
          ...(field.maxLength ? { maxLength: field.maxLength } : {}),
        },
      ];
    }
    case 'choice': {
      const value = first(filled, field, field.value);
      return [
        {
          type: 'Input.ChoiceSet',
          id: `one.${field.name}`,
          ...shared,
          style: 'compact',
          wrap: true,
          choices: field.choices.map((c) => choice(c.value, c.label)),
          ...(value === undefined ? {} : { value: encodeURIComponent(value) }),
        },
      ];
    }
    case 'choices': {
      const given = filled[field.name];
      const values = given === undefined ? (field.values ?? []) : typeof given === 'string' ? [given] : given;
      return [
        {
          type: 'Input.ChoiceSet',
          id: `many.${field.name}`,
          ...shared,
          style: 'expanded',
          isMultiSelect: true,
          // What is ticked must be readable to its end.
          wrap: true,
          choices: field.choices.map((c) => choice(c.value, c.label)),
          ...(values.length > 0 ? { value: values.map(encodeURIComponent).join(',') } : {}),
        },
      ];
    }
    case 'person': {
      const value = first(filled, field, field.value);
      return [
        {
          type: 'Input.ChoiceSet',
          id: `person.${field.name}`,
          ...shared,
          style: 'filtered',
          choices: [],
          'choices.data': { type: 'Data.Query', dataset: 'graph.microsoft.com/users?scope=currentContext' },
          ...(value === undefined ? {} : { value }),
        },
      ];
    }
    case 'file':
      return [
        literal(
          `${field.label}: Teams takes no file in a form. Send the file to Countersign in your private chat with it, with the words: log and the key of the incident.`,
          { size: 'Small' },
        ),
      ];
  }
}

/** The card of a form; `errors` stand above their fields. */
export function formCard(
  { form, token }: DeliverableForm,
  options: {
    readonly errors?: Readonly<Record<string, string>>;
    readonly filled?: Filled;
    readonly hasBack?: boolean;
    readonly banner?: string | null;
  } = {},
): Json {
  const errors = options.errors ?? {};
  const known = new Set(form.fields.map((f) => f.name));
  const fault = (text: string): Json => ({
    type: 'Container',
    style: 'attention',
    items: [literal(`! ${text}`)],
  });
  const body: Json[] = [
    ...(options.banner
      ? [{ type: 'Container', style: 'warning', items: [literal(options.banner, { weight: 'Bolder' })] }]
      : []),
    literal(form.title, { weight: 'Bolder', size: 'Large' }),
    ...form.intro.filter((e) => e.kind !== 'actions').flatMap((e) => elementPieces(e, [])),
    ...Object.entries(errors)
      .filter(([name]) => !known.has(name))
      .map(([, text]) => fault(text)),
    ...form.fields.flatMap((field) => [
      ...(errors[field.name] === undefined ? [] : [fault(errors[field.name] as string)]),
      ...input(field, options.filled ?? {}),
      // A hint under a list, or under words that stand already, has no placeholder to stand in.
      ...(field.hint && !((field.kind === 'line' || field.kind === 'paragraph') && !standing(field, options.filled))
        ? [literal(field.hint, { size: 'Small', isSubtle: true })]
        : []),
    ]),
    {
      type: 'ActionSet',
      actions: [
        execute(form.submitLabel, { countersign: 'submit', token }, { style: 'primary', withInputs: true }),
        ...(options.hasBack ? [execute('Cancel', { countersign: 'back', token: '' })] : []),
      ],
    },
  ];
  return card(body, clip(reveal(form.title), LIMITS.summary));
}
