// What platforms delivered, kept before it is acknowledged: a crash afterwards loses nothing.

/** One delivery as it came. `id` is the same when the platform delivers it again. */
export interface Arrival {
  readonly id: string;
  readonly body: string;
}

/** The inbox of the adapters. `keep` is durable when it returns; its throwing means: do not acknowledge. */
export interface Arrivals {
  /** True when it is new; false when it was kept before, whether handled or not. */
  keep(id: string, body: string): Promise<boolean>;
  /** What was kept and not finished, oldest first, of ids that start so. */
  unhandled(prefix: string): Promise<readonly Arrival[]>;
  /** Finished: the body is forgotten, the id stays so that a repeat is told. */
  handled(id: string): Promise<void>;
}
