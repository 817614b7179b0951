// Log lines for the benches, the same on every run: 40 % RFC 3164 syslog, 30 % combined access log, 30 % JSON, in time order.
// As a program: node bench/generate.mjs OUT [LINES=1000000]
import { closeSync, openSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const START = Date.UTC(2026, 9, 16);
const SPAN_MS = 35 * 86_400_000;
const CHUNK_LINES = 20_000;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const USERS = ['root', 'admin', 'deploy', 'svc-backup', 'k.beispiel', 'm.sample'];
const PATHS = ['/', '/cart', '/login', '/product/1182', '/api/orders', '/static/app.js', '/wp-login.php', '/healthz'];
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
  'curl/8.10.1',
  'uptime-check/2.4',
];
const EVENTS = ['request handled', 'token refreshed', 'upstream timed out', 'payment accepted', 'cache miss'];

/** A small generator of numbers (mulberry32): the same seed, the same lines, on every machine. */
function numbers(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (n) => next() % n;
  return {
    below,
    of: (list) => list[below(list.length)],
    ip: () => `${['192.0.2', '198.51.100', '203.0.113'][below(3)]}.${1 + below(254)}`,
  };
}

const two = (n) => String(n).padStart(2, '0');
const clock = (d) => `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;

const SYSLOG = [
  (r) =>
    `sshd[${1000 + r.below(60_000)}]: Failed password for invalid user ${r.of(USERS)} from ${r.ip()} port ${1024 + r.below(60_000)} ssh2`,
  (r) =>
    `sshd[${1000 + r.below(60_000)}]: Accepted publickey for ${r.of(USERS)} from ${r.ip()} port ${1024 + r.below(60_000)} ssh2: ED25519 SHA256:${r.below(1e9).toString(36)}`,
  (r) => `CRON[${1000 + r.below(60_000)}]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)`,
  (r) =>
    `kernel: [${r.below(1e6)}.${r.below(1e6)}] DROP IN=eth0 OUT= SRC=${r.ip()} DST=10.20.0.${r.below(255)} LEN=40 PROTO=TCP SPT=${r.below(65_535)} DPT=${r.below(65_535)}`,
  (r) =>
    `sudo: ${r.of(USERS)} : TTY=pts/${r.below(9)} ; PWD=/home ; USER=root ; COMMAND=/usr/bin/systemctl restart nginx`,
];

function line(ms, r) {
  const d = new Date(ms);
  const kind = r.below(10);
  const month = MONTHS[d.getUTCMonth()];
  if (kind < 4)
    return `${month} ${String(d.getUTCDate()).padStart(2)} ${clock(d)} web-${two(r.below(20))} ${r.of(SYSLOG)(r)}`;
  if (kind < 7) {
    const request = `"${r.below(4) ? 'GET' : 'POST'} ${r.of(PATHS)}?n=${r.below(10_000)} HTTP/1.1" ${r.of([200, 200, 200, 302, 404, 401, 500])} ${r.below(90_000)}`;
    return `${r.ip()} - ${r.below(10) ? '-' : r.of(USERS)} [${two(d.getUTCDate())}/${month}/${d.getUTCFullYear()}:${clock(d)} +0000] ${request} "-" "${r.of(AGENTS)}"`;
  }
  return `{"time":"${d.toISOString()}","level":"${r.of(['info', 'info', 'warn', 'error'])}","service":"shop-api","msg":"${r.of(EVENTS)}","client":"${r.ip()}","duration_ms":${r.below(4000)},"trace":"${r.below(4e9).toString(16)}"}`;
}

/** Chunks of text of `count` lines altogether, about 130 bytes a line. */
export function* chunks(count, seed = 1) {
  const r = numbers(seed);
  for (let done = 0; done < count; done += CHUNK_LINES) {
    const lines = [];
    for (let i = done; i < Math.min(count, done + CHUNK_LINES); i++)
      lines.push(line(START + Math.floor((SPAN_MS * i) / count), r));
    yield `${lines.join('\n')}\n`;
  }
}

/** The lines as one buffer. */
export function millionLines(count = 1_000_000, seed = 1) {
  return Buffer.concat(Array.from(chunks(count, seed), (text) => Buffer.from(text)));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [out, count = '1000000'] = process.argv.slice(2);
  if (!out) {
    console.error('usage: node bench/generate.mjs OUT [LINES=1000000]');
    process.exit(2);
  }
  const file = openSync(out, 'w');
  for (const text of chunks(Number(count))) writeSync(file, text);
  closeSync(file);
}
