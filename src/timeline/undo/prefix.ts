// What stands in front of a pasted line and is not the log's: quotes, bullets, numbers, grep, emoji, container names, emphasis.
// Each row is peeled while it matches; patterns are anchored and of bounded length.

interface Peel {
  readonly name: string;
  readonly pattern: RegExp;
}

const PEELS: readonly Peel[] = [
  { name: 'quote', pattern: /^ {0,3}(?:(?:>|&gt;) ?){1,64}(?=\S)(?!\d{1,3}>)/ },
  { name: 'bullet', pattern: /^\s{0,12}[\u2022\u25e6\u2023\u25aa\u25cf\u25b8\u2043\u2219\u00b7] {1,4}/ },
  { name: 'dash', pattern: /^\s{0,12}[-*+] {1,3}(?=\S)(?!- )/ },
  {
    name: 'number',
    pattern:
      /^\s{0,12}\(?(?!(?:19|20)\d\d\. (?:\d{1,2}\. \d|[A-Za-zÀ-ſ]{3,12} \d{1,2}\.))\d{1,4}[.)] {1,4}(?=\S)(?![A-Za-zÀ-ÿ]{3,12}\.? \d{4}(?!\d))/,
  },
  {
    name: 'grep-path',
    pattern: /^(?:\/[\w.+@-]{1,80}){2,12}:(?=\s?(?:<\d|\d{4}[-/]|\d{1,2}[/.]\d|[A-Z][a-z]{2} [ \d]\d |[[{]))/,
  },
  {
    name: 'grep',
    pattern:
      /^(?=[^:\s]{0,200}[A-Za-z])(?:[A-Za-z]:)?[\w./\\+@-]{1,200}[./\\][\w./\\+@-]{0,200}[:-]\d{1,9}[:-](?! \d)(?=[^\d\s]|\d{4}|\d{1,3}[/.: -]|\s)/,
  },
  {
    name: 'grep-file',
    pattern: /^[\w./\\+@-]{0,200}\.(?:log|txt|json|jsonl|csv|out|err|gz|evtx)(?:\.\d{1,3})?(?:\.gz)?:(?=\s?\S)/,
  },
  {
    name: 'line-number',
    pattern: /^\s{0,12}\d{1,7}(?::\s|\t| ?[|\u2502] |\s{2,4}(?=\d{4}-|[A-Z][a-z]{2} [ \d]|\{|\[))\s{0,2}/,
  },
  { name: 'emoji-code', pattern: /^(?::[a-z0-9_+-]{1,40}:\s?){1,8}/ },
  { name: 'emoji', pattern: /^(?:[\u{1f000}-\u{1faff}\u2600-\u27bf\u2b00-\u2bff][\ufe0f\u200d]{0,3}\s?){1,8}/u },
  { name: 'pod', pattern: /^\[(?:pod|deployment|job|container)\/[\w./-]{1,200}\] / },
  { name: 'compose', pattern: /^(?!\d{4}-\d\d-\d\d\s)[a-z0-9][\w.-]{0,80}\s{0,40}\| {1,2}(?=\S)/ },
  { name: 'table', pattern: /^\|\s{1,8}(?=\S)/ },
];

const WRAPS: readonly (readonly [string, string])[] = [
  ['`', '`'],
  ['**', '**'],
  ['*', '*'],
  ['_', '_'],
  ['~', '~'],
  ['||', '||'],
];

/** The line without pasted prefixes and paired emphasis. At most eight layers are peeled. */
export function undoPrefix(line: string): string {
  let text = line;
  for (let layer = 0; layer < 8; layer++) {
    const before = text;
    for (const peel of PEELS) {
      const match = peel.pattern.exec(text);
      if (match && match[0].length > 0 && match[0].length < text.length) text = text.slice(match[0].length);
    }
    for (const [open, close] of WRAPS) {
      if (text.length > open.length + close.length && text.startsWith(open) && text.endsWith(close))
        text = text.slice(open.length, -close.length);
    }
    if (text === before) break;
  }
  return text.startsWith('|') || !/ \|\s*$/.test(text) || !/^\|/.test(line.trimStart())
    ? text
    : text.replace(/ \|\s*$/, '');
}
