// npm run torture [-- KILLS]: random SIGKILLs at and around every commit, under concurrent presses and webhook executions, two
// processes on one database. After each: no decision anybody was told of is lost, none is doubled, nothing runs twice or
// without an approval, and the ledger continues every head it ever signed or anchored.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createReceiver, readVerifierKey } from '../examples/receiver/receiver.mjs';
import { openWorld } from './containment-world.mjs';
import { scratchFolder } from './scratch.mjs';

const KILLS = Number(process.argv[2] ?? 200);
const PER_INCIDENT = 20;
const { folder, keep } = scratchFolder('torture');
const calls = new Map();
const told = new Map();
let receiver = null;
const problems = [];
const wrong = (why) => {
  problems.push(why);
  console.error(`WRONG: ${why}`);
};

const { createServer } = await import('node:http');
const server = createServer((request, response) => {
  const approval = request.headers['countersign-approval'];
  calls.set(approval, (calls.get(approval) ?? 0) + 1);
  receiver ??= createReceiver({
    secret: readFileSync(join(folder, 'secrets', 'webhook-soar.secret'), 'utf8').trim(),
    verifierKey: readVerifierKey(readFileSync(join(folder, 'keys', 'ledger.key.vkey'), 'utf8')),
    act: async () => {
      await new Promise((done) => setTimeout(done, Math.random() * 15));
      return { status: 'executed', summary: 'done', evidence: [] };
    },
  });
  receiver.emit('request', request, response);
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const url = `http://127.0.0.1:${server.address().port}/`;

/** Starts one life; resolves when it is dead. External kills come 0 to 250 ms after it is up. */
function life(incident, mode, after, seed) {
  return new Promise((done) => {
    const child = fork(
      join(import.meta.dirname, 'torture-worker.mjs'),
      [folder, url, incident, mode, String(after), seed],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      },
    );
    let errors = '';
    child.stderr.on('data', (d) => (errors += d));
    child.on('message', (line) => {
      if (line.kind === 'told') told.set(`${line.what} ${line.id}`, true);
      if (line.kind === 'up' && mode === 'from-outside') setTimeout(() => child.kill('SIGKILL'), Math.random() * 250);
    });
    // A life that finds nothing to die of is ended after a while.
    const limit = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.on('exit', (code, signal) => {
      clearTimeout(limit);
      if (signal !== 'SIGKILL' && mode !== 'once') wrong(`a life ended by itself (${code}): ${errors.slice(0, 600)}`);
      done(signal === 'SIGKILL' ? 1 : 0);
    });
  });
}

const seen = { from: 0, granted: new Map(), denied: new Map(), started: new Map(), ended: new Map(), unknown: 0 };
const bump = (map, id) => map.set(id, (map.get(id) ?? 0) + 1);

/** Opens the folder as a start does, which checks every record, every kept head and the anchor; then checks what is new. */
async function check() {
  let world;
  try {
    world = await openWorld(folder, url);
  } catch (error) {
    wrong(`it does not start again: ${error.message}`);
    return;
  }
  const rows = await world.store.find({ fromSeq: seen.from });
  for (const { record } of rows) {
    const id = `${record.stream}/${record.subject}`;
    if (record.type === 'approval.granted') bump(seen.granted, id);
    if (record.type === 'approval.denied') bump(seen.denied, id);
    if (record.type === 'execution.started') bump(seen.started, record.body.idempotencyKey);
    if (record.type === 'execution.unknown') seen.unknown += 1;
    if (/^execution\.(succeeded|failed)$/.test(record.type)) bump(seen.ended, id);
    seen.from = record.seq + 1;
  }
  for (const [what, map] of Object.entries({
    granted: seen.granted,
    denied: seen.denied,
    started: seen.started,
    ended: seen.ended,
  }))
    for (const [id, n] of map) if (n > 1) wrong(`${id} is ${what} ${n} times`);
  for (const id of seen.granted.keys()) if (seen.denied.has(id)) wrong(`${id} is granted and denied`);
  for (const line of told.keys()) {
    const [what, id] = line.split(' ');
    if (!seen[what].has(id)) wrong(`somebody was told that ${id} is ${what}, and the ledger does not know`);
  }
  for (const [approval, n] of calls) {
    if (n > 1) wrong(`${approval} was sent ${n} times`);
    const id = approval.split('/').slice(0, 2).join('/');
    if (!seen.granted.has(id)) wrong(`${approval} was sent without an approval in the ledger`);
    if (!seen.started.has(approval)) wrong(`${approval} was sent before its start was in the ledger`);
  }
  await world.close();
}

const MODES = ['before-commit', 'after-commit', 'from-outside'];
const startedAt = performance.now();
let kills = 0;
const byMode = { 'before-commit': 0, 'after-commit': 0, 'from-outside': 0 };
for (let round = 0; kills < KILLS; round += 1) {
  const incident = `INC-${1 + Math.floor(kills / PER_INCIDENT)}`;
  const modes = [MODES[round % 3], MODES[Math.floor(Math.random() * 3)]];
  const dead = await Promise.all(
    modes.map((mode, i) => life(incident, mode, 1 + Math.floor(Math.random() * 60), `${round}-${i}`)),
  );
  modes.forEach((mode, i) => {
    byMode[mode] += dead[i];
    kills += dead[i];
  });
  await check();
  if (problems.length > 10) break;
  if (round % 10 === 9)
    console.log(
      `${kills} kills, ${seen.from} records, ${seen.granted.size} approvals, ${calls.size} executions, ${Math.round((performance.now() - startedAt) / 1000)} s`,
    );
}

// A last life in peace: what was approved and never sent is sent now, what was sent and never answered becomes unknown.
await new Promise((done) => setTimeout(done, 13_000));
await life('INC-1', 'once', 0, 'last');
await check();
const world = await openWorld(folder, url);
let left = 0;
for (const key of await world.services.incidentKeys())
  left += (await world.services.incidents.load(key)).state.containment.all.filter(
    (c) => c.state === 'executing' || c.state === 'granted',
  ).length;
await world.close();
if (left > 0) wrong(`${left} are still approved or executing after a start in peace`);

const facts = {
  kills,
  ...byMode,
  records: seen.from,
  approvals: seen.granted.size,
  denials: seen.denied.size,
  toldAndKept: told.size,
  executionsStarted: seen.started.size,
  requestsReceived: calls.size,
  outcomes: seen.ended.size,
  unknown: seen.unknown,
  problems: problems.length,
  seconds: Math.round((performance.now() - startedAt) / 1000),
};
console.log(JSON.stringify(facts, null, 2));
server.closeAllConnections();
server.close();
if (problems.length > 0) {
  keep();
  console.error(`What went wrong can be looked into: ${folder}`);
}
process.exit(problems.length > 0 ? 1 : 0);
