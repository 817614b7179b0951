// What a press or a filled-in form sends back. All of it may have been changed on the way; only the token means anything.
import { z } from 'zod';
import type { FormValues } from '../../../src/chat/types.ts';
import type { PressData } from '../render/element.ts';

const pressSchema = z.object({
  countersign: z.enum(['press', 'submit', 'back', 'refresh', 'file']),
  token: z.string().max(200),
});

export interface Press extends PressData {
  readonly values: FormValues;
}

const MAX_VALUE = 200_000;

const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

/** Reads the data of a card's button; null when it is none of ours. Values by field name, empty ones left out. */
export function readPress(data: unknown): Press | null {
  const parsed = pressSchema.safeParse(data);
  if (!parsed.success) return null;
  const values = new Map<string, string | readonly string[]>();
  for (const [id, value] of Object.entries(data as Record<string, unknown>)) {
    const dot = id.indexOf('.');
    const [how, name] = [id.slice(0, dot), id.slice(dot + 1)];
    if (dot < 1 || name === '' || typeof value !== 'string' || value.length > MAX_VALUE) continue;
    if (how === 'text' || how === 'person') values.set(name, how === 'person' ? value.toLowerCase() : value);
    else if (how === 'one') values.set(name, decoded(value));
    else if (how === 'many') values.set(name, value === '' ? [] : value.split(',').map(decoded));
  }
  return { ...parsed.data, values: Object.fromEntries(values) };
}

/** The data of an `adaptiveCard/action` invoke. */
export function invokeData(value: unknown): unknown {
  const action = z.object({ action: z.object({ data: z.unknown() }) }).safeParse(value);
  return action.success ? action.data.action.data : undefined;
}
