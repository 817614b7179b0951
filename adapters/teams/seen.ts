// Messages that did not mention the bot, where an owner consented to their reading: held so that somebody can capture one later.
// Teams gives an app no way to fetch an old message, so what is not held here cannot be captured by a reply or an emoji.
import { SEEN } from './limits.ts';
import type { Notes } from './options.ts';

/** A message as it was delivered and as it reads. */
export interface SeenMessage {
  readonly id: string;
  readonly author: { readonly id: string; readonly label: string };
  readonly text: string;
  readonly delivered: string;
  /** UTC ISO 8601. */
  readonly sentAt: string;
}

interface Ring {
  next: number;
  readonly slots: Map<string, number>;
}

const slotName = (conversation: string, slot: number): string => `teams/seen/${conversation}/${slot}`;

/** The newest messages of each conversation, in a fixed number of places each, so that it forgets by itself. */
export class Seen {
  readonly #notes: Notes;
  readonly #now: () => number;
  readonly #rings = new Map<string, Ring>();

  constructor(notes: Notes, now: () => number) {
    this.#notes = notes;
    this.#now = now;
  }

  async keep(conversation: string, message: SeenMessage): Promise<void> {
    const ring = await this.#ring(conversation);
    const slot = ring.slots.get(message.id) ?? ring.next;
    for (const [id, at] of ring.slots) if (at === slot) ring.slots.delete(id);
    ring.slots.set(message.id, slot);
    if (slot === ring.next) ring.next = (slot + 1) % SEEN.messages;
    const text = message.text.slice(0, SEEN.longest);
    const kept = { ...message, text, delivered: message.delivered.slice(0, SEEN.longest * 2), keptAtMs: this.#now() };
    await this.#notes.setNote(slotName(conversation, slot), JSON.stringify(kept));
    await this.#notes.setNote(`teams/seen-next/${conversation}`, String(ring.next));
  }

  /** The message, or null when it was not seen, or longer ago than is remembered. */
  async find(conversation: string, id: string): Promise<SeenMessage | null> {
    const slot = (await this.#ring(conversation)).slots.get(id);
    if (slot === undefined) return null;
    const kept = await this.#read(conversation, slot);
    return kept !== null && kept.id === id && this.#now() - kept.keptAtMs <= SEEN.forMs ? kept : null;
  }

  /** Forgets one message at once: its author took it back. */
  async forget(conversation: string, id: string): Promise<void> {
    const ring = await this.#ring(conversation);
    const slot = ring.slots.get(id);
    if (slot === undefined) return;
    ring.slots.delete(id);
    await this.#notes.setNote(slotName(conversation, slot), '');
  }

  async #read(conversation: string, slot: number): Promise<(SeenMessage & { readonly keptAtMs: number }) | null> {
    const text = await this.#notes.note(slotName(conversation, slot));
    return text ? (JSON.parse(text) as SeenMessage & { readonly keptAtMs: number }) : null;
  }

  /** Which message lies where; read back once after a restart. */
  async #ring(conversation: string): Promise<Ring> {
    const known = this.#rings.get(conversation);
    if (known) return known;
    const next = Number((await this.#notes.note(`teams/seen-next/${conversation}`)) ?? 0);
    const ring: Ring = { next: Number.isInteger(next) ? next : 0, slots: new Map() };
    for (let slot = 0; slot < SEEN.messages; slot += 1) {
      const kept = await this.#read(conversation, slot);
      if (kept) ring.slots.set(kept.id, slot);
    }
    // Two messages at the same moment both read: the first ring stays.
    const first = this.#rings.get(conversation) ?? ring;
    this.#rings.set(conversation, first);
    return first;
  }
}
