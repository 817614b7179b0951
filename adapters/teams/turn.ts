// One activity that may be believed: understood, handed to the desk, answered.
import type { LostDelivery } from '../../src/chat/given-up.ts';
import type { ChatEvent, Conversation, Desk, IncomingFile } from '../../src/chat/types.ts';
import { download, FILE_INFO, FileRefused, type Outbound } from './files.ts';
import { arrivalKey, type Inbox } from './inbox.ts';
import { type Came, deliveredOf, type Marks } from './marks.ts';
import type { Memory } from './memory.ts';
import type { Network, TeamsOptions } from './options.ts';
import { DEVELOPMENT_TENANT } from './options.ts';
import { conversationOf, kindOf, readActivity, type TeamsActivity, tenantOf, threadOf } from './parse/activity.ts';
import { readCommand, readWords } from './parse/message.ts';
import { invokeData, type Press, readPress } from './parse/press.ts';
import { shortcutSaid } from './parse/quoted.ts';
import type { People } from './people.ts';
import type { Replies } from './reply.ts';
import type { Sender } from './send.ts';
import { plainView } from './words.ts';

/** What the HTTP answer says. */
export interface Answered {
  readonly status: number;
  readonly body?: unknown;
}

export interface TurnParts {
  readonly options: TeamsOptions;
  readonly network: Network;
  readonly memory: Memory;
  readonly people: People;
  readonly sender: Sender;
  readonly outbound: Outbound;
  readonly replies: Replies;
  readonly marks: Marks;
  readonly inbox: Inbox;
}

const OK: Answered = { status: 200 };
const GUID = /^[0-9a-f-]{36}$/;

/** Delivered now, or kept and not finished before. */
type When = 'now' | 'again';

type Told = Pick<LostDelivery, 'event' | 'kind' | 'author' | 'conversation' | 'words'>;

/** An event that names nobody, or says too little to be told from its own repetition. */
export class NotIdentified extends Error {
  override readonly name = 'NotIdentified';
  readonly code: 'no-object-id' | 'no-activity-id';

  constructor(code: NotIdentified['code']) {
    super(code);
    this.code = code;
  }
}

export class Turns {
  readonly #parts: TurnParts;

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  /** Takes one activity, once however often it comes. Throws NotIdentified when nobody can be held to it. */
  async take(activity: TeamsActivity, desk: Desk): Promise<Answered> {
    const { inbox } = this.#parts;
    const key = arrivalKey(activity, this.#tenant(activity));
    try {
      return await inbox.once(key, activity, () => this.#handle(activity, desk, 'now'));
    } catch (error) {
      if (error instanceof NotIdentified) await inbox.drop(key);
      throw error;
    }
  }

  /** Gives a function that handles what was kept and not finished; answers to presses come in the private chat then. */
  rounds(desk: Desk): () => Promise<void> {
    const { inbox, options } = this.#parts;
    return inbox.rounds({
      now: options.now,
      log: options.log,
      work: async (body) => {
        const activity = readActivity(body);
        if (activity)
          await this.#handle(activity, desk, 'again').catch((error: unknown) => {
            if (!(error instanceof NotIdentified)) throw error;
          });
      },
      lost: ({ id, body, atMs, tries }, why) =>
        desk.giveUp({ platform: 'teams', id, ...this.#told(body), atMs, tries, why }),
    });
  }

  /** What a delivery that was never handled says of itself. It may be the reading of it that fails. */
  #told(body: string): Told {
    let activity: TeamsActivity | null = null;
    try {
      activity = readActivity(JSON.parse(body));
    } catch {}
    if (!activity) return { event: '', kind: 'unknown', author: null, conversation: null, words: '' };
    const tenant = this.#tenant(activity);
    const conversation = conversationOf(activity, tenant);
    const id = (activity.from?.aadObjectId ?? '').trim().toLowerCase();
    const isPress = activity.value !== undefined && readPress(activity.value) !== null;
    const bot = activity.recipient?.id;
    const isForUs =
      kindOf(activity) === 'personal' ||
      activity.recipient?.isTargeted === true ||
      activity.entities?.some((e) => e.mentioned?.id !== undefined && e.mentioned.id === bot) === true;
    return {
      event: eventId(tenant, conversation, activity),
      kind: isPress
        ? 'click'
        : isForUs || activity.type !== 'message'
          ? (KINDS[activity.type] ?? 'unknown')
          : 'message',
      author: id === '' ? null : { platform: 'teams', tenant, id, label: (activity.from?.name ?? id).slice(0, 120) },
      conversation,
      words: isPress ? '' : (activity.text ?? '').replace(/<[^<>]{0,200}>/g, ' '),
    };
  }

  async #handle(activity: TeamsActivity, desk: Desk, when: When): Promise<Answered> {
    await this.#keepReference(activity);
    switch (activity.type) {
      case 'message':
        return this.#message(activity, desk, when);
      case 'invoke':
        return this.#invoke(activity, desk, when);
      case 'messageReaction':
        return this.#reaction(activity, desk);
      case 'messageUpdate':
      case 'messageDelete':
        return this.#sourceChanged(activity, desk);
      case 'conversationUpdate':
        return this.#conversationChanged(activity, desk);
      case 'installationUpdate':
        return this.#installed(activity, desk);
      default:
        return OK;
    }
  }

  #tenant(activity: TeamsActivity): string {
    return this.#parts.options.isDevelopment ? DEVELOPMENT_TENANT : tenantOf(activity);
  }

  async #keepReference(activity: TeamsActivity): Promise<void> {
    const tenant = this.#tenant(activity);
    await this.#parts.memory.keepReference(conversationOf(activity, tenant).id, {
      serviceUrl: activity.serviceUrl,
      tenant,
      kind: kindOf(activity),
    });
  }

  /** Who did it: tenant and AAD object id, or nobody. */
  async #came(activity: TeamsActivity): Promise<Came> {
    const tenant = this.#tenant(activity);
    const conversation = conversationOf(activity, tenant);
    const id = (activity.from?.aadObjectId ?? '').trim().toLowerCase();
    const isId = this.#parts.options.isDevelopment ? id !== '' : GUID.test(id);
    if (!activity.from || !isId) throw new NotIdentified('no-object-id');
    if (!activity.id) throw new NotIdentified('no-activity-id');
    const { memory, people } = this.#parts;
    await memory.keepPerson({
      id,
      tenant,
      userId: activity.from.id,
      label: (activity.from.name ?? id).slice(0, 120),
      seenIn: conversation.id,
      ...(kindOf(activity) === 'personal' ? { direct: conversation.id } : {}),
    });
    const isBot = activity.from.id.startsWith('28:') || activity.from.role === 'bot' || activity.from.role === 'skill';
    const thread = threadOf(activity);
    return {
      id: eventId(tenant, conversation, activity),
      actor: {
        platform: 'teams',
        tenant,
        id,
        label: (activity.from.name ?? id).slice(0, 120),
        standing: isBot ? 'bot' : await people.standing({ tenant, id }),
      },
      conversation,
      ...(thread === undefined ? {} : { thread }),
    };
  }

  async #message(activity: TeamsActivity, desk: Desk, when: When): Promise<Answered> {
    const { options, memory, replies, sender, marks } = this.#parts;
    const came = await this.#came(activity);
    const isPersonal = kindOf(activity) === 'personal';
    const press = activity.value === undefined ? null : readPress(activity.value);
    if (press) {
      await this.#pressed(activity, came, press, desk, 'message', when);
      return OK;
    }
    const said = await readWords(activity, (userId) => memory.objectId(came.actor.tenant, userId));
    const attachments = (activity.attachments ?? []).filter((a) => a.contentType !== 'text/html');
    if (!isPersonal && !said.mentionsBot && activity.recipient?.isTargeted !== true) {
      if (options.capturesAll) await marks.hear(came, activity, said.text, desk);
      return OK;
    }
    const shortcut = shortcutSaid(said.text);
    if (shortcut !== null && came.thread !== undefined && came.thread !== activity.id) {
      const reply = await marks.byReply(came, shortcut, desk);
      if (reply === null) await replies.tell(came, plainView(options.capturesAll ? NOT_SEEN : NOT_READ));
      else await replies.byMessage(came, reply);
      return OK;
    }
    if (!isPersonal && attachments.length > 0) {
      await replies.tell(came, plainView(CHANNEL_FILES));
      if (said.text === '') return OK;
    }
    const files: IncomingFile[] = [];
    if (isPersonal) {
      try {
        for (const a of attachments.filter((a) => a.contentType === FILE_INFO))
          files.push(await download(a, this.#parts.network, options.maxFileBytes));
      } catch (error) {
        if (!(error instanceof FileRefused)) throw error;
        await replies.tell(came, plainView(error.message));
        return OK;
      }
    }
    const delivered = deliveredOf(activity);
    const { text, paste } = readCommand(said.text, options.command, delivered);
    if (isPersonal && files.length === 0 && (text === '' || /^home$/i.test(text))) {
      await sender.show(came.conversation.id, await desk.home(came.actor), { key: `home/${came.id}` });
      return OK;
    }
    const all = [...files, ...(paste ? [paste] : [])];
    const command: ChatEvent = {
      kind: 'command',
      ...came,
      text: text === '' && all.length > 0 ? 'log' : text,
      ...(delivered === text ? {} : { delivered }),
      ...(all.length > 0 ? { files: all } : {}),
    };
    await replies.byMessage(came, await desk.handle(command, { isAgain: when === 'again' }));
    return OK;
  }

  async #invoke(activity: TeamsActivity, desk: Desk, when: When): Promise<Answered> {
    const { marks, replies } = this.#parts;
    const came = await this.#came(activity);
    switch (activity.name) {
      case 'fileConsent/invoke':
        return replies.consent(came, activity);
      case 'composeExtension/fetchTask':
      case 'composeExtension/submitAction': {
        const reply = await marks.byMenu(came, activity, desk);
        return reply === null ? replies.dialog(OLD_BUTTON) : replies.byDialog(came, reply);
      }
      case 'adaptiveCard/action': {
        const press = readPress(invokeData(activity.value));
        if (!press) return replies.fault('BadRequest', OLD_BUTTON);
        return this.#pressed(activity, came, press, desk, when === 'again' ? 'message' : 'invoke', when);
      }
      default:
        return { status: 501 };
    }
  }

  async #reaction(activity: TeamsActivity, desk: Desk): Promise<Answered> {
    const came = await this.#came(activity);
    for (const reply of await this.#parts.marks.byEmoji(came, activity, desk))
      await this.#parts.replies.byMessage(came, reply);
    return OK;
  }

  async #pressed(
    activity: TeamsActivity,
    came: Came,
    press: Press,
    desk: Desk,
    how: 'invoke' | 'message',
    when: When,
  ): Promise<Answered> {
    const { memory, replies } = this.#parts;
    const here = came.conversation;
    const stands = activity.replyToId ? await memory.whole(here.id, activity.replyToId) : null;
    if (press.countersign === 'back' || press.countersign === 'refresh')
      return replies.standing(here.id, stands, how, came);
    if (press.countersign === 'file') return replies.file(came, press.token, how);
    // An answer that had to go to the private chat belongs to where the question was asked.
    const aside = stands === null ? null : await memory.aside(here.id, stands);
    const conversation = aside ?? here;
    const message = stands === null ? null : { conversation, id: stands };
    const event: ChatEvent =
      press.countersign === 'press'
        ? { kind: 'click', ...came, conversation, token: press.token, message }
        : { kind: 'submit', ...came, conversation, token: press.token, values: press.values };
    const reply = await desk.handle(event, { isAgain: when === 'again' });
    if (how === 'message') await replies.byMessage({ ...came, conversation }, reply, press);
    else return replies.byAnswer({ ...came, conversation }, reply, press, { here: here.id, stands });
    return OK;
  }

  async #sourceChanged(activity: TeamsActivity, desk: Desk): Promise<Answered> {
    const came = await this.#came(activity);
    const { text } = await readWords(activity, (userId) => this.#parts.memory.objectId(came.actor.tenant, userId));
    await this.#parts.marks.changed(came, activity, text);
    await desk.handle({
      kind: 'source-changed',
      ...came,
      id: `${came.id}/${activity.timestamp ?? ''}`,
      ref: { conversation: came.conversation, id: activity.id as string },
      change: activity.type === 'messageDelete' ? 'deleted' : 'edited',
    });
    return OK;
  }

  async #conversationChanged(activity: TeamsActivity, desk: Desk): Promise<Answered> {
    const change = CHANGES[activity.channelData?.eventType ?? ''];
    const isBotGone = activity.membersRemoved?.some((m) => m.id === activity.recipient?.id) === true;
    if (change !== undefined || isBotGone) {
      const came = await this.#came(activity).catch(() => null);
      if (came) await desk.handle({ kind: 'conversation-changed', ...came, change: change ?? 'bot-removed' });
    }
    return OK;
  }

  async #installed(activity: TeamsActivity, desk: Desk): Promise<Answered> {
    const came = await this.#came(activity);
    const { sender } = this.#parts;
    if (activity.action?.startsWith('remove')) {
      await desk.handle({ kind: 'conversation-changed', ...came, change: 'bot-removed' });
      return OK;
    }
    if (kindOf(activity) === 'personal')
      await sender.show(came.conversation.id, await desk.home(came.actor), { key: `home/${came.id}` });
    else await sender.show(came.conversation.id, plainView(WELCOME), { key: `welcome/${came.id}` });
    return OK;
  }
}

/** Of a delivery, what it was; anything else was nobody's wish. */
const KINDS: Readonly<Record<string, LostDelivery['kind']>> = {
  message: 'command',
  invoke: 'click',
  messageReaction: 'reaction',
  messageUpdate: 'source-changed',
  messageDelete: 'source-changed',
  conversationUpdate: 'conversation-changed',
  installationUpdate: 'met',
};

const eventId = (tenant: string, conversation: Conversation, activity: TeamsActivity): string =>
  `teams/${tenant}/${conversation.id}/${activity.type}/${activity.id}`;

const CHANGES: Readonly<Record<string, 'renamed' | 'archived' | 'deleted'>> = {
  channelRenamed: 'renamed',
  channelDeleted: 'deleted',
  teamArchived: 'archived',
  teamDeleted: 'deleted',
};

const OLD_BUTTON = 'This button is from an older version. Ask for the card again.';

const NOT_SEEN =
  'I have not seen the message at the top of this thread, so there is nothing to take. Use the menu on the message (More actions, Countersign), or paste its lines below the word log.';

const NOT_READ =
  'I read only messages that mention me, so I do not know the one at the top of this thread. Use the menu on the message (More actions, Countersign), or paste its lines below the word log.';

const CHANNEL_FILES =
  'Teams gives an app no files of a channel. Send the file to Countersign in your private chat with it, with the words: the key of the incident and log, such as INC-1 log. Or paste the lines here below the word log.';

const WELCOME =
  'Countersign is here. Mention it to talk to it: "open" starts an incident in this channel, "help" shows everything, "help demo" makes a sample incident to try. Answers for one person come in their private chat with it, so add it there too (Apps, Countersign, Add). Who may do what stands in the organisation\u2019s file; remove the app from this team to switch it off.';
