import type { Timeline } from '../types.ts';
import { toCsv } from './csv.ts';
import { toHtml } from './html.ts';
import { toJsonl } from './jsonl.ts';
import { toMarkdown } from './markdown.ts';
import { documentOf, type ExportDocument, type Origin } from './row.ts';
import { type StixOptions, stixBundle } from './stix.ts';
import { toTable } from './table.ts';

/** Every format a timeline can leave in. Indicators are raw in json, jsonl, csv and stix (which holds them alone), and defanged in what people read. */
export const EXPORT_FORMATS = ['table', 'md', 'json', 'jsonl', 'csv', 'html', 'stix'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** `width` and `isColoured` matter to `table`, `picture` to `html`, `stix` to `stix`. */
export interface ExportOptions {
  readonly width?: number;
  readonly isColoured?: boolean;
  /** Who stands behind a STIX bundle, and when it was made; without it the tool itself, at the last event. */
  readonly stix?: StixOptions;
  readonly picture?: { readonly svg: string; readonly altText: string };
}

/** Whether a word names a format. */
export function isExportFormat(word: string): word is ExportFormat {
  return (EXPORT_FORMATS as readonly string[]).includes(word);
}

/** Writes what one input gave in the format asked for. `json` is the timeline itself. */
export function exportTimeline(timeline: Timeline, format: ExportFormat, options: ExportOptions & Origin = {}): string {
  if (format === 'json') return `${JSON.stringify(timeline, null, 2)}\n`;
  return exportDocument(documentOf(timeline, options), format, options);
}

/** Writes any document, such as an incident's timeline, in the format asked for; ends with a line break. */
export function exportDocument(document: ExportDocument, format: ExportFormat, options: ExportOptions = {}): string {
  switch (format) {
    case 'table':
      return toTable(document, { width: options.width ?? 100, isColoured: options.isColoured ?? false });
    case 'md':
      return toMarkdown(document);
    case 'json':
      return `${JSON.stringify(document, null, 2)}\n`;
    case 'jsonl':
      return toJsonl(document.rows);
    case 'csv':
      return toCsv(document.rows);
    case 'html':
      return toHtml(document, options.picture);
    case 'stix':
      return `${JSON.stringify(stixBundle(document, options.stix ?? anonymous(document)), null, 2)}\n`;
  }
}

// Nothing here reads a clock: the same input gives the same bundle.
function anonymous(document: ExportDocument): StixOptions {
  const last = document.rows
    .map((row) => row.lastAt)
    .sort()
    .at(-1);
  return { createdAt: last ?? new Date(0).toISOString(), organisation: 'Countersign' };
}
