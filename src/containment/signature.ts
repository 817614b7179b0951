// The signature of requests between Countersign and what carries approvals out: HMAC-SHA256 over time, approval and body.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '../audit/canonical.ts';

export const HEADERS = {
  timestamp: 'countersign-timestamp',
  approval: 'countersign-approval',
  signature: 'countersign-signature',
} as const;

/** A signed request is taken within this of the receiver's clock, either way. */
export const MAX_SKEW_SECONDS = 300;

/** `v1=` and 64 hex digits over timestamp (seconds), approval id and the SHA-256 of the body. */
export function signBody(secret: string, timestamp: string, approval: string, body: Uint8Array): string {
  const signed = `${timestamp}\n${approval}\n${sha256Hex(body)}`;
  return `v1=${createHmac('sha256', secret).update(signed).digest('hex')}`;
}

export type SignatureFault = 'missing' | 'stale' | 'wrong';

/** Null when the headers sign exactly this body and the time is within the window; compared in constant time. */
export function checkSignature(
  secret: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: Uint8Array,
  nowMs: number,
): SignatureFault | null {
  const [timestamp, approval, signature] = [HEADERS.timestamp, HEADERS.approval, HEADERS.signature].map(
    (h) => headers[h],
  );
  if (typeof timestamp !== 'string' || typeof approval !== 'string' || typeof signature !== 'string') return 'missing';
  if (!/^\d{1,12}$/.test(timestamp)) return 'missing';
  const expected = Buffer.from(signBody(secret, timestamp, approval, body));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'wrong';
  return Math.abs(nowMs / 1000 - Number(timestamp)) > MAX_SKEW_SECONDS ? 'stale' : null;
}
