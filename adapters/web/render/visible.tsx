/** A stretch of text, or one character that would be invisible or reorder the rest. */
export type Run = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'hidden'; readonly code: string };

// Control, format (bidi, zero width, tags), lone surrogates, and the blank letters that class Cf leaves out.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;
const EMOJI_BEFORE = /(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}#*0-9]|\ufe0f)$/u;

/** Splits text so that every invisible or reordering character stands alone, named by its code point (`U+202E`). */
export function visibleRuns(text: string): readonly Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    const [character] = match;
    if (character === '\n' || character === '\t') continue;
    if (character === '\r' && text[match.index + 1] === '\n') continue;
    // The joiner and the selector inside an emoji are how emoji are written.
    if (
      (character === '\u200d' || character === '\ufe0f') &&
      EMOJI_BEFORE.test(text.slice(Math.max(0, match.index - 2), match.index))
    )
      continue;
    if (match.index > from) runs.push({ kind: 'text', text: text.slice(from, match.index) });
    const code = character.codePointAt(0) ?? 0;
    runs.push({ kind: 'hidden', code: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` });
    from = match.index + character.length;
  }
  if (from < text.length) runs.push({ kind: 'text', text: text.slice(from) });
  return runs;
}

/** Text with every hidden character shown as a small chip. */
export const Visible = ({ text }: { readonly text: string }) => (
  <>
    {visibleRuns(text).map((run) =>
      run.kind === 'text' ? (
        run.text
      ) : (
        <span class="hidden-character" title="Invisible or reordering character">
          {run.code}
        </span>
      ),
    )}
  </>
);

/** The same for places that take text only, such as attributes: `[U+202E]`. */
export const visibleText = (text: string): string =>
  visibleRuns(text)
    .map((run) => (run.kind === 'text' ? run.text : `[${run.code}]`))
    .join('');
