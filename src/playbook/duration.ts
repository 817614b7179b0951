const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration such as 30m, 4h or 2d; throws on any other text, which the schema has refused before. */
export function durationMs(text: string): number {
  const unit = text.at(-1) as keyof typeof UNIT_MS;
  const count = Number(text.slice(0, -1));
  if (!(unit in UNIT_MS) || !Number.isInteger(count)) throw new Error(`not a duration: ${text}`);
  return count * UNIT_MS[unit];
}
