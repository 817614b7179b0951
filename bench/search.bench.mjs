// How fast `log find` answers over a million lines: the worst place, the last line, beside the plain scan of the same bytes.
import { prepareSearch, search } from '../dist/src/timeline/search.js';
import { searchSource } from '../dist/src/timeline/search-source.js';
import { millionLines } from './generate.mjs';

const RUNS = 5;
const bytes = Buffer.concat([
  millionLines(1_000_000),
  Buffer.from('Nov 20 01:00:00 web-01 app: order 4711 needle-203.0.113.66 done\n'),
]);
const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1];

async function firstAnswer(source, query) {
  const startedAt = performance.now();
  for await (const answer of search([source], prepareSearch(query), { limit: 1 })) {
    if (answer.kind !== 'hit') throw new Error('not found');
    return [performance.now() - startedAt, answer.line];
  }
}

async function longestPause(query) {
  let longest = 0;
  let last = performance.now();
  let isDone = false;
  const tick = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (!isDone) setImmediate(tick);
  };
  setImmediate(tick);
  for await (const _ of search([searchSource('EV-1', bytes)], prepareSearch(query)));
  isDone = true;
  return longest;
}

async function row(name, query) {
  const cold = [];
  const warm = [];
  const source = searchSource('EV-1', bytes);
  for (let i = 0; i < RUNS; i++) {
    cold.push((await firstAnswer(searchSource('EV-1', bytes), query))[0]);
    warm.push((await firstAnswer(source, query))[0]);
  }
  console.log(
    `${name.padEnd(44)} ${median(warm).toFixed(1).padStart(8)} ms   lines not yet counted ${median(cold).toFixed(1)} ms`,
  );
}

console.log(`search: first answer on the last line of ${bytes.length} bytes, median of ${RUNS}`);
const plain = [];
for (let i = 0; i < RUNS; i++) {
  const startedAt = performance.now();
  if (bytes.indexOf('needle-203') < 0) throw new Error('not found');
  plain.push(performance.now() - startedAt);
}
console.log(`${'baseline: Buffer.indexOf'.padEnd(44)} ${median(plain).toFixed(1).padStart(8)} ms`);
await row('literal', { kind: 'literal', pattern: 'needle-203.0.113.66', isCaseSensitive: true });
await row('literal, any case', { kind: 'literal', pattern: 'NEEDLE-203.0.113.66', isCaseSensitive: false });
await row('literal of letters, any case', { kind: 'literal', pattern: 'App: ORDER', isCaseSensitive: false });
await row('regex needle-[0-9.]+', { kind: 'regex', pattern: 'needle-[0-9.]+', isCaseSensitive: true });
await row('regex order \\d+ \\w+-203', { kind: 'regex', pattern: 'order \\d+ \\w+-203', isCaseSensitive: true });
await row('regex without a literal', {
  kind: 'regex',
  pattern: '[a-z]+-203\\.0\\.113\\.\\d+ done$',
  isCaseSensitive: true,
});
await row('regex (a+)+-like', { kind: 'regex', pattern: '(\\w+)+-203\\.0', isCaseSensitive: true });
const pause = await longestPause({ kind: 'regex', pattern: '(foo|bar)+x[^ ]*baz', isCaseSensitive: true });
console.log(`${'longest pause of the event loop meanwhile'.padEnd(44)} ${pause.toFixed(1).padStart(8)} ms`);
