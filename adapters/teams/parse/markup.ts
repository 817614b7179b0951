// Text as people typed or pasted it, out of the markup Teams makes of it. One pass, no backtracking.

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  // Teams writes runs of spaces with it.
  nbsp: ' ',
};

const BLOCKS = new Set([
  'p',
  'div',
  'li',
  'tr',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'pre',
  'codeblock',
  'ul',
  'ol',
  'table',
]);

interface Entity {
  readonly text: string;
  readonly end: number;
}

/** The character that `&...;` at a position stands for, or null. */
function entityAt(markup: string, at: number): Entity | null {
  const name = /^[#a-z0-9]{1,9}(?=;)/i.exec(markup.slice(at + 1, at + 12))?.[0];
  if (name === undefined) return null;
  const end = at + 1 + name.length;
  const known = ENTITIES[name];
  if (known !== undefined) return { text: known, end: end + 1 };
  const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (!number) return null;
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? { text: code === 0xa0 ? ' ' : String.fromCodePoint(code), end: end + 1 } : null;
}

/** Whether a tag opens a mention: `<at>` in text, a marked span in HTML. */
const isMention = (name: string, tag: string): boolean =>
  name === 'at' || (name === 'span' && tag.includes('schema.skype.com/Mention'));

/**
 * The plain text of a message. `isHtml` is for the HTML attachment, where line ends mean nothing outside preformatted
 * text; the `text` field keeps its own. `mention` says what stands for the n-th mention, given the name shown.
 */
export function plainText(markup: string, isHtml: boolean, mention: (index: number, name: string) => string): string {
  const out: string[] = [];
  let last = '';
  let pre = 0;
  let mentions = 0;
  let name: { close: string; text: string } | null = null;
  const put = (text: string): void => {
    if (text === '') return;
    if (name) {
      name.text += text;
      return;
    }
    out.push(text);
    last = text.at(-1) as string;
  };
  const lineStart = (): void => {
    if (last !== '' && last !== '\n') put('\n');
  };
  const lastTag = markup.lastIndexOf('>');
  for (let i = 0; i < markup.length; ) {
    const c = markup[i] as string;
    if (c === '<' && i < lastTag && /[a-z/!]/i.test(markup[i + 1] ?? '')) {
      const end = markup.indexOf('>', i);
      const tag = markup.slice(i + 1, end);
      const word = /^\/?([a-z][a-z0-9]{0,20})/i.exec(tag)?.[1]?.toLowerCase() ?? '';
      const isClose = tag.startsWith('/');
      i = end + 1;
      if (name) {
        if (isClose && word === name.close) {
          const shown = name.text;
          name = null;
          put(mention(mentions++, shown));
        }
        continue;
      }
      if (!isClose && isMention(word, tag)) {
        name = { close: word, text: '' };
        continue;
      }
      if (!isHtml) continue;
      if (word === 'br') put('\n');
      else if (BLOCKS.has(word)) lineStart();
      if (word === 'pre' || word === 'codeblock') pre = Math.max(0, pre + (isClose ? -1 : 1));
      continue;
    }
    if (c === '&') {
      const entity = entityAt(markup, i);
      put(entity ? entity.text : '&');
      i = entity ? entity.end : i + 1;
      continue;
    }
    if (isHtml && pre === 0 && (c === '\n' || c === '\r')) {
      // White space between tags is the editor's; inside words it is one space.
      const next = markup[i + 1] ?? '';
      if (last !== '' && !/\s/.test(last) && !/[\s<]/.test(next)) put(' ');
      i += 1;
      continue;
    }
    put(c);
    i += 1;
  }
  // A mention that never ends is text all the same: nothing is lost.
  const rest = (name as { text: string } | null)?.text ?? '';
  name = null;
  put(rest);
  return out.join('');
}
