// Canonical bytes (RFC 8785) and the two hashes over them. Everything the ledger promises is a promise about these bytes.
import { createHash } from 'node:crypto';
import serialise from 'canonicalize';
import { AuditError } from './errors.ts';

// A CommonJS default export: its types put the function on the module, Node puts it on the default import.
const canonicalJson = serialise as unknown as (value: unknown) => string | undefined;

const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;
const MAX_DEPTH = 64;
const LEAF_PREFIX = Uint8Array.of(0);

/**
 * RFC 8785 bytes (UTF-8) of a plain JSON value. Properties that are undefined are left out, as in JSON.
 * Throws AuditError `not-canonical`, naming the path, on what has no one canonical form: NaN and infinities, lone
 * surrogates, BigInt, undefined or a hole in an array, functions, symbols, objects that are not plain, nesting over 64.
 */
export function canonicalBytes(value: unknown): Uint8Array {
  check(value, '$', 0);
  return new TextEncoder().encode(canonicalJson(value));
}

/**
 * A copy of a JSON value that canonicalBytes accepts as far as hostile text can spoil it: lone surrogates become U+FFFD
 * in strings and keys (keys that would then collide get further U+FFFD), undefined properties go, undefined in an array
 * becomes null. Numbers, BigInt, functions and odd objects pass through for canonicalBytes to refuse: those are our bugs.
 */
export function sanitise<T>(value: T): T {
  return clean(value, 0) as T;
}

/** RFC 6962 leaf hash: SHA-256 over 0x00 and the bytes; 32 bytes. */
export function leafHash(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(LEAF_PREFIX).update(bytes).digest();
}

/** SHA-256 as 64 lower-case hex digits; a string is hashed as its UTF-8 bytes. */
export function sha256Hex(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function check(value: unknown, path: string, depth: number): void {
  if (depth > MAX_DEPTH) throw refuse(path, `is nested more than ${MAX_DEPTH} deep`);
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') {
    checkText(value, path);
    return;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse(path, `is ${value}, which JSON cannot write`);
    return;
  }
  if (typeof value !== 'object') throw refuse(path, `is ${typeof value}, which JSON cannot write`);
  if (Array.isArray(value)) {
    // By index, because forEach would skip the holes that must be refused.
    for (let i = 0; i < value.length; i++) check(value[i], `${path}[${i}]`, depth + 1);
    return;
  }
  if (!isPlain(value)) throw refuse(path, 'is not a plain object; convert it to plain data first');
  for (const [key, inner] of Object.entries(value)) {
    checkText(key, `${path} key`);
    if (inner !== undefined) check(inner, `${path}.${key}`, depth + 1);
  }
}

function checkText(text: string, path: string): void {
  if (LONE_SURROGATE.test(text)) throw refuse(path, 'contains a lone surrogate; call sanitise first');
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refuse(path: string, why: string): AuditError {
  return new AuditError('not-canonical', `no canonical form: ${path} ${why}`);
}

function clean(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw refuse('$', `is nested more than ${MAX_DEPTH} deep`);
  if (typeof value === 'string') return value.replace(LONE_SURROGATES, '\ufffd');
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return Array.from(value, (inner) => (inner === undefined ? null : clean(inner, depth + 1)));
  if (!isPlain(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    let name = key.replace(LONE_SURROGATES, '\ufffd');
    while (Object.hasOwn(out, name) || (name !== key && Object.hasOwn(value, name))) name += '\ufffd';
    // defineProperty, because assigning to a key called __proto__ would set the prototype instead.
    Object.defineProperty(out, name, {
      value: clean(inner, depth + 1),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return out;
}
