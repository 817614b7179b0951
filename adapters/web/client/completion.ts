interface Option {
  readonly insert: string;
  readonly summary: string;
}

const WAIT_MS = 70;

/** Offers commands and people while somebody types. `key` gives true when the key was for the list. */
export interface Completion {
  key(event: KeyboardEvent): boolean;
  update(): void;
  close(): void;
}

/** Completion on a text box and its list box (ARIA combobox pattern). */
export function createCompletion(box: HTMLTextAreaElement, list: HTMLElement): Completion {
  let options: readonly Option[] = [];
  let chosen = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  function draw(): void {
    list.replaceChildren(
      ...options.map((option, index) => {
        const line = document.createElement('div');
        line.id = `${list.id}-${index}`;
        line.setAttribute('role', 'option');
        line.setAttribute('aria-selected', String(index === chosen));
        const name = document.createElement('span');
        name.className = 'completion-name';
        name.textContent = option.insert;
        const summary = document.createElement('span');
        summary.className = 'completion-summary';
        summary.textContent = option.summary;
        line.append(name, summary);
        line.addEventListener('mousedown', (event) => {
          event.preventDefault();
          take(index);
        });
        return line;
      }),
    );
    list.hidden = options.length === 0;
    box.setAttribute('aria-expanded', String(options.length > 0));
    if (chosen >= 0) box.setAttribute('aria-activedescendant', `${list.id}-${chosen}`);
    else box.removeAttribute('aria-activedescendant');
    list.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }

  function close(): void {
    clearTimeout(timer);
    asked += 1;
    options = [];
    chosen = -1;
    draw();
  }

  function take(index: number): void {
    const option = options[index];
    if (option === undefined) return;
    box.value = option.insert.endsWith(' ') ? option.insert : `${option.insert} `;
    box.setSelectionRange(box.value.length, box.value.length);
    close();
    box.focus();
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }

  async function ask(text: string): Promise<void> {
    asked += 1;
    const mine = asked;
    const response = await fetch(`/api/complete?text=${encodeURIComponent(text)}`).catch(() => null);
    if (mine !== asked || response?.ok !== true) return;
    const found = (await response.json()) as Option[];
    if (mine !== asked) return;
    options = found.filter((option) => option.insert.trim() !== text.trim());
    chosen = -1;
    draw();
  }

  return {
    close,
    update() {
      clearTimeout(timer);
      const text = box.value;
      const isWanted =
        !text.includes('\n') && text.length < 200 && (text.startsWith('/') || /(^|\s)@[A-Za-z0-9._-]*$/.test(text));
      if (!isWanted) return close();
      timer = setTimeout(() => void ask(text), WAIT_MS);
    },
    key(event) {
      if (options.length === 0) return false;
      switch (event.key) {
        case 'ArrowDown':
        case 'ArrowUp': {
          const step = event.key === 'ArrowDown' ? 1 : -1;
          chosen = (chosen + step + options.length + (chosen < 0 && step < 0 ? 1 : 0)) % options.length;
          draw();
          return true;
        }
        case 'Tab':
          if (event.shiftKey) return false;
          take(Math.max(0, chosen));
          return true;
        case 'Enter':
          if (chosen < 0) return false;
          take(chosen);
          return true;
        case 'Escape':
          close();
          return true;
        default:
          return false;
      }
    },
  };
}
