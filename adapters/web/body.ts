import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeldBytes } from '../../src/chat/types.ts';
import { SIZES } from './options.ts';

/** A body that is larger than allowed; `limitBytes` is for the sentence. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
  readonly limitBytes: number;
  constructor(limitBytes: number) {
    super(`The body is larger than ${limitBytes} bytes.`);
    this.limitBytes = limitBytes;
  }
}

/** Reads a body of at most `limitBytes`. Throws BodyTooLarge, before reading when the request says its length. */
export async function readBytes(request: Request, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw new BodyTooLarge(limitBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limitBytes) throw new BodyTooLarge(limitBytes);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/**
 * Reads a body of at most `limitBytes`: what says that it is large goes to a new file in `folder` piece by piece, the rest to
 * memory. Throws BodyTooLarge; a file that was begun is then gone.
 */
export async function readLarge(
  request: Request,
  limitBytes: number,
  folder: string | null,
): Promise<Uint8Array | HeldBytes> {
  const stated = Number(request.headers.get('content-length') ?? 0);
  if (folder === null || stated < SIZES.heldFromBytes) return readBytes(request, limitBytes);
  if (stated > limitBytes) throw new BodyTooLarge(limitBytes);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, randomUUID());
  const file = await open(path, 'wx', 0o600);
  let sizeBytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > limitBytes) throw new BodyTooLarge(limitBytes);
      await file.writeFile(chunk);
    }
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return { path, sizeBytes };
}

/** Reads a JSON object of at most `limitBytes`; null when it is none. */
export async function readObject(
  request: Request,
  limitBytes: number,
): Promise<Readonly<Record<string, unknown>> | null> {
  const text = new TextDecoder().decode(await readBytes(request, limitBytes));
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Reads form data of at most `limitBytes`; null when it is none. */
export async function readForm(request: Request, limitBytes: number): Promise<FormData | null> {
  const bytes = await readBytes(request, limitBytes);
  try {
    return await new Response(bytes, {
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
    }).formData();
  } catch {
    return null;
  }
}
