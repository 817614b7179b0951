// A million-line file handed to the running program over HTTP, as a browser does it, while somebody presses buttons: when the
// receipt appears, how it counts up, when the timeline is there, and how long each press waits for its answer.
import { spawn } from 'node:child_process';
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { parse } from 'yaml';
import { millionLines } from './generate.mjs';
import { scratchFolder } from './scratch.mjs';

const MAIN = join(import.meta.dirname, '..', 'dist', 'src', 'main.js');
const EVERY_MS = 100;
const GIVE_UP_MS = 180_000;
const { folder } = scratchFolder('upload');
const organisation = join(folder, 'countersign.yml');
const path = process.argv[2] ?? join(folder, 'million.log');
if (!process.argv[2]) writeFileSync(path, millionLines(1_000_000));
const size = statSync(path).size;

const child = spawn(process.execPath, [MAIN], {
  env: {
    PATH: process.env.PATH,
    COUNTERSIGN_DATA: folder,
    COUNTERSIGN_ORGANISATION: organisation,
    COUNTERSIGN_PORT: '0',
    COUNTERSIGN_LOG_LEVEL: 'warn',
  },
  cwd: join(import.meta.dirname, '..'),
  stdio: ['ignore', 'pipe', 'inherit'],
});
// Whatever goes wrong, the program does not outlive the bench.
process.on('exit', () => child.kill('SIGKILL'));
const address = await new Promise((resolve, reject) => {
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
    const found = /running at (http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1];
    if (found) resolve(found);
  });
  child.once('exit', (code) => reject(new Error(`the program ended with ${code}`)));
});

const cookies = new Map();
let token = '';
const headers = (more = {}) => ({
  origin: address,
  'x-countersign-token': token,
  cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  ...more,
});
async function send(where, init = {}) {
  const response = await fetch(`${address}${where}`, { redirect: 'manual', ...init, headers: headers(init.headers) });
  for (const line of response.headers.getSetCookie()) {
    const [name, value] = line.split(';')[0].split('=');
    cookies.set(name, value);
  }
  return response;
}
const page = async (where) => (await send(where)).text();
const post = async (where, body) => (await send(where, { method: 'POST', body: JSON.stringify(body) })).json();

const { people } = parse(readFileSync(organisation, 'utf8'));
const mira = people.find((one) => one.key === 'mira') ?? people[0];
const door = /name="token" value="([^"]+)"/.exec(await page('/sign-in'))?.[1] ?? '';
await send('/sign-in', {
  method: 'POST',
  body: new URLSearchParams({ token: door, person: mira.ids?.web ?? mira.key, passcode: mira.passcode }),
});
token = /data-token="([^"]+)"/.exec(await page('/home'))?.[1] ?? '';
const key = () => crypto.randomUUID();
const { html } = await post('/api/say', {
  key: key(),
  channel: 'general',
  thread: '',
  text: '/ir open A large log comes in',
});
const opening = new FormData();
for (const [name, value] of Object.entries({
  _submit: /data-submit="([^"]+)"/.exec(html)?.[1] ?? '',
  _key: key(),
  _channel: 'general',
  _thread: '',
  title: 'A large log comes in',
  severity: 'SEV2',
  kind: 'live',
  isPrivate: 'no',
  isCommander: 'yes',
}))
  opening.set(name, value);
await send('/api/submit', { method: 'POST', body: opening });

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
async function until(what, ms = 20_000) {
  for (const endsAt = performance.now() + ms; performance.now() < endsAt; ) {
    const found = await what();
    if (found) return found;
    await wait(40);
  }
  throw new Error(`waited in vain: ${what}`);
}
const channel = await until(async () => /href="\/c\/(inc-1[^"]*)"/.exec(await page('/home'))?.[1]);
// A button that somebody in the channel sees: the card's own.
const button = await until(async () => {
  const found = /id="m-([^"]+)"[\s\S]*?data-press="([^"]+)"/.exec(await page(`/c/${channel}`));
  return found && { message: found[1], press: found[2] };
});
const press = () => post('/api/press', { key: key(), ...button });
await press();

const percentiles = (times) => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))].toFixed(0);
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  worst ${at(1)} ms over ${sorted.length} presses`;
};
const idle = [];
for (let i = 0; i < 20; i++) {
  const at = performance.now();
  await press();
  idle.push(performance.now() - at);
}

const startedAt = performance.now();
const since = () => ((performance.now() - startedAt) / 1000).toFixed(2);
const presses = [];
let worst = { ms: 0, at: '' };
let isDone = false;
const pressing = (async () => {
  while (!isDone) {
    const at = performance.now();
    const reply = await press();
    if (reply.kind !== 'private' && reply.kind !== 'form')
      throw new Error(`a press was answered with ${JSON.stringify(reply)}`);
    presses.push(performance.now() - at);
    if (presses.at(-1) > worst.ms) worst = { ms: presses.at(-1), at: since() };
    await wait(EVERY_MS);
  }
})();

let sentAt = '';
const sending = new Promise((resolve, reject) => {
  const query = new URLSearchParams({ channel, thread: '', name: 'million.log', key: key(), as: 'log', paste: 'no' });
  const out = request(`${address}/api/upload?${query}`, {
    method: 'POST',
    headers: headers({ 'content-length': size }),
  });
  out.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)));
  out.on('error', reject);
  createReadStream(path, { highWaterMark: 1 << 18 })
    .on('end', () => (sentAt = since()))
    .pipe(out);
});
const shares = [];
let firstLineAt = '';
const endsAt = performance.now() + GIVE_UP_MS;
let lines = '';
while (lines === '' && performance.now() < endsAt) {
  const shown = await page(`/c/${channel}`);
  const share = /EV-1 received, reading \((\d+) %\)/.exec(shown)?.[1];
  if (share !== undefined || shown.includes('EV-1: ')) firstLineAt ||= since();
  if (share !== undefined && share !== shares.at(-1)) shares.push(share);
  lines = /EV-1: ([\d,]+) lines read/.exec(shown)?.[1] ?? '';
  await wait(100);
}
const doneAt = since();
const status = await sending;
isDone = true;
await pressing;
console.log(`${(size / 1e6).toFixed(0)} MB over HTTP into an incident of the running program (status ${status})`);
console.log(
  `sent after ${sentAt} s; first receipt line after ${firstLineAt} s; ${lines} lines read, timeline after ${doneAt} s`,
);
console.log(`the receipt counted up: ${shares.map((share) => `${share} %`).join(', ') || 'too fast to be seen'}`);
console.log(
  `a button meanwhile: ${percentiles(presses)}, the worst after ${worst.at} s   (goal: under 100 ms; idle: ${percentiles(idle)})`,
);
child.kill('SIGTERM');
await new Promise((done) => child.once('exit', done));
if (lines === '') process.exit(1);
