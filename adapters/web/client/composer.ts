// The box at the bottom: text, commands, pastes and files.
import { createChips, size } from './chips.ts';
import { createCompletion } from './completion.ts';
import { need, newKey, page } from './page.ts';
import { scrollToEnd } from './patch.ts';
import { post } from './request.ts';
import { show } from './show.ts';
import { attempt } from './toast.ts';

const LOG_CHARACTERS = 4000;
const LOG_LINES = 12;

function lineCount(text: string): number {
  let count = text.endsWith('\n') || text === '' ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Two lines or more, most with a clock time: a few lines of a log are a log too, and a tired person sends what is pasted. */
function areLogLines(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 1 && 2 * lines.filter((line) => /\d\d:\d\d:\d\d/.test(line)).length > lines.length;
}

const stamp = (): string => new Date().toISOString().replace(/[:.]/g, '').slice(0, 15);

function startComposer(form: HTMLFormElement): void {
  const box = need('textarea', HTMLTextAreaElement, form);
  const place = { channel: form.dataset.channel ?? '', thread: form.dataset.thread ?? '' };
  const draftKey = `draft:${place.channel}:${place.thread}`;
  const completion = createCompletion(box, need('[role=listbox]', HTMLElement, form));
  let failed: { readonly text: string; readonly key: string } | null = null;
  // One after another, so that messages stand in the order they were typed.
  let queue: Promise<void> = Promise.resolve();

  function grow(): void {
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, innerHeight * 0.4)}px`;
  }

  function type(text: string): void {
    box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
    grow();
    box.focus();
  }

  const chips = createChips(need('[data-chips]', HTMLElement, form), place, type);

  function addPaste(text: string): void {
    const lines = lineCount(text);
    const body = new Blob([text]);
    const about = `${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'}, ${size(body.size)}. Press Enter to send.`;
    chips.add(`paste-${stamp()}.log`, body, about, text);
  }

  const isLog = (text: string): boolean =>
    text.length > LOG_CHARACTERS || lineCount(text) > LOG_LINES || areLogLines(text);

  function addFiles(files: Iterable<File>): void {
    for (const file of files) chips.add(file.name, file, `${size(file.size)}. Press Enter to send.`, null);
    box.focus();
  }

  function setText(text: string): void {
    box.value = text;
    if (text === '') sessionStorage.removeItem(draftKey);
    grow();
  }

  /** Gone from the box at once, so that the next line can be typed; back in it when it was not sent. */
  async function say(text: string): Promise<void> {
    const key = failed?.text === text ? failed.key : newKey();
    form.setAttribute('aria-busy', 'true');
    try {
      const answer = await post('/api/say', { key, text, ...place });
      failed = null;
      show(answer);
      scrollToEnd(form);
    } catch (error) {
      // The same key again: if it did arrive after all, it stays one message.
      failed = { text, key };
      setText(box.value === '' ? text : `${text}\n${box.value}`);
      throw error;
    } finally {
      form.removeAttribute('aria-busy');
    }
  }

  function send(): void {
    completion.close();
    const text = box.value;
    const isCommand = text.startsWith(page.command);
    if (isLog(text) && !isCommand) {
      addPaste(text);
      setText('');
      return;
    }
    void attempt(() => chips.send());
    if (text.trim() === '') return;
    setText('');
    queue = queue.then(() => attempt(() => say(text)));
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (completion.key(event)) event.preventDefault();
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  });
  box.addEventListener('input', () => {
    grow();
    completion.update();
    sessionStorage.setItem(draftKey, box.value.slice(0, 40_000));
  });
  box.addEventListener('blur', () => completion.close());
  box.addEventListener('paste', (event) => {
    const data = event.clipboardData;
    if (data === null) return;
    const text = data.getData('text/plain');
    const isBig = text.length > 0 && isLog(text);
    if (!isBig && (text.length > 0 || data.files.length === 0)) return;
    event.preventDefault();
    if (isBig) addPaste(text);
    else addFiles(data.files);
  });
  const attach = need('[data-attach]', HTMLInputElement, form);
  attach.addEventListener('change', () => {
    addFiles(attach.files ?? []);
    attach.value = '';
  });

  const zone = form.closest('main, aside') ?? form;
  zone.addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.classList.add('dropping');
  });
  for (const name of ['dragleave', 'drop']) zone.addEventListener(name, () => zone.classList.remove('dropping'));
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    const files = (event as DragEvent).dataTransfer?.files;
    if (files !== undefined) addFiles(files);
  });

  box.value = sessionStorage.getItem(draftKey) ?? '';
  grow();
}

/** Wires every composer of the page; the first takes the focus where there is a keyboard. */
export function startComposers(): void {
  const forms = [...document.querySelectorAll<HTMLFormElement>('[data-composer]')];
  for (const form of forms) startComposer(form);
  if (matchMedia('(hover: hover)').matches) forms.at(-1)?.querySelector('textarea')?.focus({ preventScroll: true });
}
