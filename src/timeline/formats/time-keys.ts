// Which field of a structured record states when it happened. Smaller rank wins, then smaller depth, then order of writing.

import { digitRunAt, epochAt, epochOf } from '../stamp/epoch.ts';
import { findDated } from '../stamp/find.ts';
import { stampAt, timeOfDayAt } from '../stamp/stamp-at.ts';
import type { Stamp } from '../stamp/types.ts';
import { inUtc } from './reading.ts';

/** Names of time fields in lower case without separators, by how surely they mean the event itself. */
const RANKS: readonly (readonly string[])[] = [
  'eventtime eventfirstseen eventcreationtime eventcreatedtime requestreceivedtimestamp realtimetimestamp sourcerealtimetimestamp occurredat occurred occured activitydatetime eventtimestamp eventstarttime timeoccurred firstseen eventdatetime'.split(
    ' ',
  ),
  'timestamp time ts t datetime published createddatetime creationtime timegenerated starttime startdatetime edgestarttimestamp asctime utctime systemtime timecreated timelocal timeiso8601 timeunixnano logtime logdate devtime rt originaltime'.split(
    ' ',
  ),
  'date created createdat eventdate startedat start when timestamputc timestamps localtime eventcreated creationdatetime generated generatedat reportedtime reported logged loggedat time0 msgtime processstarttime datetimeutc whencreated detecttime installdate'.split(
    ' ',
  ),
];
const RANK = new Map(RANKS.flatMap((names, rank) => names.map((name) => [name, rank] as const)));
const LIKELY = /time|date|stamp/;
const OTHER =
  /expir|creationdate|update|modif|birth|receiv|ingest|notbefore|notafter|last|valid|duration|elapsed|timeout|timezone|end|uptime|runtime|next|until|password|zone|timer|sometime|candidate|mandate|format|latency|observed|type|id$/;

/** Formats whose naive times are UTC by their documentation. */
const UTC_NAMES = /utc|^creationtime$/;

/** The stamp that a whole value is, or null: ISO and other dates, epochs by length, `/Date(ms)/`, FILETIME. */
export function stampOfValue(value: string): Stamp | null {
  const text = value.trim();
  if (text.length < 8 || text.length > 80) return null;
  const dotNet = /^\\?\/Date\((\d{10,14})(?:[+-]\d{4})?\)\\?\/$/.exec(text);
  if (dotNet) return epochOf((dotNet[1] ?? '').padStart(13, '0'), '', 0, text.length);
  if (/^\d{9,19}(?:\.\d{1,9})?(?:[eE][+-]?\d+)?$/.test(text)) return epochAt(text, 0) ?? digitRunAt(text, 0);
  if (/^\d\.\d{6,18}[eE]\+?\d{1,2}$/.test(text)) return epochOfFloat(Number(text));
  const open = /^["'([]/.test(text) ? 1 : 0;
  return (
    digitRunAt(text, open) ??
    stampAt(text, open) ??
    (text.includes('(') || text.includes(' ') ? findDated(text, 0) : null)
  );
}

function epochOfFloat(value: number): Stamp | null {
  const digits = String(Math.floor(value));
  return epochOf(digits, digits.length === 10 ? (value % 1).toFixed(6).slice(2) : '', 0, digits.length);
}

/** The last part of a path, lower-case, without separators; `t.$date` counts as `t`. */
function nameOf(path: string): string {
  const parts = path.split('.');
  let last = parts.pop() ?? '';
  if (/^(?:\$date|\$numberlong|\$text|#text|value|seconds|_attributes)$/i.test(last)) last = parts.pop() ?? last;
  if (/^\d+$/.test(last)) last = parts.pop() ?? last;
  return last.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The time of a record's fields, or null when no field states one. */
export function stampOfFields(
  fields: Readonly<Record<string, string>>,
): { stamp: Stamp; rank: number; path: string } | null {
  let best: { stamp: Stamp; rank: number; path: string } | null = null;
  for (const path in fields) {
    const name = nameOf(path);
    let rank = RANK.get(name);
    if (rank === undefined && name.endsWith('utctime')) rank = 0;
    // An export's own date column; deep inside a record it is the age of a session.
    if (rank === undefined && name === 'creationdate' && !path.includes('.')) rank = 2;
    if (rank === undefined && LIKELY.test(name) && !OTHER.test(name)) rank = 4;
    if (rank === undefined) continue;
    // Nested deep in a record a plain name means something else than at its top.
    const depth = Math.min(
      9,
      path.split('.').length - 1 - (/^(?:Records|records|value|Events|events|hits)\.\d+\./.test(path) ? 2 : 0),
    );
    const score = rank * 10 + depth;
    if (best && score >= best.rank) continue;
    const stamp = stampOfValue(fields[path] ?? '');
    if (stamp && !stamp.impossible)
      best = { stamp: UTC_NAMES.test(name) ? (inUtc(stamp) ?? stamp) : stamp, rank: score, path };
  }
  return best ?? timeAlone(fields);
}

/** A time of day in a field whose name says that it is the record's, when nothing else does. */
function timeAlone(fields: Readonly<Record<string, string>>): { stamp: Stamp; rank: number; path: string } | null {
  for (const path of ['time', 'timestamp', 'ts', 'Time', 'Timestamp']) {
    const value = fields[path];
    const stamp = value !== undefined && /^\d{1,2}:\d\d:\d\d/.test(value) ? timeOfDayAt(value, 0) : null;
    if (stamp?.timeOnly && stamp.end === value?.length) return { stamp, rank: 90, path };
  }
  return null;
}

/** Date and time in fields of their own (FortiGate, Sophos, DHCP): joined, with a zone field, or null. */
export function stampOfParts(fields: Readonly<Record<string, string>>): Stamp | null {
  const pick = (...names: string[]): string | undefined =>
    names
      .map((n) => fields[n] ?? fields[n.toUpperCase()] ?? fields[`${n[0]?.toUpperCase()}${n.slice(1)}`])
      .find((v) => v !== undefined);
  const date = pick('date', 'eventdate', 'log_date', 'receive_date', 'datum', 'fecha', 'data');
  const time = pick('time', 'eventtime', 'log_time', 'uhrzeit', 'zeit', 'heure', 'hora', 'ora', 'tijd');
  if (date === undefined || time === undefined || !/^\d{1,2}:\d\d/.test(time)) return null;
  const zone = (pick('tz', 'timezone', 'timeZone', 'time_zone') ?? '').replace(/^UTC(?=[+-])/, '');
  return stampAt(`${date} ${time}${/^[+-]\d\d/.test(zone) ? zone : zone === '' ? '' : ` ${zone}`}`, 0);
}
