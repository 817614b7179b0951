// Groups the lines of a paste into records and has each recognised: blocks of JSON, XML and "Key: value" lines, traces, wraps.
import { bracketBalance } from '../formats/json-scan.ts';
import type { Reading } from '../formats/reading.ts';
import { recognise } from '../formats/recognise.ts';
import { isPairLine, isTimeLine } from '../formats/windows.ts';
import type { Stamp } from '../stamp/types.ts';
import { isFence, undoDamage } from '../undo/undo.ts';
import { isChatHeader, isIndented, isProse, isTrace, mayBeWrapped } from './continuation.ts';
import { readTableHead, readTableRow, type TableHead } from './table.ts';

/** Lines of a source by index, decoded. Only lines that it has are asked for. */
export interface LineSource {
  readonly has: (index: number) => boolean;
  readonly textOf: (index: number) => string;
}

/** A record over lines `first` to `last` (0-based, inclusive), or one line that is none. */
export interface ReadRecord {
  readonly first: number;
  readonly last: number;
  readonly isEntry: boolean;
  readonly text: string;
  readonly reading: Reading | null;
}

const LONGEST_BLOCK_LINES = 2000;
const LONGEST_BLOCK_CHARS = 262_144;
const MOST_TRACE_LINES = 5000;

/** Reads records one step at a time, so that a caller may skip lines it already knows. */
export interface RecordReader {
  /** The records that begin at line `i`, and the line to go on with. */
  readonly step: (i: number) => { readonly records: readonly ReadRecord[]; readonly next: number };
  /** Changes whenever a table head changes how the lines below are read; 0 before any. */
  readonly tableNumber: () => number;
}

/** A reader over the lines of one source. Linear: a line is looked at a bounded number of times. */
export function recordReader(lines: LineSource): RecordReader {
  const clean = (i: number): string => undoDamage(lines.textOf(i));
  let noBlockBefore = 0;
  let table: TableHead | null = null;
  let tableNumber = 0;
  const single = (record: ReadRecord) => ({ records: [record], next: record.last + 1 });
  const none = (i: number, text: string) => single({ first: i, last: i, isEntry: false, text, reading: null });
  const step = (i: number): { records: readonly ReadRecord[]; next: number } => {
    const raw = lines.textOf(i);
    const text = clean(i);
    if (text.trim() === '' || isFence(raw) || isChatHeader(text)) return none(i, text);
    const head = readTableHead(text, table);
    if (head) {
      if (head.table !== table) tableNumber++;
      table = head.table;
      return none(i, text);
    }
    const row = table ? readTableRow(table, text) : null;
    if (row) {
      const last = traceEnd(lines, clean, i, row);
      return single({ first: i, last, isEntry: true, text: joined(clean, text, i, last), reading: row });
    }
    if (i >= noBlockBefore) {
      const block = readBlockAt(lines, clean, i, text);
      if (block.records) return { records: block.records, next: block.next };
      noBlockBefore = block.noBlockBefore;
    }
    return single(readLineRecord(lines, clean, i, text));
  };
  return { step, tableNumber: () => tableNumber };
}

/** All records of a source in order. */
export function* readRecords(lines: LineSource): Generator<ReadRecord> {
  const reader = recordReader(lines);
  for (let i = 0; lines.has(i); ) {
    const { records, next } = reader.step(i);
    yield* records;
    i = next;
  }
}

function joined(clean: (i: number) => string, text: string, first: number, last: number): string {
  if (last === first) return text;
  const parts = [text];
  for (let i = first + 1, size = text.length; i <= last && size < LONGEST_BLOCK_CHARS; i++) {
    const line = clean(i);
    size += line.length;
    parts.push(line);
  }
  return parts.join('\n');
}

interface Block {
  readonly records: readonly ReadRecord[] | null;
  readonly next: number;
  readonly noBlockBefore: number;
}

function readBlockAt(lines: LineSource, clean: (i: number) => string, i: number, text: string): Block {
  const none: Block = { records: null, next: i, noBlockBefore: 0 };
  const start = text.trimStart();
  if (start[0] === '{' || (start[0] === '[' && /^\[\s*(?:$|[{[])/.test(start.slice(0, 40))))
    return jsonBlock(lines, clean, i, text);
  if (start.startsWith('<Event') || start.startsWith('<event')) {
    if (start.includes('</Event>') || start.includes('</event>')) return none;
    return closedBlock(lines, clean, i, text, /<\/[Ee]vent>/);
  }
  if (
    lines.has(i + 1) &&
    (isPairLine(text) || /^[A-Z][\w ()/-]{2,40}:$/.test(text)) &&
    (!/^\d/.test(start) || isTimeLine(text))
  )
    return pairBlock(lines, clean, i, text);
  return none;
}

function jsonBlock(lines: LineSource, clean: (i: number) => string, i: number, text: string): Block {
  let depth = bracketBalance(text, 0);
  if (depth <= 0) return { records: null, next: i, noBlockBefore: 0 };
  // An array (or Records) opened on a line of its own: its elements are records, its brackets are not.
  if (
    /^\s*(?:\{\s*"(?:Records|records|value|events|Events|items|logs|data|hits|results|auditRecords)"\s*:\s*)?\[\s*$/.test(
      text,
    )
  ) {
    return { records: [{ first: i, last: i, isEntry: false, text, reading: null }], next: i + 1, noBlockBefore: 0 };
  }
  if (
    /^\s*\{\s*$/.test(text) &&
    lines.has(i + 1) &&
    /^\s*"(?:Records|records|value|events|Events|items|logs|data|hits|results)"\s*:\s*\[\s*$/.test(clean(i + 1))
  ) {
    return {
      records: [i, i + 1].map((at) => ({ first: at, last: at, isEntry: false, text: clean(at), reading: null })),
      next: i + 2,
      noBlockBefore: 0,
    };
  }
  const parts = [text];
  let size = text.length;
  let last = i;
  while (depth > 0 && lines.has(last + 1) && last - i < LONGEST_BLOCK_LINES && size < LONGEST_BLOCK_CHARS) {
    const line = clean(last + 1);
    if (/^\{\s*"/.test(line) && !/[,:[{]\s*$/.test(parts[parts.length - 1] ?? '')) break;
    if (isFence(lines.textOf(last + 1))) break;
    parts.push(line);
    size += line.length;
    // Strings may be cut by a wrap: count over the join, so that an open quote does not hide what follows.
    depth = parts.length <= 3 ? bracketBalance(parts.join(' '), 0) : bracketBalance(line, depth);
    last++;
  }
  if (depth > 0 && parts.length > 1) {
    const isOneWrap = parts.length === 2 && !/^\s*["{}\]]/.test(parts[1] ?? '') && mayBeWrapped(text.length, true);
    if (!isOneWrap) return { records: null, next: i, noBlockBefore: last + 1 };
  }
  if (last === i) return { records: null, next: i, noBlockBefore: 0 };
  const whole = parts.join(' ');
  return {
    records: [{ first: i, last, isEntry: true, text: parts.join('\n'), reading: recognise(whole) }],
    next: last + 1,
    noBlockBefore: 0,
  };
}

function closedBlock(lines: LineSource, clean: (i: number) => string, i: number, text: string, close: RegExp): Block {
  const parts = [text];
  for (let last = i + 1; lines.has(last) && last - i < 400; last++) {
    const line = clean(last);
    parts.push(line);
    if (close.test(line))
      return {
        records: [{ first: i, last, isEntry: true, text: parts.join('\n'), reading: recognise(parts.join('\n')) }],
        next: last + 1,
        noBlockBefore: 0,
      };
  }
  return { records: null, next: i, noBlockBefore: i + parts.length };
}

const FIRST_KEYS =
  /^\s*(?:event\[\d+\]|(?:log name|protokollname|nom du journal|nombre de registro|nome registro|__cursor|process create|timecreated|event id|ereignis-id|index|providername)\b)/i;

function pairBlock(lines: LineSource, clean: (i: number) => string, i: number, text: string): Block {
  // A first line that states its own time in the usual way is a log line, not the head of a block.
  if (!isTimeLine(text) && recognise(text).stamp !== null) return { records: null, next: i, noBlockBefore: 0 };
  const parts = [text];
  let time = isTimeLine(text) ? 1 : 0;
  let last = i;
  const firstKey = keyOf(text);
  const isHead = FIRST_KEYS.test(text);
  while (lines.has(last + 1) && last - i < 200) {
    const line = clean(last + 1);
    // What an event describes is parted by blank lines: subject, account, network.
    if (line.trim() === '' && time > 0 && isHead && lines.has(last + 2) && isDetail(clean(last + 2))) {
      parts.push(line);
      last++;
      continue;
    }
    const isDescription = time > 0 && isHead && line.trim() !== '' && !isPairLine(line) && !recognise(line).stamp;
    if (!isPairLine(line) && !isDescription && !/^[A-Z][\w ()/-]{2,40}:$/.test(line)) break;
    if (keyOf(line) === firstKey) break;
    const isTime = isTimeLine(line);
    // A list that was cut in at its middle begins anew with another of the keys that stand first.
    if (isTime && time > 0 && FIRST_KEYS.test(line) && isHead) break;
    if (isTime) time++;
    parts.push(line);
    last++;
  }
  const reading = time >= 1 && last > i ? recognise(parts.join('\n')) : null;
  if (!reading?.stamp) return { records: null, next: i, noBlockBefore: time === 0 ? last + 1 : 0 };
  return {
    records: [{ first: i, last, isEntry: true, text: parts.join('\n'), reading }],
    next: last + 1,
    noBlockBefore: 0,
  };
}

/** A heading such as `Subject:`, or an indented pair below one. */
const isDetail = (line: string): boolean =>
  !FIRST_KEYS.test(line) &&
  (/^[A-Z][\w ()/-]{2,40}:$/.test(line.trimEnd()) || /^\s+[A-Z][\w ()/-]{2,40}:\s/.test(line));

// `Event[0]:` and `Event[1]:` are one key.
const keyOf = (line: string): string =>
  /^\s*([^:=]{1,60}?)\s*[:=]/.exec(line)?.[1]?.toLowerCase().replace(/\d+/g, '0') ?? '';

const GOROUTINE = /^goroutine \d{1,12} \[/;

function traceEnd(lines: LineSource, clean: (i: number) => string, first: number, reading: Reading): number {
  let last = first;
  while (lines.has(last + 1) && last - first < MOST_TRACE_LINES) {
    const raw = lines.textOf(last + 1);
    // Go leaves a line free before its goroutines.
    if (raw.trim() === '' && lines.has(last + 2) && GOROUTINE.test(lines.textOf(last + 2))) {
      last += 2;
      continue;
    }
    if (raw.trim() === '' || isFence(raw)) break;
    const line = clean(last + 1);
    if (isTrace(line)) {
      last++;
      continue;
    }
    if ((isIndented(raw) || isIndented(line)) && reading.stamp !== null && !startsRecord(line)) {
      last++;
      continue;
    }
    break;
  }
  return last;
}

function startsRecord(line: string): boolean {
  const reading = recognise(line.trimStart());
  return reading.stamp !== null && reading.stamp.start <= 30;
}

function readLineRecord(lines: LineSource, clean: (i: number) => string, i: number, text: string): ReadRecord {
  let reading = recognise(text);
  let last = i;
  let whole = text;
  const isDated = reading.stamp !== null && !reading.stamp.impossible;
  const nextRaw = lines.has(i + 1) ? lines.textOf(i + 1) : '';
  if (nextRaw.trim() !== '' && !isFence(nextRaw) && mayBeWrapped(lines.textOf(i).trimEnd().length, isCut(text))) {
    const next = clean(i + 1);
    if (isWrapRest(text, next, isDated)) {
      const whole2 = `${text} ${next.trimStart()}`;
      const again = recognise(whole2);
      if (isDated || again.stamp) {
        const isSame =
          again.stamp !== null &&
          again.stamp.start === reading.stamp?.start &&
          again.stamp.shape === reading.stamp.shape;
        reading = isDated && !isSame ? reading : again;
        whole = whole2;
        last = i + 1;
      }
    }
  }
  if (reading.stamp !== null || isTrace(text)) {
    const end = traceEnd(lines, clean, last, reading);
    if (end > last) whole = `${whole}\n${joined(clean, clean(last + 1), last + 1, end)}`;
    last = end;
  }
  const isEntry = reading.stamp !== null || !isProse(text);
  return { first: i, last, isEntry: isEntry || last > i, text: whole, reading };
}

/** Whether the next line is the rest of this one, broken by a chat at a blank. */
function isWrapRest(text: string, next: string, isDated: boolean): boolean {
  if (isTrace(next) || isProse(next)) return false;
  const rest = next.trimStart();
  const own = recognise(rest);
  if (own.stamp !== null && isOwnRecord(own, rest, text)) return false;
  if (!isDated) return own.stamp === null && recognise(`${text} ${rest}`).stamp !== null;
  const firstWord = /^\S*/.exec(rest)?.[0].length ?? 0;
  return isCut(text) || text.length + 1 + firstWord > 72 || /^\s/.test(next);
}

/** A line with a date and a time of its own is a record of its own, unless the line above is cut inside a bracket or quote. */
const TIME_FIRST = /^(?:\w{0,12}time\w{0,12}|@timestamp|ts|t|date|logger|level)=/i;

function isOwnRecord(own: Reading, text: string, above: string): boolean {
  const stamp = own.stamp as Stamp;
  if (own.format !== 'text' && own.format !== 'stamped' && own.format !== 'logfmt' && own.format !== 'time-only')
    return true;
  if (own.format === 'logfmt') return TIME_FIRST.test(text) && (stamp.epochMs === null || /^ts=/.test(text));
  if (/^[\w.-]{1,40}=/.test(text) && above.includes('=')) return false;
  if (stamp.timeOnly) return stamp.start <= 2 && !isCut(above);
  return stamp.start <= 24 || !isCut(above);
}

/** Whether a line is a record of its own below any other line. */
export function isOwnRecordAnywhere(text: string): boolean {
  const own = recognise(text);
  if (own.stamp === null) return false;
  return isOwnRecord(own, text, 'cut=(') && isOwnRecord(own, text, '');
}

/** Whether a line ends inside a quote or a bracket that it opened. */
const UNFINISHED = /(?:[:,=([{&|<-]|\b(?:for|from|to|by|in|on|with|and|or|of|the|an?|user|at|is|was|as|via))$/i;

function isCut(line: string): boolean {
  if (UNFINISHED.test(line.slice(-12))) return true;
  let quotes = 0;
  let depth = 0;
  for (const c of line) {
    if (c === '"') quotes++;
    else if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') depth--;
  }
  return quotes % 2 === 1 || depth > 0;
}
