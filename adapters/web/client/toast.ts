import { need } from './page.ts';

const SHOWN_MS = 9000;

/** A short line at the edge of the page, read out by screen readers; a problem stays until it is closed. */
export function toast(text: string, options: { readonly isProblem?: boolean; readonly href?: string } = {}): void {
  const line = document.createElement('div');
  line.className = options.isProblem === true ? 'toast problem' : 'toast';
  const words = document.createElement(options.href === undefined ? 'span' : 'a');
  words.textContent = text;
  if (words instanceof HTMLAnchorElement && options.href !== undefined) words.href = options.href;
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'tool';
  close.setAttribute('aria-label', 'Close');
  close.textContent = '✕';
  close.addEventListener('click', () => line.remove());
  line.append(words, close);
  const box = need('#toasts', HTMLElement);
  // A modal dialog makes everything outside it inert; its messages have to be inside.
  const dialog = document.querySelector('dialog[open]');
  (dialog ?? box).append(line);
  if (dialog !== null) line.setAttribute('role', 'status');
  if (options.isProblem !== true) setTimeout(() => line.remove(), SHOWN_MS);
}

/** Runs an action and says in a toast why it failed, if it did. */
export async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), { isProblem: true });
  }
}
