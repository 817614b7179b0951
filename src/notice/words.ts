// Words that mean more to a lawyer or a journalist than they seem to: a warning each, never a ban.

/** Built in; the organisation's file adds its own under `words`. */
export const LOADED_WORDS: Readonly<Record<string, string>> = {
  breach: 'in law a breach can start a clock; say what was reached or copied',
  'data breach': 'in law a breach can start a clock; say what was reached or copied',
  stolen: 'say what was copied, and how that is known',
  leak: 'say what was reached, by whom it could be seen, and since when',
  hacked: 'say what happened to which service',
  'no evidence of': 'say what was searched and what was never collected',
  'no impact': 'say what was checked; not seeing an effect is not the same as none',
  'all customers': 'a number that was counted is better',
  'fully contained': 'say what was done and how it was checked',
  'completely secure': 'nobody can promise that',
  guarantee: 'nobody can promise that',
  ensure: 'say what is being done instead of promising its result',
  never: 'rarely true for long; say what is known now',
  sophisticated: 'it sounds like an excuse; leave it out',
  'human error': 'it blames somebody; say what happened',
  unprecedented: 'leave it out',
  'out of an abundance of caution': 'leave it out',
  'your security is our priority': 'leave it out; say what is being done',
};

const isWordChar = (c: string | undefined): boolean => c !== undefined && /[\p{L}\p{N}]/u.test(c);

/** Whether `word` stands in `text` as a whole word or phrase, upper and lower case alike. */
export function hasWord(text: string, word: string): boolean {
  const [hay, needle] = [text.toLowerCase(), word.toLowerCase()];
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) {
    if (!isWordChar(hay[at - 1]) && !isWordChar(hay[at + needle.length])) return true;
  }
  return false;
}
