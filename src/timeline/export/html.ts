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

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for an HTML element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c]!);
}

const untrusted = (text: string) => escapeHtml(shown(text));

/** Writes a document as one HTML page that needs nothing else: no script, no request, light and dark. `picture` is an SVG to put on top with its alt text. */
export function toHtml(document: ExportDocument, picture?: { readonly svg: string; readonly altText: string }): string {
  return htmlPage(
    document.title,
    [image(picture), events(document), initialAccess(document), indicators(document), receipt(document)]
      .filter(Boolean)
      .join('\n'),
  );
}

/** One page that needs nothing else: no script, no request, light and dark. `body` is HTML already; the title is not. */
export function htmlPage(heading: string, body: string): string {
  const title = untrusted(heading);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`;
}

// An SVG in an img element cannot run script or fetch, whatever it holds.
function image(picture: { readonly svg: string; readonly altText: string } | undefined): string {
  if (!picture) return '';
  const data = Buffer.from(picture.svg, 'utf8').toString('base64');
  return `<img src="data:image/svg+xml;base64,${data}" alt="${escapeHtml(picture.altText)}">`;
}

function events(document: ExportDocument): string {
  if (document.rows.length === 0) return '<p>No events.</p>';
  const withNotes = hasNotes(document);
  const head = ['Time (UTC)', 'Severity', 'Event', 'Technique', 'Evidence', ...(withNotes ? ['Notes'] : [])];
  const order = orderSentence(document.rows);
  return `${order ? `<p>${order}</p>\n` : ''}<div class="wide"><table>
<thead><tr>${head.map((h) => `<th scope="col">${h}</th>`).join('')}</tr></thead>
<tbody>
${document.rows.map((row) => eventRow(row, withNotes)).join('\n')}
</tbody>
</table></div>`;
}

function eventRow(row: ExportRow, withNotes: boolean): string {
  const assumed = assumptionsOf(row);
  const repeated = row.count > 1 ? `<small>${row.count} times, last ${shownTime(row, row.lastAt)}</small>` : '';
  const manipulation = row.flags.includes('possible-manipulation') ? '<strong>Possible manipulation</strong> ' : '';
  const why = row.reasons.length ? `<small>${untrusted(row.reasons.join('; '))}</small>` : '';
  const cells = [
    `<time datetime="${escapeHtml(row.occurredAt)}">${shownTime(row)}</time>${assumed ? `<small>${assumed}</small>` : ''}`,
    `<span class="severity s${band(row.severity)}">${row.severity}</span>`,
    `${manipulation}<code>${untrusted(row.message)}</code>${repeated}${why}`,
    untrusted(techniquesOf(row)),
    untrusted(citationOf(row)),
    ...(withNotes ? [untrusted(notesOf(row))] : []),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function initialAccess(document: ExportDocument): string {
  if (document.initialAccess.length === 0) return '';
  const items = document.initialAccess.map(
    (c) =>
      `<li>${untrusted(placeOf(c))}: ${untrusted(c.why)}<small>Could be wrong: ${untrusted(c.caveat)}</small></li>`,
  );
  return `<h2>How they may have got in</h2>\n<ol>${items.join('\n')}</ol>`;
}

function indicators(document: ExportDocument): string {
  if (document.indicators.length === 0) return '';
  const rows = document.indicators.map(
    (i) =>
      `<tr><td>${i.type}</td><td><code>${untrusted(defang(i.value))}</code></td><td>${i.count}</td><td>${i.lines.join(', ')}</td><td>${i.isOurs ? 'ours' : ''}</td></tr>`,
  );
  return `<h2>Indicators</h2>
<div class="wide"><table><thead><tr><th scope="col">Type</th><th scope="col">Indicator (defanged)</th><th scope="col">Count</th><th scope="col">Lines</th><th scope="col">Whose</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}

function receipt(document: ExportDocument): string {
  const sentences = readSentences(document);
  return sentences.length > 0 ? `<h2>What was read</h2>\n<p>${sentences.map(escapeHtml).join('<br>')}</p>` : '';
}

function band(severity: number): 'low' | 'mid' | 'high' {
  return severity >= 8 ? 'high' : severity >= 5 ? 'mid' : 'low';
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#59636e;--line:#d8dee4;--paper:#fff;--band:#f6f8fa;--high:#b42318;--mid:#9a6700}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--line:#3d444d;--paper:#0d1117;--band:#151b23;--high:#ff7b72;--mid:#e3b341}}
body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:2rem auto;max-width:76rem;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}img{max-width:100%}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600;white-space:nowrap}tbody tr:nth-child(even){background:var(--band)}
time{white-space:nowrap;font-variant-numeric:tabular-nums}small{display:block;color:var(--soft)}
code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}
.severity{font-weight:700}.shigh{color:var(--high)}.smid{color:var(--mid)}
@media print{body{margin:0;max-width:none}}
`;
