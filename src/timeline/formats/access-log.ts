// Web access logs: common, combined, with a virtual host in front, S3, and their relatives with the time in brackets.

import type { Stamp } from '../stamp/types.ts';
import { newFields, type Reading } from './reading.ts';

const BEFORE = /^(?:(\S{1,255}) )?(\S{1,255}) (\S{1,64}) (\S{1,128}) \[$/;
const REQUEST =
  /^\]?[^"]{0,200}"((?:[^"\\]|\\.){0,8000})"(?: (\d{3}))?(?: (\d{1,15}|-))?(?: "((?:[^"\\]|\\.){0,2000})")?(?: "((?:[^"\\]|\\.){0,2000})")?/;
const METHOD = /^([A-Z]{2,12}) (\S{1,8000})(?: (\S{1,16}))?$/;

/** Reads an access line around its stamp, or null when it has no quoted request or client in front. */
export function readAccessLog(text: string, stamp: Stamp): Reading | null {
  if (text[stamp.start - 1] !== '[' || stamp.start > 600) return null;
  const before = BEFORE.exec(text.slice(0, stamp.start));
  const request = REQUEST.exec(text.slice(stamp.end, stamp.end + 12_000));
  if (!before || !request) return null;
  const fields = newFields();
  if (before[1] !== undefined) fields['vhost'] = before[1];
  fields['client'] = before[2] ?? '';
  if (before[4] !== '-' && before[4] !== undefined) fields['user'] = before[4];
  const parts = METHOD.exec(request[1] ?? '');
  if (parts) {
    fields['method'] = parts[1] ?? '';
    fields['path'] = parts[2] ?? '';
  } else fields['request'] = request[1] ?? '';
  if (request[2] !== undefined) fields['status'] = request[2];
  if (request[3] !== undefined) fields['bytes'] = request[3];
  if (request[4] !== undefined && request[4] !== '-') fields['referer'] = request[4];
  if (request[5] !== undefined && request[5] !== '-') fields['agent'] = request[5];
  return {
    format: request[5] === undefined ? 'common' : 'combined',
    stamp,
    message: text.slice(stamp.end).replace(/^\]? ?/, ''),
    fields,
  };
}
