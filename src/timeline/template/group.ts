// Which part of a record its template is learned from, and what keeps records of different kinds apart.
import type { LogRecord } from '../record.ts';
import { contentOf } from './header.ts';

/** The text a template is learned from, and the kind that is never merged with another. */
export interface Grouped {
  readonly kind: string;
  readonly text: string;
  /** The template itself, where the record's fields already say it: its values need no masking. */
  readonly template?: readonly string[];
}

// Names under which structured records say what kind of thing happened, most telling first.
const KIND_FIELDS = [
  'eventName',
  'eventID',
  'EventID',
  'event_type',
  'eventType',
  'Operation',
  'operationName',
  'action',
  'Action',
  'verb',
  'class_name',
  'msg',
  'message',
  'event',
  'type',
];
const MOST_KIND_CHARS = 160;

const simple = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** A structured record (JSON) is grouped by what kind it says it is, and by its field names where it says nothing. */
function fromFields(record: LogRecord): Grouped {
  const paths = Object.keys(record.fields);
  const said: string[] = [];
  for (const name of KIND_FIELDS) {
    const path = paths.find((one) => simple(one) === name);
    const value = path === undefined ? undefined : record.fields[path];
    if (value && value.length <= MOST_KIND_CHARS && said.length < 4) said.push(`${name}: ${value}`);
  }
  if (said.length > 0) return { kind: record.format, text: said.join(' ') };
  return {
    kind: record.format,
    text: paths
      .slice(0, 60)
      .map((path) => path.replace(/\.\d+(?=\.|$)/g, ''))
      .join(' '),
  };
}

const CEF = /\b(CEF|LEEF):\d(?:\.\d)?\|([^|]{0,80})\|([^|]{0,80})\|[^|]{0,40}\|([^|]{0,120})\|([^|]{0,200})/;

/** What to group a record by. Header fields take no part, but for the kind of record that they alone can tell. */
export function groupedOf(record: LogRecord): Grouped {
  const { fields, message, format } = record;
  const method = fields['method'];
  const status = fields['status'];
  if (method && status && /^[1-5]\d\d$/.test(status) && !message.startsWith('{'))
    return { kind: 'web', text: '', template: [method, '<*>', 'gave', status] };
  const cef = CEF.exec(message);
  if (cef) return { kind: `${cef[1]} ${cef[2]} ${cef[3]}`, text: '', template: [cef[4]!, cef[5]!] };
  if (/^\s*[{[]/.test(message) && Object.keys(fields).length > 2) return fromFields(record);
  const event = fields['eventID'] ?? fields['EventID'];
  if (event) return { kind: `event ${event}`, text: message };
  if (format === 'auditd' || /^type=[A-Z_]{3,30} msg=audit\(/.test(record.text)) return { kind: '', text: record.text };
  return { kind: '', text: contentOf(message) };
}
