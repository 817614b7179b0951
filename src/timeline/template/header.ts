// What is left of a header in a message whose format nobody knows: ids, levels, threads, loggers. They never belong to a template.

/** Characters a leftover header may take up; and words of it that are looked through. */
const HEADER_CHARS = 320;
const HEADER_WORDS = 10;

const LEVEL =
  /^[[(<|]?(?:TRACE|DEBUG|FINE|VERBOSE|INFO|INFORMATION|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|CRIT|FATAL|FAILURE|EMERG|ALERT|PANIC)[\])>|]?:?$/;
const WRITTEN_LEVEL =
  /^[[(<|]?(?:[Tt]race|[Dd]ebug|[Ii]nfo|[Nn]otice|[Ww]arn|[Ww]arning|[Ee]rror|[Cc]ritical|[Cc]rit|[Ff]atal|[Ee]merg|[Aa]lert)[\])>|]?$/;
/** What may stand before a level: ids, codes, dates, marks; no word of a sentence. */
const HEADERISH = /\d|^[^a-z]+$|^[-|,:;]$/;
// Names of hosts and parts, a Unix time, a flag.
const EPOCH_INSIDE = /^(?:\S{1,64} {1,2}){0,6}?1\d{9}(?:\.\d{1,9})? (?:-?\d{1,6} )?/;
// A flag or a priority that stood behind the time.
const FLAG = /^-?\d{1,2} (?=[A-Za-z])/;

const SYSLOG_INSIDE =
  /^(?:\S{1,64} ){0,4}?[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \S{1,128} (?:[^\s:[\]]{1,128}(?:\[\d{1,10}\])?: )?/;
const PROGRAM_DASH = /^[\w.-]{1,64}\.exe (?:\*\d\d )?- /i;
const PIPED = /^\|?[\w.]{1,48}\|\d{1,12}\|/;
const LOGCAT = /^ {0,4}\d{1,7} {1,4}\d{1,7} [VDIWEF] [\w.:/$@-]{1,80} ?: /;

/** Where a bracketed group that begins at `at` ends, nested groups included; -1 when it does not end soon. */
function groupEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length && i < at + 200; i++) {
    if (text[i] === '[') depth++;
    else if (text[i] === ']' && --depth === 0) return i + 1;
  }
  return -1;
}

const blanksFrom = (text: string, at: number): number => {
  let i = at;
  while (text[i] === ' ' || text[i] === '\t') i++;
  return i;
};

// A logger has a dot or a dollar in its name, or humps, and ends with a colon or before a bracket or a dash.
const LOGGER =
  /^(?:[A-Za-z_][\w$]*(?:[./$][\w$-]+){1,12}|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+){1,8})(?:@\d{1,6})?(?::\d{1,6})?(?=[:\s])/;

/** Threads, loggers, request ids after a level. */
function afterLevel(text: string, from: number): number {
  let at = blanksFrom(text, from);
  for (let round = 0; round < 4; round++) {
    if (text[at] === '-' || text[at] === '|') at = blanksFrom(text, at + 1);
    // An [instance: 42] is what the sentence is about; a thread or a request id is not.
    if (text[at] === '[' && !/^\[[a-z]{2,20}: /.test(text.slice(at, at + 24))) {
      const end = groupEnd(text, at);
      if (end < 0) return at;
      at = blanksFrom(text, text[end] === ':' ? end + 1 : end);
      continue;
    }
    const logger = LOGGER.exec(text.slice(at, at + 200))?.[0];
    if (logger === undefined) break;
    const end = at + logger.length;
    if (text[end] !== ':' && !/^\s+[[-]/.test(text.slice(end, end + 4))) break;
    at = blanksFrom(text, text[end] === ':' ? end + 1 : end);
  }
  return at;
}

/** The message without what is left of its header. Linear; never empty unless the message is. */
export function contentOf(message: string): string {
  const head = message.slice(0, HEADER_CHARS);
  const plain =
    SYSLOG_INSIDE.exec(head) ??
    EPOCH_INSIDE.exec(head) ??
    PROGRAM_DASH.exec(head) ??
    LOGCAT.exec(head) ??
    PIPED.exec(head) ??
    FLAG.exec(head);
  if (plain) return kept(message, plain[0].length);
  let at = blanksFrom(head, 0);
  for (let word = 0; word < HEADER_WORDS && at < head.length; word++) {
    const blank = head.slice(at).search(/[ \t]/);
    const end = blank < 0 ? head.length : at + blank;
    const text = head.slice(at, end);
    const next = blanksFrom(head, end);
    if (LEVEL.test(text) || (WRITTEN_LEVEL.test(text) && (word > 0 || next - end > 1 || text.startsWith('['))))
      return kept(message, afterLevel(head, next));
    if (text.startsWith('[') && !text.includes(']')) {
      const close = groupEnd(head, at);
      if (close < 0) break;
      at = blanksFrom(head, close);
      continue;
    }
    if (!HEADERISH.test(text)) break;
    at = next;
  }
  return message;
}

const kept = (message: string, from: number): string => (from < message.length ? message.slice(from) : message);
