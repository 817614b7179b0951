import { Hono } from 'hono';
import { viewerOf } from '../viewers.ts';
import type { Parts, WebEnv } from './env.ts';

const BEAT_MS = 20_000;
/** A page that reads slower than this is cut off and fetches itself again. */
const MOST_WAITING = 500;

/** GET /events: server-sent events; `ready` or `resync` first, then `news`. */
export function liveRoutes(parts: Parts): Hono<WebEnv> {
  const { settings, hub } = parts;
  const app = new Hono<WebEnv>();

  app.get('/events', (c) => {
    const who = c.get('who');
    const encoder = new TextEncoder();
    let stop = (): void => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        let isOpen = true;
        const write = (text: string): void => {
          if (!isOpen) return;
          if ((controller.desiredSize ?? 0) < -MOST_WAITING) stop();
          else controller.enqueue(encoder.encode(text));
        };
        const send = (event: string, id: number, data: unknown): void =>
          write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        const leave = hub.subscribe({
          viewer: viewerOf(settings, who),
          send: (news) => send('news', news.changes, news),
          close: () => stop(),
        });
        // Silence is closed by proxies; and a session that ended must not go on listening.
        const beat = setInterval(() => {
          if (settings.store.session(who.session.hash, settings.now()) === null) stop();
          else write(': still here\n\n');
        }, BEAT_MS);
        beat.unref();
        stop = () => {
          if (!isOpen) return;
          isOpen = false;
          clearInterval(beat);
          leave();
          controller.close();
        };
        const seen = Number(c.req.header('last-event-id') ?? c.req.query('after'));
        const now = settings.store.changes();
        send(seen === now ? 'ready' : 'resync', now, {});
      },
      cancel: () => {
        const end = stop;
        stop = () => {};
        try {
          end();
        } catch {
          // The stream is cancelled already; only the beat and the place among the readers had to go.
        }
      },
    });
    return c.body(body, 200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  });
  return app;
}
