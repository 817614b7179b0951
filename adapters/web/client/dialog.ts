import type { Answer } from './answer.ts';
import { closest, need, newKey } from './page.ts';
import { elementFrom } from './patch.ts';
import { post } from './request.ts';
import { attempt } from './toast.ts';

/** Asks before a press that says it wants asking. */
export function confirmPress(button: HTMLElement): Promise<boolean> {
  const { confirmTitle, confirmText, confirmButton } = button.dataset;
  if (confirmTitle === undefined) return Promise.resolve(true);
  const dialog = need('#confirm', HTMLDialogElement);
  need('#confirm-title', HTMLElement).textContent = confirmTitle;
  need('#confirm-text', HTMLElement).textContent = confirmText ?? '';
  const yes = need('#confirm-yes', HTMLButtonElement);
  yes.textContent = confirmButton ?? 'Go on';
  yes.className = button.classList.contains('danger') ? 'button danger' : 'button primary';
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

/** Opens a form of the server's in the dialog; `channel` and `thread` are where it was asked for. */
export function openForm(answer: Extract<Answer, { kind: 'form' }>): void {
  const dialog = need('#dialog', HTMLDialogElement);
  const form = elementFrom(answer.html);
  if (form === null) return;
  form.dataset.channel = answer.channel;
  if (answer.thread !== null) form.dataset.thread = answer.thread;
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  const first = form.querySelector('input:not([type=hidden]), select, textarea');
  if (first instanceof HTMLElement) first.focus();
}

/** Shows something private where the page has no place for it. */
export function openPrivate(html: string): void {
  const message = elementFrom(html);
  if (message !== null) openReading('Only you can see this', message);
}

/** Shows something to read, with a way out; `isWide` takes the width of the window. */
export function openReading(title: string, body: HTMLElement, isWide = false): void {
  const dialog = need('#dialog', HTMLDialogElement);
  const heading = document.createElement('h2');
  heading.id = 'dialog-title';
  heading.className = 'sr-only';
  heading.textContent = title;
  const end = document.createElement('div');
  end.className = 'form-end';
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'button normal';
  close.dataset.close = '';
  close.textContent = 'Close';
  end.append(close);
  dialog.classList.toggle('wide', isWide);
  dialog.replaceChildren(heading, body, end);
  if (!dialog.open) dialog.showModal();
}

function showErrors(form: HTMLElement, errors: Readonly<Record<string, string>>): void {
  const left = new Map(Object.entries(errors));
  let first: HTMLElement | null = null;
  for (const box of form.querySelectorAll<HTMLElement>('[data-error-for]')) {
    const name = box.dataset.errorFor ?? '';
    const text = name === '' ? [...left.values()].join(' ') : left.get(name);
    left.delete(name);
    box.textContent = text ?? '';
    box.hidden = text === undefined || text === '';
    const input = name === '' ? null : form.querySelector(`[id="field-${CSS.escape(name)}"]`);
    if (!(input instanceof HTMLElement)) continue;
    if (box.hidden) input.removeAttribute('aria-invalid');
    else {
      input.setAttribute('aria-invalid', 'true');
      first ??= input;
    }
  }
  first?.focus();
}

async function submit(form: HTMLFormElement, show: (answer: Answer) => void): Promise<void> {
  const button = need('button[type=submit]', HTMLButtonElement, form);
  if (button.getAttribute('aria-busy') === 'true') return;
  const body = new FormData(form);
  body.set('_submit', form.dataset.submit ?? '');
  body.set('_channel', form.dataset.channel ?? '');
  body.set('_thread', form.dataset.thread ?? '');
  body.set('_key', newKey());
  button.setAttribute('aria-busy', 'true');
  try {
    const answer = await post('/api/submit', body);
    if (answer.kind === 'errors') {
      showErrors(form, answer.errors);
      return;
    }
    if (answer.kind !== 'form') need('#dialog', HTMLDialogElement).close();
    show(answer);
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/** Wires the two dialogs; what a submitted form is answered with goes to `show`. */
export function startDialogs(show: (answer: Answer) => void): void {
  const dialog = need('#dialog', HTMLDialogElement);
  dialog.addEventListener('submit', (event) => {
    event.preventDefault();
    if (event.target instanceof HTMLFormElement) void attempt(() => submit(event.target as HTMLFormElement, show));
  });
  dialog.addEventListener('click', (event) => {
    if (closest(event, '[data-close]') !== null) dialog.close();
  });
  dialog.addEventListener('close', () => {
    dialog.replaceChildren();
    dialog.classList.remove('wide');
  });
}
