import type { Patch } from './answer.ts';
import { Idiomorph } from './idiomorph.js';
import { page } from './page.ts';
import { localiseTimes } from './times.ts';

const NEAR_BOTTOM_PX = 160;

// What a reader unfolded stays unfolded, and what they are typing stays theirs.
const callbacks = {
  beforeAttributeUpdated: (name: string, element: Element) =>
    !(name === 'open' && element instanceof HTMLDetailsElement) && name !== 'aria-busy',
  beforeNodeMorphed: (from: Node) => !(from instanceof Element && from.matches('[data-composer]')),
};

/** Makes an element look like another, keeping focus, selection and scroll. */
export function morph(element: Element, shape: Element): void {
  Idiomorph.morph(element, shape, { morphStyle: 'outerHTML', callbacks });
}

/** An element from the server's HTML, with times in the reader's zone. */
export function elementFrom(html: string): HTMLElement | null {
  const template = document.createElement('template');
  template.innerHTML = html;
  localiseTimes(template.content);
  const [element] = template.content.children;
  return element instanceof HTMLElement ? element : null;
}

const isNearBottom = (box: Element): boolean => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_BOTTOM_PX;

const composerOf = (box: Element): Element | null => box.parentElement?.querySelector('[data-composer]') ?? null;

function setJump(box: Element, isShown: boolean): void {
  const jump = composerOf(box)?.querySelector('[data-jump]');
  if (jump instanceof HTMLElement) jump.hidden = !isShown;
}

/** Scrolls message boxes to their end: all, or the one beside a composer. */
export function scrollToEnd(composer?: Element): void {
  for (const box of document.querySelectorAll('[data-scroll]'))
    if (composer === undefined || composerOf(box) === composer) box.scrollTop = box.scrollHeight;
}

/** Offers a way down when something came that is out of sight, and takes it back at the end. */
export function startJumps(): void {
  for (const box of document.querySelectorAll('[data-scroll]'))
    box.addEventListener('scroll', () => isNearBottom(box) && setJump(box, false), { passive: true });
  document.addEventListener('click', (event) => {
    const jump = event.target instanceof Element ? event.target.closest('[data-jump]') : null;
    const composer = jump?.closest('[data-composer]');
    if (composer) scrollToEnd(composer);
  });
}

/** Marks where the reader is, in a list that was rendered without knowing; what is open and seen is not unread. */
export function markCurrent(list: ParentNode): void {
  for (const link of list.querySelectorAll('a.line')) {
    const isCurrent = (link.getAttribute('data-channel-line') ?? 'home') === page.current;
    if (!isCurrent) continue;
    link.setAttribute('aria-current', 'page');
    if (document.visibilityState !== 'visible') continue;
    link.classList.remove('unread');
    link.querySelector('.unread-count')?.remove();
  }
}

function insert(parent: Element, element: HTMLElement, order: number): void {
  const later = [...parent.children].find((child) => child instanceof HTMLElement && Number(child.dataset.seq) > order);
  parent.insertBefore(element, later ?? null);
}

/** Applies patches in order; a reader at the end of a box stays at its end. */
export function applyPatches(patches: readonly Patch[]): void {
  const stuck = [...document.querySelectorAll('[data-scroll]')].filter(isNearBottom);
  for (const patch of patches) {
    const here = document.getElementById(patch.id);
    if (patch.html === '') {
      here?.remove();
      continue;
    }
    const shape = elementFrom(patch.html);
    if (shape === null) continue;
    if (patch.id === 'channel-list') markCurrent(shape);
    if (here !== null) morph(here, shape);
    else {
      const parent = patch.parent === null ? null : document.getElementById(patch.parent);
      if (parent === null) continue;
      insert(parent, shape, patch.order);
      const box = parent.closest('[data-scroll]');
      if (box !== null && !stuck.includes(box)) setJump(box, true);
      document.querySelector('.empty')?.remove();
    }
  }
  for (const box of stuck) box.scrollTop = box.scrollHeight;
}
