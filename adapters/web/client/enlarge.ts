// A table needs more room than a message has: the whole card, as wide as the window.
import { openReading } from './dialog.ts';
import { closest } from './page.ts';

/** Wires every card with a table, those that come later too. */
export function startEnlarging(): void {
  document.addEventListener('click', (event) => {
    const card = closest(event, '[data-enlarge]')?.closest('.card');
    if (!(card instanceof HTMLElement)) return;
    const copy = card.cloneNode(true);
    if (!(copy instanceof HTMLElement)) return;
    // The page is patched by id, and the copy must not be what a patch finds.
    for (const named of copy.querySelectorAll('[id]')) named.removeAttribute('id');
    const body = document.createElement('div');
    body.className = 'enlarged';
    body.dataset.message = card.closest<HTMLElement>('[data-message]')?.dataset.message ?? '';
    body.append(copy);
    // An answer is shown in the channel: a press leaves the enlarged card.
    body.addEventListener('click', (press) => {
      if (closest(press, '[data-press]') !== null) body.closest('dialog')?.close();
    });
    openReading(card.getAttribute('aria-label') ?? 'Enlarged', body, true);
  });
}
