// What a browser opens: the home tab, channels, threads; and the files and pictures in them.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import type { WorkspaceMessage } from '../../../src/chat/workspace.ts';
import { conversation, directChannel } from '../port.ts';
import { Sentence } from '../render/page.tsx';
import type { Frame } from '../render/shell.tsx';
import { ChannelPage, HomePage } from '../render/workspace.tsx';
import { formToken, isPictureOf, principal, type SignedIn, themeOf } from '../session.ts';
import { viewerOf } from '../viewers.ts';
import { answerTo } from './answer.tsx';
import type { Parts, WebEnv } from './env.ts';

/** A file name as RFC 8187 writes it in a header. */
const headerName = (name: string): string =>
  encodeURIComponent(name.replace(/\p{Cs}/gu, '_')).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const MESSAGES_A_PAGE = 100;

/** GET /home, /c/:channel, /c/:channel/t/:message, /files/:id, /picture/:signature/:name. */
export function pageRoutes(parts: Parts): Hono<WebEnv> {
  const { settings, desk } = parts;
  const { store } = settings;
  const app = new Hono<WebEnv>();

  function frame(who: SignedIn, theme: Frame['theme']): Frame {
    directChannel(settings, who.person.id);
    return {
      viewer: viewerOf(settings, who),
      workspaceName: settings.workspaceName,
      lines: store.lines(who.person.id),
      token: formToken(who.session),
      changes: store.changes(),
      theme,
      maxFileBytes: settings.maxFileBytes,
    };
  }

  app.get('/', (c) => c.redirect('/home', 303));

  app.get('/home', async (c) => {
    const who = c.get('who');
    const bot = desk();
    if (bot === null)
      return c.html(
        <Sentence title="Starting" text="Countersign is starting. Try again in a moment." theme={themeOf(c)} />,
        503,
      );
    const home = await bot.home(principal(who.person));
    return c.html(<HomePage frame={frame(who, themeOf(c))} home={home} />);
  });

  /** The first look at a channel is joining it: the bot catches the person up, once. */
  function join(who: SignedIn, channel: string): void {
    if (!store.join(channel, who.person.id, new Date(settings.now()).toISOString())) return;
    const bot = desk();
    if (bot === null) return;
    const event = {
      kind: 'joined',
      id: `web:joined:${channel}:${who.person.id}`,
      actor: principal(who.person),
      conversation: conversation(channel),
    } as const;
    bot
      .handle(event)
      .then((reply) => answerTo(parts, who, { channel, echo: '' }, reply))
      .catch((error) => settings.onFault(error));
  }

  app.get('/c/:channel/:place?/:root?', (c) => {
    const who = c.get('who');
    const { person } = who;
    const channel = store.channel(c.req.param('channel'));
    const missing = (text: string) => c.html(<Sentence title="Not found" text={text} theme={themeOf(c)} />, 404);
    if (channel === null || !store.canSee(channel.id, person.id))
      return missing('There is no such channel here, or it is not open to you.');
    const [place, id] = [c.req.param('place'), c.req.param('root')];
    let root: WorkspaceMessage | null = null;
    if (place !== undefined) {
      root = place === 't' && id !== undefined ? store.message(id) : null;
      const isHere = root?.channel === channel.id && (root.onlyFor === null || root.onlyFor === person.id);
      if (root === null || !isHere || root.thread !== null) return missing('There is no such thread in this channel.');
    }
    if (channel.kind === 'channel') join(who, channel.id);
    const before = Number(c.req.query('before'));
    const messages = store.messages(channel.id, person.id, {
      limit: MESSAGES_A_PAGE,
      ...(Number.isSafeInteger(before) && before > 0 ? { before } : {}),
    });
    store.markRead(channel.id, person.id);
    return c.html(
      <ChannelPage
        frame={frame(who, themeOf(c))}
        channel={channel}
        messages={messages}
        pinned={store.pinned(channel.id)}
        members={channel.kind === 'channel' && channel.isPrivate ? store.members(channel.id) : null}
        thread={root === null ? null : { root, replies: store.thread(root.id, person.id) }}
        earlier={messages.length < MESSAGES_A_PAGE ? null : `/c/${channel.id}?before=${messages[0]?.seq}`}
      />,
    );
  });

  app.get('/files/:id', (c) => {
    const { person } = c.get('who');
    const found = store.file(c.req.param('id'));
    const message = found === null ? null : store.message(found.message);
    const isSeen =
      message !== null &&
      !message.isDeleted &&
      (message.onlyFor === null || message.onlyFor === person.id) &&
      store.canSee(message.channel, person.id);
    if (found === null || !isSeen) return c.text('There is no such file, or it is not open to you.', 404);
    const name = found.file.name.replace(/[^\w.() -]/g, '_');
    const { bytes } = found;
    const body =
      'path' in bytes
        ? (Readable.toWeb(createReadStream(bytes.path)) as ReadableStream<Uint8Array>)
        : new Uint8Array(bytes);
    return c.body(body, 200, {
      // Never shown in place: what people upload is not ours to run or to draw.
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${name}"; filename*=UTF-8''${headerName(found.file.name)}`,
    });
  });

  app.get('/picture/:signature/:name', async (c) => {
    const { session } = c.get('who');
    const name = c.req.param('name');
    const [, digest, type] = /^([0-9a-f]{64})\.(svg|png)$/.exec(name) ?? [];
    if (digest === undefined || !isPictureOf(session, name, c.req.param('signature')))
      return c.text('There is no such picture.', 404);
    const bytes = await desk()?.blob(digest);
    if (bytes === undefined || bytes === null) return c.text('This picture is not kept any more.', 404);
    return c.body(new Uint8Array(bytes), 200, {
      'content-type': type === 'svg' ? 'image/svg+xml' : 'image/png',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox",
      'cache-control': 'private, max-age=31536000, immutable',
    });
  });

  return app;
}
