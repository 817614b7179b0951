// Files and long pastes that wait in the composer: shown before they are sent, because evidence cannot be unsent.
import { newKey, page } from './page.ts';
import { upload } from './request.ts';
import { show } from './show.ts';

/** Something that waits to be sent. */
interface Chip {
  readonly line: HTMLElement;
  readonly name: string;
  readonly body: Blob;
  readonly key: string;
  readonly isPaste: boolean;
}

/** The waiting list of one composer. */
export interface Chips {
  add(name: string, body: Blob, about: string, text: string | null): void;
  /** Sends all of them, one after another; what fails stays, with the reason. */
  send(): Promise<void>;
  readonly count: number;
}

const TYPEABLE_CHARACTERS = 40_000;

/** `812 bytes`, `12 kB`, `3.4 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function button(label: string, onClick: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'chip-button';
  made.textContent = label;
  made.addEventListener('click', onClick);
  return made;
}

/** The waiting list on a list element. `typeInstead` puts a paste into the text box after all. */
export function createChips(
  list: HTMLElement,
  place: { readonly channel: string; readonly thread: string },
  typeInstead: (text: string) => void,
): Chips {
  const waiting = new Map<HTMLElement, Chip>();
  const sending = new Set<HTMLElement>();

  addEventListener('beforeunload', (event) => {
    if (sending.size > 0) event.preventDefault();
  });

  function say(line: HTMLElement, text: string, isProblem: boolean): void {
    const state = line.querySelector('.chip-state');
    if (state === null) return;
    state.textContent = text;
    state.classList.toggle('error', isProblem);
  }

  async function sendOne(chip: Chip): Promise<void> {
    const { line } = chip;
    if (sending.has(line)) return;
    const bar = line.querySelector('progress');
    const as = line.querySelector('select')?.value ?? 'log';
    sending.add(line);
    line.classList.add('sending');
    if (bar !== null) bar.hidden = false;
    const query = new URLSearchParams({
      channel: place.channel,
      thread: place.thread,
      name: chip.name,
      key: chip.key,
      as,
      paste: chip.isPaste ? 'yes' : 'no',
    });
    try {
      const answer = await upload(`/api/upload?${query}`, chip.body, (part) => {
        if (bar !== null) bar.value = part;
        say(line, part < 1 ? `Sending, ${Math.floor(part * 100)} %` : 'Sent. Countersign is reading it ...', false);
      });
      waiting.delete(line);
      line.remove();
      show(answer);
    } catch (error) {
      say(line, `${error instanceof Error ? error.message : String(error)} Press Send to try again.`, true);
    } finally {
      sending.delete(line);
      line.classList.remove('sending');
      if (bar !== null) bar.hidden = true;
    }
  }

  return {
    get count() {
      return waiting.size;
    },
    add(name, body, about, text) {
      const line = document.createElement('li');
      line.className = 'chip';
      const title = document.createElement('strong');
      title.textContent = name;
      const state = document.createElement('span');
      state.className = 'chip-state';
      state.setAttribute('role', 'status');
      state.textContent = about;
      const bar = document.createElement('progress');
      bar.max = 1;
      bar.value = 0;
      bar.hidden = true;
      bar.setAttribute('aria-label', `Sending ${name}`);
      const as = document.createElement('select');
      as.setAttribute('aria-label', `What to do with ${name}`);
      as.append(new Option('Read as log', 'log', true), new Option('Only share the file', 'file'));
      line.append(title, state, as);
      if (text !== null && text.length <= TYPEABLE_CHARACTERS)
        line.append(
          button('Put into the message', () => {
            waiting.delete(line);
            line.remove();
            typeInstead(text);
          }),
        );
      const remove = button('Remove', () => {
        waiting.delete(line);
        line.remove();
      });
      line.append(remove, bar);
      if (body.size > page.maxFileBytes) {
        say(
          line,
          `${size(body.size)} is more than the ${size(page.maxFileBytes)} taken at once. Split it first.`,
          true,
        );
        list.append(line);
        return;
      }
      waiting.set(line, { line, name, body, key: newKey(), isPaste: text !== null });
      list.append(line);
    },
    async send() {
      for (const chip of [...waiting.values()]) await sendOne(chip);
    },
  };
}
