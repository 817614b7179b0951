// Windows records: EVTX as XML, and blocks of "Key: value" lines as the Event Viewer, Sysmon and PowerShell write them.
import { inUtc, newFields, type Reading } from './reading.ts';
import { stampOfFields, stampOfValue } from './time-keys.ts';

const ELEMENT =
  /<([A-Za-z][\w:-]{0,60})((?:\s+[\w:.-]{1,40}\s*=\s*(?:"[^"<]{0,2000}"|'[^'<]{0,2000}'))*)\s*(\/?)>([^<]{0,4000})/g;
const ATTRIBUTE = /([\w:.-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** An XML event record; attribute values are fields by `Element.Attribute`, text by `Element`. */
export function readXml(text: string): Reading | null {
  if (!/^\s*<(?:\?xml|Event|Events|event|log|entry|record)\b/.test(text)) return null;
  const fields = newFields();
  let count = 0;
  ELEMENT.lastIndex = 0;
  for (let m = ELEMENT.exec(text); m && count < 400; m = ELEMENT.exec(text)) {
    const name = m[1] ?? '';
    const value = (m[4] ?? '').trim();
    const attributes = m[2] ?? '';
    let dataName = '';
    for (const a of attributes.matchAll(ATTRIBUTE)) {
      const content = a[2] ?? a[3] ?? '';
      if (a[1] === 'Name' && name === 'Data') dataName = content;
      else if (a[1] !== 'xmlns') fields[`${name}.${a[1]}`] ??= content;
      count++;
    }
    const key = dataName === '' ? name : dataName;
    if (value !== '' && !(key in fields)) fields[key] = value;
  }
  const stamp = stampOfValue(fields['TimeCreated.SystemTime'] ?? '') ?? stampOfFields(fields)?.stamp ?? null;
  const computer = fields['Computer'];
  if (computer !== undefined) fields['host'] = computer;
  return {
    format: 'evtx-xml',
    stamp: fields['TimeCreated.SystemTime'] === undefined ? stamp : inUtc(stamp),
    message: text,
    fields,
  };
}

const PAIR = /^[\s>*]{0,12}([A-Za-zÀ-ÿ_][\wÀ-ÿ .()/-]{0,40}?)\s{0,40}[:=]\s{0,40}(\S.{0,4000})?$/;
const TIME_KEYS =
  /^(?:date|datum|fecha|data|utctime|time ?created|time ?generated|time|timestamp|zeit|uhrzeit|heure|hora|ora|date and time|logged|protokolliert|event time|__realtime_timestamp|timewritten|created|installdate|whencreated|datum\/uhrzeit|date et heure)$/i;

/** Whether a value is a stamp and nothing more than a zone's name behind it. */
function isStampAlone(value: string): boolean {
  const text = value.trim();
  const stamp = stampOfValue(text);
  return stamp !== null && stamp.end >= text.length - 16;
}

/** Whether a line names a time in a "Key: value" block. */
export function isTimeLine(line: string): boolean {
  const g = PAIR.exec(line);
  return g !== null && TIME_KEYS.test((g[1] ?? '').trim()) && isStampAlone(g[2] ?? '');
}

/** Whether a line can stand in a "Key: value" block. */
export const isPairLine = (line: string): boolean => PAIR.test(line) || /^Event\[\d{1,6}\]:?\s{0,4}$/.test(line);

/** Reads a block of "Key: value" lines; null without a line that names the time. */
export function readBlock(text: string): Reading | null {
  const fields = newFields();
  let stampText: string | null = null;
  let isUtc = false;
  for (const line of text.split('\n').slice(0, 400)) {
    const g = PAIR.exec(line);
    if (!g) continue;
    const key = (g[1] ?? '').trim();
    const value = (g[2] ?? '').trim();
    if (!(key in fields)) fields[key] = value;
    if (stampText === null && TIME_KEYS.test(key) && isStampAlone(value)) {
      stampText = value;
      isUtc = /utc/i.test(key);
    }
  }
  if (stampText === null) return null;
  const computer = ['Computer', '_HOSTNAME', 'MachineName', 'Ordinateur', 'Equipo', 'Computador', 'Rechner']
    .map((name) => fields[name])
    .find((name) => name !== undefined);
  if (computer !== undefined) fields['host'] = computer;
  const stamp = stampOfValue(stampText);
  const format =
    fields['__REALTIME_TIMESTAMP'] !== undefined ? 'journald-export' : isUtc ? 'sysmon-text' : 'event-text';
  return { format, stamp: isUtc ? inUtc(stamp) : stamp, message: text, fields };
}
