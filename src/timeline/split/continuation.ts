// Which lines belong to the record above them: stack traces, indented text, and the rest of a line a chat has wrapped.

const TRACE =
  /^(?:\s*at\s+[\w$.<>[\]/@-]|\s*Caused by:|\s*Suppressed:|\s*\.\.\. \d+ (?:more|common)|Traceback \(most recent|\s+File "|\s*--- End of |\s*---> |goroutine \d+ \[|\s*created by |panic:|\[signal |exit status \d|During handling of|The above exception|\s*\^+\s*$|\s*raise |[a-z][\w.]*\/[\w.]+(?:\.\(?\*?\w+\)?)*\.\w+\(|[a-z][\w.-]{0,60}(?:\/[\w.@~-]{1,80}){1,10}\.(?:\([*\w[\].]{1,80}\)\.)?[\w.]{1,80}\(|[a-z][\w-]{0,40}\.[\w.-]{1,60}(?:\/[\w.@~-]{1,80}){1,10}\.(?:\([*\w[\].]{1,80}\)\.)?[\w.]{1,80}$|[a-z]\w{0,40}\.(?:\(\*?\w{1,60}\)\.)?\w{1,80}\([^)\n]{0,200}\)$|\s*node:internal|\s*from .{1,200}:\d+:in )/;
// What a database writes below the time of a slow query or of an audited one.
const STATEMENT =
  /^(?:# (?:User@Host|Query_time|Thread_id|Schema|Bytes_sent|Rows_\w{1,20}|Stored_routine|administrator command)\b|SET timestamp=\d|(?:SELECT|INSERT INTO|DELETE FROM|UPDATE \S{1,128} SET|use \w{1,64};|call \w{1,64}\()|LENGTH ?: ?["']\d|[A-Z][A-Z $]{2,24} ?:\[\d{1,6}\] ?["'])/;
// Frames of PHP, of Python without their blanks, of Java without "at", and what VMware sets in front of a line that goes on.
const FRAME =
  /^(?:#\d{1,4} (?:\S{1,400}\(\d{1,7}\): |\{main\}|\[internal function\]|Command line code)|\[(?:stacktrace|previous exception)\]|Stack trace:$|"\} ?$|File ".{1,300}", line \d|\t\S{1,300}\.go:\d{1,7}(?: \+0x[0-9a-f]{1,12})?$|--> |(?:\t| {1,8})[a-z][\w$]{0,60}(?:\.[\w$<>]{1,120}){1,12}\((?:Native Method|Unknown Source|[\w$]{1,120}\.(?:java|kt|scala|groovy)(?::\d{1,7})?)\))/;
const EXCEPTION =
  /^ ?(?:(?:[A-Za-z_$][\w$]*\.){1,12}[\w$]{0,80}?|[A-Z][\w$]{0,80}?|[a-z]\w{0,40}?(?=(?:Error|Exception): )|(?=Exception))(?:Exception|Error|Throwable|Fault|Warning|Interrupt|Exit)(?:\b[^:]{0,40})?(?::|$)/;
const INDENTED = /^(?:\t| {2,}\S)/;
const CLOSING = /^[\])}]+[;,]?$/;

/** Whether a line is a part of a stack trace by its own look. */
export function isTrace(line: string): boolean {
  return TRACE.test(line) || EXCEPTION.test(line) || FRAME.test(line) || STATEMENT.test(line);
}

/** Whether a line is indented, or only closes brackets. */
export const isIndented = (line: string): boolean => INDENTED.test(line) || CLOSING.test(line);

/** Whether a line may have been broken by a chat: it ends near a usual width, or earlier in the middle of something. */
export const mayBeWrapped = (lineLength: number, isUnfinished: boolean): boolean =>
  lineLength >= (isUnfinished ? 24 : 40) && lineLength <= 140;

const CHAT_HEADER =
  /^(?:\S.{0,40}?)(?:\s{1,4}|\s?[[(\u2014-]\s?)(?:(?:today|yesterday|heute|gestern)?(?: at| um)? ?)?\[?\d{1,2}:\d\d(?: ?[AaPp]\.?[Mm]\.?)?\]?\s*:?$/;

/** A copied chat header such as "alice  [8:15 AM]": the time of a message, not of an event. */
export function isChatHeader(line: string): boolean {
  return line.length < 70 && !/\d{4}-\d\d|:\d\d:\d\d/.test(line) && CHAT_HEADER.test(line);
}

const PROSE = /^(?:[A-Z][a-z']{0,20}|[a-z']{1,20}|I)(?:[ ,]{1,2}[A-Za-z'’-]{1,20}){1,20}[?:.!…]{1,3}$/;

/** A short sentence that a person wrote around a paste. */
export const isProse = (line: string): boolean => line.length < 120 && PROSE.test(line.trim());
