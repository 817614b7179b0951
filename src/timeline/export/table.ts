import { defang } from '../../evidence/defang.ts';
import {
  citationOf,
  isChronological,
  notesOf,
  orderSentence,
  placeOf,
  readSentences,
  shown,
  shownTime,
  techniquesOf,
} from './columns.ts';
import type { ExportDocument, ExportRow } from './row.ts';

/** `width` is the terminal's, in columns; colour is used only when asked for. */
export interface TableOptions {
  readonly width: number;
  readonly isColoured: boolean;
}

const NARROWEST = 60;
const GAP = '  ';
const WORTH_A_REASON = 7;

/** Writes a document for a terminal: no line is wider than asked (60 at least), a cut is marked with …, nothing in a log reaches the terminal as a control. */
export function toTable(document: ExportDocument, options: TableOptions): string {
  const width = Math.max(NARROWEST, options.width);
  const paint = painter(options.isColoured);
  const lines = [
    ...events(document, width, paint),
    ...section('How they may have got in', paint, candidates(document, width)),
    ...section('Indicators (defanged)', paint, indicators(document, width)),
    ...section(
      'What was read',
      paint,
      readSentences(document).map((s) => cut(s, width)),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function events(document: ExportDocument, width: number, paint: Painter): string[] {
  const { rows } = document;
  if (rows.length === 0) return ['No events.'];
  const isOrdered = isChronological(rows);
  // One source is named once, above; its column then holds lines alone.
  const places = new Set(rows.map((row) => row.evidence ?? row.source ?? ''));
  const cite = (row: ExportRow) =>
    shown(citationOf(places.size === 1 ? { ...row, evidence: null, source: null } : row));
  const time = isOrdered ? 8 : 14;
  const place = Math.min(24, Math.max(8, ...rows.map((row) => widthOf(cite(row)))));
  const times = Math.max(5, ...rows.map((row) => widthOf(countOf(row))));
  const message = width - time - 3 - times - place - 4 * GAP.length;
  const head = ['SEV', 'COUNT'.padStart(times), pad('EVENT', message), 'EVIDENCE'];
  const [only] = places;
  const lines = [
    ...(places.size === 1 && only ? [paint('strong', cut(shown(only), width))] : []),
    ...(isOrdered ? [] : [orderSentence(rows)]),
    paint('soft', ['UTC'.padEnd(time), ...head].join(GAP)),
  ];
  let day = '';
  for (const row of rows) {
    const at = shownTime(row);
    if (isOrdered && at.slice(0, 10) !== day) lines.push(paint('strong', (day = at.slice(0, 10))));
    const cells = [
      ((isOrdered ? at.slice(11, 19) : at.slice(5, 19)) || '-').padEnd(time),
      paint(row.severity >= 8 ? 'high' : row.severity >= 5 ? 'mid' : 'soft', String(row.severity).padStart(3)),
      countOf(row).padStart(times),
      pad(cut(textOf(row), message), message),
      cut(cite(row), place),
    ];
    lines.push(cells.join(GAP).trimEnd());
    const why = whyOf(row);
    if (why) lines.push(paint('soft', cut(`${' '.repeat(time + 3 + times + 3 * GAP.length)}${why}`, width)));
  }
  return lines;
}

// Only what ranks says why: the rest would drown it.
function whyOf(row: ExportRow): string {
  if (row.score < WORTH_A_REASON) return '';
  return shown([row.reasons.join('; '), techniquesOf(row)].filter(Boolean).join(' · '));
}

const countOf = (row: ExportRow) => (row.count > 1 ? `x${row.count}` : '');

function textOf(row: ExportRow): string {
  const assumed = row.assumed.length ? '~ ' : '';
  const flagged = row.flags.includes('possible-manipulation') ? 'POSSIBLE MANIPULATION: ' : '';
  const notes = notesOf(row);
  return shown(`${assumed}${flagged}${row.message}${notes ? `  (${notes})` : ''}`);
}

function candidates(document: ExportDocument, width: number): string[] {
  return document.initialAccess.flatMap((c, i) => [
    cut(`${i + 1}. ${shown(placeOf(c))}: ${shown(c.why)}`, width),
    cut(`   could be wrong: ${shown(c.caveat)}`, width),
  ]);
}

function indicators(document: ExportDocument, width: number): string[] {
  return document.indicators.map((i) =>
    cut(`${i.type.padEnd(7)}${GAP}${shown(defang(i.value))}${GAP}x${i.count}${i.isOurs ? `${GAP}ours` : ''}`, width),
  );
}

function section(title: string, paint: Painter, lines: readonly string[]): string[] {
  return lines.length ? ['', paint('strong', title), ...lines] : [];
}

type Painter = (how: 'strong' | 'soft' | 'high' | 'mid', text: string) => string;

function painter(isColoured: boolean): Painter {
  const codes = { strong: '1', soft: '2', high: '1;31', mid: '33' };
  return (how, text) => (isColoured ? `\u001b[${codes[how]}m${text}\u001b[0m` : text);
}

/** Columns that a terminal gives a text: two for wide East Asian characters and emoji, none for combining marks. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += columnsOf(char);
  return width;
}

function columnsOf(char: string): number {
  if (char <= '\u02ff') return 1;
  if (/\p{M}/u.test(char)) return 0;
  return /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u.test(
    char,
  )
    ? 2
    : 1;
}

function cut(text: string, width: number): string {
  if (text.length <= width && widthOf(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const char of text) {
    const columns = columnsOf(char);
    if (used + columns > width - 1) break;
    out += char;
    used += columns;
  }
  return `${out}…`;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
