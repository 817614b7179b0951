// Character damage: what editors, chats and terminals put in place of, or between, the characters of a log line.

const ESCAPES =
  /\u001b(?:\[[0-9;:?]{0,24}[A-Za-z]|\][^\u0007\u001b]{0,200}(?:\u0007|\u001b\\)|[()][A-Za-z0-9]|[A-Za-z=>])|\u009b[0-9;]{0,24}[A-Za-z]/g;
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const BLANKS = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const SUSPECT = /[^\t\x20-\x7e]/;

/** Plain characters for smart ones: quotes, dashes, blanks; escape sequences and invisible characters removed. */
export function undoCharacters(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text
    .replace(ESCAPES, '')
    .replace(INVISIBLE, '')
    .replace(BLANKS, ' ')
    .replace(/[\u201c\u201d\u201e\u201f\u2033]/g, '"')
    .replace(/[\u2018\u2019\u201a\u201b\u2032]/g, "'")
    .replace(/[\u2010\u2011\u2012\u2013\u2212]/g, '-')
    .replace(/(?<=\d)\u2014(?=\d)/g, '-')
    .replace(/\u2014/g, '--')
    .replace(/[\uff0d-\uff1a]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/\r$/, '');
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** HTML entities that chats put for & < > and quotes, and printable characters as numbers. */
export function undoEntities(text: string): string {
  return text.includes('&')
    ? text.replace(
        /&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{2,3})|#[xX]([0-9a-fA-F]{2}));/g,
        (whole, name, decimal, hex) => {
          if (name) return NAMED[name] ?? '';
          const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
          return code >= 32 && code < 127 ? String.fromCharCode(code) : whole;
        },
      )
    : text;
}
