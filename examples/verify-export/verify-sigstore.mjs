// Checks an audit export with sigstore's code: @sigstore/verify 3.1 opens the checkpoints and checks the inclusion of every
// record. It reads no tiles and proves no consistency, so this program hands it what it needs, from the files of the export
// alone: the bytes from the bundles, the audit paths from the leaf tiles, and for the checkpoint you hold every record it covers.
//
//   npm install @sigstore/verify@3.1.1
//   node verify-sigstore.mjs EXPORT --vkey FILE [--vkey FILE] [--checkpoint OLD]      both keys for a log whose key was replaced
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const refuse = (why) => {
  throw new Error(why);
};

/** sigstore's own functions, installed where this is started; its package does not export these files. */
function sigstore() {
  const load = createRequire(join(process.cwd(), 'x.js'));
  const folder = join(dirname(load.resolve('@sigstore/verify')), 'tlog');
  return { ...load(join(folder, 'checkpoint.js')), ...load(join(folder, 'merkle.js')) };
}

/** A log as sigstore knows one, from `name+id+base64(0x01, public key)`. */
function logOf(vkey) {
  const [name, id, ...rest] = vkey.trim().split('+');
  const publicKey = createPublicKey({
    key: Buffer.concat([SPKI, Buffer.from(rest.join('+'), 'base64').subarray(1)]),
    format: 'der',
    type: 'spki',
  });
  return { logID: Buffer.from(id, 'hex'), publicKey, baseURL: name };
}

/** Path of tile or bundle `n` (C2SP tlog-tiles). */
function pathOf(level, n, width) {
  let name = String(n % 1000).padStart(3, '0');
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000))
    name = `x${String(rest % 1000).padStart(3, '0')}/${name}`;
  return join('tile', level, width < 256 ? `${name}.p/${width}` : name);
}

function readAll(dir, level, size, split) {
  const parts = [];
  for (let n = 0; n * 256 < size; n++)
    parts.push(...split(readFileSync(join(dir, pathOf(level, n, Math.min(256, size - n * 256))))));
  return parts.length === size ? parts : refuse(`${level} has ${parts.length} of ${size} records`);
}

function* entriesOf(bundle) {
  for (let at = 0; at < bundle.length; at += 2 + bundle.readUInt16BE(at))
    yield bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at));
}

function* hashesOf(tile) {
  for (let at = 0; at < tile.length; at += 32) yield tile.subarray(at, at + 32);
}

/** Audit paths over leaf hashes, as RFC 6962 section 2.1.1 defines them. */
function pathsOver(leaves) {
  const roots = new Map();
  const middle = (from, to) => from + 2 ** Math.ceil(Math.log2(to - from) - 1);
  const root = (from, to) => {
    if (to - from === 1) return leaves[from];
    const key = `${from} ${to}`;
    const half = middle(from, to);
    if (!roots.has(key)) roots.set(key, sha256(Buffer.of(1), root(from, half), root(half, to)));
    return roots.get(key);
  };
  const path = (index, from, to) => {
    if (to - from === 1) return [];
    const half = middle(from, to);
    return index < half ? [...path(index, from, half), root(half, to)] : [...path(index, half, to), root(from, half)];
  };
  return (index) => path(index, 0, leaves.length);
}

/** The number of records of a sound export; throws an Error when it is not sound. `held` is a checkpoint you hold, or null. */
export function checkExport(dir, vkeys, held) {
  const { verifyCheckpoint, verifyMerkleInclusion } = sigstore();
  const logs = vkeys.map(logOf);
  const envelope = readFileSync(join(dir, 'checkpoint'), 'utf8');
  const entry = (body, index, hashes, note = envelope) => ({
    canonicalizedBody: Buffer.from(body),
    inclusionProof: { logIndex: String(index), hashes, checkpoint: { envelope: note } },
  });
  const head = verifyCheckpoint(entry([], 0, []), logs);
  const before = held === null ? null : verifyCheckpoint(entry([], 0, [], held), logs);
  const size = Number(head.logSize);
  if (before && before.logSize > head.logSize) refuse(`the checkpoint you hold covers ${before.logSize} records`);
  const bodies = readAll(dir, 'entries', size, entriesOf);
  const leaves = readAll(dir, '0', size, hashesOf);
  for (const at of before ? [head, before] : [head]) {
    const covered = Number(at.logSize);
    const path = pathsOver(leaves.slice(0, covered));
    for (let i = 0; i < covered; i++) verifyMerkleInclusion(entry(bodies[i], i, path(i)), at);
  }
  // The hash in the tile is what a reader of the tiles goes by: it has to be that of the bytes sigstore just took.
  const odd = bodies.findIndex((body, i) => !sha256(Buffer.of(0), body).equals(leaves[i]));
  return odd < 0 ? size : refuse(`record ${odd} is not the one in the leaf tile`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { vkey: { type: 'string', multiple: true }, checkpoint: { type: 'string' } },
  });
  try {
    const read = (path) => readFileSync(path, 'utf8');
    const size = checkExport(
      positionals[0] ?? '.',
      (values.vkey ?? refuse('--vkey FILE is missing')).map(read),
      values.checkpoint ? read(values.checkpoint) : null,
    );
    console.log(`OK: ${size} records`);
  } catch (error) {
    console.error(`FAIL: ${error.message}`);
    process.exitCode = 1;
  }
}
