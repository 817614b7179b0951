// Delivers the outbox: decisions first, in order, retried with back-off. A failed delivery never changes what was decided.
import type { Logger } from 'pino';
import type { QueuedEntry, Store } from '../store/types.ts';
import type { View } from '../view/types.ts';
import { accountKey } from './actor.ts';
import { MessageGone } from './message-gone.ts';
import type { Content, Outgoing } from './outbox.ts';
import { messageNote, placeOf, type Tokens } from './tokens.ts';
import { TryLater } from './try-later.ts';
import type { ChatPort, DeliverableView, MessageRef } from './types.ts';

export interface CourierParts {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly ports: ReadonlyMap<string, ChatPort>;
  /** Renders live content from the state now; null when there is nothing to show any more. */
  readonly render: (content: Extract<Content, { kind: 'live' }>) => Promise<View | null>;
  readonly blob: (sha256: string) => Promise<Uint8Array | null>;
  /** Sends a mail; the same key gives the same Message-ID, so that a repeated one can be told. Null: no mail server is set. */
  readonly mail?:
    | ((letter: {
        readonly key: string;
        readonly to: string;
        readonly subject: string;
        readonly text: string;
      }) => Promise<void>)
    | null;
  readonly now: () => number;
  readonly log: Logger;
  /** Called once when a message has failed several times, and once more if it is delivered after all. */
  readonly troubled?: (key: string, isDelivered: boolean) => Promise<void>;
  /** Told when a live message stands for the first time. */
  readonly posted?: (content: Extract<Content, { kind: 'live' }>, at: MessageRef) => Promise<void>;
}

/** Failed tries after which people are told: about a minute. */
const TROUBLE = 6;

/** The wait before try n+1, in milliseconds: 1 s doubling to 5 min. */
export const backOffMs = (attempts: number): number => Math.min(1000 * 2 ** attempts, 300_000);

type Tell = Extract<Outgoing, { op: 'tell' }>;

/** One lane of the outbox and whoever is delivering it now. */
class Lane {
  readonly name: QueuedEntry['lane'];
  running: Promise<void> | null = null;
  isWanted = false;

  constructor(name: QueuedEntry['lane']) {
    this.name = name;
  }
}

export class Courier {
  readonly #parts: CourierParts;
  #timer: NodeJS.Timeout | null = null;
  readonly #lanes: readonly Lane[] = [new Lane('decision'), new Lane('traffic')];
  /** The last delivery of each named message: one after the other, so that it is posted once. */
  readonly #byName = new Map<string, Promise<void>>();

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Delivers what waits now and looks again every second for what is due later. */
  start(): void {
    this.#timer = setInterval(() => this.nudge(), 1000);
    this.#timer.unref();
    this.nudge();
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await Promise.all(this.#lanes.map((lane) => lane.running));
  }

  /** Says that something may be waiting; returns at once. */
  nudge(): void {
    for (const lane of this.#lanes) {
      lane.isWanted = true;
      lane.running ??= this.#run(lane).finally(() => {
        lane.running = null;
      });
    }
  }

  /** Waits until nothing that is due now is left. */
  async settled(): Promise<void> {
    this.nudge();
    while (this.#lanes.some((lane) => lane.running)) await Promise.all(this.#lanes.map((lane) => lane.running));
  }

  /** Delivers one lane in order. Each has a runner of its own: a decision never waits for the traffic before it. */
  async #run(lane: Lane): Promise<void> {
    while (lane.isWanted) {
      lane.isWanted = false;
      for (;;) {
        const [entry] = await this.#parts.store.dueOutbox(this.#parts.now(), 1, lane.name);
        if (!entry) break;
        await this.#deliver(entry);
      }
    }
  }

  async #deliver(entry: QueuedEntry): Promise<void> {
    try {
      const message = JSON.parse(entry.payload) as Outgoing;
      await ((message.op === 'put' || message.op === 'tell') && message.name !== undefined
        ? this.#oneByOne(`${message.to.platform}/${message.name}`, () => this.#send(entry, message))
        : this.#send(entry, message));
      await this.#parts.store.markSent(entry.id);
      if (entry.attempts >= TROUBLE) await this.#tell(entry.key, true);
    } catch (error) {
      if (error instanceof TryLater) {
        await this.#parts.store.retryLater(entry.id, this.#parts.now() + error.afterMs, error.message, 0);
        return;
      }
      this.#parts.log.warn(
        { key: entry.key, attempts: entry.attempts + 1, err: error },
        'a message could not be delivered; it will be tried again',
      );
      await this.#parts.store.retryLater(entry.id, this.#parts.now() + backOffMs(entry.attempts), String(error));
      if (entry.attempts + 1 === TROUBLE) await this.#tell(entry.key, false);
    }
  }

  async #tell(key: string, isDelivered: boolean): Promise<void> {
    try {
      await this.#parts.troubled?.(key, isDelivered);
    } catch (error) {
      this.#parts.log.error({ key, err: error }, 'the trouble with a message could not be put on record');
    }
  }

  async #oneByOne(name: string, work: () => Promise<void>): Promise<void> {
    const mine = (this.#byName.get(name) ?? Promise.resolve()).then(work);
    const settled = mine.catch(() => {});
    this.#byName.set(name, settled);
    try {
      await mine;
    } finally {
      if (this.#byName.get(name) === settled) this.#byName.delete(name);
    }
  }

  async #send(entry: QueuedEntry, message: Outgoing): Promise<void> {
    const isUrgent = entry.lane === 'decision';
    if (message.op === 'mail') {
      if (!this.#parts.mail) throw new Error('no mail server is set (COUNTERSIGN_SMTP_URL)');
      await this.#parts.mail({ key: entry.key, to: message.to, subject: message.subject, text: message.text });
      return;
    }
    const port = this.#parts.ports.get(message.to.platform);
    if (!port) throw new Error(`no adapter for ${message.to.platform} is running`);
    if (message.op === 'upload') {
      const bytes = await this.#parts.blob(message.file.blob);
      if (!bytes) throw new Error(`the file ${message.file.name} is gone`);
      const thread = await this.#thread(message.to.platform, message.thread);
      await port.upload(
        message.to,
        {
          name: message.file.name,
          mediaType: message.file.mediaType,
          bytes,
          ...(message.file.altText ? { altText: message.file.altText } : {}),
        },
        { key: entry.key, ...thread },
      );
      return;
    }
    const view = message.content.kind === 'view' ? message.content.view : await this.#parts.render(message.content);
    if (!view) return;
    if (message.op === 'tell') return this.#tellOne(entry, message, port, view);
    const name = message.op === 'put' ? message.name : null;
    const card = name === null ? {} : { card: name };
    const deliverable = await this.#parts.tokens.forView(view, { place: placeOf(message.to), ...card });
    const standing = name === null ? null : await this.message(message.to.platform, name);
    const key = standing ? await this.#edit(port, standing, deliverable, entry) : entry.key;
    if (key === null) return;
    const ref = await port.post(message.to, deliverable, {
      key,
      isUrgent,
      ...(await this.#thread(message.to.platform, message.thread)),
      ...(message.op === 'put' && message.isPinned ? { isPinned: true } : {}),
    });
    if (name !== null) await this.#parts.store.setNote(messageNote(message.to.platform, name), JSON.stringify(ref));
    if (message.content.kind === 'live') await this.#parts.posted?.(message.content, ref);
  }

  /** To one person; a message with a name stands once, and is edited. */
  async #tellOne(entry: QueuedEntry, message: Tell, port: ChatPort, view: View): Promise<void> {
    const { to, name } = message;
    const isUrgent = entry.lane === 'decision';
    const standing = name === undefined ? null : await this.message(to.platform, name);
    if (message.isOnlyEdit && !standing) return;
    const deliverable = await this.#parts.tokens.forView(view, {
      place: `private/${accountKey(to)}`,
      holder: accountKey(to),
    });
    const key = standing ? await this.#edit(port, standing, deliverable, entry) : entry.key;
    if (key === null || message.isOnlyEdit) return;
    const ref = await port.tellPrivately({ ...to, standing: 'member' }, deliverable, { key, isUrgent });
    if (name === undefined) return;
    await this.#parts.store.setNote(messageNote(to.platform, name), JSON.stringify(ref));
    // An earlier try may have arrived after all, and then its older words stand there.
    if (entry.attempts > 0) await port.edit(ref, deliverable, { isUrgent });
  }

  /** Edits what stands. Null when that was all; the key to post it under again when somebody deleted it. */
  async #edit(
    port: ChatPort,
    at: MessageRef,
    deliverable: DeliverableView,
    entry: QueuedEntry,
  ): Promise<string | null> {
    try {
      await port.edit(at, deliverable, { isUrgent: entry.lane === 'decision' });
      return null;
    } catch (error) {
      if (error instanceof MessageGone) return `${entry.key}/again`;
      throw error;
    }
  }

  async #thread(platform: string, name: string | undefined): Promise<{ readonly thread?: string }> {
    if (name === undefined) return {};
    const root = await this.message(platform, name);
    return root ? { thread: root.id } : {};
  }

  /** Where the message of that name stands, or null. */
  async message(platform: string, name: string): Promise<MessageRef | null> {
    const note = await this.#parts.store.note(messageNote(platform, name));
    return note ? (JSON.parse(note) as MessageRef) : null;
  }
}
