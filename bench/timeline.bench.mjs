// How fast a timeline comes out of a log, and what it costs: a million lines beside a scan for line breaks of the same file,
// growth from ten thousand lines on, memory, and how long the main thread is away while a thread reads.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInWorker, stopReading } from '../dist/src/timeline/worker/read-in-worker.js';
import { millionLines } from './generate.mjs';

const SIZES = [10_000, 100_000, 1_000_000, ...(process.argv.includes('--ten-million') ? [10_000_000] : [])];
const ROUNDS = 3;
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const CHILD = `
  const { buildTimelineOfFile } = await import(process.argv[1]);
  const startedAt = performance.now();
  const { receipt } = buildTimelineOfFile(process.argv[2], { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' });
  console.log(JSON.stringify([performance.now() - startedAt, process.resourceUsage().maxRSS / 1024, receipt.lines, receipt.undated]));
`;

function scan(path) {
  const buffer = Buffer.allocUnsafe(1 << 20);
  const file = openSync(path);
  const startedAt = performance.now();
  let lines = 0;
  for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
    const part = buffer.subarray(0, read);
    for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, at + 1)) lines++;
  }
  closeSync(file);
  return [performance.now() - startedAt, lines];
}

// A process of its own for each reading, so that memory is its own and nothing is warm.
function read(path) {
  const engine = new URL('../dist/src/timeline/build.js', import.meta.url).href;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', CHILD, engine, path], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

const seconds = [];
for (const size of SIZES) {
  const path = join(folder, `${size}.log`);
  if (size <= 1_000_000) writeFileSync(path, millionLines(size));
  else
    spawnSync('sh', ['-c', `for i in 0 1 2 3 4 5 6 7 8 9; do cat "${join(folder, '1000000.log')}"; done > "${path}"`]);
  const runs = Array.from({ length: size > 1_000_000 ? 1 : ROUNDS }, () => [scan(path)[0], ...read(path)]);
  const [plain, took, rss] = [0, 1, 2].map((i) => median(runs.map((run) => run[i])));
  const [, , , lines, undated] = runs[0];
  seconds.push(took / 1000);
  console.log(
    `${size.toLocaleString('en').padStart(11)} lines, ${(statSync(path).size / 1e6).toFixed(0)} MB: timeline in ${(took / 1000).toFixed(2)} s, ${rss.toFixed(0)} MB; line scan ${(plain / 1000).toFixed(3)} s, ${(took / plain).toFixed(1)} times that (${lines} lines, ${undated} undated)`,
  );
}
const last = seconds.length - 1;
console.log(`growth exponent over the last factor of ten: ${Math.log10(seconds[last] / seconds[last - 1]).toFixed(2)}`);

let longest = 0;
let before = performance.now();
const timer = setInterval(() => {
  longest = Math.max(longest, performance.now() - before);
  before = performance.now();
}, 5);
await readInWorker({ path: join(folder, '1000000.log') }, { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' });
clearInterval(timer);
console.log(
  `longest pause of the main thread while a million lines were read: ${longest.toFixed(0)} ms (goal under 100)`,
);
await stopReading();
rmSync(folder, { recursive: true });
