// The embedded workspace: a chat of our own in the browser, so that everything works with no account and no network.
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { ChatPort, Desk } from '../../src/chat/types.ts';
import { BodyTooLarge } from './body.ts';
import { safeHeaders, sameSiteOnly } from './guard.ts';
import { createHub } from './hub.tsx';
import { type WebOptions, type WebPerson, withDefaults } from './options.ts';
import { createWebPort, directChannel } from './port.ts';
import { Sentence } from './render/page.tsx';
import { actionRoutes, Refused } from './routes/actions.ts';
import { assetRoutes } from './routes/assets.ts';
import { doorRoutes } from './routes/door.tsx';
import type { Parts, WebEnv } from './routes/env.ts';
import { liveRoutes } from './routes/live.ts';
import { pageRoutes } from './routes/pages.tsx';
import { formToken, isSame, themeOf, whoIs } from './session.ts';
import { createThrottle } from './throttle.ts';

export type { WebOptions } from './options.ts';

const MINUTE_MS = 60_000;

/** The running workspace. */
export interface WebAdapter {
  readonly port: ChatPort;
  /** Everything it serves; mount it at the root of an HTTP server bound to loopback. */
  readonly app: Hono<WebEnv>;
  /** The same for a server of Node's own: `createServer(adapter.listener)`. */
  readonly listener: ReturnType<typeof getRequestListener>;
  /** From now on events go to this desk; until then every action answers 503 with a sentence. */
  attach(desk: Desk): void;
  /** From now on these people may sign in; whoever is not among them is signed out. */
  admit(people: readonly WebPerson[]): void;
  /** Ends the live streams, so that the server can close. The store stays open: its owner closes it. */
  close(): void;
}

/** Makes the workspace. Throws when its own files are missing, with what to do. */
export function createWebAdapter(options: WebOptions): WebAdapter {
  const settings = withDefaults(options);
  const hub = createHub(settings);
  let desk: Desk | null = null;
  const parts: Parts = {
    settings,
    hub,
    desk: () => desk,
    signInThrottle: createThrottle(6, 5 * MINUTE_MS, settings.now),
    signInThrottleForAll: createThrottle(60, 5 * MINUTE_MS, settings.now),
    writeThrottle: createThrottle(240, MINUTE_MS, settings.now),
  };
  const createdAt = new Date(settings.now()).toISOString();
  for (const name of settings.channels)
    settings.store.ensureChannel({ id: name, kind: 'channel', name, isPrivate: false, owner: null, createdAt }, []);
  const admit = (people: readonly WebPerson[]): void => {
    settings.people = people;
    for (const person of people) directChannel(settings, person.id);
    // Open pages come back at once, those of people who are still here.
    hub.close();
  };
  admit(settings.people);

  const app = new Hono<WebEnv>();
  app.use(safeHeaders);
  app.use(sameSiteOnly(settings));
  app.route('/', assetRoutes());
  app.route('/', doorRoutes(parts));

  // Everything below needs somebody who signed in.
  app.use(async (c, next) => {
    const who = whoIs(c, settings);
    const isApi = c.req.path.startsWith('/api/') || c.req.path === '/events';
    if (who === null)
      return isApi ? c.json({ sentence: 'Your session has ended. Sign in again.' }, 401) : c.redirect('/sign-in', 303);
    c.set('who', who);
    return next();
  });
  app.use('/api/*', async (c, next) => {
    if (c.req.method === 'GET') return next();
    const { session } = c.get('who');
    if (!isSame(c.req.header('x-countersign-token') ?? '', formToken(session)))
      return c.json({ sentence: 'This page is out of date. Reload it and try again; nothing was done.' }, 403);
    const wait = parts.writeThrottle.hit(session.hash);
    if (wait === null) return next();
    c.header('retry-after', String(wait));
    return c.json(
      { sentence: `That was more than 240 actions in a minute. Wait ${wait} seconds; nothing was done.` },
      429,
    );
  });
  app.route('/api', actionRoutes(parts));
  app.route('/', liveRoutes(parts));
  app.route('/', pageRoutes(parts));
  app.notFound((c) => c.text('There is no such page. Go to /home.', 404));
  app.onError((error, c) => {
    if (error instanceof Refused) return c.json({ sentence: error.message }, error.status);
    if (error instanceof BodyTooLarge) {
      // The rest of the body was not read, so nothing else can come over this connection.
      c.header('connection', 'close');
      const limit = `${Math.round(error.limitBytes / 1_000_000) || 1} MB`;
      return c.json(
        {
          sentence: `That is larger than the ${limit} the workspace takes at once. Split the file and send the parts; nothing was kept.`,
        },
        413,
      );
    }
    const reference = settings.onFault(error);
    const sentence = `Something broke on our side. Try again; if it stays, tell whoever runs Countersign this reference: ${reference}.`;
    if (c.req.path.startsWith('/api/')) return c.json({ sentence }, 500);
    return c.html(Sentence({ title: 'Something broke', text: sentence, theme: themeOf(c) }), 500);
  });

  return {
    port: createWebPort(settings, hub),
    app,
    listener: getRequestListener(app.fetch),
    attach(given) {
      desk = given;
    },
    admit,
    close: () => hub.close(),
  };
}
