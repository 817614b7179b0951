// One readable line for a record: its own words, or for JSON what it says happened, by whom and from where.
import { simpleName } from './meaning/facts.ts';
import type { LogRecord } from './record.ts';
import type { Entities } from './types.ts';

const LONGEST = 400;

const NAMES = [
  'eventname',
  'eventtype',
  'operation',
  'operationname',
  'action',
  'verb',
  'classname',
  'msg',
  'message',
  'title',
  'event',
  'type',
];
const DETAILS = [
  'eventsource',
  'workload',
  'objectid',
  'requesturi',
  'url',
  'uri',
  'path',
  'status',
  'responsestatus',
  'errorcode',
  'errormessage',
  'commandline',
  'image',
  'targetfilename',
  'signature',
  'reason',
];

function stated(fields: Readonly<Record<string, string>>, wanted: string): string | undefined {
  for (const path in fields) {
    const last = path.lastIndexOf('.');
    if (simpleName(last < 0 ? path : path.slice(last + 1)) === wanted && fields[path] !== '') return fields[path];
  }
  return undefined;
}

const DESCRIPTION =
  /(?:^|\n)[ \t]*(?:description|message|beschreibung|meldung)[ \t]*:[ \t]*([^\n]*)(?:\n[ \t]*([^\n]*))?/i;

/** What an event over several lines describes: it stands below its name, its source and its keys. */
function described(message: string, fields: Readonly<Record<string, string>>): string | undefined {
  const found = DESCRIPTION.exec(message);
  const text = (found?.[1] || found?.[2])?.trim();
  if (!text) return undefined;
  const id = stated(fields, 'eventid') ?? stated(fields, 'ereignisid') ?? stated(fields, 'id');
  return id === undefined ? text : `event ${id}: ${text}`;
}

/** At most 400 characters, first line only; still raw text of the log: escape it where it is shown. */
export function messageOf({ message, fields }: Pick<LogRecord, 'message' | 'fields'>, entities: Entities): string {
  if (!/^\s*[{[]/.test(message) || Object.keys(fields).length < 3) {
    const end = message.indexOf('\n');
    return (end < 0 ? message : (described(message, fields) ?? message.slice(0, end))).slice(0, LONGEST);
  }
  const said = NAMES.flatMap((name) => stated(fields, name) ?? []).slice(0, 1);
  const details = DETAILS.flatMap((name) => {
    const value = stated(fields, name);
    return value && value.length <= 160 && !said.includes(value) ? [`${name} ${value}`] : [];
  }).slice(0, 3);
  // Which bucket and object is what such a record is about.
  const bucket = stated(fields, 'bucketname');
  if (bucket !== undefined)
    details.unshift(`object ${[bucket, stated(fields, 'key')].filter(Boolean).join('/').slice(0, 160)}`);
  const who = [
    entities.user ? `by ${entities.user}` : '',
    entities.srcIp ? `from ${entities.srcIp}` : '',
    entities.host ? `on ${entities.host}` : '',
  ].filter(Boolean);
  const text = [...said, ...who, details.length > 0 ? `(${details.join(', ')})` : ''].filter(Boolean).join(' ');
  return (said.length > 0 ? text : message).replaceAll('\n', ' ').slice(0, LONGEST);
}
