// A reference receiver for approved containment: it checks signature, digest, approval and ledger proof before it "acts".
// It uses nothing but Node, and none of Countersign's own code, so that it can be read and rewritten in any language.
//
//   node examples/receiver/receiver.mjs --secret data/secrets/webhook-soar.secret --vkey data/keys/ledger.key.vkey --port 8750
import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const MAX_BODY_BYTES = 256 * 1024;
const MAX_SKEW_SECONDS = 300;
// SubjectPublicKeyInfo of Ed25519 (RFC 8410), before the 32 bytes of the key.
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const refuse = (why) => {
  throw new Error(why);
};

/** The key of a C2SP verifier key line: `name+id+base64(0x01 and 32 bytes)`. */
export function readVerifierKey(line) {
  const [name, id, ...rest] = line.trim().split('+');
  const bytes = Buffer.from(rest.join('+'), 'base64');
  if (bytes.length !== 33 || bytes[0] !== 1) refuse('the verifier key is no Ed25519 key');
  const wanted = sha256(`${name}\n`, bytes).subarray(0, 4).toString('hex');
  if (wanted !== id) refuse('the verifier key does not match its id');
  return {
    name,
    id: Buffer.from(id, 'hex'),
    key: createPublicKey({ key: Buffer.concat([SPKI, bytes.subarray(1)]), format: 'der', type: 'spki' }),
  };
}

/** Size and root of a signed checkpoint (C2SP signed note), if this key signed it. */
export function openCheckpoint(note, { name, id, key }) {
  const split = note.lastIndexOf('\n\n');
  const text = note.slice(0, split + 1);
  const isSigned = note
    .slice(split + 2)
    .split('\n')
    .filter((line) => line.startsWith(`\u2014 ${name} `))
    .some((line) => {
      const signature = Buffer.from(line.split(' ')[2], 'base64');
      return signature.subarray(0, 4).equals(id) && verify(null, Buffer.from(text), key, signature.subarray(4));
    });
  if (!isSigned) refuse('the checkpoint is not signed by the ledger');
  const [origin, size, root] = text.split('\n');
  if (origin !== name || !/^\d+$/.test(size)) refuse('the checkpoint is not one of this ledger');
  return { size: Number(size), root: Buffer.from(root, 'base64') };
}

/** Root of the tree that an audit path leads to (RFC 9162, 2.1.3.2). */
function rootFrom(index, size, leaf, path) {
  if (index >= size) refuse('the proof is for a record the checkpoint does not cover');
  let [node, fn, sn] = [leaf, index, size - 1];
  for (const sibling of path) {
    if (sn === 0) refuse('the proof is too long');
    if (fn % 2 === 1 || fn === sn) {
      node = sha256(Buffer.of(1), sibling, node);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else node = sha256(Buffer.of(1), node, sibling);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  if (sn !== 0) refuse('the proof is too short');
  return node;
}

/** Checks a C2SP tlog-proof of exactly this record. */
export function checkProof(proof, record, verifierKey) {
  const split = proof.indexOf('\n\n');
  const lines = proof.slice(0, split).split('\n');
  if (lines.shift() !== 'c2sp.org/tlog-proof@v1') refuse('the receipt is no tlog-proof');
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const index = Number(/^index (\d+)$/.exec(lines.shift() ?? '')?.[1] ?? refuse('the receipt has no index'));
  const { size, root } = openCheckpoint(proof.slice(split + 2), verifierKey);
  const leaf = sha256(Buffer.of(0), Buffer.from(record));
  const path = lines.map((line) => Buffer.from(line, 'base64'));
  if (!rootFrom(index, size, leaf, path).equals(root)) refuse('the receipt does not prove this record');
  return index;
}

/** Everything a receiver has to check. Gives what to do; throws with the reason when anything does not fit. */
export function checkApproval({ headers, body, secret, verifierKey, nowMs }) {
  const timestamp = String(headers['countersign-timestamp'] ?? '');
  const approval = String(headers['countersign-approval'] ?? '');
  const signed = `${timestamp}\n${approval}\n${sha256(body).toString('hex')}`;
  const expected = Buffer.from(`v1=${createHmac('sha256', secret).update(signed).digest('hex')}`);
  const given = Buffer.from(String(headers['countersign-signature'] ?? ''));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) refuse('the signature is wrong');
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > MAX_SKEW_SECONDS)
    refuse('the request is too old, or from the future');
  const sent = JSON.parse(body.toString('utf8'));
  if (sent.approval !== approval) refuse('the approval in the body is another one');
  if (sha256(sent.request).toString('hex') !== sent.digest) refuse('the request does not match its digest');
  const index = checkProof(sent.receipt.proof, sent.receipt.record, verifierKey);
  const record = JSON.parse(sent.receipt.record);
  if (record.type !== 'approval.granted' || record.seq !== index) refuse('the proven record is no approval');
  if (record.body.digest !== sent.digest) refuse('the approval in the ledger is for something else');
  const request = JSON.parse(sent.request);
  if (approval !== `${request.incident}/${request.request}/${record.seq}`)
    refuse('the approval id does not name this approval');
  return { approval, request, digest: sent.digest, approvedBy: record.body.humans };
}

/** A server that acts at most once for each approval. `act` gives {status, summary}; its answer is kept and given again. */
export function createReceiver({ secret, verifierKey, act, now = Date.now }) {
  const answers = new Map();
  return createServer(async (request, response) => {
    const reply = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    try {
      const chunks = [];
      let size = 0;
      for await (const chunk of request) {
        size += chunk.length;
        if (size > MAX_BODY_BYTES) return reply(413, { error: 'too long' });
        chunks.push(chunk);
      }
      const checked = checkApproval({
        headers: request.headers,
        body: Buffer.concat(chunks),
        secret,
        verifierKey,
        nowMs: now(),
      });
      // A real receiver keeps this in its database: a restart must not forget what was done.
      if (!answers.has(checked.approval)) answers.set(checked.approval, Promise.resolve(act(checked)));
      return reply(200, await answers.get(checked.approval));
    } catch (error) {
      return reply(403, { error: error.message });
    }
  });
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      secret: { type: 'string' },
      vkey: { type: 'string' },
      port: { type: 'string', default: '8750' },
      log: { type: 'string' },
    },
  });
  if (!values.secret || !values.vkey) {
    console.error('usage: node receiver.mjs --secret FILE --vkey FILE [--port 8750] [--log FILE]');
    process.exit(2);
  }
  const receiver = createReceiver({
    secret: readFileSync(values.secret, 'utf8').trim(),
    verifierKey: readVerifierKey(readFileSync(values.vkey, 'utf8')),
    act({ approval, digest, request, approvedBy }) {
      // The executor's own log: `countersign executions check` holds it against the ledger.
      if (values.log) appendFileSync(values.log, `${JSON.stringify({ approval, digest })}\n`);
      const names = request.targets.map((target) => target.name).join(', ');
      console.log(`would now do: ${request.action} on ${names} (approved by ${approvedBy.join(' and ')})`);
      return {
        status: 'executed',
        summary: `${request.action} on ${names} was played, not done: this is the reference receiver.`,
        evidence: [],
      };
    },
  });
  receiver.listen(Number(values.port), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${values.port}`));
}
