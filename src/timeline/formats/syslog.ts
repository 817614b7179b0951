// Syslog in its many dresses: RFC 3164 and 5424, ISO stamps, Cisco's stars and sequence numbers, journald's short forms.

import type { Stamp } from '../stamp/types.ts';
import { levelNearHead, levelOfPriority } from './level.ts';
import { newFields, type Reading } from './reading.ts';

const PRIORITY = /^<(\d{1,3})>(?:(\d{1,2}) )?/;

/** The priority in front of a syslog line: its level, and where the header goes on. */
export function priorityOf(text: string): { level: string | null; version: boolean; end: number } | null {
  const match = PRIORITY.exec(text);
  return match && Number(match[1]) <= 191
    ? { level: levelOfPriority(Number(match[1])), version: match[2] !== undefined, end: match[0].length }
    : null;
}

const HOST_PROGRAM =
  /^[ \t]{1,4}(?:(?![^ ]{0,80}(?:\[\d{1,9}\])?: )([A-Za-z0-9_][\w.:/@%-]{0,120}) {1,4})?([A-Za-z_/(][\w./()@+#-]{0,80}?) ?(?:\[(\d{1,9})\])?:(?: |$)/;
const HOST_PROGRAM_PID =
  /^[ \t]{1,4}([A-Za-z0-9_][\w.:/@%-]{0,120}) {1,4}([A-Za-z_/(][\w./()@+#-]{0,80})\[(\d{1,9})\] /;
const STRUCTURED = /^ (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) (-|\[)/;

/** What follows a syslog stamp: host, program, pid and message; null when the rest has no such head. */
export function readSyslogRest(text: string, stamp: Stamp, level: string | null, isVersioned: boolean): Reading | null {
  const rest = text.slice(stamp.end);
  const fields = newFields();
  if (level) fields['level'] = level;
  if (isVersioned) {
    const g = STRUCTURED.exec(rest);
    if (g) {
      setUnlessDash(fields, 'host', g[1]);
      setUnlessDash(fields, 'process', g[2]);
      setUnlessDash(fields, 'pid', g[3]);
      setUnlessDash(fields, 'messageId', g[4]);
      return { format: 'rfc5424', stamp, message: behindStructuredData(rest, g[0].length - 1), fields };
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

/** The message behind RFC 5424 structured data, whose values may hold escaped quotes and brackets. */
function behindStructuredData(rest: string, from: number): string {
  let at = from;
  if (rest[at] === '-') return rest.slice(at + 2);
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
  return rest.slice(Math.min(rest.length, at + 1));
}
