// From a message to the words its template is made of: values masked, lists and sizes folded, keys of key=value records kept.

/** What stands for a value in a template. */
export const WILDCARD = '<*>';

/** Characters of a message that decide its template; templates are told apart by how messages begin. */
export const TEMPLATE_CHARS = 1024;
const MOST_TOKENS = 160;

/** A message as words, punctuation and wildcards. `key` is what groups it; `text` is how a person reads it. */
export interface Tokens {
  /** Constant words, punctuation and wildcards in order. */
  readonly parts: readonly string[];
  /** True for key=value records, whose values never tell groups apart. */
  readonly isPairs: boolean;
}

// A unit after a number says no more than the number: 12 KB, 3 sec. Single letters are left: they may be names.
const UNITS = new Set(
  'b kb mb gb tb kib mib gib bytes byte ms msec us sec secs second seconds s min mins minutes minute hours hour h days day % c mhz ghz k m g'.split(
    ' ',
  ),
);
// Values of these keys say what kind of record it is.
const STABLE_KEYS = new Set(
  'type msg message event action eventname eventtype event_type event_id eventid logid subtype operation op_type verb'.split(
    ' ',
  ),
);

const PAIR = /([A-Za-z_][\w.-]{0,63})=/g;
const TOKEN = /<\*>|[A-Za-z]+(?:[_.$-]+[A-Za-z]+|['’][a-z]{1,2}\b)*|\s+|./gsu;

const hasDigit = (text: string): boolean => /\d/.test(text);

// Whole values first, while they are whole: links, paths, quoted pairs, addresses with ports.
const VALUES: readonly RegExp[] = [
  // Fri Jul 01 08:16:53 PDT 2005
  /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} {1,2}\d{1,2}(?: [\d:.]{5,15})?(?: [A-Z]{1,5})?(?:,? \d{4})?\b/g,
  // Octets in hexadecimal, as of network cards.
  /(?<![\w:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4,20}(?![\w:-])/gi,
  /\bSHA256:[A-Za-z0-9+/=]{1,64}/g,
  /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>()\]]{1,512}/gi,
  // <1 sec, LOCAL(0)
  /(?<=\s)[<>~]\d[\d.,]{0,20}/g,
  /\b[A-Z]{2,16}\(\d{1,10}\)/g,
  /(?<![\w.])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g,
  /(?<=^|[\s"'=([{,:<|>])(?:[A-Za-z]:\\|\\\\|~\/|\.{1,2}\/|\/)(?=[\w.~%$*<\\/-])[^\s"'<>()[\]{},;|]{1,512}(?=$|[\s"'<>()[\]{},;|])/g,
  /(?<=[=:] {0,2})(?:true|false|null|none|yes|no|nil|undefined)\b/gi,
];
// A run without blanks and without the marks that part fields; masked whole when a digit is in it.
const RUN = /[^\s"'`=(){}[\]<>,;|]+/g;

function maskRun(run: string): string {
  if (!hasDigit(run)) return run;
  // depth........0 is a label, leaders and a value.
  const leaders = /\.{3,}/.exec(run);
  if (leaders)
    return `${maskRun(run.slice(0, leaders.index))} ... ${maskRun(run.slice(leaders.index + leaders[0].length))}`;
  // Punctuation at the end belongs to the sentence; a name before a colon is a label: port:80.
  const tail = /[.:!?…]+$/.exec(run)?.[0] ?? '';
  const body = tail ? run.slice(0, -tail.length) : run;
  const parts = body.split(':');
  const masked =
    parts.length > 1
      ? parts
          .map((part) =>
            part === '' ? '' : hasDigit(part) || /^[a-z][\w-]*(?:\.[\w-]+)+$/i.test(part) ? WILDCARD : part,
          )
          .join(':')
      : WILDCARD;
  return masked + tail;
}

function maskValues(message: string): string {
  let text = message;
  for (const value of VALUES) text = text.replace(value, (found) => WILDCARD + (/[.:]$/.exec(found)?.[0] ?? ''));
  return text.replace(RUN, (run, at: number) =>
    run === '*' && text.slice(at - 1, at + 2) === WILDCARD ? run : maskRun(run),
  );
}

function pairsOf(message: string): number {
  let count = 0;
  for (const _ of message.matchAll(PAIR)) count++;
  return count;
}

// msg='op=login res=failed' holds pairs of its own, so a quote after an equals sign opens a value only when no pair is in it.
const PAIR_VALUE = /([A-Za-z_][\w.-]{0,63})=(?:"([^"]{0,600})"?|'([^'=]{0,600})'|([^\s"',;|]{0,600}))/g;

function maskPairs(message: string): string {
  return message.replace(PAIR_VALUE, (_whole: string, key: string, double?: string, single?: string, bare?: string) => {
    const value = double ?? single ?? bare ?? '';
    if (!STABLE_KEYS.has(key.toLowerCase()) || value === '') return `${key}=${WILDCARD}`;
    return `${key}=${maskValues(value)}`;
  });
}

/** Adjacent wildcards, alone or parted by list marks, become one; so do sizes and units. */
function fold(parts: readonly string[]): string[] {
  const folded: string[] = [];
  for (const part of parts) {
    if (part === WILDCARD) {
      // "1.2.3.4:80, 1.2.3.5:80" and "12 (1.2 KB)" are one value each.
      let at = folded.length - 1;
      while (at >= 0 && /^[,:.\-/+#x]$/.test(folded[at]!)) at--;
      if (folded[at] === WILDCARD) {
        folded.length = at + 1;
        continue;
      }
    } else if (folded.at(-1) === WILDCARD && UNITS.has(part.toLowerCase())) continue;
    else if (part === ')' && folded.at(-1) === WILDCARD && folded.at(-2) === '(' && folded.at(-3) === WILDCARD) {
      folded.length -= 2;
      continue;
    }
    folded.push(part);
  }
  return folded;
}

/** Repeats of the same few parts, as in lists of alike items, become one. */
function withoutRepeats(parts: string[]): string[] {
  for (let period = 2; period <= 6; period++) {
    for (let i = 0; i + 2 * period <= parts.length; ) {
      let isSame = parts[i] !== parts[i + 1];
      for (let k = 0; isSame && k < period; k++) isSame = parts[i + k] === parts[i + period + k];
      if (isSame && parts.slice(i, i + period).includes(WILDCARD)) parts.splice(i, period);
      else i++;
    }
  }
  return parts;
}

/** Reads a message into the parts of its template. Linear in the judged part of the message. */
export function tokensOf(message: string): Tokens {
  const long = message.slice(0, TEMPLATE_CHARS);
  const cut = message.length > TEMPLATE_CHARS ? long.lastIndexOf(' ') : -1;
  const line = cut > 0 ? long.slice(0, cut) : long;
  const end = line.indexOf('\n');
  const head = end < 0 ? line : line.slice(0, end);
  const words = head.split(/\s+/, 400).length;
  const pairs = pairsOf(head);
  const isPairs = pairs >= 4 && pairs * 2 >= words;
  const masked = isPairs ? maskValues2(maskPairs(head)) : maskValues(head);
  const parts: string[] = [];
  for (const found of masked.matchAll(TOKEN)) {
    if (parts.length >= MOST_TOKENS) break;
    if (found[0].trim() !== '') parts.push(found[0]);
  }
  return { parts: withoutRepeats(fold(parts)), isPairs };
}

// What is left around the pairs is masked like any message.
const maskValues2 = (text: string): string =>
  text.replace(RUN, (run, at: number) =>
    run === '*' && text.slice(at - 1, at + 2) === WILDCARD
      ? run
      : /=$/.test(text.slice(at + run.length, at + run.length + 1))
        ? run
        : maskRun(run),
  );
