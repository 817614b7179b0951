// Reads out of what Slack sent: unknown until each value has been looked at.

export type Payload = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at a path, or an empty one. */
export function objectAt(from: unknown, ...path: readonly string[]): Payload {
  const found = at(from, path);
  return isObject(found) ? found : {};
}

/** The text at a path, or an empty one. */
export function textAt(from: unknown, ...path: readonly string[]): string {
  const found = at(from, path);
  return typeof found === 'string' ? found : '';
}

export const flagAt = (from: unknown, ...path: readonly string[]): boolean => at(from, path) === true;

export function numberAt(from: unknown, ...path: readonly string[]): number {
  const found = at(from, path);
  return typeof found === 'number' ? found : 0;
}

export function listAt(from: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(from, path);
  return Array.isArray(found) ? found : [];
}

function at(from: unknown, path: readonly string[]): unknown {
  let here: unknown = from;
  for (const name of path) {
    if (!isObject(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  return here;
}

/** UTC ISO 8601 with milliseconds of a Slack timestamp such as `1700000000.000100`; the epoch when it is none. */
export function isoOf(ts: string): string {
  const seconds = Number(ts);
  const ms = Number.isFinite(seconds) && seconds >= 0 && seconds < 1e11 ? Math.floor(seconds * 1000) : 0;
  return new Date(ms).toISOString();
}
