// Severity words that programs write, as one set of names.

const LEVELS: Readonly<Record<string, string>> = {
  emerg: 'emergency',
  emergency: 'emergency',
  panic: 'emergency',
  alert: 'alert',
  crit: 'critical',
  critical: 'critical',
  fatal: 'critical',
  severe: 'error',
  err: 'error',
  error: 'error',
  eror: 'error',
  fail: 'error',
  warn: 'warning',
  warning: 'warning',
  wrn: 'warning',
  notice: 'notice',
  note: 'notice',
  info: 'info',
  information: 'info',
  informational: 'info',
  inf: 'info',
  log: 'info',
  audit: 'info',
  debug: 'debug',
  dbug: 'debug',
  dbg: 'debug',
  fine: 'debug',
  finer: 'debug',
  finest: 'debug',
  verbose: 'debug',
  vrb: 'debug',
  trace: 'debug',
  trce: 'debug',
  ftl: 'critical',
  fehler: 'error',
  warnung: 'warning',
  fehlerhaft: 'error',
  informationen: 'info',
  erreur: 'error',
  avertissement: 'warning',
};
const SYSLOG = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];
const LETTERS: Readonly<Record<string, string>> = {
  E: 'error',
  W: 'warning',
  I: 'info',
  D: 'debug',
  F: 'critical',
  V: 'debug',
  N: 'notice',
  C: 'critical',
};

/** The level a word means, or null. */
export function levelOf(word: string): string | null {
  const lower = word.toLowerCase();
  return Object.hasOwn(LEVELS, lower) ? (LEVELS[lower] ?? null) : null;
}

/** The level of a syslog priority number (RFC 5424, 6.2.1). */
export const levelOfPriority = (priority: number): string | null => SYSLOG[priority % 8] ?? null;

/** The level of a single letter, as glog and logcat write it. */
export const levelOfLetter = (letter: string): string | null => LETTERS[letter] ?? null;

/** The level of a bunyan or pino number: 10 trace to 60 fatal. */
export function levelOfTens(value: string): string | null {
  return (
    (
      { '10': 'debug', '20': 'debug', '30': 'info', '40': 'warning', '50': 'error', '60': 'critical' } as Record<
        string,
        string
      >
    )[value] ?? null
  );
}

const NEAR_HEAD = /(?:^|[\s[<(|:.,"'])([A-Za-z]{3,13})(?=[\s\]>)|:,"'\d]|$)/g;

/** The first level word within the first 120 characters of a message, or null. Lower-case words count only in brackets or at the start. */
export function levelNearHead(text: string): string | null {
  const head = text.slice(0, 120);
  NEAR_HEAD.lastIndex = 0;
  for (let match = NEAR_HEAD.exec(head); match; match = NEAR_HEAD.exec(head)) {
    const word = match[1] ?? '';
    const isLoud = word === word.toUpperCase();
    const opener = head[match.index];
    if (
      isLoud ||
      match.index === 0 ||
      opener === '[' ||
      opener === '<' ||
      opener === '|' ||
      opener === '.' ||
      head[match.index + match[0].length] === ':'
    ) {
      const level = levelOf(word);
      if (level && word.length > 2) return level;
    }
  }
  return null;
}
