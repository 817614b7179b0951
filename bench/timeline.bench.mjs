// Rows 7, 10 and 16 of the engine's goals: a log indexed and derived to a timeline beside a scan for line breaks of the same file,
// growth from ten thousand to ten million lines with memory, and how long the main thread is away while a thread reads.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInWorker, stopReading } from '../dist/src/timeline/worker/read-in-worker.js';
import { millionLines } from './generate.mjs';
import { scratchFolder } from './scratch.mjs';

const SIZES = [10_000, 100_000, 1_000_000, 10_000_000];
const ROUNDS = 3;
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const { folder } = scratchFolder('timeline');
// A process of its own for each reading, so that memory is its own and nothing is warm. Start-up is not counted; the time of
// the processor is, as others may use the machine.
const CHILD = `
  const [build, index, ahead, window] = await Promise.all(JSON.parse(process.argv[1]).map((module) => import(module)));
  const options = { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' };
  const path = process.argv[2];
  const ways = {
    timeline: () => build.buildTimelineOfFile(path, options).receipt,
    index: () => index.indexLines(ahead.windowOfFile(path, options), options, () => {}),
    'index on one thread': () => index.indexLines(window.fileWindow(path), options, () => {}),
  };
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const { lines } = ways[process.argv[3]]();
  const took = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ took, cpu: (user + system) / 1000, rss: process.resourceUsage().maxRSS / 1024, lines }));
`;
const MODULES = ['build', 'index-lines', 'scan/ahead', 'scan/window'].map(
  (name) => new URL(`../dist/src/timeline/${name}.js`, import.meta.url).href,
);

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
  return { took: performance.now() - startedAt, lines };
}

function wordCount(path) {
  const startedAt = performance.now();
  return spawnSync('wc', ['-l', path]).status === 0 ? performance.now() - startedAt : Number.NaN;
}

function read(path, way) {
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', CHILD, JSON.stringify(MODULES), path, way], {
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

const seconds = (ms) => `${(ms / 1000).toFixed(ms < 1000 ? 3 : 2)} s`;
const shown = ({ took, cpu, rss }) => `${seconds(took)}, processor ${seconds(cpu)}, ${rss.toFixed(0)} MB`;
const WAYS = ['timeline', 'index', 'index on one thread'];
const by = Object.fromEntries(WAYS.map((way) => [way, []]));

for (const size of SIZES) {
  const path = join(folder, `${size}.log`);
  if (size <= 1_000_000) writeFileSync(path, millionLines(size));
  else
    spawnSync('sh', ['-c', `for i in 0 1 2 3 4 5 6 7 8 9; do cat "${join(folder, '1000000.log')}"; done > "${path}"`]);
  const rounds = size > 1_000_000 ? 1 : ROUNDS;
  const plain = median(Array.from({ length: rounds }, () => scan(path).took));
  const counted = median(Array.from({ length: rounds }, () => wordCount(path)));
  console.log(
    `${size.toLocaleString('en')} lines, ${(statSync(path).size / 1e6).toFixed(0)} MB: newline scan ${seconds(plain)}, wc -l ${seconds(counted)}`,
  );
  for (const way of WAYS) {
    const runs = Array.from({ length: rounds }, () => read(path, way));
    const [took, cpu, rss] = ['took', 'cpu', 'rss'].map((what) => median(runs.map((run) => run[what])));
    if (runs[0].lines !== size) throw new Error(`${way}: ${runs[0].lines} lines of ${size}`);
    by[way].push({ size, took, cpu, rss });
    console.log(`  ${way.padEnd(20)} ${shown({ took, cpu, rss })}; ${(took / plain).toFixed(1)} newline scans`);
  }
}

const rate = ({ size, cpu }) => (size / cpu / 1000).toFixed(2);
console.log(
  `row 7: a million lines indexed (time, level, format, template, place): ${shown(by.index[2])} (gate 1.0 s, 300 MB)\n` +
    `       and derived to a timeline: ${shown(by.timeline[2])}\n` +
    `row 10: templates of ${rate(by['index on one thread'][2])} M lines a second of one processor (gate 0.5 M)`,
);
const grown = (runs, from, to, what) =>
  Math.log10(runs[to][what] / runs[from][what]) / Math.log10(SIZES[to] / SIZES[from]);
for (const way of WAYS)
  console.log(
    `row 16: ${way}: growth exponent ${grown(by[way], 0, 3, 'cpu').toFixed(2)} from 10 k to 10 M lines, ${grown(by[way], 2, 3, 'cpu').toFixed(2)} over the last factor of ten (processor; goal under 1.05); memory ${by[way].map(({ rss }) => rss.toFixed(0)).join(', ')} MB`,
  );

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
