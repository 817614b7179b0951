// A published version as a file: Markdown or one HTML page that needs nothing else. Both end with where it is from.
import { shown } from '../timeline/export/columns.ts';
import { escapeHtml, htmlPage } from '../timeline/export/html.ts';
import { type Published, SECTIONS } from './types.ts';

export const REVIEW_FORMATS = ['md', 'html'] as const;
export type ReviewFormat = (typeof REVIEW_FORMATS)[number];

/** What a file says besides the words of the version. */
export interface Custody {
  readonly incident: string;
  /** How the incident is named outside its channel. */
  readonly name: string;
  readonly organisation: string;
  readonly isExercise: boolean;
  /** Key of the version that corrects this one, or null. */
  readonly correctedBy: string | null;
  readonly by: string;
  /** UTC ISO 8601. */
  readonly at: string;
}

/** Text as Markdown in which no link, mention, emphasis, list or HTML comes alive. */
const plain = (text: string): string =>
  shown(text)
    .replace(/[\\`*_{}[\]#!|<>~&=]/g, '\\$&')
    .replace(/^(\s*)([-+])/, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])/, '$1\\$2');

const banner = (c: Custody): string => (c.isExercise ? 'EXERCISE. Nothing here is real. ' : '');
const titleOf = (p: Published, c: Custody): string => `Review of ${c.incident} ${c.name}, version ${p.version}`;

/** The lines above the sections. */
const headLines = (p: Published, c: Custody): readonly string[] => [
  `${banner(c)}TLP:AMBER+STRICT. ${c.organisation}.`,
  ...(c.correctedBy ? [`This version was corrected: read ${c.correctedBy} instead.`] : []),
  ...(p.corrects ? [`It corrects ${p.corrects.key} (SHA-256 ${p.corrects.digest}): ${p.corrects.reason}`] : []),
];

/** Where the file is from, and how to hold it against the record. */
const custodyLines = (p: Published, c: Custody): readonly string[] => [
  `Published as ${p.key} by ${p.by.label} (${p.by.platform}/${p.by.tenant}/${p.by.id}) at ${p.at}. SHA-256 of incident, version, words and correction: ${p.digest}, as the record review.published of ${c.incident} has it.`,
  `Exported by ${c.by} at ${c.at}; the export is on record with the SHA-256 of this file.`,
];

/** The version as Markdown. */
export function reviewMarkdown(p: Published, c: Custody): string {
  const blocks = [
    `# ${plain(titleOf(p, c))}`,
    ...headLines(p, c).map(plain),
    ...SECTIONS.flatMap(({ name, title }) => [
      `## ${title}`,
      p.body[name].map((line) => `- ${plain(line)}`).join('\n'),
    ]),
    '---',
    ...custodyLines(p, c).map(plain),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** The version as one HTML page: no script, no request, light and dark. */
export function reviewHtml(p: Published, c: Custody): string {
  const safe = (text: string): string => escapeHtml(shown(text));
  const paragraphs = (lines: readonly string[]): string => lines.map((line) => `<p>${safe(line)}</p>`).join('\n');
  const sections = SECTIONS.map(
    ({ name, title }) =>
      `<h2>${escapeHtml(title)}</h2>\n<ul>\n${p.body[name].map((line) => `<li>${safe(line)}</li>`).join('\n')}\n</ul>`,
  );
  return htmlPage(
    titleOf(p, c),
    [paragraphs(headLines(p, c)), ...sections, `<hr>\n<footer>${paragraphs(custodyLines(p, c))}</footer>`].join('\n'),
  );
}
