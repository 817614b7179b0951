// What people do: say, upload, press, submit, point at. Each becomes one ChatEvent, and its answer one JSON object.
import { Hono } from 'hono';
import type { ChatEvent, Desk, IncomingFile, QuotedMessage, Reply, ShortcutName } from '../../../src/chat/types.ts';
import type { WorkspaceMessage } from '../../../src/chat/workspace.ts';
import { readForm, readLarge, readObject } from '../body.ts';
import { BOT_ID, PLATFORM, SIZES, TENANT } from '../options.ts';
import { conversation, directId } from '../port.ts';
import { MANY } from '../render/form.tsx';
import { principal, type SignedIn } from '../session.ts';
import { answerTo, type Place } from './answer.tsx';
import type { Parts, WebEnv } from './env.ts';

const SHORTCUTS: readonly ShortcutName[] = ['add-to-timeline', 'read-as-log', 'keep-as-evidence', 'ask-about-this'];
const KEY = /^[A-Za-z0-9-]{8,64}$/;

/** A request that cannot be carried out, with the sentence for the person. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: 400 | 403 | 404 | 413 | 503;
  constructor(status: Refused['status'], sentence: string) {
    super(sentence);
    this.status = status;
  }
}

type Body = Readonly<Record<string, unknown>>;
const textOf = (body: Body, name: string): string => (typeof body[name] === 'string' ? body[name] : '');

/** POST /api/...: anti-forgery and throttling have passed already. */
export function actionRoutes(parts: Parts): Hono<WebEnv> {
  const { settings, hub } = parts;
  const { store } = settings;
  const app = new Hono<WebEnv>();
  const at = (): string => new Date(settings.now()).toISOString();

  function bot(): Desk {
    const found = parts.desk();
    if (found === null) throw new Refused(503, 'Countersign is starting. Try again in a moment.');
    return found;
  }

  async function object(request: Request): Promise<Body> {
    const body = await readObject(request, SIZES.smallBodyBytes);
    if (body === null) throw new Refused(400, 'The page sent something that is no request. Reload it and try again.');
    return body;
  }

  /** The channel and thread a request names, when they are open to the person. */
  function placeFor(who: SignedIn, channel: string, thread: string, echo: string): Place {
    const id = channel === '' ? directId(who.person.id) : channel;
    if (!store.canSee(id, who.person.id))
      throw new Refused(404, 'There is no such channel here, or it is not open to you.');
    if (thread === '') return { channel: id, echo };
    const root = seenBy(who, thread);
    if (root.channel !== id || root.thread !== null) throw new Refused(404, 'There is no such thread in this channel.');
    return { channel: id, thread, echo };
  }

  function seenBy(who: SignedIn, id: string): WorkspaceMessage {
    const message = store.message(id);
    const isSeen =
      message !== null &&
      !message.isDeleted &&
      (message.onlyFor === null || message.onlyFor === who.person.id) &&
      store.canSee(message.channel, who.person.id);
    if (!isSeen) throw new Refused(404, 'This message is gone, or it is not open to you.');
    return message;
  }

  const keyOf = (key: string): string => {
    if (!KEY.test(key)) throw new Refused(400, 'The page sent no key for its request. Reload it and try again.');
    return key;
  };
  const came = (who: SignedIn, id: string, place: Pick<Place, 'channel' | 'thread'>) => ({
    id: `web:${who.person.id}:${id}`,
    actor: principal(who.person),
    conversation: conversation(place.channel),
    ...(place.thread === undefined ? {} : { thread: place.thread }),
  });
  const handle = async (who: SignedIn, place: Place, event: ChatEvent, sent?: string) => {
    const reply: Reply = await bot().handle(event);
    return answerTo(parts, who, place, reply, sent);
  };

  /** Keeps what a person said, once for a key. */
  function keep(
    who: SignedIn,
    place: Place,
    key: string,
    text: string,
    files: readonly IncomingFile[],
  ): WorkspaceMessage {
    const { message, isNew } = store.add({
      id: settings.newId(),
      channel: place.channel,
      ...(place.thread === undefined ? {} : { thread: place.thread }),
      author: who.person.id,
      key: `said:${who.person.id}:${key}`,
      text,
      files: files.map((file) => ({ ...file, mediaType: 'application/octet-stream' })),
      sentAt: at(),
    });
    if (isNew) hub.messageChanged(message.id);
    return message;
  }

  const ref = (message: WorkspaceMessage) => ({ conversation: conversation(message.channel), id: message.id });

  /** `@mira` of somebody who is here, as the chat port writes people. */
  const withMentions = (text: string): string =>
    text.replace(/(^|[\s(,])@([A-Za-z0-9._-]{1,64})/g, (whole, before: string, name: string) => {
      const id = name.replace(/[.]+$/, '');
      return settings.people.some((person) => person.id === id) ? `${before}<@${id}>${name.slice(id.length)}` : whole;
    });

  /** The other way round, for text that is quoted as it was read. */
  const withNames = (text: string): string =>
    text.replace(/<@([A-Za-z0-9._-]{1,64})>/g, (whole, id: string) => {
      const person = settings.people.find((candidate) => candidate.id === id);
      return person === undefined ? whole : `@${person.label}`;
    });

  app.post('/say', async (c) => {
    const who = c.get('who');
    const body = await object(c.req.raw);
    const key = keyOf(textOf(body, 'key'));
    const typed = textOf(body, 'text');
    if (typed.trim() === '') throw new Refused(400, 'Nothing was typed, so nothing was sent.');
    if (typed.length > SIZES.messageCharacters)
      throw new Refused(
        413,
        `A message holds at most ${SIZES.messageCharacters.toLocaleString('en')} characters. Send this as a file: paste it again or attach it.`,
      );
    const root = settings.commandName;
    const isCommand = typed === root || typed.startsWith(`${root} `) || typed.startsWith(`${root}\n`);
    const place = placeFor(who, textOf(body, 'channel'), textOf(body, 'thread'), isCommand ? typed : '');
    if (isCommand) {
      const text = withMentions(typed.slice(root.length).trim());
      return c.json(await handle(who, place, { kind: 'command', ...came(who, key, place), text }));
    }
    const text = withMentions(typed);
    const message = keep(who, place, key, text, []);
    return c.json(
      await handle(who, place, { kind: 'message', ...came(who, key, place), text, ref: ref(message) }, message.id),
    );
  });

  app.post('/upload', async (c) => {
    const who = c.get('who');
    const query = (name: string): string => c.req.query(name) ?? '';
    const key = keyOf(query('key'));
    const place = placeFor(who, query('channel'), query('thread'), '');
    const bytes = await readLarge(c.req.raw, settings.maxFileBytes, settings.heldFolder);
    const name = query('name').slice(0, SIZES.fileNameCharacters).replace(/[/\\]/g, '_') || 'paste.log';
    const files = [{ name, bytes, isPaste: query('paste') === 'yes' }];
    const message = keep(who, place, key, '', files);
    const event: ChatEvent =
      query('as') === 'file'
        ? { kind: 'message', ...came(who, key, place), text: '', ref: ref(message), files }
        : { kind: 'command', ...came(who, key, place), text: 'log', files };
    return c.json(await handle(who, place, event, message.id));
  });

  app.post('/press', async (c) => {
    const who = c.get('who');
    const body = await object(c.req.raw);
    const id = textOf(body, 'message');
    const message = id === '' ? null : seenBy(who, id);
    const place =
      message === null
        ? placeFor(who, '', '', '')
        : { channel: message.channel, thread: message.thread ?? undefined, echo: '' };
    const event: ChatEvent = {
      kind: 'click',
      ...came(who, keyOf(textOf(body, 'key')), place),
      token: textOf(body, 'press'),
      message: message === null ? null : ref(message),
    };
    return c.json(await handle(who, place, event));
  });

  app.post('/submit', async (c) => {
    const who = c.get('who');
    const form = await readForm(c.req.raw, settings.maxFileBytes);
    if (form === null) throw new Refused(400, 'The page sent something that is no form. Reload it and try again.');
    const single = (name: string): string => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    const place = placeFor(who, single('_channel'), single('_thread'), '');
    const many = new Set(form.getAll(MANY));
    const values: Record<string, string | readonly string[]> = {};
    const files: IncomingFile[] = [];
    for (const name of new Set([...form.keys(), ...[...many].map(String)])) {
      if (name.startsWith('_')) continue;
      const all = form.getAll(name);
      for (const file of all)
        if (typeof file !== 'string' && file.size > 0)
          files.push({
            name: file.name.slice(0, SIZES.fileNameCharacters),
            bytes: new Uint8Array(await file.arrayBuffer()),
          });
      const texts = all.filter((value) => typeof value === 'string').map((text) => text.replaceAll('\r\n', '\n'));
      if (many.has(name)) values[name] = texts;
      else if (texts[0] !== undefined) values[name] = withMentions(texts[0]);
    }
    const event: ChatEvent = {
      kind: 'submit',
      ...came(who, keyOf(single('_key')), place),
      token: single('_submit'),
      values,
      ...(files.length > 0 ? { files } : {}),
    };
    return c.json(await handle(who, place, event));
  });

  /** A message as shortcuts and emoji quote it. */
  function quoted(message: WorkspaceMessage): QuotedMessage {
    const person = settings.people.find((candidate) => candidate.id === message.author);
    const [file] = store.files(message.id);
    // A message that is only a file says what the file says; one that is too large for that, its name.
    const small = file === undefined || 'path' in file.bytes ? null : file.bytes;
    const fileText =
      file === undefined || message.text !== '' ? '' : small ? new TextDecoder().decode(small) : file.name;
    return {
      ref: ref(message),
      author:
        message.author === null
          ? { platform: PLATFORM, tenant: TENANT, id: BOT_ID, label: 'Countersign', standing: 'bot' }
          : principal(person ?? { id: message.author, label: message.author }),
      text: message.view?.view.summary ?? (withNames(message.text) || fileText),
      sentAt: message.sentAt,
      ...(small === null ? {} : { bytes: new Uint8Array(small) }),
    };
  }

  app.post('/messages/:id/shortcut', async (c) => {
    const who = c.get('who');
    const body = await object(c.req.raw);
    const message = seenBy(who, c.req.param('id'));
    const shortcut = SHORTCUTS.find((name) => name === body['shortcut']);
    if (shortcut === undefined) throw new Refused(400, 'There is no such action on a message.');
    const place = { channel: message.channel, thread: message.thread ?? undefined, echo: '' };
    const event: ChatEvent = {
      kind: 'shortcut',
      ...came(who, keyOf(textOf(body, 'key')), place),
      shortcut,
      message: quoted(message),
      ...(store.files(message.id).some((file) => 'path' in file.bytes) ? { files: store.files(message.id) } : {}),
    };
    return c.json(await handle(who, place, event));
  });

  app.post('/messages/:id/reaction', async (c) => {
    const who = c.get('who');
    const body = await object(c.req.raw);
    const message = seenBy(who, c.req.param('id'));
    const emoji = textOf(body, 'emoji');
    if (!/^[a-z0-9_+-]{1,40}$/.test(emoji)) throw new Refused(400, 'There is no such emoji.');
    const isAdded = body['on'] === true;
    const place = { channel: message.channel, thread: message.thread ?? undefined, echo: '' };
    if (!store.react(message.id, who.person.id, emoji, isAdded)) return c.json({ kind: 'none', patches: [] });
    hub.messageChanged(message.id);
    const event: ChatEvent = {
      kind: 'reaction',
      ...came(who, keyOf(textOf(body, 'key')), place),
      emoji,
      isAdded,
      message: quoted(message),
    };
    return c.json(await handle(who, place, event, message.id));
  });

  app.post('/messages/:id/delete', async (c) => {
    const who = c.get('who');
    const body = await object(c.req.raw);
    const message = seenBy(who, c.req.param('id'));
    if (message.onlyFor === who.person.id) {
      store.remove(message.id, at());
      hub.messageGone(message);
      return c.json({ kind: 'none', patches: [{ id: `m-${message.id}`, parent: null, order: 0, html: '' }] });
    }
    if (message.author !== who.person.id) throw new Refused(403, 'Only the person who wrote a message can delete it.');
    store.remove(message.id, at());
    hub.messageChanged(message.id);
    const place = { channel: message.channel, thread: message.thread ?? undefined, echo: '' };
    const event: ChatEvent = {
      kind: 'source-changed',
      ...came(who, keyOf(textOf(body, 'key')), place),
      ref: ref(message),
      change: 'deleted',
    };
    return c.json(await handle(who, place, event, message.id));
  });

  app.post('/people', async (c) => {
    const who = c.get('who');
    const body = await object(c.req.raw);
    const place = placeFor(who, textOf(body, 'channel'), '', '');
    const channel = store.channel(place.channel);
    const person = settings.people.find((candidate) => candidate.id === body['person']);
    if (channel === null || channel.kind !== 'channel' || !channel.isPrivate)
      throw new Refused(400, 'Everybody here sees this channel already.');
    if (person === undefined) throw new Refused(404, 'Nobody here has that name. Choose a person from the list.');
    // On record before it happens: what cannot be recorded lets nobody in.
    const event: ChatEvent = { kind: 'invited', ...came(who, settings.newId(), place), person: principal(person) };
    const answer = await handle(who, place, event);
    if (answer.kind === 'none' && store.invite(channel.id, person.id)) hub.channelCreated(channel, person.id);
    return c.json(answer);
  });

  app.post('/read', async (c) => {
    const who = c.get('who');
    const place = placeFor(who, textOf(await object(c.req.raw), 'channel'), '', '');
    store.markRead(place.channel, who.person.id);
    return c.json({ kind: 'none', patches: [] });
  });

  app.get('/complete', (c) => {
    const text = (c.req.query('text') ?? '').slice(0, 200);
    const at = /(?:^|\s)@([A-Za-z0-9._-]*)$/.exec(text);
    if (at === null) return c.json(parts.desk()?.complete(text) ?? []);
    const [, typed = ''] = at;
    const wanted = typed.toLowerCase();
    const before = text.slice(0, text.length - typed.length);
    const people = settings.people.filter(({ id, label }) =>
      `${id} ${label}`
        .toLowerCase()
        .split(' ')
        .some((word) => word.startsWith(wanted)),
    );
    return c.json(people.slice(0, 10).map(({ id, label }) => ({ insert: `${before}${id}`, summary: label })));
  });
  return app;
}
