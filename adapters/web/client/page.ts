/** What the server says about this page. */
export const page = {
  /** Channel id, or `home`. */
  get current(): string {
    return document.body.dataset.current ?? '';
  },
  get token(): string {
    return document.body.dataset.token ?? '';
  },
  get command(): string {
    return document.body.dataset.command ?? '/ir';
  },
  get maxFileBytes(): number {
    return Number(document.body.dataset.maxFileBytes);
  },
};

/** A key that makes sending the same thing twice one thing. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An element of ours that has to be there. */
export function need<E extends Element>(selector: string, kind: new () => E, within: ParentNode = document): E {
  const found = within.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`The page lacks ${selector}.`);
  return found;
}

/** The nearest ancestor of an event's target that fits. */
export function closest(event: Event, selector: string): HTMLElement | null {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement ? found : null;
}
