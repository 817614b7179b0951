// npm run fuzz [-- LINES [SEED]]: mutated lines through the engine. Every line and byte must be accounted for, nothing may throw,
// and no line may take longer than a millisecond by itself: the best of five, so that a pause of the machine is not blamed on it.
import { readEntries } from '../dist/src/timeline/entries.js';
import { millionLines } from './generate.mjs';

const [count = 1_000_000, seed = 1] = process.argv.slice(2).map(Number);
const CHUNK = 20_000;
const OPTIONS = { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' };
const FORMATS = [
  '2026-11-19T08:15:30.123+01:00 web1 sshd[9]: Failed password for root from 203.0.113.9',
  '19.11.2026 08:15:30 Anmeldung fehlgeschlagen',
  'type=USER_LOGIN msg=audit(1795076130.123:4701): pid=1 acct="root" res=failed',
  'CEF:0|V|P|1|100|worm stopped|10|src=192.0.2.1 rt=1795076130123',
  '<Event><System><TimeCreated SystemTime="2026-11-19T08:15:30Z"/></System></Event>',
  '1,2026/11/19 08:15:30,0042,THREAT,url,1,2026/11/19 08:15:30,192.0.2.1',
  '\tat o.e.Shop.load(Shop.java:17)',
  '> &lt;34&gt;Nov 19 08:15:30 web1 su: x',
];
const seeds = [...String(millionLines(400)).split('\n').filter(Boolean), ...FORMATS].map((line) => Buffer.from(line));

let state = seed | 0;
function below(n) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}

function mutated() {
  let line = seeds[below(seeds.length)];
  for (let k = 1 + below(4); k > 0; k--) {
    const at = below(line.length + 1);
    const other = seeds[below(seeds.length)];
    switch (below(5)) {
      case 0:
        line = Buffer.concat([line.subarray(0, at), Buffer.from([below(256)]), line.subarray(at + 1)]);
        break;
      case 1:
        line = line.subarray(0, at);
        break;
      case 2:
        line = line.subarray(at);
        break;
      case 3:
        line = Buffer.concat([
          line.subarray(0, at),
          other.subarray(below(other.length + 1)).subarray(0, 40),
          line.subarray(at),
        ]);
        break;
      default:
        line = Buffer.concat([
          line.subarray(0, at),
          Buffer.alloc(1 + below(60), '{["(<:=- 0\0\t9.'[below(14)]),
          line.subarray(at),
        ]);
    }
  }
  return line;
}

let lines = 0;
let slowest = 0;
let worst = { ms: 0, line: '' };

/** Milliseconds that one line takes alone, at its best. */
function alone(line) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5 && best > 0.5; i++) {
    const from = performance.now();
    readEntries(line, OPTIONS);
    best = Math.min(best, performance.now() - from);
  }
  return best;
}
const startedAt = performance.now();
for (let left = count; left > 0; left -= CHUNK) {
  const bytes = Buffer.concat(
    Array.from({ length: Math.min(left, CHUNK) }, () => [mutated(), Buffer.from('\n')]).flat(),
  );
  const from = performance.now();
  const entries = readEntries(bytes, OPTIONS);
  slowest = Math.max(slowest, (performance.now() - from) / entries.length);
  let at = 0;
  for (const [i, entry] of entries.entries()) {
    const lf = bytes.indexOf(10, at);
    const isRight = entry.line === i + 1 && entry.byteStart === at && entry.byteEnd === lf + 1;
    if (!isRight)
      throw new Error(`line ${i + 1} of a chunk after ${lines} lines (seed ${seed}): ${JSON.stringify(entry)}`);
    const ms = alone(bytes.subarray(at, lf + 1));
    if (ms > worst.ms) worst = { ms, line: JSON.stringify(bytes.toString('latin1', at, lf).slice(0, 300)) };
    at = lf + 1;
  }
  if (at !== bytes.length)
    throw new Error(`${bytes.length - at} bytes are unaccounted for after ${lines} lines (seed ${seed})`);
  lines += entries.length;
}
console.log(
  `${lines.toLocaleString('en')} mutated lines accounted for in ${((performance.now() - startedAt) / 1000).toFixed(1)} s; together ${(1000 * slowest).toFixed(0)} microseconds a line in the slowest chunk, alone ${(1000 * worst.ms).toFixed(0)} for the slowest line: ${worst.line}`,
);
if (slowest > 1 || worst.ms > 1) process.exit(1);
