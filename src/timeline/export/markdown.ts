import { defang } from '../../evidence/defang.ts';
import {
  assumptionsOf,
  citationOf,
  hasNotes,
  notesOf,
  orderSentence,
  placeOf,
  readSentences,
  shown,
  shownTime,
  techniquesOf,
} from './columns.ts';
import type { ExportDocument, ExportRow } from './row.ts';

/** Untrusted text as one Markdown code span that cannot be left: no link, mention, reference, emphasis or HTML comes alive in it, in a table cell either. */
export function codeSpan(text: string): string {
  if (text === '') return '';
  // Inside a table a bar ends the cell even in code, and not every renderer takes the escape: a look-alike stands for it.
  const safe = shown(text)
    .replaceAll('|', '¦')
    .replace(/^ +| +$/g, (blanks) => '·'.repeat(blanks.length));
  let longest = 0;
  for (const run of safe.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  const pad = safe.startsWith('`') || safe.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}

/** Writes a document as GitHub-flavoured Markdown: what happened, how they may have got in, indicators (defanged), and what was read. */
export function toMarkdown(document: ExportDocument): string {
  const blocks = [
    `# ${document.title === 'Timeline' ? 'Timeline' : codeSpan(document.title)}`,
    orderSentence(document.rows),
    table(document),
    initialAccess(document),
    indicators(document),
    receipt(document),
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

function table(document: ExportDocument): string {
  if (document.rows.length === 0) return 'No events.';
  const withNotes = hasNotes(document);
  const head = ['Time (UTC)', 'Severity', 'Event', 'Times', 'Technique', 'Evidence', ...(withNotes ? ['Notes'] : [])];
  const rows = document.rows.map((row) => [...cells(row), ...(withNotes ? [codeSpan(notesOf(row))] : [])]);
  return [head, head.map(() => '---'), ...rows].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cells(row: ExportRow): string[] {
  const assumed = assumptionsOf(row);
  const marks = row.flags.includes('possible-manipulation') ? 'possible manipulation: ' : '';
  return [
    assumed ? `${shownTime(row)} (${assumed})` : shownTime(row),
    String(row.severity),
    `${marks}${codeSpan(row.message)}`,
    row.count > 1 ? `${row.count} until ${shownTime(row, row.lastAt)}` : '1',
    codeSpan(techniquesOf(row)),
    codeSpan(citationOf(row)),
  ];
}

function initialAccess(document: ExportDocument): string {
  if (document.initialAccess.length === 0) return '';
  const items = document.initialAccess.map(
    (c, i) => `${i + 1}. ${codeSpan(placeOf(c))}: ${codeSpan(c.why)}. Could be wrong: ${codeSpan(c.caveat)}`,
  );
  return ['## How they may have got in', '', ...items].join('\n');
}

function indicators(document: ExportDocument): string {
  if (document.indicators.length === 0) return '';
  const head = '| Type | Indicator (defanged) | Count | Lines | Whose |\n| --- | --- | --- | --- | --- |';
  const rows = document.indicators.map(
    (i) =>
      `| ${i.type} | ${codeSpan(defang(i.value))} | ${i.count} | ${i.lines.join(', ')} | ${i.isOurs ? 'ours' : ''} |`,
  );
  return ['## Indicators', '', head, ...rows].join('\n');
}

function receipt(document: ExportDocument): string {
  const sentences = readSentences(document);
  return sentences.length > 0 ? ['## What was read', '', ...sentences.map((s) => `- ${codeSpan(s)}`)].join('\n') : '';
}
