// --batch: requests as JSON Lines on standard input, answers in the same order. A bad request is answered, and the next one served.
import { createInterface } from 'node:readline';
import type { ReadOptions } from '../../src/timeline/types.ts';
import { write } from './output.ts';
import { readOptionsOf } from './read-options.ts';

interface Request {
  readonly id?: unknown;
  readonly text?: unknown;
  readonly now?: unknown;
  readonly zone?: unknown;
}

/** Serves requests until standard input ends. `answer` gives the fields beside the id. */
export async function serveBatch(answer: (bytes: Uint8Array, options: ReadOptions) => object): Promise<void> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    await write(`${JSON.stringify(answerTo(line, answer))}\n`);
  }
}

function answerTo(line: string, answer: (bytes: Uint8Array, options: ReadOptions) => object): object {
  let request: Request;
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
      return { id: null, error: 'a request is a JSON object: {"id","text","now","zone"}' };
    request = parsed;
  } catch {
    return { id: null, error: 'the request is not JSON' };
  }
  const id = request.id ?? null;
  if (typeof request.text !== 'string') return { id, error: 'text must be a string' };
  try {
    return { id, ...answer(Buffer.from(request.text, 'utf8'), readOptionsOf(request.now, request.zone)) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
