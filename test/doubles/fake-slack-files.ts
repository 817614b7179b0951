// Files of the Slack double: bytes for whoever has the token, a sign-in page with 200 for everybody else, and uploads.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type SlackWorkspace, uploadedBytes } from './fake-slack-api.ts';
import type { Upstream } from './fake-slack-upstream.ts';

export interface FilesParts {
  readonly workspace: SlackWorkspace;
  readonly token: string;
  readonly upstream: Upstream | null;
}

/** What Slack shows where a browser is expected, whatever was asked. */
export function page(response: ServerResponse, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end('<!DOCTYPE html><html><title>Sign in</title></html>');
}

/** Id of the file that an address under /files-pri/ names. */
export const fileIdOf = (url: URL): string => url.pathname.split('/')[2]?.split('-')[1] ?? '';

export async function answerFile(
  { workspace, token, upstream }: FilesParts,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = workspace.files.get(fileIdOf(url));
  const isPageForAll = file?.meta['isLoginPage'] === true;
  if (upstream && !isPageForAll) {
    const theirs = await upstream.bytes(url.pathname + url.search, request.headers.authorization ?? '', null);
    response.writeHead(theirs.status, { 'content-type': theirs.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await theirs.arrayBuffer()));
    return;
  }
  if (!file) {
    response.writeHead(404, { 'content-type': 'application/json; charset=utf-8' }).end('{}');
    return;
  }
  if (request.headers.authorization !== `Bearer ${token}` || isPageForAll) return page(response);
  response.writeHead(200, { 'content-type': String(file.meta['mimetype']) });
  response.end(file.bytes);
}

export async function answerUpload(
  { workspace, upstream }: FilesParts,
  url: URL,
  request: IncomingMessage,
  raw: Buffer,
  response: ServerResponse,
): Promise<void> {
  const upload = workspace.uploads.get(url.pathname.split('/')[3] ?? '');
  const bytes = await uploadedBytes(request.headers['content-type'] ?? '', raw);
  if (upload) upload.bytes = bytes;
  await upstream?.bytes(url.pathname, '', bytes);
  response.writeHead(upload ? 200 : 404).end(`OK - ${raw.length}`);
}
