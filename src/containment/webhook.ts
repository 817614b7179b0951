// Sends an approved containment to the organisation's own automation, once, and says honestly what came of it.
import { lookup as dnsLookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import ip from 'ipaddr.js';
import { z } from 'zod';
import type { AuditLog } from '../audit/log.ts';
import type { Webhook } from '../organisation/containment.ts';
import type { Store } from '../store/types.ts';
import type { ApprovedContainment } from './decide-run.ts';
import type { Came, Executor } from './executions.ts';
import { canonicalText } from './request.ts';
import { HEADERS, signBody } from './signature.ts';

export interface WebhookParts {
  readonly webhooks: () => Readonly<Record<string, Webhook>>;
  readonly secret: (webhook: string) => string;
  /** Proof that the approval is in the ledger: the record's canonical text and its tlog-proof. */
  readonly receipt: (grant: number) => Promise<{ readonly record: string; readonly proof: string }>;
  readonly now: () => number;
  /** Addresses of a host; the system's resolver by default. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/** The approval's record as hashed, and the proof that it is in the ledger. Throws when it is not. */
export async function receiptFor(
  store: Pick<Store, 'find'>,
  log: Pick<AuditLog, 'receipt'>,
  grant: number,
): Promise<{ readonly record: string; readonly proof: string }> {
  const [row] = await store.find({ fromSeq: grant, limit: 1 });
  if (row?.record.seq !== grant || row.record.type !== 'approval.granted')
    throw new Error(`record ${grant} is no approval, so nothing is sent`);
  return { record: new TextDecoder().decode(row.bytes), proof: await log.receipt(grant) };
}

type Known = Exclude<Came, 'called-back-later'>;

const MAX_ANSWER_BYTES = 64 * 1024;
const GRACE_SECONDS = 10;

/** What a receiver may answer, at once or by callback. */
export const answerSchema = z.strictObject({
  status: z.enum(['executed', 'failed', 'accepted']),
  summary: z.string().max(1500).default(''),
  evidence: z.array(z.string().max(100)).max(20).default([]),
});

const failed = (summary: string): Known => ({ result: 'failed', summary, evidence: [] });
const unknown = (summary: string): Known => ({ result: 'unknown', summary, evidence: [] });

const ALWAYS_REFUSED = new Set(['linkLocal', 'multicast', 'broadcast', 'unspecified', 'reserved']);

/** Whether this address may be called: public ones, and private ones where the webhook says so; link-local never. */
export function mayCall(address: string, allowsPrivate: boolean): boolean {
  if (!ip.isValid(address)) return false;
  const range = ip.process(address).range();
  return range === 'unicast' || (allowsPrivate && !ALWAYS_REFUSED.has(range));
}

/** The executor of every webhook of the organisation's file. */
export function createWebhookExecutor(parts: WebhookParts): Executor {
  const resolve = parts.resolve ?? (async (host) => (await dnsLookup(host, { all: true })).map((a) => a.address));
  const hookOf = (name: string): Webhook | undefined =>
    Object.hasOwn(parts.webhooks(), name) ? parts.webhooks()[name] : undefined;
  return {
    deadlineSeconds(name) {
      const hook = hookOf(name);
      return (hook?.timeout_seconds ?? 0) + (hook?.callback_minutes ?? 0) * 60 + GRACE_SECONDS;
    },
    async run(approved) {
      const { executor } = approved.request;
      const hook = executor.kind === 'webhook' ? hookOf(executor.webhook) : undefined;
      if (executor.kind !== 'webhook' || !hook || hook.url !== executor.url)
        return failed('The webhook is not the one that was approved. Nothing was sent.');
      const url = new URL(hook.url);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      let address: string | undefined;
      try {
        const found = isIP(host) ? [host] : await resolve(host);
        if (found.length === 0 || !found.every((a) => mayCall(a, hook.allow_private)))
          return failed(`${url.host} leads to an address that may not be called. Nothing was sent.`);
        address = found[0];
      } catch {
        return failed(`${url.host} could not be found. Nothing was sent.`);
      }
      let body: Buffer;
      try {
        body = await bodyOf(parts, approved);
      } catch (error) {
        return failed(`The approval could not be proven (${(error as Error).message}). Nothing was sent.`);
      }
      return send(
        url,
        address as string,
        hook,
        parts.secret(executor.webhook),
        approved.idempotencyKey,
        body,
        parts.now(),
      );
    },
  };
}

async function bodyOf(parts: WebhookParts, approved: ApprovedContainment): Promise<Buffer> {
  const { record, proof } = await parts.receipt(approved.grant);
  return Buffer.from(
    JSON.stringify({
      v: 1,
      approval: approved.idempotencyKey,
      digest: approved.digest,
      // The exact text whose SHA-256 is the digest: the receiver hashes it before it reads it.
      request: canonicalText(approved.request),
      receipt: { record, proof },
    }),
  );
}

function send(
  url: URL,
  address: string,
  hook: Webhook,
  secret: string,
  approval: string,
  body: Buffer,
  nowMs: number,
): Promise<Came> {
  const timestamp = String(Math.floor(nowMs / 1000));
  return new Promise<Came>((done) => {
    let isSent = false;
    const isTls = url.protocol === 'https:';
    const outgoing = (isTls ? httpsRequest : httpRequest)(
      {
        host: address,
        port: url.port || (isTls ? 443 : 80),
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        // The address was checked; looking the name up again could lead elsewhere.
        ...(isTls && !isIP(url.hostname) ? { servername: url.hostname } : {}),
        agent: false,
        headers: {
          host: url.host,
          'content-type': 'application/json',
          'content-length': body.length,
          'idempotency-key': approval,
          [HEADERS.timestamp]: timestamp,
          [HEADERS.approval]: approval,
          [HEADERS.signature]: signBody(secret, timestamp, approval, body),
        },
      },
      (answer) => void readAnswer(answer, hook).then(done, () => done(unknown('The answer broke off.'))),
    );
    const timer = setTimeout(() => outgoing.destroy(new Error('timeout')), hook.timeout_seconds * 1000);
    outgoing.on('socket', (socket) => socket.once(isTls ? 'secureConnect' : 'connect', () => (isSent = true)));
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      done(
        isSent
          ? unknown(
              `No answer (${error.message === 'timeout' ? `none within ${hook.timeout_seconds} s` : (error.code ?? 'connection lost')}). It may or may not have run.`,
            )
          : failed(`${url.host} could not be reached (${error.code ?? error.message}). Nothing was sent.`),
      ),
    );
    outgoing.end(body);
  });
}

async function readAnswer(answer: IncomingMessage, hook: Webhook): Promise<Came> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      answer.destroy();
      return unknown('The answer was too long to be read. It may or may not have run.');
    }
    chunks.push(chunk);
  }
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400)
    return failed(`It answered with a redirect (${status}), which is not followed. Nothing was done by us.`);
  if (status >= 400 && status < 500 && status !== 408) return failed(`It refused the request (${status}).`);
  if (status < 200 || status >= 300) return unknown(`It answered ${status}. It may or may not have run.`);
  return cameOf(Buffer.concat(chunks), hook) ?? unknown('Its answer was not understood. It may or may not have run.');
}

function cameOf(bytes: Uint8Array, hook: Webhook): Came | null {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) return null;
  const { status, summary, evidence } = parsed.data;
  if (status === 'accepted')
    return hook.callback_minutes > 0
      ? 'called-back-later'
      : unknown('It accepted the request, and no callback is expected from it. It may or may not have run.');
  return { result: status, summary: summary || `It answered ${status}.`, evidence };
}
