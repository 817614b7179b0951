import { closest, need } from './page.ts';

const YEAR_S = 365 * 24 * 60 * 60;

function toggleTheme(): void {
  const shown =
    document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const wanted = shown === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = wanted;
  // A cookie and not local storage: the server writes it into the next page, which then never flashes.
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser
  document.cookie = `theme=${wanted}; path=/; max-age=${YEAR_S}; samesite=strict`;
}

function setSidebar(isOpen: boolean): void {
  need('#sidebar', HTMLElement).classList.toggle('open', isOpen);
  for (const button of document.querySelectorAll('[data-sidebar-toggle]'))
    button.setAttribute('aria-expanded', String(isOpen));
  if (isOpen) need('#sidebar a', HTMLElement).focus();
}

/** Wires the theme button, the channel list of narrow screens, and the pinned card's fold. */
export function startFrame(): void {
  document.addEventListener('click', (event) => {
    if (closest(event, '[data-theme-toggle]') !== null) toggleTheme();
    else if (closest(event, '[data-sidebar-toggle]') !== null)
      setSidebar(!need('#sidebar', HTMLElement).classList.contains('open'));
    else if (closest(event, '#sidebar') === null) need('#sidebar', HTMLElement).classList.remove('open');
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && need('#sidebar', HTMLElement).classList.contains('open')) setSidebar(false);
  });
  const fold = document.querySelector('[data-pinned-fold]');
  if (fold instanceof HTMLDetailsElement && matchMedia('(max-width: 60rem)').matches) fold.open = false;
}
