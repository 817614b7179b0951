// Presses, reactions, shortcuts and deletions: anything on a message. One listener for the whole page.
import { confirmPress } from './dialog.ts';
import { closest, newKey } from './page.ts';
import { post } from './request.ts';
import { show } from './show.ts';
import { attempt } from './toast.ts';

async function once(button: HTMLElement, action: () => Promise<void>): Promise<void> {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  try {
    await attempt(action);
  } finally {
    button.removeAttribute('aria-busy');
  }
}

function act(button: HTMLElement, message: string): Promise<void> | null {
  const key = newKey();
  const { press, react, on, shortcut } = button.dataset;
  const path = `/api/messages/${encodeURIComponent(message)}`;
  if (press !== undefined)
    return once(button, async () => {
      if (!(await confirmPress(button))) return;
      show(await post('/api/press', { key, press, message }));
    });
  if (react !== undefined)
    return once(button, async () => show(await post(`${path}/reaction`, { key, emoji: react, on: on === 'yes' })));
  if (shortcut !== undefined) {
    button.closest('details')?.removeAttribute('open');
    return once(button, async () => show(await post(`${path}/shortcut`, { key, shortcut })));
  }
  if (button.dataset.delete !== undefined) return once(button, async () => show(await post(`${path}/delete`, { key })));
  return null;
}

/** Wires every message, those that come later too. */
export function startPresses(): void {
  document.addEventListener('click', (event) => {
    const button = closest(event, '[data-press], [data-react], [data-shortcut], [data-delete]');
    if (button !== null) void act(button, button.closest<HTMLElement>('[data-message]')?.dataset.message ?? '');
    for (const menu of document.querySelectorAll('details.menu[open]'))
      if (!(event.target instanceof Node && menu.contains(event.target))) menu.removeAttribute('open');
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.invite === undefined) return;
    event.preventDefault();
    const person = new FormData(form).get('person');
    void attempt(async () => {
      await post('/api/people', { channel: form.dataset.invite, person });
      location.reload();
    });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const menu = document.querySelector('details.menu[open]');
    menu?.removeAttribute('open');
    menu?.querySelector('summary')?.focus();
  });
}
