// A reader small enough to see through, for tests of meaning: JSON flattened, key=value pairs, a syslog header.
import type { LogRecord } from '../../src/timeline/record.ts';

function flatten(value: unknown, path: string, into: Record<string, string>): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') into[path] = String(value);
  else for (const [key, part] of Object.entries(value)) flatten(part, path ? `${path}.${key}` : key, into);
}

const SYSLOG = /^(?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\d[T ]\S+) (\S+) ([\w./-]+)(?:\[(\d+)\])?: /;

/** Reads one line as a record without a time. */
export function readRecord(text: string, line = 1): LogRecord {
  const fields: Record<string, string> = {};
  let message = text;
  let format = 'text';
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object') {
      flatten(value, '', fields);
      format = 'json';
    }
  } catch {
    const header = SYSLOG.exec(text);
    if (header) {
      message = text.slice(header[0].length);
      Object.assign(fields, { host: header[1], process: header[2] });
      format = 'rfc3164';
    }
    for (const [, key, quoted, bare] of message.matchAll(/([\w.-]{1,40})=(?:"([^"]{0,400})"|([^\s"]{0,200}))/g))
      fields[key!] ??= quoted ?? bare ?? '';
  }
  return { line, format, text, message, fields, timeMs: null };
}
