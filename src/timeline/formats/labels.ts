// "Label: value" pairs parted by commas, as devices write them for people: Source IP: 192.0.2.7, User Name: mara, Action: Blocked.
import { newFields } from './reading.ts';

const MOST_CHARS = 8192;
const FEWEST = 3;
const LABEL = /(?:^|[,;]\s?|: )([A-Z][A-Za-z0-9-]{0,24}(?: [A-Za-z0-9()-]{1,16}){0,3}): ?([^,;]{0,200})/g;

/** Whether a text has the marks of three labels: three colons and two commas or semicolons between them. */
function mayHaveThree(text: string): boolean {
  let at = text.indexOf(':');
  for (let i = 1; i < FEWEST && at !== -1; i++) {
    const comma = text.indexOf(',', at);
    const parted = comma === -1 ? text.indexOf(';', at) : comma;
    at = parted === -1 ? -1 : text.indexOf(':', parted);
  }
  return at !== -1;
}

/** The labelled values of a text by label, the first of each; nothing when there are fewer than three. */
export function readLabels(text: string): Record<string, string> {
  const fields = newFields();
  if (!mayHaveThree(text)) return fields;
  let count = 0;
  LABEL.lastIndex = 0;
  const judged = text.length > MOST_CHARS ? text.slice(0, MOST_CHARS) : text;
  for (let match = LABEL.exec(judged); match; match = LABEL.exec(judged)) {
    const value = (match[2] ?? '').trim().replace(/^"|"$/g, '');
    if (value === '' || value === '---') continue;
    fields[match[1] ?? ''] ??= value;
    count++;
  }
  return count < FEWEST ? newFields() : fields;
}
