// The ledger as decisions use it: read a stream's state, decide, append at that version, and decide again when somebody was first.
import type { Actor, LedgerRecord, NewRecord } from '../audit/record.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { type OutboxEntry, type Store, VersionConflict } from './types.ts';

/** State of a stream and the version it stands at. */
export interface Loaded<State> {
  readonly state: State;
  readonly version: number;
}

/** What a decision asks for: records, and messages committed with them. */
export interface Decision {
  readonly records: readonly NewRecord[];
  readonly outbox?: readonly OutboxEntry[];
}

export interface Committed<State> extends Loaded<State> {
  readonly kind: 'committed';
  readonly records: readonly LedgerRecord[];
}

export interface Fold<State> {
  readonly initial: State;
  readonly evolve: (state: State, record: LedgerRecord) => State;
}

const MAX_TRIES = 50;

/** Folds streams, keeps the folded states, and appends. One for each kind of stream. */
export class Ledger<State> {
  readonly #store: Store;
  readonly #fold: Fold<State>;
  readonly #cache = new Map<string, Loaded<State>>();

  constructor(store: Store, fold: Fold<State>) {
    this.#store = store;
    this.#fold = fold;
  }

  /** The state now: what is cached, brought up to date from the store (another process may have appended). */
  async load(stream: string): Promise<Loaded<State>> {
    const known = this.#cache.get(stream) ?? { state: this.#fold.initial, version: 0 };
    const fresh = await this.#store.readStream(stream, known.version);
    return this.#remember(
      stream,
      known,
      fresh.map((s) => s.record),
    );
  }

  /**
   * Decides on the current state and appends what it asks for, in one transaction with its messages. A version conflict
   * reads and decides again, so `decide` may run several times and must not have effects. A decision without records
   * commits only its messages. Throws LedgerUnavailable when the store takes no writes.
   */
  async decide(
    stream: string,
    who: { readonly actor: Actor; readonly incident: string | null },
    decide: (state: State, version: number) => Decision | Refusal | Promise<Decision | Refusal>,
  ): Promise<Committed<State> | Refusal> {
    for (let tries = 1; ; tries += 1) {
      const loaded = await this.load(stream);
      const decision = await decide(loaded.state, loaded.version);
      if (isRefusal(decision)) return decision;
      try {
        const append = {
          stream,
          expectedVersion: loaded.version,
          incident: who.incident,
          actor: who.actor,
          records: decision.records,
        };
        const written = await this.#store.append([append], decision.outbox);
        const records = written.map((s) => s.record);
        const now = this.#remember(stream, loaded, records);
        return { kind: 'committed', ...now, records };
      } catch (error) {
        if (!(error instanceof VersionConflict) || tries >= MAX_TRIES) throw error;
      }
    }
  }

  #remember(stream: string, from: Loaded<State>, records: readonly LedgerRecord[]): Loaded<State> {
    let { state, version } = from;
    for (const record of records) {
      state = this.#fold.evolve(state, record);
      version = record.version;
    }
    const current = this.#cache.get(stream);
    if (!current || current.version <= version) this.#cache.set(stream, { state, version });
    return { state, version };
  }
}
