import { TryLater } from '../../../src/chat/try-later.ts';

/**
 * About one message a second into a channel. Who comes too early gets a time slot of its own and TryLater until then; the same
 * key that comes back at its time goes through, so that many waiting messages keep their order and ask once.
 */
export class Pace {
  readonly #gapMs: number;
  readonly #now: () => number;
  readonly #lastSlot = new Map<string, number>();
  readonly #slots = new Map<string, number>();

  constructor(gapMs: number, now: () => number) {
    this.#gapMs = gapMs;
    this.#now = now;
  }

  /** Passes, or throws TryLater. */
  enter(channel: string, key: string): void {
    const now = this.#now();
    const mine = this.#slots.get(`${channel}/${key}`);
    if (mine !== undefined) {
      if (mine > now) throw new TryLater(mine - now, 'the channel takes one message a second');
      this.#slots.delete(`${channel}/${key}`);
      return;
    }
    const next = (this.#lastSlot.get(channel) ?? Number.NEGATIVE_INFINITY) + this.#gapMs;
    this.#lastSlot.set(channel, Math.max(now, next));
    if (next <= now) return;
    this.#slots.set(`${channel}/${key}`, next);
    throw new TryLater(next - now, 'the channel takes one message a second');
  }
}
