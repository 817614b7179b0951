// Forms as modals. A field that a modal cannot hold is said, never cut in silence.
import type { DeliverableForm, FormValues } from '../../../src/chat/types.ts';
import type { Choice, Element, Field } from '../../../src/view/types.ts';
import { LIMITS } from '../limits.ts';
import { isObject, listAt, objectAt, type Payload, textAt } from '../parse/payload.ts';
import { plainText } from './plain.ts';
import type { Block } from './rich-text.ts';
import { blockSize, heldBackLine, piecesOf } from './view.ts';

/** Where a form or a private view was opened from; travels in the modal and comes back in Slack's signed envelope. */
export interface Origin {
  readonly channel: string;
  readonly thread?: string;
}

export const FORM = 'form';
export const PANEL = 'panel';
/** Value of the empty choice: Slack has no empty option. */
const NONE = 'countersign.none';
const BY_PLACE = 'countersign.at.';

const option = (choice: Choice, at: number): Block =>
  ({
    text: plainText(choice.label, LIMITS.optionText),
    // A value that is too long travels by its place.
    value: choice.value === '' ? NONE : choice.value.length <= LIMITS.optionValue ? choice.value : `${BY_PLACE}${at}`,
  }) as unknown as Block;

const longLabels = (choices: readonly Choice[]): boolean => choices.some((c) => c.label.length > LIMITS.optionText);

function elementOf(field: Field): { readonly element: Block; readonly note?: string } {
  const action_id = 'value';
  switch (field.kind) {
    case 'line':
    case 'paragraph': {
      const max = Math.min(field.maxLength ?? LIMITS.plainTextInput, LIMITS.plainTextInput);
      const value = field.value ?? '';
      return {
        element: {
          type: 'plain_text_input',
          action_id,
          multiline: field.kind === 'paragraph',
          max_length: max,
          ...(value === '' ? {} : { initial_value: value.slice(0, max) }),
        },
        ...(value.length > max
          ? {
              note: `"${field.label}" holds ${max} characters here; ${value.length - max} more are left out. Use the web workspace for longer text.`,
            }
          : {}),
      };
    }
    case 'choice':
    case 'choices': {
      const shown = field.choices.slice(0, LIMITS.options);
      const options = shown.map(option);
      const wanted = field.kind === 'choice' ? (field.value === undefined ? [] : [field.value]) : (field.values ?? []);
      const initial = shown.flatMap((c, i) => (wanted.includes(c.value) ? [options[i] as Block] : []));
      const note =
        field.choices.length > shown.length
          ? {
              note: `"${field.label}" shows ${shown.length} of ${field.choices.length} choices. The web workspace shows all.`,
            }
          : {};
      if (field.kind === 'choice') {
        const isShort = shown.length <= 4;
        return {
          element: {
            type: isShort ? 'radio_buttons' : 'static_select',
            action_id,
            options,
            ...(initial[0] ? { initial_option: initial[0] } : {}),
          },
          ...note,
        };
      }
      const isShort = shown.length <= LIMITS.choices;
      return {
        element: {
          type: isShort ? 'checkboxes' : 'multi_static_select',
          action_id,
          options,
          ...(initial.length > 0 ? { initial_options: initial } : {}),
        },
        ...note,
      };
    }
    case 'person': {
      const id = /^(?:<@)?([A-Z0-9]{2,32})(?:>)?$/.exec(field.value?.split('/').at(-1) ?? '')?.[1];
      return { element: { type: 'users_select', action_id, ...(id ? { initial_user: id } : {}) } };
    }
    case 'file':
      return { element: { type: 'file_input', action_id, max_files: LIMITS.fileInputFiles } };
  }
}

function inputOf(field: Field): readonly Block[] {
  const isEmpty = (field.kind === 'choice' || field.kind === 'choices') && field.choices.length === 0;
  if (isEmpty) return [heldBackLine(`${field.label}: there is nothing to choose from.`)];
  const { element, note } = elementOf(field);
  const long =
    (field.kind === 'choice' || field.kind === 'choices') && longLabels(field.choices.slice(0, LIMITS.options))
      ? ['Long choices are cut here; the web workspace shows them whole.']
      : [];
  return [
    {
      type: 'input',
      block_id: field.name,
      label: plainText(field.label, LIMITS.inputLabel),
      optional: !field.isRequired,
      ...(field.hint ? { hint: plainText(field.hint, LIMITS.inputHint) } : {}),
      element,
    },
    ...[...long, ...(note ? [note] : [])].map(heldBackLine),
  ];
}

/** The modal of a form; its token travels in the metadata, which only this app can write. */
export function formModal({ form, token }: DeliverableForm, origin: Origin): Payload {
  const intro = piecesOf({
    view: { summary: form.title, tone: null, elements: form.intro as readonly Element[] },
    tokens: [],
  })
    .filter((p) => !p.isActions)
    .flatMap((p) => p.blocks);
  const title =
    form.title.length > LIMITS.modalTitle ? [{ type: 'header', text: plainText(form.title, LIMITS.header) }] : [];
  const inputs = form.fields.flatMap(inputOf);
  const room = LIMITS.blocksInView - inputs.length - title.length - 1;
  const shown: Block[] = [];
  let used = 0;
  for (const block of intro) {
    used += blockSize(block);
    if (shown.length >= room || used > 60_000) break;
    shown.push(block);
  }
  const lines =
    shown.length < intro.length
      ? [heldBackLine(`${intro.length - shown.length} more paragraphs do not fit here; the web workspace shows them.`)]
      : [];
  return {
    type: 'modal',
    callback_id: FORM,
    title: plainText(form.title, LIMITS.modalTitle),
    submit: plainText(form.submitLabel, LIMITS.modalButton),
    close: plainText('Cancel', LIMITS.modalButton),
    private_metadata: JSON.stringify({ token, ...origin }),
    blocks: [...title, ...shown, ...lines, ...inputs].slice(0, LIMITS.blocksInView),
  };
}

/** What a modal was opened for, from its metadata; null when it is none of ours. */
export function readMetadata(view: unknown): (Origin & { readonly token: string }) | null {
  try {
    const read: unknown = JSON.parse(textAt(view, 'private_metadata'));
    if (!isObject(read)) return null;
    const thread = textAt(read, 'thread');
    return { token: textAt(read, 'token'), channel: textAt(read, 'channel'), ...(thread ? { thread } : {}) };
  } catch {
    return null;
  }
}

/** Choices whose values are too long for an option, by field; kept by whoever opened the form. */
export const longChoices = ({ form }: DeliverableForm): ReadonlyMap<string, readonly string[]> =>
  new Map(
    form.fields.flatMap((f) =>
      (f.kind === 'choice' || f.kind === 'choices') && f.choices.some((c) => c.value.length > LIMITS.optionValue)
        ? [[f.name, f.choices.map((c) => c.value)]]
        : [],
    ),
  );

/**
 * The values of a submission by field name, and the ids of the files that were chosen. A choice that `long` does not know any
 * more stands in `forgotten`.
 */
export function readValues(
  view: unknown,
  long: ReadonlyMap<string, readonly string[]>,
): { readonly values: FormValues; readonly files: readonly string[]; readonly forgotten: readonly string[] } {
  const forgotten: string[] = [];
  const chosen = (name: string, picked: unknown): string => {
    const value = textAt(picked, 'value');
    if (value === NONE) return '';
    if (!value.startsWith(BY_PLACE)) return value;
    const found = long.get(name)?.[Number(value.slice(BY_PLACE.length))];
    if (found === undefined) forgotten.push(name);
    return found ?? '';
  };
  const values: Record<string, string | readonly string[]> = {};
  const files: string[] = [];
  for (const [name, state] of Object.entries(objectAt(view, 'state', 'values'))) {
    const value = objectAt(state, 'value');
    switch (textAt(value, 'type')) {
      case 'plain_text_input':
        values[name] = textAt(value, 'value').replaceAll('\r\n', '\n');
        break;
      case 'radio_buttons':
      case 'static_select':
        values[name] = chosen(name, objectAt(value, 'selected_option'));
        break;
      case 'checkboxes':
      case 'multi_static_select':
        values[name] = listAt(value, 'selected_options').map((o) => chosen(name, o));
        break;
      case 'users_select':
        values[name] = textAt(value, 'selected_user') === '' ? '' : `<@${textAt(value, 'selected_user')}>`;
        break;
      case 'file_input':
        files.push(
          ...listAt(value, 'files')
            .map((f) => textAt(f, 'id'))
            .filter((id) => id !== ''),
        );
        break;
    }
  }
  return { values, files, forgotten };
}

/** A view in a modal, for what is private and does not fit a message; null when it does not fit there either. */
export function panel(blocks: readonly Block[], title: string, origin: Origin): Payload {
  return {
    type: 'modal',
    callback_id: PANEL,
    title: plainText(title, LIMITS.modalTitle),
    close: plainText('Close', LIMITS.modalButton),
    private_metadata: JSON.stringify(origin),
    blocks,
  };
}
