// Whether a message stands in Slack already: its first block carries a hash of its key, and history tells.
import { createHash } from 'node:crypto';
import { listAt, textAt } from '../parse/payload.ts';
import type { Call } from './clients.ts';

/** Id of the first block of the message with that key. */
export const blockIdOf = (key: string): string => `k.${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;

/** Knows which keys stand where. A place is asked once after a start, and again after a call whose end nobody saw. */
export class Standing {
  readonly #call: Call;
  readonly #places = new Map<string, Map<string, string>>();

  constructor(call: Call) {
    this.#call = call;
  }

  /** Timestamp of the message that carries the block, or null. */
  async find(channel: string, thread: string | undefined, blockId: string): Promise<string | null> {
    const place = `${channel}/${thread ?? ''}`;
    let known = this.#places.get(place);
    if (!known) {
      known = await this.#load(channel, thread);
      this.#places.set(place, known);
    }
    return known.get(blockId) ?? null;
  }

  add(channel: string, thread: string | undefined, blockId: string, ts: string): void {
    this.#places.get(`${channel}/${thread ?? ''}`)?.set(blockId, ts);
    // A thread under a message of this run holds nothing from before.
    if (thread === undefined && !this.#places.has(`${channel}/${ts}`)) this.#places.set(`${channel}/${ts}`, new Map());
    if (this.#places.size > 5000) this.#places.delete(this.#places.keys().next().value as string);
  }

  /** The place is new and empty. */
  isNew(channel: string): void {
    this.#places.set(`${channel}/`, new Map());
  }

  /** A call ended without an answer: what stands there is not known any more. */
  isUncertain(channel: string, thread: string | undefined): void {
    this.#places.delete(`${channel}/${thread ?? ''}`);
  }

  async #load(channel: string, thread: string | undefined): Promise<Map<string, string>> {
    const answer =
      thread === undefined
        ? await this.#call('conversations.history', { channel, limit: 200 })
        : await this.#call('conversations.replies', { channel, ts: thread, limit: 200 });
    const found = new Map<string, string>();
    for (const message of listAt(answer, 'messages')) {
      const id = textAt(listAt(message, 'blocks')[0], 'block_id');
      if (id.startsWith('k.')) found.set(id, textAt(message, 'ts'));
    }
    return found;
  }
}
