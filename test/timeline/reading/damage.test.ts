// A line that a chat has damaged is read as the whole one: the same time, address and user.
import { describe, expect, it } from 'vitest';
import { readEntries } from '../../../src/timeline/entries.ts';

const OPTIONS = { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'Europe/Zurich' };

const LINES = [
  'Nov  9 08:15:30 mail1 dovecot[77]: imap-login: Disconnected (auth failed, 3 attempts): user=<m.sample@example.org>, rip=203.0.113.9, lip=192.0.2.1',
  '203.0.113.9 - k.beispiel [19/Nov/2026:08:15:30 +0100] "GET /files?id=7&view=2 HTTP/1.1" 401 12 "https://shop.example/a" "curl/8.10.1"',
  '{"time":"2026-11-19T08:15:30.250Z","level":"error","msg":"login failed","user":"k.beispiel","src_ip":"203.0.113.9"}',
  'time="2026-11-19T08:15:30Z" level=warning msg="login failed" user=k.beispiel remote_addr=203.0.113.9',
  '2026-11-19 08:15:30,123 WARN  [http-7] o.e.Login - Failed login for user "k.beispiel" from 203.0.113.9',
  'type=USER_LOGIN msg=audit(1795076130.123:4701): pid=1 uid=0 msg=\'op=login acct="k.beispiel" addr=203.0.113.9 res=failed\'',
  '2026/11/19 08:15:30 [error] 22#22: *1 user "k.beispiel": password mismatch, client: 203.0.113.9, server: shop.example',
];

const DAMAGE: Readonly<Record<string, (text: string) => string>> = {
  'code fence': (t) => `\`\`\`text\n${t}\n\`\`\``,
  backticks: (t) => `\`${t}\``,
  quote: (t) => `> ${t}`,
  'quote as entity': (t) => `&gt; ${t}`,
  'nested quotes': (t) => `>> ${t}`,
  entities: (t) => t.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  'smart quotes': (t) => {
    let isOpen = false;
    return t.replace(/"/g, () => ((isOpen = !isOpen) ? '\u201c' : '\u201d')).replaceAll("'", '\u2019');
  },
  dashes: (t) => t.replaceAll(' - ', ' \u2013 '),
  'no-break blanks': (t) => t.replaceAll(' ', '\u00a0'),
  'zero width': (t) => `\u200b${t}`,
  'byte order mark': (t) => `\ufeff${t}`,
  'carriage returns': (t) => `${t}\r\n`,
  'collapsed blanks': (t) => t.replace(/ {2,}/g, ' '),
  'links made': (t) =>
    t.replace(/https?:\/\/[^\s"]+/g, (url) => `<${url}>`).replace(/[\w.]+@[\w.]+/g, (m) => `<mailto:${m}|${m}>`),
  defanged: (t) => t.replaceAll('203.0.113.9', '203[.]0[.]113[.]9').replaceAll('https://', 'hxxps://'),
  bullet: (t) => `\u2022 ${t}`,
  numbered: (t) => `12. ${t}`,
  'editor line number': (t) => `  42: ${t}`,
  grep: (t) => `logs/app.log:42:${t}`,
  emoji: (t) => `:warning: ${t}`,
  'emoji character': (t) => `\u{1f6a8} ${t}`,
  colours: (t) => `\u001b[1;31m${t}\u001b[0m`,
  bold: (t) => `*${t}*`,
  'pod prefix': (t) => `[pod/api-5f7/web] ${t}`,
  'compose prefix': (t) => `web-1  | ${t}`,
  'hard wrap': (t) => {
    const cut = t.lastIndexOf(' ', 90);
    return t.length > 100 && cut > 60 ? `${t.slice(0, cut)}\n${t.slice(cut + 1)}` : t;
  },
  'prose around': (t) => `look at this one:\n${t}\nany ideas?`,
};

const plain = (text: string | undefined) => text?.replaceAll('\u2019', "'");
const read = (text: string) => {
  const dated = readEntries(Buffer.from(text), OPTIONS).filter((e) => e.kind === 'entry' && e.occurredAt !== null);
  return dated.map((e) => [e.occurredAt, e.entities.srcIp, plain(e.entities.user)]);
};

describe.each(Object.entries(DAMAGE))('damage: %s', (_, damage) => {
  it.each(LINES)('%s', (line) => {
    const whole = read(line);
    expect(whole).toHaveLength(1);
    expect(read(damage(line))).toEqual(whole);
  });
});
