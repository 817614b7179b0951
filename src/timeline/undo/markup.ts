// Chat markup inside a line: links a chat made, date tokens, mentions with a label, and defanged indicators.

const DATE_TOKEN = /<!date\^(\d{9,11})\^[^|>]{0,200}(?:\|([^>]{0,200}))?>/g;
const DISCORD_TIME = /<t:(\d{9,11})(?::[A-Za-z])?>/g;
const LABELLED = /<(?:https?|ftp|mailto|tel):[^\s<>|]{1,2000}\|([^<>|]{1,2000})>/g;
const BARE_LINK = /<((?:https?|ftp):[^\s<>|]{1,2000})>/g;
const MAILTO = /<mailto:([^\s<>|]{1,400})>/g;
const CHANNEL = /<[#@!][A-Za-z0-9^]{1,40}\|([^<>|]{1,200})>/g;

/** Slack's and other chats' link and date tokens as plain text: the label of a link, the instant of a date in ISO 8601. */
export function undoLinks(text: string): string {
  if (!text.includes('<')) return text;
  const iso = (_: string, seconds: string): string =>
    new Date(Number(seconds) * 1000).toISOString().replace('.000', '');
  return text
    .replace(DATE_TOKEN, iso)
    .replace(DISCORD_TIME, iso)
    .replace(LABELLED, '$1')
    .replace(MAILTO, '$1')
    .replace(BARE_LINK, '$1')
    .replace(CHANNEL, '$1');
}

/** Defanged indicators as they were: 192[.]0[.]2[.]1, hxxps://, user[at]example. For reading only; shown text stays as pasted. */
export function undoDefang(text: string): string {
  let out = text;
  if (out.includes('[.]') || out.includes('(.)') || out.includes('[dot]') || out.includes('(dot)'))
    out = out.replace(/\[\.\]|\(\.\)|\[dot\]|\(dot\)/g, '.');
  if (out.includes('[:]')) out = out.replaceAll('[:]', ':');
  if (out.includes('[@]') || out.includes('[at]')) out = out.replace(/\[@\]|\[at\]/g, '@');
  if (/hxxp/i.test(out)) out = out.replace(/hxxp(s?)(?=:\/\/)/gi, 'http$1');
  return out;
}
