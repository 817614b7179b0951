import type { AuditCode } from './errors.ts';
import { AuditError } from './errors.ts';

/** Standard base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Bytes of strict standard base64; throws AuditError `code` naming `what` on any other spelling, so no value has two forms. */
export function fromBase64(text: string, code: AuditCode, what: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new AuditError(code, `${what} is not standard base64`);
  return new Uint8Array(bytes);
}
