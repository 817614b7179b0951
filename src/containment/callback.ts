// A receiver's word on what came of an execution, after the fact: signed like our requests, inside the window, once.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { systemActor } from '../chat/actor.ts';
import type { Services } from '../commands/types.ts';
import { isRefusal } from '../refusal.ts';
import { rule } from './act.ts';
import { refused } from './decide.ts';
import { decideOutcome, idempotencyKeyOf } from './decide-run.ts';
import { no } from './reasons.ts';
import { checkSignature, HEADERS } from './signature.ts';
import { containmentOf } from './types.ts';
import { answerSchema } from './webhook.ts';

export const CALLBACK_PATH = '/hooks/containment/';

const MAX_BYTES = 64 * 1024;
const callbackSchema = answerSchema.extend({ digest: z.string().regex(/^[0-9a-f]{64}$/) });
const APPROVAL = /^((?:INC|EX)-\d{1,9})\/(CA-\d{1,6})\/(\d{1,12})$/;

export interface CallbackAnswer {
  readonly status: 200 | 400 | 401 | 404 | 409 | 413;
  readonly text: string;
}

/** Takes one callback of a webhook. Changes nothing unless everything about it fits. */
export async function takeCallback(
  services: Services,
  secret: (webhook: string) => string,
  webhook: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: Uint8Array,
): Promise<CallbackAnswer> {
  if (!Object.hasOwn(services.organisation.organisation.webhooks, webhook))
    return { status: 404, text: 'There is no such webhook.' };
  const fault = checkSignature(secret(webhook), headers, body, services.now());
  if (fault) return { status: 401, text: `The signature is ${fault}.` };
  const [, incident = '', key = ''] = APPROVAL.exec(String(headers[HEADERS.approval])) ?? [];
  const parsed = callbackSchema.safeParse(jsonOf(body));
  if (incident === '' || !parsed.success || parsed.data.status === 'accepted')
    return { status: 400, text: 'This is no outcome.' };
  if (!(await services.incidentKeys()).includes(incident)) return { status: 404, text: 'There is no such approval.' };
  // The same signed bytes again are the same word again.
  const isNew = await services.store.claimEvent(`callback/${String(headers[HEADERS.signature])}`, services.now());
  if (!isNew) return { status: 409, text: 'This was taken before.' };
  const { status, summary, evidence, digest } = parsed.data;
  const ruled = await rule(services, incident, systemActor, (setting, dossier) => {
    const c = containmentOf(dossier.containment, key);
    const isTheirs = c?.request.executor.kind === 'webhook' && c.request.executor.webhook === webhook;
    if (!c || !isTheirs || c.digest !== digest || idempotencyKeyOf(c) !== headers[HEADERS.approval])
      return refused(c ?? key, 'outcome', no('changed'), `callback of ${webhook}`);
    return decideOutcome(setting, c, {
      result: status as 'executed' | 'failed',
      by: null,
      summary: summary || `It called back: ${status}.`,
      evidence,
    });
  });
  if (isRefusal(ruled)) return { status: 409, text: ruled.message };
  return ruled.refusal ? { status: 409, text: ruled.refusal.message } : { status: 200, text: 'Recorded.' };
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
}

/** Answers a request under CALLBACK_PATH. */
export async function answerCallback(
  services: Services,
  secret: (webhook: string) => string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = ({ status, text }: CallbackAnswer): void => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
  };
  if (request.method !== 'POST') return reply({ status: 404, text: 'Nothing is here.' });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) return reply({ status: 413, text: 'Too long.' });
    chunks.push(chunk);
  }
  const webhook = new URL(request.url ?? '/', 'http://localhost').pathname.slice(CALLBACK_PATH.length);
  reply(await takeCallback(services, secret, webhook, request.headers, Buffer.concat(chunks)));
}
