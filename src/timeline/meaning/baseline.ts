// Severity before any rule speaks: what the record's own level and its words say.
import type { Facts } from './facts.ts';

const LEVELS: Readonly<Record<string, number>> = {
  emerg: 7,
  emergency: 7,
  panic: 7,
  alert: 6,
  crit: 6,
  critical: 6,
  fatal: 5,
  severe: 5,
  error: 4,
  err: 4,
  high: 6,
  warning: 3,
  warn: 3,
  medium: 4,
  low: 2,
  notice: 2,
  info: 1,
  information: 1,
  informational: 1,
  debug: 0,
  trace: 0,
  verbose: 0,
  fine: 0,
  e: 4,
  w: 3,
  i: 1,
  d: 0,
};

const WORDS: Readonly<Record<string, number>> = {
  critical: 5,
  emergency: 5,
  fatal: 4,
  panic: 5,
  attack: 6,
  attacker: 6,
  exploit: 7,
  malware: 7,
  trojan: 7,
  ransomware: 9,
  backdoor: 8,
  rootkit: 8,
  virus: 6,
  intrusion: 6,
  malicious: 6,
  phishing: 6,
  botnet: 7,
  compromised: 7,
  breach: 7,
  suspicious: 5,
  spoofing: 6,
  spoofed: 6,
  flood: 5,
  bruteforce: 6,
  unauthorized: 4,
  forbidden: 3,
  denied: 4,
  deny: 4,
  refused: 3,
  reject: 3,
  rejected: 3,
  blocked: 4,
  block: 3,
  drop: 3,
  dropped: 3,
  failed: 4,
  failure: 4,
  fail: 3,
  invalid: 4,
  incorrect: 4,
  illegal: 5,
  error: 3,
  errors: 3,
  exception: 3,
  abort: 3,
  aborted: 3,
  crash: 5,
  segfault: 5,
  overflow: 4,
  timeout: 2,
  warning: 3,
  warn: 2,
  violation: 5,
  corrupt: 4,
  corrupted: 4,
  tampered: 7,
  injection: 7,
  deleted: 3,
  disabled: 3,
  exceeded: 3,
  expired: 2,
  alarm: 5,
};

const WEIGHTS = new Map(Object.entries(WORDS));

/** Whether a word raises the severity of a line that it is in. */
export const isWeighted = (word: string): boolean => WEIGHTS.has(word);

// Devices write their own severity into the name of a message: %ASA-2-106017, 0 the worst and 7 the least.
const DEVICE = /%[a-z0-9_]{2,24}(?:-[a-z0-9_]{1,24}){0,2}-([0-7])-[a-z0-9_]{2,40}/;
const DEVICE_LEVELS = [7, 7, 6, 5, 4, 3, 2, 1];
// The seventh part of a CEF header: 0 to 10.
const CEF = /\bcef:\d(?:\|[^|\n]{0,200}){5}\|(\d{1,2})\|/;

// A code of eight hexadecimal digits and the level of syslog, as BIG-IP writes them: 01070417:5:
const CODED =
  /(?: (debug|info|notice|warning|err|error|crit|alert|emerg) [\w.-]{1,40}\[\d{1,9})?\]: (?=[0-9a-f]{0,7}\d)[0-9a-f]{8}:([0-7]): /;

function deviceLevel(lower: string): number | undefined {
  const coded = CODED.exec(lower);
  if (coded) return coded[1] === undefined ? DEVICE_LEVELS[Number(coded[2])] : LEVELS[coded[1]];
  if (lower.includes('%')) {
    const digit = DEVICE.exec(lower)?.[1];
    if (digit !== undefined) return DEVICE_LEVELS[Number(digit)];
  }
  if (!lower.includes('cef:')) return undefined;
  const level = CEF.exec(lower)?.[1];
  return level === undefined ? undefined : Math.min(7, Math.round(Number(level) * 0.7));
}

/** 0 to 7: higher of the level's and half of what the strongest word says, so that a stated level leads. */
export function baselineSeverity(facts: Facts): number {
  const stated = (
    facts.fields.get('level') ??
    facts.fields.get('severity') ??
    facts.fields.get('loglevel') ??
    facts.fields.get('priority')
  )?.toLowerCase();
  const level = (stated === undefined ? undefined : LEVELS[stated]) ?? deviceLevel(facts.lower);
  let word = 0;
  for (const one of facts.words) {
    const weight = WEIGHTS.get(one);
    if (weight !== undefined && weight > word) word = weight;
  }
  return Math.max(level ?? 1, word);
}
