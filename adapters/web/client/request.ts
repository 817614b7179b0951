import type { Answer } from './answer.ts';
import { page } from './page.ts';

/** Something did not happen; the message is a sentence for the person. */
class NotDone extends Error {
  override readonly name = 'NotDone';
}

const OFFLINE = 'Countersign cannot be reached. Nothing was done; try again in a moment.';

/** Reads an answer's body. Throws NotDone with the server's sentence, or a plain one. */
function readAnswer(status: number, text: string): Answer {
  if (status === 401) location.assign('/sign-in');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = null;
  }
  if (status >= 200 && status < 300 && typeof body === 'object' && body !== null) return body as Answer;
  const sentence = (body as { sentence?: unknown } | null)?.sentence;
  throw new NotDone(
    typeof sentence === 'string' ? sentence : `The server answered ${status}. Nothing was done; try again.`,
  );
}

/** Sends an action. Throws NotDone. */
export async function post(path: string, body: FormData | Readonly<Record<string, unknown>>): Promise<Answer> {
  const isForm = body instanceof FormData;
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'x-countersign-token': page.token, ...(isForm ? {} : { 'content-type': 'application/json' }) },
      body: isForm ? body : JSON.stringify(body),
    });
  } catch {
    throw new NotDone(OFFLINE);
  }
  return readAnswer(response.status, await response.text());
}

/** Sends bytes and tells how far they are, 0 to 1. Rejects with NotDone. */
export function upload(address: string, body: Blob, onProgress: (part: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // fetch cannot tell how much of a body has left; this can.
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.setRequestHeader('x-countersign-token', page.token);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.addEventListener('progress', (event) =>
      onProgress(event.total > 0 ? event.loaded / event.total : 0),
    );
    request.addEventListener('error', () => reject(new NotDone(OFFLINE)));
    request.addEventListener('abort', () => reject(new NotDone('Cancelled; nothing was kept.')));
    request.addEventListener('load', () => {
      try {
        resolve(readAnswer(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    });
    request.send(body);
  });
}
