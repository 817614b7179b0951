// Decides what one record is. The order is from the most telling head to the least; the last always answers.
import { readAudit, readCef, readKeyValue, readLeef } from './event-formats.ts';
import { readJson } from './json.ts';
import { newFields, READ_CHARS, type Reading } from './reading.ts';
import { priorityOf } from './syslog.ts';
import { readText } from './text.ts';
import { readBlock, readXml } from './windows.ts';

const DEEPEST_ENVELOPE = 3;

const REMEMBERED = 8;
const texts: string[] = new Array(REMEMBERED).fill('');
const readings: Reading[] = new Array(REMEMBERED).fill({ format: 'text', stamp: null, message: '', fields: {} });
let oldest = 0;

/**
 * Reads one record whose chat damage is undone. Never throws; a record without any known shape is `text`.
 * The last few answers are kept: splitting asks for the same line as the rest of the one above and as a record of its own.
 */
export function recognise(record: string): Reading {
  const known = texts.indexOf(record);
  if (known !== -1) return readings[known] as Reading;
  const reading = read(record.length > READ_CHARS ? record.slice(0, READ_CHARS) : record, 0);
  texts[oldest] = record;
  readings[oldest] = reading;
  oldest = (oldest + 1) % REMEMBERED;
  return reading;
}

function read(text: string, depth: number): Reading {
  const inner = (held: string): Reading | null =>
    depth >= DEEPEST_ENVELOPE || held.length === 0 ? null : read(held, depth + 1);
  const first = text.search(/\S/);
  if (first === -1) return { format: 'text', stamp: null, message: text, fields: {} };
  const priority = priorityOf(text);
  if (priority && /^(?:[\w.@-]{1,64}=|\s{0,4}\{)/.test(text.slice(priority.end, priority.end + 70))) {
    const body = read(text.slice(priority.end), depth);
    if (priority.level && body.fields['level'] === undefined)
      return { ...body, fields: Object.assign(newFields(), body.fields, { level: priority.level }) };
    return body;
  }
  const c = text[first];
  if (c === '{' || (c === '[' && /^\[\s*[{[]/.test(text.slice(first, first + 40)))) {
    const json = readJson(text, first, inner);
    if (json) return json;
  }
  if (c === '<') {
    const xml = readXml(text);
    if (xml) return xml;
  }
  if (text.includes('\n') && !/^\[?\d{4}-\d\d-\d\d[T ]/.test(text)) {
    const block = readBlock(text);
    if (block) return block;
  }
  const named =
    (text.includes('|') ? (readCef(text) ?? readLeef(text)) : null) ??
    (text.includes('audit(') ? readAudit(text) : null);
  if (named?.stamp) return named;
  const pairs = named ? null : readKeyValue(text);
  if (pairs?.stamp && pairs.stamp.precision !== 'day') return pairs;
  const plain = readText(text, inner);
  // A value that ends at a blank is the day alone; its time stands behind the blank.
  if (pairs?.stamp) return plain.stamp && plain.stamp.precision !== 'day' ? { ...pairs, stamp: plain.stamp } : pairs;
  if (named) return { ...named, stamp: plain.stamp };
  if (pairs && !plain.stamp) return pairs;
  return embeddedJson(plain, inner);
}

/** Text with a JSON object behind it: the object's fields count, and its own full time when the head has none. */
function embeddedJson(plain: Reading, inner: (text: string) => Reading | null): Reading {
  const at = plain.message.indexOf('{"') !== -1 ? plain.message.indexOf('{"') : plain.message.search(/\{\s{1,8}"/);
  if (at === -1 || at > 300) return plain;
  const held = inner(plain.message.slice(at));
  if (!held || Object.keys(held.fields).length < 2) return plain;
  return { ...plain, stamp: plain.stamp ?? held.stamp, fields: { ...held.fields, ...plain.fields } };
}
