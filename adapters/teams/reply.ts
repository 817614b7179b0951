// How a person gets what the desk answered: in the answer to their press, for their eyes alone, or in their private chat.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { accountKey } from '../../src/chat/actor.ts';
import { placeOf } from '../../src/chat/tokens.ts';
import type {
  Conversation,
  DeliverableForm,
  DeliverableView,
  OutgoingFile,
  Principal,
  Reply,
} from '../../src/chat/types.ts';
import { buttonsOf } from '../../src/view/build.ts';
import { reveal } from '../../src/view/escape.ts';
import { ConnectorError } from './connector.ts';
import { FileRefused, type Outbound } from './files.ts';
import { LIMITS } from './limits.ts';
import type { Memory } from './memory.ts';
import type { TeamsOptions } from './options.ts';
import type { TeamsActivity } from './parse/activity.ts';
import type { Press } from './parse/press.ts';
import type { People } from './people.ts';
import { CARD_TYPE, cardsOf, summaryOf } from './render/card.ts';
import { formCard } from './render/form.ts';
import type { Json } from './render/prose.ts';
import type { Sender } from './send.ts';
import type { Answered } from './turn.ts';
import { answerText, plainView } from './words.ts';

export interface ReplyParts {
  readonly options: TeamsOptions;
  readonly memory: Memory;
  readonly sender: Sender;
  readonly people: People;
  readonly outbound: Outbound;
  /** Bytes that a view names, or null. */
  readonly blob: (sha256: string) => Promise<Uint8Array | null>;
}

/** Who is answered, and where they spoke. */
export interface Asker {
  readonly actor: Principal;
  readonly conversation: Conversation;
  readonly thread?: string;
}

const MESSAGE_TYPE = 'application/vnd.microsoft.activity.message';
const KEPT_FORMS = 500;
const LONGEST_WAIT_MS = 5_000;
const RESTARTED =
  'Countersign was started again since this was shown. Leave this conversation and come back to see the card.';
const IN_PRIVATE = 'I sent it to our private chat.';

const consentSchema = z.object({
  action: z.enum(['accept', 'decline']),
  context: z.object({ countersign: z.literal('file'), token: z.string().max(200) }),
  uploadInfo: z.object({ uploadUrl: z.string().max(8_000) }).optional(),
});

const invoked = (type: string, value: unknown): Answered => ({ status: 200, body: { statusCode: 200, type, value } });

/** Text may be read as Markdown by some clients: what could be goes as a card instead. */
const isPlainEnough = (text: string): boolean =>
  text.length <= LIMITS.answerText && !/[\\`*_[\]<>#|~]|:\/\/|www\./.test(text) && reveal(text) === text;

export class Replies {
  readonly #parts: ReplyParts;
  // Forms that are open, by the hash of their token, to show them again with what is wrong.
  readonly #forms = new Map<string, DeliverableForm>();

  constructor(parts: ReplyParts) {
    this.#parts = parts;
  }

  fault(code: string, message: string): Answered {
    return {
      status: 200,
      body: { statusCode: 400, type: 'application/vnd.microsoft.error', value: { code, message } },
    };
  }

  /** A dialog with one sentence. */
  dialog(text: string): Answered {
    return { status: 200, body: { task: { type: 'message', value: text } } };
  }

  /** Answers an entry of a message's menu: a sentence in its dialog, everything longer in the private chat. */
  async byDialog(asker: Asker, reply: Reply): Promise<Answered> {
    if (reply.kind === 'none') return this.dialog('Taken.');
    if (reply.kind === 'private' && !reply.file && buttonsOf(reply.view.view).length === 0) {
      const text = answerText(reply.view);
      if (isPlainEnough(text)) return this.dialog(text);
    }
    await this.byMessage(asker, reply);
    return this.dialog(IN_PRIVATE);
  }

  #said(text: string): Answered {
    return isPlainEnough(text) ? invoked(MESSAGE_TYPE, text) : this.#carded(plainView(text), false);
  }

  #carded(view: DeliverableView, hasBack: boolean): Answered {
    const [only] = cardsOf(view, { hasBack, banner: this.#parts.sender.banner });
    return invoked(CARD_TYPE, only);
  }

  #keepForm(form: DeliverableForm): void {
    this.#forms.set(hash(form.token), form);
    if (this.#forms.size > KEPT_FORMS) this.#forms.delete(this.#forms.keys().next().value as string);
  }

  /** The private chat of an asker, and whether it is where they spoke. */
  async #chat({ actor, conversation }: Asker): Promise<{ readonly id: string; readonly isHere: boolean }> {
    const id = await this.#parts.sender.direct(actor.tenant, actor.id);
    return { id, isHere: id === conversation.id };
  }

  /** Sends to the private chat. What is pressed there counts as pressed where the question was asked. */
  async #aside(asker: Asker, send: (direct: string) => Promise<string>): Promise<boolean> {
    const { memory, sender } = this.#parts;
    try {
      const chat = await this.#chat(asker);
      const id = await patiently(() => send(chat.id));
      if (!chat.isHere) await memory.keepAside(chat.id, id, asker.conversation);
      return true;
    } catch (error) {
      if (error instanceof ConnectorError && error.afterMs !== null) throw error;
      const sorry = `${asker.actor.label}, I cannot write to you privately, and the answer is for you alone. Open Countersign once in Teams (Apps, Countersign, Add), then ask again.`;
      await sender.show(asker.conversation.id, plainView(sorry, 'warning'), {
        ...(asker.thread === undefined ? {} : { thread: asker.thread }),
      });
      return false;
    }
  }

  /** One view to the asker alone. */
  tell(asker: Asker, view: DeliverableView): Promise<boolean> {
    return this.#aside(asker, (direct) => this.#parts.sender.show(direct, view));
  }

  async #offer(asker: Asker, file: OutgoingFile): Promise<boolean> {
    const { options, outbound, sender } = this.#parts;
    const id = options.randomId();
    const waiting = await outbound.keep(id, file, { place: '', holder: accountKey(asker.actor) });
    return this.#aside(asker, (direct) => sender.offer(direct, id, waiting));
  }

  /** Offers the pictures of a view as files: at a size that can be read none fits into a message. */
  async #pictures(asker: Asker, { view }: DeliverableView): Promise<void> {
    for (const element of view.elements) {
      const bytes = element.kind === 'image' && element.png !== '' ? await this.#parts.blob(element.png) : null;
      if (element.kind !== 'image' || bytes === null) continue;
      const name = `picture-${element.png.slice(0, 12)}.png`;
      await this.#offer(asker, { name, mediaType: 'image/png', bytes, altText: element.altText });
    }
  }

  async #form(asker: Asker, form: DeliverableForm, more: Parameters<Sender['form']>[2] = {}): Promise<boolean> {
    this.#keepForm(form);
    return this.#aside(asker, (direct) => this.#parts.sender.form(direct, form, more));
  }

  /** Answers what was typed, or a press of an older client: in the private chat, as Teams has no other place for one person. */
  async byMessage(asker: Asker, reply: Reply, press?: Press): Promise<void> {
    switch (reply.kind) {
      case 'none':
        return;
      case 'private':
        await this.tell(asker, reply.view);
        if (reply.file) await this.#offer(asker, reply.file);
        await this.#pictures(asker, reply.view);
        return;
      case 'form':
        await this.#form(asker, reply.form);
        return;
      case 'errors': {
        const form = press && this.#forms.get(hash(press.token));
        if (form) await this.#form(asker, form, { errors: reply.errors, filled: press.values });
        else await this.tell(asker, plainView(Object.values(reply.errors).join('\n'), 'warning'));
        return;
      }
    }
  }

  /** Answers a press in the answer to it: what comes back replaces the card for whoever pressed, and for nobody else. */
  async byAnswer(
    asker: Asker,
    reply: Reply,
    press: Press,
    at: { readonly here: string; readonly stands: string | null },
  ): Promise<Answered> {
    const { sender } = this.#parts;
    const hasBack = at.stands !== null && sender.standing(at.here, at.stands) !== null;
    switch (reply.kind) {
      case 'none':
        return this.#said('This was taken. The card shows what came of it.');
      case 'form': {
        this.#keepForm(reply.form);
        return invoked(CARD_TYPE, formCard(reply.form, { hasBack, banner: sender.banner }));
      }
      case 'errors': {
        const form = this.#forms.get(hash(press.token));
        if (!form) return this.#said(Object.values(reply.errors).join(' '));
        const again = { errors: reply.errors, filled: press.values, hasBack, banner: sender.banner };
        return invoked(CARD_TYPE, formCard(form, again));
      }
      case 'private': {
        if (reply.file) await this.#offer(asker, reply.file);
        await this.#pictures(asker, reply.view);
        const cards = cardsOf(reply.view, { hasBack, banner: sender.banner });
        if (cards.length > 1) {
          const isSent = await this.tell(asker, reply.view);
          return this.#said(isSent ? IN_PRIVATE : 'It is too long for this card, and I cannot write to you privately.');
        }
        await this.#settleForm(press, at, cards[0] as Json, reply.view);
        const text = answerText(reply.view);
        const isShort = press.countersign === 'press' && buttonsOf(reply.view.view).length === 0 && isPlainEnough(text);
        return isShort ? this.#said(text) : invoked(CARD_TYPE, cards[0]);
      }
    }
  }

  /** A form that stands as a message of its own is replaced by what came of it, so that it is not filled in twice. */
  async #settleForm(
    press: Press,
    at: { readonly here: string; readonly stands: string | null },
    shown: Json,
    view: DeliverableView,
  ): Promise<void> {
    const { sender } = this.#parts;
    if (press.countersign !== 'submit' || at.stands === null || sender.standing(at.here, at.stands) !== null) return;
    if ((await sender.reference(at.here)).kind !== 'personal') return;
    // The answer carries the same card: a failure here loses nothing.
    await sender.settle(at.here, at.stands, shown, summaryOf(view)).catch((error: unknown) => {
      this.#parts.options.log.warn({ err: error }, 'a filled-in form could not be replaced');
    });
  }

  /** The card as it stands for everybody. */
  async standing(here: string, id: string | null, how: 'invoke' | 'message', asker: Asker): Promise<Answered> {
    const shown = id === null ? null : this.#parts.sender.standing(here, id);
    if (how === 'message') {
      await this.tell(asker, plainView('Look at the newest card in the conversation.'));
      return { status: 200 };
    }
    return shown ? invoked(CARD_TYPE, shown) : this.#said(RESTARTED);
  }

  /** Sends a file that was announced in a conversation to somebody who asks for it there. */
  async file(asker: Asker, id: string, how: 'invoke' | 'message'): Promise<Answered> {
    const { memory, people, sender } = this.#parts;
    const waiting = await memory.file(id);
    const { actor, conversation } = asker;
    const place = placeOf(conversation);
    const standing = (await people.resolve(actor).catch(() => null))?.principal.standing ?? 'unknown';
    const isFor = waiting !== null && (waiting.place === place || waiting.holder === accountKey(actor));
    const words =
      !isFor || !waiting
        ? 'There is no such file for you here.'
        : standing !== 'member'
          ? 'Files go to members of the organisation only.'
          : (await this.#aside(asker, (direct) => sender.offer(direct, id, waiting)))
            ? 'I sent it to our private chat: accept it there.'
            : 'I cannot write to you privately. Open Countersign once in Teams (Apps, Countersign, Add), then press again.';
    if (how === 'invoke') return this.#said(words);
    await this.tell(asker, plainView(words));
    return { status: 200 };
  }

  /** Somebody took an offered file, or did not. */
  async consent(asker: Asker, activity: TeamsActivity): Promise<Answered> {
    const { memory, outbound, sender, people } = this.#parts;
    const read = consentSchema.safeParse(activity.value);
    const waiting = read.success ? await memory.file(read.data.context.token) : null;
    const who = accountKey(asker.actor);
    const isHeld = waiting !== null && waiting.holder !== null;
    if (!read.success || !waiting || (isHeld && waiting.holder !== who)) {
      await this.tell(asker, plainView('This file is not kept any more. Ask for it again.'));
      return { status: 200 };
    }
    if (read.data.action === 'decline') {
      if (isHeld) await outbound.forget(waiting);
      return { status: 200 };
    }
    const standing = (await people.resolve(asker.actor).catch(() => null))?.principal.standing;
    try {
      if (standing !== 'member') throw new FileRefused('Files go to members of the organisation only.');
      await outbound.send(waiting, read.data.uploadInfo?.uploadUrl ?? '');
      if (isHeld) await outbound.forget(waiting);
      await sender.show(
        asker.conversation.id,
        plainView(`${waiting.name} is in your OneDrive. SHA-256 ${waiting.sha256}`, 'good'),
      );
    } catch (error) {
      if (!(error instanceof FileRefused)) throw error;
      await this.tell(asker, plainView(error.message, 'warning'));
    }
    return { status: 200 };
  }
}

/** Waits when Teams asks for it: an answer is not in the outbox, so nobody else would send it again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const wait = error instanceof ConnectorError ? error.afterMs : null;
      if (wait === null || wait > LONGEST_WAIT_MS || tries > 3) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

const hash = (token: string): string => createHash('sha256').update(token).digest('hex');
