// The words that every format for people shares.
import { defangText } from '../../evidence/defang.ts';
import { visibleText } from '../../evidence/visible-text.ts';
import type { Receipt } from '../types.ts';
import type { ExportDocument, ExportRow } from './row.ts';

/** Untrusted text as people may see it: nothing hidden, nothing live, at signs dead so that nobody is mentioned. */
export function shown(text: string): string {
  return defangText(visibleText(text)).replace(/(?<!\[)@(?!\])/g, '[@]');
}

/** A time as people read it: `2026-11-19 08:15:30`, as fine as it was written. */
export function shownTime(row: Pick<ExportRow, 'occurredAt' | 'precision'>, at: string = row.occurredAt): string {
  const plain = at.replace('T', ' ').replace('Z', '');
  switch (row.precision) {
    case 'day':
      return plain.slice(0, 10);
    case 'minute':
      return plain.slice(0, 16);
    case 's':
      return plain.slice(0, 19);
    case 'ms':
    case 'us':
    case 'ns':
      return plain;
  }
}

/** What was assumed for a time, in words, or nothing. */
export function assumptionsOf(row: Pick<ExportRow, 'assumed'>): string {
  const words = { year: 'year', zone: 'zone', dayMonthOrder: 'day/month order', date: 'date' };
  return row.assumed.length ? `assumed: ${row.assumed.map((a) => words[a]).join(', ')}` : '';
}

/** Where it stands: `E3:120` or `auth.log:120`; `by a person` and `assistant, unverified` when no log says it. */
export function citationOf(row: ExportRow): string {
  const first = row.lines[0];
  const place = row.evidence ?? row.source;
  const more = row.lines.length > 1 || row.count > 1 ? '+' : '';
  const cited = first === undefined ? (place ?? '') : `${place ?? 'line '}${place ? ':' : ''}${first}${more}`;
  switch (row.provenance) {
    case 'log':
      return cited;
    case 'human':
      return [cited, row.by ? `by ${row.by}` : 'by a person'].filter(Boolean).join(', ');
    case 'message':
      return [cited, `message of ${row.by ?? 'a person'}${row.fromMessage ? ` (${row.fromMessage})` : ''}`]
        .filter(Boolean)
        .join(', ');
    case 'decision':
      return [cited, `decision${row.by ? ` of ${row.by}` : ''}`].filter(Boolean).join(', ');
    case 'assistant':
      return cited ? `${cited}, assistant, unverified` : 'assistant, unverified';
  }
}

/** Techniques with how sure we are: `T1110, T1059?`; a question mark stands for possible. */
export function techniquesOf(row: Pick<ExportRow, 'techniques'>): string {
  return row.techniques.map((t) => (t.certainty === 'certain' ? t.id : `${t.id}?`)).join(', ');
}

/** What people added: star, tags and comments, in one line. */
export function notesOf(row: ExportRow): string {
  const parts = [
    ...(row.isStarred ? ['★'] : []),
    ...row.tags.map((tag) => `#${tag}`),
    ...row.comments.map((c) => `${c.author} (${c.at.slice(0, 16).replace('T', ' ')}): ${c.text}`),
  ];
  return parts.join(' · ');
}

/** What reading did with every line, as sentences for the foot of an export. */
export function receiptSentences(receipt: Receipt): string[] {
  const assumed = Object.entries(receipt.assumed).filter(([, n]) => n > 0);
  return [
    `${n(receipt.lines)} lines read: ${n(receipt.entries)} entries, ${n(receipt.continuations)} continuations, ${n(receipt.unparsed)} unparsed.${receipt.records ? ` ${n(receipt.records)} records stand on them.` : ''}`,
    receipt.firstAt ? `First ${receipt.firstAt}, last ${receipt.lastAt}.` : 'No line states a time.',
    ...(receipt.undated ? [`${n(receipt.undated)} entries without a time.`] : []),
    ...(assumed.length ? [`Assumed: ${assumed.map(([what, count]) => `${what} on ${n(count)}`).join(', ')}.`] : []),
    ...(receipt.duplicatesCollapsed ? [`${n(receipt.duplicatesCollapsed)} repeats collapsed.`] : []),
    ...(receipt.clock.length ? [`${n(receipt.clock.length)} gaps or clock jumps.`] : []),
    ...(receipt.manipulationLines.length
      ? [
          `Possible manipulation: ${n(receipt.manipulationLines.length)} lines read like instructions (line ${receipt.manipulationLines.slice(0, 10).join(', ')}). They were not followed.`,
        ]
      : []),
  ];
}

/** What was read, of a whole document: the common receipt, and for each of several sources what only it can say. */
export function readSentences(document: Pick<ExportDocument, 'receipt' | 'parts'>): string[] {
  const { receipt, parts = [] } = document;
  if (!receipt) return [];
  return [
    ...receiptSentences(receipt),
    ...parts.map(({ source, receipt: one }) => `${shown(source)}: ${receiptSentences(one).join(' ')}`),
  ];
}

/** Where a candidate for the way in stands. */
export function placeOf(candidate: ExportDocument['initialAccess'][number]): string {
  return candidate.source === undefined ? `line ${candidate.line}` : `${candidate.source}:${candidate.line}`;
}

/** Whether rows follow time; a timeline of one input is ranked instead. */
export function isChronological(rows: readonly ExportRow[]): boolean {
  return rows.every((row, i) => i === 0 || rows[i - 1]!.occurredAt <= row.occurredAt);
}

/** Says in which order the rows are when it is not that of time, else nothing. */
export function orderSentence(rows: readonly ExportRow[]): string {
  return isChronological(rows) ? '' : 'Ranked: what is most worth a look comes first.';
}

/** Whether anybody added a star, a tag or a comment. */
export function hasNotes(document: Pick<ExportDocument, 'rows'>): boolean {
  return document.rows.some((row) => row.isStarred || row.tags.length > 0 || row.comments.length > 0);
}

const n = (count: number) => count.toLocaleString('en-US');
