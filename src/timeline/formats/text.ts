// Everything else: find the stamp, read what stands around it, and prefer the inner time of an envelope.
import { digitRunAt } from '../stamp/epoch.ts';
import { epochHere, findDated, findMarkedEpoch, glogHead, headOffset, timeHere } from '../stamp/find.ts';
import { stampAt } from '../stamp/stamp-at.ts';
import type { Stamp } from '../stamp/types.ts';
import { readAccessLog } from './access-log.ts';
import { inCarrier } from './carrier.ts';
import { readCells, readPlaces } from './columns.ts';
import { readLabels } from './labels.ts';
import { levelNearHead, levelOf, levelOfLetter } from './level.ts';
import { readPairs } from './pairs.ts';
import { inUtc, newFields, type Reading } from './reading.ts';
import { hostBefore, priorityOf, readSyslogRest } from './syslog.ts';
import { stampOfParts } from './time-keys.ts';

const UPTIME = /^[[<(]?\s{0,6}\d{1,8}\.\d{3,9}\s?[\])>]?:?\s/;
const KERNEL_UPTIME = /^\[ {0,8}\d{1,7}\.\d{4,9}\] /;
const CRI = /^ (stdout|stderr) [FP] /;
const W3C_ROW =
  /^ (?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]{3,39}|W3SVC\d+|\S{1,30} \S{1,64} (?:\d{1,3}\.){3}\d{1,3}) (?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PROPFIND|PATCH|TRACE|CONNECT|[A-Z_]{3,20}) \/?\S* /;
// Cisco: a sequence number and the device's name in front of the time.
const CISCO_HOST = /^(?:<\d{1,3}>)?\d{1,10}: ([A-Za-z][\w.-]{0,62}): [*.]?$/;
// A quoted or comma-parted number in front of a full date is an id.
const DATE_AFTER_NUMBER = /^["']?[,;] ?["']?(?=\d{4}[-/]\d\d[-/]\d\d)/;
// NetworkManager: a level and Unix time behind the program's name.
const OWN_NUMBER = /^<([a-z]{4,6})> {1,3}\[(?=\d{10}\.\d{3,6}\])/;
// WatchGuard: the machine, its serial number, and the time of the event, in UTC, in brackets.
const OWN_TIME = /^ ([^\s:]{1,64})(?: \w{8,16})? \((?=\d{4}-\d\d-\d\dT)/;

/** Reads a line of text; `format` is `text` when only its time is known. */
export function readText(text: string, inner: (text: string) => Reading | null): Reading {
  const priority = priorityOf(text);
  const from = priority?.end ?? 0;
  const glog = glogHead(text);
  if (glog) return withHead('glog', glog, text, levelOfLetter(text[glog.start - 1] ?? '') ?? null);
  const head = from + headOffset(text.slice(from, from + 16));

  const cells = readCells(from + head === 0 ? text : text.slice(from));
  if (cells) return cells;
  const epoch = text.charCodeAt(head) === 64 || isDigitAt(text, head) ? epochHere(text, head) : null;
  if (epoch && !KERNEL_UPTIME.test(text) && !isNumberBeforeDate(text, epoch))
    return withHead(squidOr(text, epoch), epoch, text, priority?.level ?? null);
  if (KERNEL_UPTIME.test(text))
    return {
      format: 'dmesg',
      stamp: null,
      message: text.replace(KERNEL_UPTIME, ''),
      fields: withLevel(text),
      isUptimeOnly: true,
    };

  const run = digitRunAt(text, head);
  const dated = run ?? findDated(text, from + (isDigitAt(text, 0) ? 0 : (LISTING.exec(text)?.[0].length ?? 0)));
  const time = dated && dated.start <= head + 40 ? null : timeHere(text, head);
  const stamp = time ?? dated ?? positional(text) ?? findMarkedEpoch(text) ?? dayHere(text, head);
  const late = stamp ? null : glogBehind(text);
  if (late) return withHead('glog', late, text, levelOfLetter(text[late.start - 1] ?? ''));
  if (!stamp) {
    const fields = pairsAndLevel(text);
    return {
      format: 'text',
      stamp: stampOfParts(fields),
      message: text,
      fields,
      ...(UPTIME.test(text) ? { isUptimeOnly: true } : {}),
    };
  }
  if (stamp.impossible) return { format: 'text', stamp, message: text, fields: pairsAndLevel(text) };

  const access = readAccessLog(text, stamp);
  if (access) return access;
  const isAtHead = stamp.start <= from + 24;
  const cri = isAtHead ? CRI.exec(text.slice(stamp.end, stamp.end + 16)) : null;
  if (cri) {
    const message = text.slice(stamp.end + cri[0].length);
    const held = envelope(message, stamp, inner);
    return held ?? { format: 'cri', stamp, message, fields: pairsAndLevel(message) };
  }
  if (stamp.precision === 's' && stamp.offsetMinutes === null && W3C_ROW.test(text.slice(stamp.end, stamp.end + 400)))
    return { ...withHead('w3c', inUtc(stamp) ?? stamp, text, null) };
  if (isAtHead) {
    const own = stamp.year === null ? OWN_TIME.exec(text.slice(stamp.end, stamp.end + 120)) : null;
    const inner2 = own ? stampAt(text, stamp.end + own[0].length) : null;
    if (own && inner2 && inner2.precision !== 'day') {
      const behind = readSyslogRest(text, { ...inner2, end: inner2.end + 1 }, priority?.level ?? null, false);
      const message = behind?.message ?? text.slice(inner2.end + 1).trim();
      const fields = Object.assign(readPairs(message), behind?.fields, { host: own[1] ?? '' });
      return { format: 'syslog', stamp: inUtc(inner2) ?? inner2, message, fields, carrier: stamp };
    }
    const syslog = readSyslogRest(text, stamp, priority?.level ?? null, priority?.version === true);
    if (syslog) {
      const number = OWN_NUMBER.exec(syslog.message);
      const exact = number ? epochHere(syslog.message, number[0].length) : null;
      if (number && exact) {
        const level = levelOf(number[1] ?? '');
        const message = syslog.message.slice(exact.end + 1).trim();
        const fields = Object.assign(pairsOf(message), level === null ? {} : { level }, syslog.fields);
        return { ...syslog, stamp: exact, carrier: stamp, message, fields };
      }
      const held = envelope(syslog.message, stamp, inner);
      if (held) return { ...held, fields: { ...syslog.fields, ...held.fields } };
      return { ...syslog, fields: Object.assign(pairsOf(syslog.message), syslog.fields) };
    }
    const rest = text.slice(stamp.end);
    const behind = /^\]?:? {0,3}(?:(?!\d{4}[-/]\d\d[-/]\d\d )[\w.:-]{1,80} {1,4})?(?:: ?)?/.exec(rest)?.[0].length ?? 0;
    const held = envelope(rest.slice(behind), stamp, inner);
    const host = held && held.fields['host'] === undefined ? hostBefore(rest.slice(0, behind)) : null;
    if (held) return host === null ? held : { ...held, fields: Object.assign(newFields(), held.fields, { host }) };
  }
  return withHead(stamp.timeOnly ? 'time-only' : isAtHead ? 'stamped' : 'text', stamp, text, priority?.level ?? null);
}

/** A record inside a record: its own full time replaces the carrier's, with the carrier's zone when it names none. */
function envelope(message: string, outer: Stamp, inner: (text: string) => Reading | null): Reading | null {
  const head = headOffset(message.slice(0, 16));
  const isJson = /^\s{0,8}[{[]/.test(message);
  const isRecord =
    isJson ||
    isDigitAt(message, head) ||
    /^\S{1,60} \[?\d|^[A-Z][a-z]{2} /.test(message.slice(head, head + 80)) ||
    /^[\w.-]{1,40}=|CEF:|LEEF:|MSWinEventLog\t|\baudit\(/.test(message.slice(0, 200));
  if (!isRecord) return null;
  const held = inner(message);
  if (!held?.stamp || held.stamp.impossible || held.stamp.timeOnly || held.stamp.precision === 'day') return null;
  // A field with a date in it is not the time of the record: session_start=2026-11-19T08:15:30Z.
  if (/^[\w.-]{1,40}=/.test(message.slice(head, head + 44)) && (held.format === 'text' || held.format === 'stamped'))
    return null;
  const isStructured = held.format !== 'text' && held.format !== 'stamped' && held.format !== 'logfmt';
  // Behind a speaker and a colon it is what is spoken of, not when.
  if (!isStructured && (held.stamp.start > head + 60 || /: /.test(message.slice(head, held.stamp.start)))) return null;
  const { stamp } = held;
  if (stamp.epochMs === null && stamp.year === null && stamp.numbers === null)
    return outer.year === null && stamp.offsetMinutes !== null ? held : null;
  return inCarrier(held, outer);
}

const isDigitAt = (text: string, at: number): boolean => {
  const c = text.charCodeAt(at);
  return c >= 48 && c <= 57;
};

const GLOG_BEHIND = /^(?:[^\s:]{1,80} ){0,3}[^\s:]{1,80}: (?=[IWEF]\d{4} \d\d:)/;

/** A glog head behind a program's name. */
function glogBehind(text: string): Stamp | null {
  const lead = GLOG_BEHIND.exec(text.slice(0, 330))?.[0].length;
  const stamp = lead === undefined ? null : glogHead(text.slice(lead));
  return stamp && lead !== undefined ? { ...stamp, start: stamp.start + lead, end: stamp.end + lead } : null;
}

function squidOr(text: string, epoch: Stamp): string {
  return /^ {1,8}\d{1,9} \S{1,80} [A-Z_]{2,30}\/\d{3} /.test(text.slice(epoch.end, epoch.end + 160))
    ? 'squid'
    : text.includes('\t')
      ? 'zeek'
      : 'stamped';
}

const VPC_FLOW = /^\d{1,2} \d{12} \S{4,40} (?:\S{1,60} ){7}(?=\d{10} \d{10} )/;
const NUMBERED = /^\d{1,12} (?:\S{1,60} ){1,5}?(?=\d{9,10} -?\d{1,4} )/;
const PALO_ALTO = /^\d?,(?=\d{4}\/\d\d\/\d\d \d\d:)/;
// A file in a listing: its size stands in front of its time.
const LISTING =
  /^[bcdlps-][rwxsStTl-]{9}[.+@]? {1,4}\d{1,6} {1,8}\S{1,64} {1,8}\S{1,64} {1,8}\d{1,20} (?=[A-Z]|\d{4}-)/;
// An access log by milliseconds.
const CLIENT_EPOCH = /^\S{1,255} \S{1,64} \S{1,128} \[(?=\d{10}\.\d{3}\])/;
// Histories of zsh, and of bash, which writes the time above the command.
const HISTORY = /^(?:: (?=\d{10}:\d{1,7};)|#(?=\d{10}$))/;

/** Formats whose time is a bare number in a fixed column. */
function positional(text: string): Stamp | null {
  const lead =
    VPC_FLOW.exec(text) ?? NUMBERED.exec(text) ?? PALO_ALTO.exec(text) ?? HISTORY.exec(text) ?? CLIENT_EPOCH.exec(text);
  return lead ? (epochHere(text, lead[0].length) ?? stampAt(text, lead[0].length)) : null;
}

/** A date alone counts at the very beginning of a line. */
function dayHere(text: string, at: number): Stamp | null {
  const stamp = stampAt(text, at);
  return stamp?.precision === 'day' &&
    stamp.shape === 'iso' &&
    /^[\s:,\]|;-]|^$/.test(text.slice(stamp.end, stamp.end + 1))
    ? stamp
    : null;
}

function isNumberBeforeDate(text: string, epoch: Stamp): boolean {
  const join = DATE_AFTER_NUMBER.exec(text.slice(epoch.end, epoch.end + 16));
  const date = join && epoch.fraction === '' ? stampAt(text, epoch.end + join[0].length) : null;
  return date !== null && date.precision !== 'day' && !date.impossible;
}

function withHead(format: string, stamp: Stamp, text: string, level: string | null): Reading {
  const message = stamp.start <= 24 ? text.slice(stamp.end).replace(/^[\])}>"']{0,3}[:,]?\s?/, '') : text;
  const fields = pairsAndLevel(message);
  const before = /([A-Za-z]{3,9})[\s:[(-]{1,4}$/.exec(text.slice(0, stamp.start))?.[1];
  const device = stamp.start > 4 && stamp.start < 100 ? CISCO_HOST.exec(text.slice(0, stamp.start))?.[1] : undefined;
  if (device !== undefined) fields['host'] = device;
  const stated = level ?? (before ? levelOf(before) : null);
  if (stated) fields['level'] = stated;
  const places = stamp.start <= 40 ? readPlaces(text, stamp.end) : null;
  if (places) return { format: places.format, stamp, message, fields: Object.assign(fields, places.fields) };
  return { format, stamp, message, fields };
}

/** Labelled values, and key=value pairs, which are the surer. */
const pairsOf = (text: string): Record<string, string> => Object.assign(readLabels(text), readPairs(text));

function pairsAndLevel(text: string): Record<string, string> {
  const fields = pairsOf(text);
  const level = levelNearHead(text);
  if (level) fields['level'] = level;
  return fields;
}

const withLevel = (text: string): Record<string, string> => {
  const fields = newFields();
  const level = levelNearHead(text);
  if (level) fields['level'] = level;
  return fields;
};
