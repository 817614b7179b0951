const SYMBOLS = 0x2400;
const DELETE = 0x7f;
// C1 controls, soft hyphen, bidi marks and overrides, zero-width and invisible characters, line and paragraph separators,
// tags and variation selectors: what changes how a line looks without being seen.
const HIDDEN =
  /\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|[\u0080-\u009f]|\u034f|\u115f|\u1160|\u17b4|\u17b5|[\u180b-\u180f]|\u3164|[\ufe00-\ufe0f]|\uffa0|[\u{e0100}-\u{e01ef}]/gu;

/** Makes everything invisible in a text visible, on one line: controls as their Unicode pictures (␀ ␊ ␛), bidi, zero-width and other hidden characters as <U+202E>. */
export function visibleText(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f]/g, (c) =>
      c === '\u007f' ? '␡' : String.fromCharCode(SYMBOLS + (c.charCodeAt(0) % DELETE)),
    )
    .replace(HIDDEN, (c) => `<U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`);
}
