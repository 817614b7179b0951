import type { DeliverableForm } from '../../../src/chat/types.ts';
import type { Field } from '../../../src/view/types.ts';
import { Elements } from './view.tsx';
import type { Viewer } from './viewer.ts';
import { Visible, visibleText } from './visible.tsx';

// A choice of many is told from a choice of one by this name, so that one ticked box is still a list.
export const MANY = '_many';

const Input = ({
  field,
  id,
  describedBy,
  viewer,
}: {
  readonly field: Field;
  readonly id: string;
  readonly describedBy: string;
  readonly viewer: Viewer;
}) => {
  const common = { id, name: field.name, 'aria-describedby': describedBy };
  switch (field.kind) {
    case 'line':
      return (
        <input
          type="text"
          {...common}
          required={field.isRequired}
          value={field.value}
          maxlength={field.maxLength}
          autocomplete="off"
        />
      );
    case 'paragraph':
      return (
        <textarea {...common} required={field.isRequired} maxlength={field.maxLength} rows={4}>
          {/* The parser eats one leading line break of a textarea. */}
          {`\n${field.value ?? ''}`}
        </textarea>
      );
    case 'choice':
      return (
        <select {...common} required={field.isRequired}>
          <option value="">{field.isRequired ? 'Choose ...' : 'Not answered'}</option>
          {field.choices.map((choice) => (
            <option value={choice.value} selected={choice.value === field.value}>
              {visibleText(choice.label)}
            </option>
          ))}
        </select>
      );
    case 'choices':
      return (
        <div class="choices">
          <input type="hidden" name={MANY} value={field.name} />
          {field.choices.map((choice, index) => (
            <label>
              <input
                type="checkbox"
                id={index === 0 ? id : `${id}-${index}`}
                name={field.name}
                value={choice.value}
                checked={field.values?.includes(choice.value) ?? false}
              />
              <span>
                <Visible text={choice.label} />
              </span>
            </label>
          ))}
        </div>
      );
    case 'person':
      return (
        <select {...common} required={field.isRequired}>
          <option value="">{field.isRequired ? 'Choose a person ...' : 'Nobody'}</option>
          {[...viewer.people.values()].map((person) => (
            <option value={person.id} selected={person.id === field.value}>
              {visibleText(person.label)}
            </option>
          ))}
        </select>
      );
    case 'file':
      return <input type="file" {...common} required={field.isRequired} />;
  }
};

const FieldBox = ({ field, viewer }: { readonly field: Field; readonly viewer: Viewer }) => {
  const id = `field-${field.name}`;
  const label = (
    <>
      <Visible text={field.label} />
      {!field.isRequired && !field.isNeeded && <span class="optional"> (optional)</span>}
    </>
  );
  const inside = (
    <>
      {field.hint !== undefined && (
        <span class="hint" id={`${id}-hint`}>
          <Visible text={field.hint} />
        </span>
      )}
      <Input
        field={field}
        id={id}
        describedBy={field.hint === undefined ? `${id}-error` : `${id}-hint ${id}-error`}
        viewer={viewer}
      />
      <span class="error" id={`${id}-error`} data-error-for={field.name} hidden></span>
    </>
  );
  if (field.kind === 'choices')
    return (
      <fieldset class="field">
        <legend>{label}</legend>
        {inside}
      </fieldset>
    );
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {inside}
    </div>
  );
};

/** The inside of a dialog: title, what it is about, one box a field, and the two ways out. */
export const FormBox = ({
  deliverable,
  viewer,
}: {
  readonly deliverable: DeliverableForm;
  readonly viewer: Viewer;
}) => {
  const { form, token } = deliverable;
  return (
    <form class="form" data-submit={token} enctype="multipart/form-data">
      <h2 id="dialog-title" tabindex={-1}>
        <Visible text={form.title} />
      </h2>
      <div class="form-body">
        <Elements elements={form.intro} tokens={[]} viewer={viewer} />
        {form.fields.map((field) => (
          <FieldBox field={field} viewer={viewer} />
        ))}
        <p class="error" data-error-for="" hidden></p>
      </div>
      <div class="form-end">
        <button type="button" class="button normal" data-close>
          Cancel
        </button>
        <button type="submit" class="button primary">
          <Visible text={form.submitLabel} />
        </button>
      </div>
    </form>
  );
};
