// Plain text for labels, context lines and the fallback of every message: escaped, so that it can never become markup.
import { clip, reveal } from '../../../src/view/escape.ts';
import { viewText } from '../../../src/view/text.ts';
import type { View } from '../../../src/view/types.ts';
import { BUDGET } from '../limits.ts';

const escapeMarkup = (text: string): string =>
  text.replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'));

/** Escaped and at most `max` long with the escapes, never cut inside one. */
export function plain(text: string, max: number): string {
  const shown = reveal(text);
  const whole = escapeMarkup(shown);
  if (whole.length <= max) return whole;
  // Each character can grow to five: cut what was there before, then take away until it fits.
  let keep = Math.min(shown.length, max);
  let out = escapeMarkup(clip(shown, keep));
  while (out.length > max) {
    keep -= Math.max(1, Math.ceil((out.length - max) / 5));
    out = escapeMarkup(clip(shown, keep));
  }
  return out;
}

/** A plain_text object; Slack refuses empty ones, so the empty text is a dash. */
export const plainText = (text: string, max: number): Readonly<Record<string, unknown>> => ({
  type: 'plain_text',
  text: plain(text, max) || '-',
  emoji: false,
});

/** The `text` of a message: what a notification shows and a screen reader reads. */
export const fallbackText = (view: View): string => plain(viewText(view), BUDGET.fallbackText);
