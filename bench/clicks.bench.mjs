// From a click to its committed decision: 200 a second for 30 s with synchronous=FULL, while a million-line log is being read
// in the worker that reads logs. The disk's own write-and-sync time is measured beside it.
import { closeSync, fdatasyncSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { openWorld } from './containment-world.mjs';
import { millionLines } from './generate.mjs';
import { scratchFolder } from './scratch.mjs';

const SECONDS = Number(process.argv[2] ?? 30);
const PER_SECOND = Number(process.argv[3] ?? 200);
const INCIDENTS = 60;
const { folder } = scratchFolder('clicks');

const server = createServer((request, response) => {
  request.resume().on('end', () => response.end('{"status":"executed","summary":"done"}'));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const world = await openWorld(folder, `http://127.0.0.1:${server.address().port}/`);

const percentiles = (times) => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))].toFixed(1);
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}  worst ${at(1)} ms`;
};

function diskSync() {
  const file = openSync(join(folder, 'sync'), 'w');
  const page = Buffer.alloc(4096, 1);
  const times = [];
  for (let i = 0; i < 300; i += 1) {
    const startedAt = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    times.push(performance.now() - startedAt);
  }
  closeSync(file);
  return times;
}

console.log(`disk, 4 KiB write and sync, before: ${percentiles(diskSync())}`);

// Each incident is clicked on by turns: its approvers, its proposer and somebody who may not.
const targets = [];
for (let i = 1; i <= INCIDENTS; i += 1) {
  const incident = `INC-${i}`;
  await world.open(incident);
  for (let n = 0; n < 4; n += 1) {
    await world.propose(incident, `host-${i}-${n}`);
    const c = (await world.services.incidents.load(incident)).state.containment.all.at(-1);
    for (const who of ['tomas', 'noor', 'bo', 'mira', 'ife']) targets.push(await world.button(who, incident, c));
  }
}
for (let i = targets.length - 1; i > 0; i -= 1) {
  const j = Math.floor(Math.random() * (i + 1));
  [targets[i], targets[j]] = [targets[j], targets[i]];
}

// In the thread that reads logs in the product, from a file, over and over.
const log = join(folder, 'million.log');
writeFileSync(log, millionLines(1_000_000));
const { readInWorker, stopReading } = await import('../dist/src/timeline/worker/read-in-worker.js');
let logsRead = 0;
let isOver = false;
let hasBegun;
const begun = new Promise((done) => (hasBegun = done));
const reading = (async () => {
  while (!isOver) {
    await readInWorker({ path: log }, { now: 1763600000000, zone: 'UTC' }, { onProgress: hasBegun });
    logsRead += 1;
  }
})().catch(() => {});
await begun;

const times = [];
const late = [];
const pending = [];
const startedAt = performance.now();
for (let n = 0; n < SECONDS * PER_SECOND; n += 1) {
  const dueAt = startedAt + (n * 1000) / PER_SECOND;
  while (performance.now() < dueAt)
    await new Promise((done) => setTimeout(done, Math.max(0, dueAt - performance.now())));
  // Counted from when the click was due, so that a slow one does not hide those behind it.
  pending.push(
    world.press(targets[n % targets.length]).then((reply) => {
      times.push(performance.now() - dueAt);
      if (reply.kind !== 'private') late.push(reply.kind);
    }),
  );
}
await Promise.all(pending);
const tookSeconds = (performance.now() - startedAt) / 1000;
isOver = true;
await stopReading();
await reading;
const size = await world.store.size();
console.log(
  `${times.length} clicks in ${tookSeconds.toFixed(1)} s, each with its record committed (${size} records); a million-line log was being read throughout (${logsRead} times over)`,
);
console.log(`click to committed decision: ${percentiles(times)}   (goal: p99 under 50 ms)`);
console.log(`disk, 4 KiB write and sync, after: ${percentiles(diskSync())}`);
if (late.length > 0) console.error(`${late.length} clicks were not answered`);
await world.close();
server.closeAllConnections();
server.close();
