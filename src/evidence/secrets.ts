// Secrets in text: found by the table of kinds, and masked wherever people or models read. The stored bytes stay as they are.
import { SECRET_RULES } from './secret-rules.ts';

/** Where a secret stands; `to` is exclusive, in UTF-16 units. */
export interface SecretSpan {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

const compiled = SECRET_RULES.map((r) => ({ ...r, match: new RegExp(r.match.source, `${r.match.flags}d`) }));

/** Every secret in a text, in order, without overlaps: the longer one wins where two kinds meet. */
export function secretSpans(text: string): readonly SecretSpan[] {
  const lower = text.toLowerCase();
  const found: SecretSpan[] = [];
  for (const { kind, hints, match, isSecret } of compiled) {
    if (!hints.some((h) => lower.includes(h))) continue;
    for (const m of text.matchAll(match)) {
      const span = m.indices?.groups?.['s'] ?? m.indices?.[0];
      if (!span || span[0] === span[1]) continue;
      if (isSecret && !isSecret(text.slice(span[0], span[1]))) continue;
      found.push({ kind, from: span[0], to: span[1] });
    }
  }
  if (found.length < 2) return found;
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  const kept: SecretSpan[] = [];
  for (const span of found) {
    const last = kept.at(-1);
    if (!last || span.from >= last.to) kept.push(span);
    else if (span.to > last.to) kept[kept.length - 1] = { ...last, to: span.to };
  }
  return kept;
}

/** The text with each secret replaced by what `put` gives for it. */
export function replaceSecrets(text: string, put: (span: SecretSpan, secret: string) => string): string {
  const spans = secretSpans(text);
  if (spans.length === 0) return text;
  let out = '';
  let at = 0;
  for (const span of spans) {
    out += text.slice(at, span.from) + put(span, text.slice(span.from, span.to));
    at = span.to;
  }
  return out + text.slice(at);
}

/** The text with each secret masked by its kind, such as `[masked: GitHub token]`. */
export const maskSecrets = (text: string): string => replaceSecrets(text, (s) => `[masked: ${s.kind}]`);

const DEEPEST = 8;

/** The same value with every text in it masked, down to eight levels; errors stay as they are. */
export function maskDeep<T>(value: T, depth = 0): T {
  if (typeof value === 'string') return maskSecrets(value) as T;
  if (value === null || typeof value !== 'object' || depth >= DEEPEST || value instanceof Error) return value;
  if (Array.isArray(value)) return value.map((v) => maskDeep(v, depth + 1)) as T;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, maskDeep(v, depth + 1)])) as T;
}

const LOOKED_AT = 2000;

/**
 * The indicators of a timeline that hold no secret and are no part of one: an address with a password in it, the end of
 * such a password taken for a mail address, the digits of a token taken for a hash.
 */
export function withoutSecrets<I extends { readonly type: string; readonly value: string }>(timeline: {
  readonly indicators: readonly I[];
  readonly events: readonly { readonly message: string }[];
}): readonly I[] {
  const texts = [
    ...timeline.indicators.filter((i) => i.type === 'url').map((i) => i.value),
    ...timeline.events.slice(0, LOOKED_AT).map((e) => e.message),
  ];
  const found = texts.flatMap((text) => secretSpans(text).map((s) => text.slice(s.from, s.to).toLowerCase()));
  if (found.length === 0) return timeline.indicators;
  const isSecret = ({ type, value }: I): boolean => {
    const lower = value.toLowerCase();
    if (type === 'url' && secretSpans(value).length > 0) return true;
    return found.some(
      (secret) => secret.includes(lower) || (type === 'email' && secret === lower.slice(0, lower.indexOf('@'))),
    );
  };
  return timeline.indicators.filter((i) => !isSecret(i));
}
