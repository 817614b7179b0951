// What people are shown holds no secrets: every text of a view is masked on its way out. Buttons keep their intents.
import { maskSecrets } from '../evidence/secrets.ts';
import type { Element, Field, Form, Inline, Prose, View } from './types.ts';

function inline(run: Inline): Inline {
  switch (run.kind) {
    case 'plain':
    case 'strong':
    case 'code':
    case 'untrusted': {
      const text = maskSecrets(run.text);
      return text === run.text ? run : { ...run, text };
    }
    case 'time':
    case 'person':
    case 'channel':
      return run;
  }
}

function prose(runs: Prose): Prose {
  return runs.map(inline);
}

function element(e: Element): Element {
  switch (e.kind) {
    case 'heading':
    case 'code':
    case 'quote':
      return { ...e, text: maskSecrets(e.text) };
    case 'text':
    case 'notice':
    case 'context':
      return { ...e, prose: prose(e.prose) };
    case 'fields':
      return { ...e, fields: e.fields.map((f) => ({ ...f, value: prose(f.value) })) };
    case 'list':
      return { ...e, items: e.items.map(prose) };
    case 'table':
      return { ...e, caption: maskSecrets(e.caption), rows: e.rows.map((row) => row.map(prose)) };
    case 'image':
      return { ...e, altText: maskSecrets(e.altText) };
    case 'actions':
    case 'divider':
      return e;
  }
}

/** The view with every secret in its texts masked; nothing else changes. */
export const maskView = (view: View): View => ({
  ...view,
  summary: maskSecrets(view.summary),
  elements: view.elements.map(element),
});

const field = (f: Field): Field =>
  f.kind === 'choice' || f.kind === 'choices'
    ? { ...f, choices: f.choices.map((c) => ({ ...c, label: maskSecrets(c.label) })) }
    : f;

/** The form with every secret in its words and choices masked. What a person typed before and gets back to change stays as typed. */
export const maskForm = (form: Form): Form => ({
  ...form,
  intro: form.intro.map(element),
  fields: form.fields.map(field),
});
