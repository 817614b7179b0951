// The Web API of FakeSlack: keeps what a workspace keeps and refuses what Slack would.
import { randomBytes } from 'node:crypto';
import { LIVES } from '../../adapters/slack/limits.ts';
import { isObject, listAt, objectAt, type Payload, textAt } from '../../adapters/slack/parse/payload.ts';
import { checkSlack } from './check-slack.ts';

export const newId = (prefix: string): string => prefix + randomBytes(5).toString('hex').toUpperCase();

export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly team_id?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
}

export interface SlackMessage extends Record<string, unknown> {
  readonly channel: string;
  readonly ts: string;
  text: string;
  blocks: readonly Payload[];
  readonly thread_ts?: string;
  readonly user?: string;
  /** Only this person sees it. */
  readonly onlyFor?: string;
  readonly files?: readonly Payload[];
}

export interface SlackFile {
  readonly meta: Payload;
  readonly bytes: Buffer;
}

export interface SlackView extends Record<string, unknown> {
  readonly id: string;
  readonly for: string;
  isOpen: boolean;
}

export const TEAM = 'T0EXAMPLE';
export const BOT = 'U0BOT';
export const APP = 'A0EXAMPLE';

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly members: Set<string>;
  isArchived: boolean;
  /** Slack Connect: people of other organisations read it. */
  isExternallyShared?: boolean;
  readonly creator?: string;
}

/** What a workspace holds. `now` gives milliseconds. */
export class SlackWorkspace {
  readonly users = new Map<string, SlackUser>();
  readonly channels = new Map<string, SlackChannel>();
  readonly messages: SlackMessage[] = [];
  readonly views: SlackView[] = [];
  readonly homes = new Map<string, Payload>();
  readonly files = new Map<string, SlackFile>();
  readonly uploads = new Map<string, { readonly name: string; bytes: Buffer; channel?: string; thread?: string }>();
  readonly triggers = new Map<string, { readonly user: string; readonly atMs: number; isUsed: boolean }>();
  readonly pins: { channel: string; timestamp: string }[] = [];
  readonly directs = new Map<string, string>();
  /** Faults of payloads that were refused. */
  readonly refused: string[] = [];
  scopes: string[] = [];
  base = '';
  #next = 0;
  #theirs: Payload | null = null;
  readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
    this.addChannel('C0LOBBY', 'general');
  }

  addChannel(id: string, name: string, isPrivate = false, creator = 'U0ADMIN'): void {
    this.channels.set(id, { id, name, isPrivate, members: new Set([BOT]), isArchived: false, creator });
  }

  /** Does something under the ids of an answer that somebody else gave. */
  under<Done>(theirs: Payload | null, work: () => Done): Done {
    this.#theirs = theirs;
    try {
      return work();
    } finally {
      this.#theirs = null;
    }
  }

  #id(prefix: string, ...path: readonly string[]): string {
    return textAt(this.#theirs, ...path) || newId(prefix);
  }

  /** A timestamp that nobody else has. */
  ts(): string {
    const theirs = textAt(this.#theirs, 'ts') || textAt(this.#theirs, 'message_ts');
    if (theirs !== '') return theirs;
    this.#next += 1;
    return `${Math.floor(this.now() / 1000)}.${String(this.#next).padStart(6, '0')}`;
  }

  direct(user: string): string {
    const known = this.directs.get(user);
    if (known) return known;
    const id = this.#id('D', 'channel', 'id');
    this.directs.set(user, id);
    this.channels.set(id, { id, name: '', isPrivate: true, members: new Set([BOT, user]), isArchived: false });
    return id;
  }

  /** Somebody says something; it stands in history, whether it is delivered or not. */
  say(user: string, channel: string, text: string, more: Readonly<Record<string, unknown>> = {}): SlackMessage {
    const message = { channel, ts: this.ts(), text, blocks: [], user, type: 'message', ...more } as SlackMessage;
    this.messages.push(message);
    return message;
  }

  addFile(name: string, bytes: Buffer, more: Readonly<Record<string, unknown>> = {}): Payload {
    const id = typeof more['id'] === 'string' ? more['id'] : newId('F');
    const url = `${this.base}/files-pri/${TEAM}-${id}/${encodeURIComponent(name)}`;
    const meta = {
      id,
      name,
      title: name,
      mimetype: 'text/plain',
      filetype: 'text',
      mode: 'snippet',
      size: bytes.length,
      url_private: url,
      url_private_download: url,
      preview: bytes.subarray(0, 200).toString(),
      file_access: 'visible',
      ...more,
    };
    this.files.set(id, { meta, bytes });
    return meta;
  }

  trigger(user: string, id: string = newId('tr')): string {
    this.triggers.set(id, { user, atMs: this.now(), isUsed: false });
    return id;
  }

  #useTrigger(id: string): { readonly user: string } | string {
    const trigger = this.triggers.get(id);
    if (!trigger) return 'invalid_trigger_id';
    if (trigger.isUsed) return 'exchanged_trigger_id';
    if (this.now() - trigger.atMs > LIVES.triggerMs) return 'expired_trigger_id';
    trigger.isUsed = true;
    return trigger;
  }

  #message(args: Payload, more: Readonly<Record<string, unknown>> = {}): Payload {
    const channel = textAt(args, 'channel');
    const known = this.channels.get(channel);
    if (!known) return { ok: false, error: 'channel_not_found' };
    if (known.isArchived) return { ok: false, error: 'is_archived' };
    const faults = checkSlack('message', args);
    if (faults.length > 0) {
      this.refused.push(...faults);
      const error = faults.some((f) => f.includes('msg_blocks_too_long')) ? 'msg_blocks_too_long' : 'invalid_blocks';
      return { ok: false, error, response_metadata: { messages: faults } };
    }
    const message = {
      type: 'message',
      user: BOT,
      bot_id: 'B0BOT',
      ts: this.ts(),
      blocks: [],
      ...args,
      ...more,
    } as unknown as SlackMessage;
    this.messages.push(message);
    return { ok: true, channel, ts: message.ts, message_ts: message.ts, message };
  }

  #view(args: Payload, user: string): Payload {
    const given = objectAt(args, 'view');
    const faults = checkSlack('modal', given);
    if (faults.length > 0) {
      this.refused.push(...faults);
      return { ok: false, error: 'invalid_arguments', response_metadata: { messages: faults } };
    }
    const view = {
      ...given,
      id: this.#id('V', 'view', 'id'),
      hash: newId('h'),
      for: user,
      isOpen: true,
      state: { values: {} },
    } as unknown as SlackView;
    this.views.push(view);
    return { ok: true, view };
  }

  readonly methods: Readonly<Record<string, (args: Payload) => Payload>> = {
    'auth.test': () => ({
      ok: true,
      team: 'Example Outfitters',
      user: 'countersign',
      team_id: TEAM,
      user_id: BOT,
      bot_id: 'B0BOT',
      is_enterprise_install: false,
    }),
    'chat.postMessage': (args) => this.#message(args),
    'chat.postEphemeral': (args) => this.#message(args, { onlyFor: textAt(args, 'user'), user: BOT }),
    'chat.update': (args) => {
      const message = this.messages.find((m) => m.channel === args['channel'] && m.ts === args['ts'] && !m.onlyFor);
      if (!message) return { ok: false, error: 'message_not_found' };
      const faults = checkSlack('message', args);
      if (faults.length > 0) {
        this.refused.push(...faults);
        return { ok: false, error: 'invalid_blocks', response_metadata: { messages: faults } };
      }
      message.text = textAt(args, 'text');
      message.blocks = listAt(args, 'blocks') as readonly Payload[];
      message['edited'] = Number(message['edited'] ?? 0) + 1;
      return { ok: true, channel: message.channel, ts: message.ts, text: message.text };
    },
    'views.open': (args) => {
      const trigger = this.#useTrigger(textAt(args, 'trigger_id'));
      return typeof trigger === 'string' ? { ok: false, error: trigger } : this.#view(args, trigger.user);
    },
    'views.update': (args) => {
      const view = this.views.find((v) => v.id === args['view_id'] && v.isOpen);
      if (!view) return { ok: false, error: 'not_found' };
      const faults = checkSlack('modal', args['view']);
      this.refused.push(...faults);
      if (faults.length > 0) return { ok: false, error: 'invalid_arguments', response_metadata: { messages: faults } };
      const { submit: _submit, ...kept } = view;
      for (const name of Object.keys(view)) if (!(name in { ...kept, submit: 1 })) delete view[name];
      delete view['submit'];
      Object.assign(view, args['view'], { hash: newId('h') });
      return { ok: true, view };
    },
    'views.publish': (args) => {
      const faults = checkSlack('home', args['view']);
      this.refused.push(...faults);
      if (faults.length > 0) return { ok: false, error: 'invalid_arguments', response_metadata: { messages: faults } };
      this.homes.set(textAt(args, 'user_id'), objectAt(args, 'view'));
      return { ok: true };
    },
    'users.info': (args) => {
      const user = this.users.get(textAt(args, 'user'));
      return user
        ? {
            ok: true,
            user: {
              team_id: TEAM,
              deleted: false,
              is_bot: false,
              is_restricted: false,
              is_ultra_restricted: false,
              tz: 'Europe/Berlin',
              profile: { display_name: user.name },
              ...user,
            },
          }
        : { ok: false, error: 'user_not_found' };
    },
    'users.conversations': () => ({
      ok: true,
      channels: [...this.channels.values()]
        .filter((c) => c.members.has(BOT) && !c.isArchived)
        .map((c) => ({ id: c.id, name: c.name, creator: c.creator ?? '' })),
    }),
    'conversations.info': (args) => {
      const channel = this.channels.get(textAt(args, 'channel'));
      return channel
        ? {
            ok: true,
            channel: {
              id: channel.id,
              name: channel.name,
              is_private: channel.isPrivate,
              is_archived: channel.isArchived,
              is_ext_shared: channel.isExternallyShared ?? false,
            },
          }
        : { ok: false, error: 'channel_not_found' };
    },
    'conversations.open': (args) => ({ ok: true, channel: { id: this.direct(textAt(args, 'users')) } }),
    'conversations.create': (args) => {
      const name = textAt(args, 'name');
      if ([...this.channels.values()].some((c) => c.name === name)) return { ok: false, error: 'name_taken' };
      if (!/^[a-z0-9_-]{1,80}$/.test(name)) return { ok: false, error: 'invalid_name' };
      const id = this.#id('C', 'channel', 'id');
      this.addChannel(id, name, args['is_private'] === true || args['is_private'] === 'true', BOT);
      return { ok: true, channel: { id, name } };
    },
    'conversations.invite': (args) => {
      const channel = this.channels.get(textAt(args, 'channel'));
      for (const user of textAt(args, 'users').split(',')) channel?.members.add(user);
      return channel ? { ok: true, channel: { id: channel.id } } : { ok: false, error: 'channel_not_found' };
    },
    'conversations.history': (args) => this.#history(args, (m) => m.thread_ts === undefined || m.thread_ts === m.ts),
    'conversations.replies': (args) => this.#history(args, (m) => m.thread_ts === args['ts'] || m.ts === args['ts']),
    'pins.add': (args) => {
      this.pins.push({ channel: textAt(args, 'channel'), timestamp: textAt(args, 'timestamp') });
      return { ok: true };
    },
    'files.info': (args) => {
      const file = this.files.get(textAt(args, 'file'));
      return file
        ? { ok: true, file: { ...file.meta, file_access: 'visible' } }
        : { ok: false, error: 'file_not_found' };
    },
    'files.getUploadURLExternal': (args) => {
      const id = this.#id('F', 'file_id');
      this.uploads.set(id, { name: textAt(args, 'filename'), bytes: Buffer.alloc(0) });
      return { ok: true, file_id: id, upload_url: `${this.base}/upload/v1/${id}` };
    },
    'files.completeUploadExternal': (args) => {
      for (const given of listAt(args, 'files')) {
        const upload = this.uploads.get(textAt(given, 'id'));
        if (!upload) return { ok: false, error: 'file_not_found' };
        upload.channel = textAt(args, 'channel_id');
        upload.thread = textAt(args, 'thread_ts');
      }
      return {
        ok: true,
        files: listAt(args, 'files').map((f) => ({ id: textAt(f, 'id'), title: textAt(f, 'title') })),
      };
    },
  };

  #history(args: Payload, isIn: (m: SlackMessage) => boolean): Payload {
    const channel = textAt(args, 'channel');
    if (!this.channels.has(channel)) return { ok: false, error: 'channel_not_found' };
    const oldest = Number(args['oldest'] ?? 0);
    const latest = Number(args['latest'] ?? Number.MAX_SAFE_INTEGER);
    const isInclusive = args['inclusive'] === true || args['inclusive'] === 'true';
    const within = (ts: number): boolean => (isInclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest);
    const start = Number(textAt(args, 'cursor') || 0);
    const end = start + Number(args['limit'] ?? 100);
    const all = this.messages
      .filter((m) => m.channel === channel && !m.onlyFor && isIn(m) && within(Number(m.ts)))
      .reverse();
    const found = all.slice(start, end).map((m) => {
      const replies = this.messages.filter((r) => r.thread_ts === m.ts && r.ts !== m.ts);
      return { ...m, ...(replies.length > 0 ? { reply_count: replies.length, latest_reply: replies.at(-1)?.ts } : {}) };
    });
    const more = all.length > end ? { response_metadata: { next_cursor: String(end) } } : {};
    return { ok: true, messages: found, has_more: all.length > end, ...more };
  }
}

/** Arguments of a call: JSON, or form fields with JSON inside. */
export function readArgs(contentType: string, raw: Buffer): Payload {
  if (contentType.includes('json')) {
    const read: unknown = raw.length > 0 ? JSON.parse(raw.toString()) : {};
    return isObject(read) ? read : {};
  }
  return Object.fromEntries(
    [...new URLSearchParams(raw.toString())].map(([name, value]) => {
      if (value === 'true' || value === 'false') return [name, value === 'true'];
      if (/^[[{]/.test(value) && name !== 'text') {
        try {
          return [name, JSON.parse(value) as unknown];
        } catch {
          return [name, value];
        }
      }
      return [name, value];
    }),
  );
}

/** The bytes of an upload: the body itself, or the file in a form. */
export async function uploadedBytes(contentType: string, raw: Buffer): Promise<Buffer> {
  if (!contentType.startsWith('multipart/')) return raw;
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } }).formData();
  for (const [, value] of form) if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  return Buffer.alloc(0);
}
