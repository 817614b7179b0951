// Answers that are still being written: they are waited for beside the chat, never in its way.

/** Who is at work now, by `INC-1/AR-2`; empty after a start, so what a stopped program waited for is known to be lost. */
export interface Pending {
  /** Starts the work and returns at once; `progress` is told how many characters have arrived. A fault goes to `failed`. */
  start(id: string, work: (progress: (characters: number) => void) => Promise<void>): void;
  /** Characters that have arrived; null when nobody is at work on it. */
  progress(id: string): number | null;
  settled(): Promise<void>;
}

/** `seen` is called at most every two seconds while text arrives. */
export function createPending(parts: {
  readonly now: () => number;
  readonly seen: (id: string, characters: number) => void;
  readonly failed: (id: string, error: unknown) => void;
}): Pending {
  const working = new Map<string, { characters: number; seenAt: number; done: Promise<void> }>();
  return {
    start(id, work) {
      const job = { characters: 0, seenAt: parts.now(), done: Promise.resolve() };
      working.set(id, job);
      job.done = work((characters) => {
        job.characters = characters;
        if (parts.now() - job.seenAt < 2000) return;
        job.seenAt = parts.now();
        parts.seen(id, characters);
      })
        // Nobody is at work any more before anybody hears of a fault, so that the card says so.
        .finally(() => working.delete(id))
        .catch((error: unknown) => parts.failed(id, error));
    },
    progress: (id) => working.get(id)?.characters ?? null,
    async settled() {
      while (working.size > 0) await Promise.all([...working.values()].map((w) => w.done));
    },
  };
}
