// The one HTTP server: health, callbacks of executors, and each adapter's own paths.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Adapter } from './adapter.ts';
import { CALLBACK_PATH } from './containment/callback.ts';
import type { Metrics } from './metrics.ts';

/** Makes it, not listening yet. What fails without an answer ends the connection and is logged. */
export function createFront(parts: {
  readonly adapters: readonly Adapter[];
  readonly metrics: Metrics;
  readonly callback: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly log: Logger;
}): Server {
  return createServer((request, response) => {
    const ended = (work: Promise<void>, words: string): void =>
      void work.catch((error: unknown) => {
        parts.log.error({ err: error }, words);
        response.destroy();
      });
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/healthz' || path === '/metrics')
      return ended(parts.metrics.answer(path, response), 'a health request failed');
    if (path.startsWith(CALLBACK_PATH)) return ended(parts.callback(request, response), 'a callback failed');
    const taker = parts.adapters.find((a) => a.listener && a.paths.some((p) => path.startsWith(p)));
    if (taker?.listener) taker.listener(request, response);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing is here.\n');
  });
}
