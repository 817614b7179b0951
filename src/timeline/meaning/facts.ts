// What the rules look at: the record's words, its fields under simple names, and tags for what has a number rather than a word.
import type { LogRecord } from '../record.ts';

/** A record made ready for rules: lower-case text within a bound, its words and tags, and its fields by simple name. */
export interface Facts {
  /** Lower-case text; decoded percent escapes and the command line of an audit record follow, each after a line feed. */
  readonly lower: string;
  /** How much of `lower` is the record's own text. */
  readonly ownChars: number;
  /** Words of the text, and tags such as `#win4625` or `#http404`. */
  readonly words: ReadonlySet<string>;
  /** Field values by the last one and the last two parts of their path, lower-case, without separators. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Characters of a record that rules look at; the rest of a longer one is kept as evidence but not judged. */
const JUDGED_CHARS = 8192;
/** Words of a record that rules are looked up by. */
const JUDGED_WORDS = 1200;

const WORD = /[a-z0-9_]+/g;

/** A field path as rules know it: `win.system.eventID` gives `eventid`. */
export const simpleName = (path: string): string => path.replace(/[^A-Za-z0-9]/g, '').toLowerCase();

function fieldsOf(record: LogRecord): Map<string, string> {
  const simple = new Map<string, string>();
  for (const path in record.fields) {
    const value = record.fields[path]!;
    if (value === '') continue;
    const last = path.lastIndexOf('.');
    const name = simpleName(last < 0 ? path : path.slice(last + 1));
    if (!simple.has(name)) simple.set(name, value);
    if (last < 0) continue;
    const beforeLast = path.lastIndexOf('.', last - 1);
    const pair = simpleName(path.slice(beforeLast + 1));
    if (!simple.has(pair)) simple.set(pair, value);
  }
  return simple;
}

const HTTP_STATUS =
  /(?:http\/[0-9.]{1,3}"? |"status": ?"?|"edgeresponsestatus": ?|\bstatus=|\bdownstreamstatus"?: ?)"?([1-5]\d\d)\b/;
const HTTP_METHOD =
  /(?:^|["'\s,:])(get|post|put|delete|head|options|patch|connect|propfind|trace)(?:["'\s,]+)(?:https?:\/)?["']?[/*\\]/;
const STATUS_FIELDS = [
  'status',
  'statuscode',
  'httpstatus',
  'responsecode',
  'responsestatus',
  'edgeresponsestatus',
  'downstreamstatus',
  'scstatus',
  'requeststatus',
];
const WINDOWS_ID = /(?:eventid|event_id|event id|eventcode|event code|ereignis-id)["'>:=\s]{1,4}(\d{1,5})\b/;

function windowsEventOf(record: LogRecord, fields: ReadonlyMap<string, string>, lower: string): string | undefined {
  const stated = fields.get('eventid') ?? fields.get('eventcode') ?? fields.get('eventidtext');
  if (stated && /^\d{1,5}$/.test(stated)) return stated;
  if (!/windows|winevt|sysmon|security-auditing|evtx|win\b|microsoft/.test(`${record.format} ${lower.slice(0, 2000)}`))
    return undefined;
  return (
    WINDOWS_ID.exec(lower)?.[1] ??
    /\b(?:audit_success|audit_failure|information|warning|error)\((\d{1,5})\)/.exec(lower)?.[1]
  );
}

function tag(words: Set<string>, record: LogRecord, fields: ReadonlyMap<string, string>, lower: string): void {
  const event = windowsEventOf(record, fields, lower);
  if (event) {
    const isSysmon = lower.includes('sysmon');
    words.add(isSysmon ? `#sysmon${event}` : `#win${event}`);
    words.add('#win');
  }
  const isRequest = fields.has('method') && (fields.has('path') || fields.has('url') || fields.has('uri'));
  const isWeb = words.has('http') || isRequest || HTTP_METHOD.test(lower);
  if (isWeb) {
    words.add('#web');
    const status = STATUS_FIELDS.map((name) => fields.get(name)).find((value) => value !== undefined);
    const code = status && /^[1-5]\d\d$/.test(status) ? status : HTTP_STATUS.exec(lower)?.[1];
    if (code) words.add(`#http${code}`).add(`#http${code[0]}xx`);
    const method = fields.get('method') ?? fields.get('requestmethod') ?? HTTP_METHOD.exec(lower)?.[1];
    if (method) words.add(`#${method.toLowerCase()}`);
  }
  const program = fields.get('process') ?? fields.get('program') ?? fields.get('appname');
  if (program) words.add(`#program-${program.toLowerCase().replace(/[^a-z0-9_-].*$/, '')}`);
}

const ESCAPE = /%[0-7][0-9a-f]/;

const decoded = (text: string): string =>
  text.replace(/%([0-7][0-9a-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

// Escapes hide words from rules; attackers escape twice to hide them from filters.
function withoutEscapes(text: string): string {
  if (!ESCAPE.test(text)) return '';
  const once = decoded(text);
  return `\n${(ESCAPE.test(once) ? decoded(once) : once).replaceAll('+', ' ').toLowerCase()}`;
}

// A fingerprint is a random word: what is found in it means nothing.
const FINGERPRINT = /\bsha256:[a-z0-9+/=]{1,64}/g;

function judged(text: string): string {
  const lower = (text.length > JUDGED_CHARS ? text.slice(0, JUDGED_CHARS) : text).toLowerCase();
  return lower.includes('sha256:') ? lower.replace(FINGERPRINT, (found) => 'sha256:'.padEnd(found.length, '~')) : lower;
}

/** The text of a line as rules look at it: lower-case, and what its escapes stand for behind it. */
export function lowerOf(text: string): string {
  const own = judged(text);
  return own + withoutEscapes(own);
}

const ARGUMENT = /\ba\d{1,3}=(?:"([^"]{0,400})"|([0-9a-f]{2,800})(?![\w]))/g;
const TITLE = /\bproctitle=([0-9a-f]{4,2000})(?![\w])/;

/** What an audit record keeps apart or in hexadecimal, as one command line: a0="chmod" a1="u+s" a2=2F62696E2F62617368. */
function commandLine(text: string): string {
  if (!text.includes('type=execve') && !text.includes('proctitle=')) return '';
  const title = TITLE.exec(text)?.[1];
  const words = title !== undefined ? [fromHex(title)] : [];
  if (title === undefined)
    for (const [, plain, hex] of text.matchAll(ARGUMENT)) if (words.push(plain ?? fromHex(hex ?? '')) >= 64) break;
  return words.length === 0 ? '' : `\n${words.join(' ').toLowerCase()}`;
}

const fromHex = (hex: string): string =>
  hex.length % 2 === 1 ? hex : Buffer.from(hex, 'hex').toString('latin1').replaceAll('\0', ' ');

/** Reads a record into facts. Linear in the judged part of the record. */
export function factsOf(record: LogRecord): Facts {
  const own = judged(record.text);
  const lower = own + withoutEscapes(own) + commandLine(own);
  const words = new Set<string>();
  let seen = 0;
  for (const found of lower.matchAll(WORD)) {
    if (++seen > JUDGED_WORDS) break;
    words.add(found[0]);
    if (found[0].includes('_')) for (const part of found[0].split('_', 8)) if (part !== '') words.add(part);
  }
  const fields = fieldsOf(record);
  tag(words, record, fields, lower);
  return { lower, ownChars: own.length, words, fields };
}
