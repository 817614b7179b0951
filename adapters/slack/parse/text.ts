// Slack changes text on its way: `& < >` become entities, addresses become links, names become ids. This takes it back.

const ENTITIES: readonly (readonly [string, string])[] = [
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
];

/** The text as it was typed. People stay as `<@id>`; one pass, linear in its length, whatever stands in it. */
export function decodeText(delivered: string): string {
  let out = '';
  let at = 0;
  let hasMoreEnds = true;
  while (at < delivered.length) {
    const c = delivered[at] as string;
    if (c === '&') {
      const entity = ENTITIES.find(([name]) => delivered.startsWith(name, at));
      out += entity ? entity[1] : c;
      at += entity ? entity[0].length : 1;
      continue;
    }
    if (c === '<' && hasMoreEnds) {
      const end = delivered.indexOf('>', at + 1);
      hasMoreEnds = end >= 0;
      if (end > at + 1) {
        out += spanText(delivered.slice(at + 1, end));
        at = end + 1;
        continue;
      }
    }
    out += c;
    at += 1;
  }
  return out;
}

const decodeEntities = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (e) => (e === '&amp;' ? '&' : e === '&lt;' ? '<' : '>'));

/** What stood where Slack put `<...>`. */
function spanText(span: string): string {
  const bar = span.indexOf('|');
  const target = bar < 0 ? span : span.slice(0, bar);
  const label = bar < 0 ? null : decodeEntities(span.slice(bar + 1));
  if (target.startsWith('@')) return `<${target}>`;
  if (target.startsWith('#')) return label ? `#${label}` : `<${target}>`;
  if (target.startsWith('!')) {
    if (target === '!here' || target === '!channel' || target === '!everyone') return `@${target.slice(1)}`;
    return label ?? `<${target}>`;
  }
  // An address that Slack found by itself: the label is what was typed.
  if (label !== null && label !== '') return label;
  return decodeEntities(target.startsWith('mailto:') ? target.slice(7) : target);
}

/** Takes the mention of the bot from a text, where it stands first; null when the bot is not mentioned. */
export function withoutMention(text: string, bot: string): string | null {
  const mention = `<@${bot}>`;
  const at = text.indexOf(mention);
  if (at < 0) return null;
  return `${text.slice(0, at)}${text.slice(at + mention.length)}`.trim();
}
