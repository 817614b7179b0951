// Messages out: a view as one message or several, edits of all of them, private chats opened when they are first needed.
import { MessageGone } from '../../src/chat/message-gone.ts';
import type { DeliverableForm, DeliverableView } from '../../src/chat/types.ts';
import { buttonsOf } from '../../src/view/build.ts';
import { type Activity, type Connector, ConnectorError } from './connector.ts';
import { LIMITS } from './limits.ts';
import type { Memory, Reference, WaitingFile } from './memory.ts';
import { inThread } from './parse/activity.ts';
import { card, cardMessage, cardsOf, summaryOf } from './render/card.ts';
import { execute } from './render/element.ts';
import { formCard } from './render/form.ts';
import { type Json, literal } from './render/prose.ts';

export interface SenderParts {
  readonly memory: Memory;
  readonly connector: Connector;
  /** The bot's own address in Teams. */
  readonly bot: string;
  /** Stands above every card, or null. */
  readonly banner: string | null;
}

const KEPT_CARDS = 1_000;

export class Sender {
  readonly #parts: SenderParts;
  // The cards that stand, with their buttons: in memory alone, because buttons are never stored readable.
  readonly #standing = new Map<string, Json>();

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  get banner(): string | null {
    return this.#parts.banner;
  }

  /** How to reach a conversation. Throws when the bot was never in it. */
  async reference(conversation: string): Promise<Reference> {
    const reference = await this.#parts.memory.reference(conversation);
    if (!reference)
      throw new Error(`Countersign was never in the conversation ${conversation.slice(0, 60)}: add it there`);
    return reference;
  }

  /** The private chat with somebody. Throws when Teams does not allow one. */
  async direct(tenant: string, id: string): Promise<string> {
    const { memory, connector, bot } = this.#parts;
    const known = await memory.person(tenant, id);
    if (known?.direct) return known.direct;
    const serviceUrl = await memory.service(tenant);
    if (serviceUrl === null) throw new Error('Countersign is not installed for anybody in that tenant yet');
    // Teams takes the object id too, for somebody who was never seen.
    const direct = await connector.openDirect(serviceUrl, tenant, bot, known?.userId || id);
    await memory.keepReference(direct, { serviceUrl, tenant, kind: 'personal' });
    await memory.keepPerson({ id, userId: known?.userId ?? '', label: known?.label ?? id, tenant, direct });
    return direct;
  }

  /** One activity, as it is. */
  async raw(conversation: string, activity: Activity, thread?: string): Promise<string> {
    const { serviceUrl, kind } = await this.reference(conversation);
    // Only channels have threads; a chat takes no such address.
    const at = kind === 'channel' ? inThread(conversation, thread) : conversation;
    return this.#parts.connector.send(serviceUrl, at, activity);
  }

  /** Shows a view and gives the id of its first message; again with the same key it gives that id and sends nothing. */
  async show(
    conversation: string,
    view: DeliverableView,
    options: { readonly key?: string; readonly thread?: string } = {},
  ): Promise<string> {
    const { memory } = this.#parts;
    const before = options.key === undefined ? null : await memory.sent(options.key);
    if (before !== null) return before;
    const summary = summaryOf(view);
    const refreshFor = await this.#addresses(view);
    const cards = cardsOf(view, { banner: this.banner, refreshFor });
    let ids: string[];
    try {
      ids = await this.#post(conversation, cards, summary, options.thread);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.status !== 413) throw error;
      const smaller = cardsOf(view, { banner: this.banner, partBytes: LIMITS.partBytes / 4 });
      ids = await this.#post(conversation, smaller, summary, options.thread);
    }
    const id = ids[0] as string;
    if (ids.length > 1) await memory.keepParts(conversation, id, ids.slice(1));
    if (options.key !== undefined) await memory.keepSent(options.key, id);
    return id;
  }

  async #post(conversation: string, cards: readonly Json[], summary: string, thread?: string): Promise<string[]> {
    const ids: string[] = [];
    for (const shown of cards) {
      // What goes on stands below its first message where there are threads.
      const at = thread ?? (ids[0] !== undefined && (await this.#hasThreads(conversation)) ? ids[0] : undefined);
      const id = await this.raw(conversation, cardMessage(shown, summary), at);
      ids.push(id);
      if (cards.length === 1) this.#remember(conversation, id, shown);
    }
    return ids;
  }

  /** Where Teams finds the people whom buttons concern; those who were never seen have no address yet. */
  async #addresses({ view }: DeliverableView): Promise<readonly string[]> {
    const people = buttonsOf(view).flatMap((b) => b.meantFor ?? []);
    const known = await Promise.all(
      people.filter((p) => p.platform === 'teams').map((p) => this.#parts.memory.person(p.tenant, p.id)),
    );
    return [...new Set(known.flatMap((k) => (k?.userId ? [k.userId] : [])))];
  }

  async #hasThreads(conversation: string): Promise<boolean> {
    return (await this.reference(conversation)).kind === 'channel';
  }

  #remember(conversation: string, id: string, shown: Json): void {
    const key = `${conversation}/${id}`;
    this.#standing.delete(key);
    this.#standing.set(key, shown);
    if (this.#standing.size > KEPT_CARDS) this.#standing.delete(this.#standing.keys().next().value as string);
  }

  /** The card as it stands for everybody, when this process put it there. */
  standing(conversation: string, id: string): Json | null {
    return this.#standing.get(`${conversation}/${id}`) ?? null;
  }

  /** Puts a view in the place of the one that stands, with as many messages as it takes. Throws MessageGone when it stands no more. */
  async change(conversation: string, id: string, view: DeliverableView): Promise<void> {
    const { memory, connector } = this.#parts;
    const { serviceUrl, kind } = await this.reference(conversation);
    const summary = summaryOf(view);
    const cards = cardsOf(view, { banner: this.banner, refreshFor: await this.#addresses(view) });
    const standing = [id, ...(await memory.parts(conversation, id))];
    const ids: string[] = [];
    const goesOn = (shown: Json): Promise<string> =>
      this.raw(conversation, cardMessage(shown, summary), kind === 'channel' ? id : undefined);
    for (const [i, shown] of cards.entries()) {
      const at = standing[i];
      try {
        if (at !== undefined) await connector.update(serviceUrl, conversation, at, cardMessage(shown, summary));
        ids.push(at ?? (await goesOn(shown)));
      } catch (error) {
        if (!(error instanceof ConnectorError) || error.status !== 404) throw error;
        if (i === 0) throw new MessageGone(`the message ${id} was deleted in Teams`);
        ids.push(await goesOn(shown));
      }
    }
    for (const at of standing.slice(cards.length))
      await connector
        .remove(serviceUrl, conversation, at)
        // It is gone already: that is what was wanted.
        .catch((error: unknown) => {
          if (!(error instanceof ConnectorError) || error.status !== 404) throw error;
        });
    await memory.keepParts(conversation, id, ids.slice(1));
    const only = cards.length === 1 ? cards[0] : undefined;
    if (only) this.#remember(conversation, id, only);
    else this.#standing.delete(`${conversation}/${id}`);
  }

  /** Puts a card without any standing behind it: a form that was filled in. */
  async settle(conversation: string, id: string, shown: Json, summary: string): Promise<void> {
    const { serviceUrl } = await this.reference(conversation);
    await this.#parts.connector.update(serviceUrl, conversation, id, cardMessage(shown, summary));
  }

  /** Shows a form as a message of its own. */
  async form(
    conversation: string,
    form: DeliverableForm,
    more: Omit<Parameters<typeof formCard>[1], 'banner'> = {},
  ): Promise<string> {
    const shown = formCard(form, { ...more, banner: this.banner });
    return this.raw(conversation, cardMessage(shown, form.form.title));
  }

  /** Asks somebody in their private chat whether the file may be put into their OneDrive: the only way Teams takes one. */
  async offer(direct: string, id: string, file: WaitingFile): Promise<string> {
    return this.raw(direct, {
      type: 'message',
      summary: `${file.name} is ready`,
      attachments: [
        {
          contentType: 'application/vnd.microsoft.teams.card.file.consent',
          name: file.name,
          content: {
            description: `From Countersign, SHA-256 ${file.sha256}`,
            sizeInBytes: file.size,
            acceptContext: { countersign: 'file', token: id },
            declineContext: { countersign: 'file', token: id },
          },
        },
      ],
    });
  }

  /** Says in a conversation that a file is ready, with a button that sends it to whoever asks. */
  async announce(
    conversation: string,
    id: string,
    file: WaitingFile,
    options: { readonly key: string; readonly thread?: string },
  ): Promise<string> {
    const before = await this.#parts.memory.sent(options.key);
    if (before !== null) return before;
    const summary = `${file.name} is ready`;
    const shown = card(
      [
        ...(this.banner ? [literal(this.banner, { weight: 'Bolder' })] : []),
        literal(`${file.name} (${Math.max(1, Math.round(file.size / 1000)).toLocaleString('en')} kB)`, {
          weight: 'Bolder',
        }),
        literal(`SHA-256 ${file.sha256}`, { fontType: 'Monospace', size: 'Small' }),
        literal('Teams lets an app hand over files in a private chat only.', { size: 'Small', isSubtle: true }),
        { type: 'ActionSet', actions: [execute('Send it to me', { countersign: 'file', token: id })] },
      ],
      summary,
    );
    const sent = await this.raw(conversation, cardMessage(shown, summary), options.thread);
    await this.#parts.memory.keepSent(options.key, sent);
    this.#remember(conversation, sent, shown);
    return sent;
  }
}
