// Syslog in its many dresses: RFC 3164 and 5424, ISO stamps, Cisco's stars and sequence numbers, journald's short forms.

import type { Stamp } from '../stamp/types.ts';
import { levelNearHead, levelOf, levelOfPriority } from './level.ts';
import { readPairs } from './pairs.ts';
import { newFields, type Reading } from './reading.ts';

const PRIORITY = /^<(\d{1,3})>(?:(\d{1,2}) )?/;

/** The priority in front of a syslog line: its level, and where the header goes on. */
export function priorityOf(text: string): { level: string | null; version: boolean; end: number } | null {
  const match = PRIORITY.exec(text);
  return match && Number(match[1]) <= 191
    ? { level: levelOfPriority(Number(match[1])), version: match[2] !== undefined, end: match[0].length }
    : null;
}

// Between the machine and the program may stand the machine's address, or facility and level.
const HOST_PROGRAM =
  /^[ \t]{1,4}(?:(?![^ ]{0,80}(?:\[\d{1,9}\])?: )([A-Za-z0-9_][\w.:/@%-]{0,120}) {1,4}(?:(?:(?:\d{1,3}\.){3}\d{1,3}|(?:[a-z][a-z0-9]{2,8}\.)?(?:emerg|alert|crit|err|error|warning|warn|notice|info|debug)) )?)?([A-Za-z_/(][\w./()@+#-]{0,80}?) ?(?:\[(\d{1,9})\])?:(?: |$)/;
const HOST_PROGRAM_PID =
  /^[ \t]{1,4}([A-Za-z0-9_][\w.:/@%-]{0,120}) {1,4}([A-Za-z_/(][\w./()@+#-]{0,80})\[(\d{1,9})\] /;
const NAMED_DATA = /^ \S{1,255} \S{1,48} \S{1,128} \S{1,32} \[[\w.-]{1,40}@\d{1,10} /;
const STRUCTURED = /^ (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) (-|\[)/;

/** What follows a syslog stamp: host, program, pid and message; null when the rest has no such head. */
export function readSyslogRest(text: string, stamp: Stamp, level: string | null, isVersioned: boolean): Reading | null {
  const rest = text.slice(stamp.end);
  const fields = newFields();
  if (level) fields['level'] = level;
  if (isVersioned || NAMED_DATA.test(rest)) {
    const g = STRUCTURED.exec(rest);
    if (g) {
      setUnlessDash(fields, 'host', g[1]);
      setUnlessDash(fields, 'process', g[2]?.replace(/:$/, ''));
      setUnlessDash(fields, 'pid', g[3]);
      setUnlessDash(fields, 'messageId', g[4]);
      const behind = behindStructuredData(rest, g[0].length - 1);
      const stated = structuredData(rest.slice(g[0].length - 1, behind));
      return { format: 'rfc5424', stamp, message: rest.slice(behind), fields: Object.assign(stated, fields) };
    }
  }
  const g = HOST_PROGRAM.exec(rest) ?? HOST_PROGRAM_PID.exec(rest);
  if (!g) return null;
  if (g[1] !== undefined) fields['host'] = g[1];
  fields['process'] = g[2] ?? '';
  if (g[3] !== undefined) fields['pid'] = g[3];
  const message = rest.slice(g[0].length);
  const loud = level ?? levelNearHead(message);
  if (loud) fields['level'] = loud;
  return { format: stamp.year === null ? 'rfc3164' : 'syslog', stamp, message, fields };
}

function setUnlessDash(fields: Record<string, string>, name: string, value: string | undefined): void {
  if (value !== undefined && value !== '-') fields[name] = value;
}

/** The machine's name in front of a record that another carries; null for a level, a program with a colon, or nothing. */
export function hostBefore(text: string): string | null {
  const name = /^ {1,4}([A-Za-z][\w.-]{1,80}) {1,4}$/.exec(text)?.[1];
  return name === undefined || levelOf(name) !== null ? null : name;
}

const CHECK_POINT = /([A-Za-z_][\w.-]{0,63}):{1,2}"((?:[^"\\]|\\.){0,4000})"/g;

/** Structured data as fields; Check Point writes key:"value" there. */
function structuredData(text: string): Record<string, string> {
  const fields = readPairs(text);
  if (text.startsWith('[') && /^\[[\w.-]{1,64}:{1,2}"/.test(text))
    for (const g of text.matchAll(CHECK_POINT)) fields[g[1] ?? ''] ??= g[2] ?? '';
  // Which program wrote it and when is said in the head.
  for (const name of ['time', 'date', 'level', 'origin', 'version']) delete fields[name];
  return fields;
}

/** Where the message begins behind RFC 5424 structured data, whose values may hold escaped quotes and brackets. */
function behindStructuredData(rest: string, from: number): number {
  let at = from;
  if (rest[at] === '-') return at + 2;
  while (rest[at] === '[') {
    let inQuote = false;
    at++;
    while (at < rest.length && (inQuote || rest[at] !== ']')) {
      if (rest[at] === '\\') at++;
      else if (rest[at] === '"') inQuote = !inQuote;
      at++;
    }
    at++;
  }
  return Math.min(rest.length, at + 1);
}
