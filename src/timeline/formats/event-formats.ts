// Security formats that name themselves: CEF, LEEF, auditd, and firewalls that write key=value only.
import { epochAt } from '../stamp/epoch.ts';
import type { Stamp } from '../stamp/types.ts';
import { readPairs } from './pairs.ts';
import { newFields, type Reading } from './reading.ts';
import { stampOfFields, stampOfParts, stampOfValue } from './time-keys.ts';

const CEF =
  /(?:CEF:)?(?:0|1)\|([^|]{0,100})\|([^|]{0,100})\|([^|]{0,60})\|([^|]{0,200})\|((?:[^|\\]|\\.){0,500})\|([^|]{0,20})\|/;

/** Common Event Format, anywhere behind a transport header. */
export function readCef(text: string): Reading | null {
  const at = text.indexOf('CEF:');
  if (at === -1 && !/^[01]\|/.test(text)) return null;
  const g = CEF.exec(text.slice(Math.max(0, at), Math.max(0, at) + 1500));
  if (!g || g.index > 4) return null;
  const extension = Math.max(0, at) + g[0].length;
  const fields = readPairs(text, extension, 'next-key');
  fields['vendor'] ??= g[1] ?? '';
  fields['product'] ??= g[2] ?? '';
  fields['signatureId'] = g[4] ?? '';
  fields['name'] = g[5] ?? '';
  fields['severity'] = g[6] ?? '';
  const found =
    ['rt', 'end', 'endTime', 'start', 'startTime', 'deviceCustomDate1']
      .map((key) => stampOfValue(fields[key] ?? ''))
      .find((s) => s !== null) ??
    stampOfFields(fields)?.stamp ??
    null;
  return { format: 'cef', stamp: found, message: `${g[5] ?? ''} ${text.slice(extension)}`.trim(), fields };
}

const LEEF =
  /LEEF:(1\.0|2\.0)\|([^|]{0,100})\|([^|]{0,100})\|([^|]{0,60})\|([^|]{0,200})\|(?:(x?[0-9a-fA-F]{1,4}|[^|\s=]{1,2})\|)?/;

/** IBM's Log Event Extended Format, with the separator it names. */
export function readLeef(text: string): Reading | null {
  const at = text.indexOf('LEEF:');
  if (at === -1) return null;
  const g = LEEF.exec(text.slice(at, at + 1500));
  if (g?.index !== 0) return null;
  const named = g[6] ?? '';
  const hex = /^(?:0?x)([0-9a-fA-F]{1,4})$/.exec(named)?.[1];
  const separator = hex ? String.fromCharCode(Number.parseInt(hex, 16)) : named === '' ? '\t' : named;
  const extension = at + g[0].length;
  const isBlankParted = separator === '\t' && !text.includes('\t', extension);
  const fields = readPairs(text, extension, isBlankParted ? 'next-key' : 'blank', isBlankParted ? '' : separator);
  fields['vendor'] ??= g[2] ?? '';
  fields['product'] ??= g[3] ?? '';
  fields['eventId'] = g[5] ?? '';
  const stamp = stampOfValue(fields['devTime'] ?? '') ?? stampOfFields(fields)?.stamp ?? null;
  return { format: 'leef', stamp, message: text.slice(extension), fields };
}

const AUDIT = /(?:\bmsg=|\btype=\w{1,30} )audit\((?=\d{9,10}\.\d{3}:)/;

/** Linux audit records, also behind a syslog or kernel head. */
export function readAudit(text: string): Reading | null {
  const found = AUDIT.exec(text.slice(0, 400));
  if (!found) return null;
  const at = found.index + found[0].length;
  const stamp = epochAt(text, at);
  if (!stamp) return null;
  const fields = readPairs(text);
  delete fields['msg'];
  const close = text.indexOf('):', stamp.end);
  const type = fields['type'] ?? '';
  return {
    format: 'auditd',
    stamp,
    message: `${type} ${close === -1 ? text : text.slice(close + 2).trim()}`.trim(),
    fields,
  };
}

/** The stamp in the zone that a field of its own states: tz=+0100. */
function inZoneOf(fields: Readonly<Record<string, string>>, stamp: Stamp | null): Stamp | null {
  const zone = /^([+-])(\d\d):?([0-5]\d)$/.exec(fields['tz'] ?? fields['timezone'] ?? '');
  if (!stamp || !zone || stamp.epochMs !== null || stamp.offsetMinutes !== null) return stamp;
  const minutes = Number(zone[2]) * 60 + Number(zone[3]);
  return minutes > 15 * 60 ? stamp : { ...stamp, offsetMinutes: zone[1] === '-' ? -minutes : minutes, zone: 'stated' };
}

// The mark between two pairs, where values hold blanks: EventTime=2026-11-19 08:15:30|Host=web-01
const PARTED = /^[\w.@-]{1,64}=([^|\t;,="']{0,80})([|\t;,]) ?[\w.@-]{1,64}=/;

/** Lines that are key=value from their first word on: logfmt, FortiGate, Sophos, SonicWall. */
export function readKeyValue(text: string): Reading | null {
  if (!/^[\w.@-]{1,64}=/.test(text)) return null;
  const parted = PARTED.exec(text);
  const isParted = parted !== null && (parted[2] === '|' || parted[2] === '\t' || parted[1]?.includes(' ') === true);
  const fields = isParted ? readPairs(text, 0, 'blank', parted[2]) : readPairs(text);
  const names = Object.keys(fields);
  if (names.length < 2 && !/time|date|^ts=/i.test(text.slice(0, 40))) return null;
  const number = /^(?:\d{10}|\d{13}|\d{16}|\d{19})$/.test(fields['eventtime'] ?? '');
  const eventTime = number ? stampOfValue(fields['eventtime'] ?? '') : null;
  const stamp = eventTime ?? stampOfParts(fields) ?? inZoneOf(fields, stampOfFields(fields)?.stamp ?? null);
  const level = fields['level'] ?? fields['lvl'] ?? fields['severity'];
  const out = Object.assign(newFields(), fields);
  if (level !== undefined) out['level'] = level;
  return {
    format: fields['devname'] !== undefined || fields['device_name'] !== undefined ? 'firewall-kv' : 'logfmt',
    stamp,
    message: text,
    fields: out,
  };
}
