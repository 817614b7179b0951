/** Counts events by key in a sliding window; null while there is room, else the whole seconds until there is again. */
export interface Throttle {
  hit(key: string): number | null;
  forget(key: string): void;
}

/** At most `limit` events a key in `windowMs`. Keys nobody used for a window are forgotten. */
export function createThrottle(limit: number, windowMs: number, now: () => number): Throttle {
  const seen = new Map<string, number[]>();
  const fresh = (key: string): number[] => (seen.get(key) ?? []).filter((at) => at > now() - windowMs);
  const seconds = (times: readonly number[]): number | null =>
    times.length < limit
      ? null
      : Math.max(1, Math.ceil(((times[times.length - limit] ?? 0) + windowMs - now()) / 1000));
  return {
    hit(key) {
      if (seen.size > 1000) for (const known of seen.keys()) if (fresh(known).length === 0) seen.delete(known);
      const times = fresh(key);
      const refused = seconds(times);
      if (refused === null) times.push(now());
      seen.set(key, times);
      return refused;
    },
    forget: (key) => void seen.delete(key),
  };
}
