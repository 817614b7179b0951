// The object an approval covers, its digest, and what of it a card can show. Pure.
import { canonicalBytes, sanitise, sha256Hex } from '../audit/canonical.ts';
import type { CanonicalRequest } from './types.ts';

/** SHA-256 over the canonical bytes: the identity of what would run. */
export const digestOf = (request: CanonicalRequest): string => sha256Hex(canonicalBytes(sanitise(request)));

/** The whole object as people and receivers read it, keys in canonical order. */
export const canonicalText = (request: CanonicalRequest): string =>
  new TextDecoder().decode(canonicalBytes(sanitise(request)));

/** What would be done, without when and by which request: the same for a request that is proposed again unchanged. */
export const substanceOf = (r: CanonicalRequest): string =>
  sha256Hex(
    canonicalBytes(sanitise({ action: r.action, targets: r.targets, parameters: r.parameters, executor: r.executor })),
  );

const CARD_TARGETS = 10;
const CARD_TEXT = 200;

/** Whether the card shows every byte that matters; if not, approving works in the full text only. */
export const isCardComplete = (r: CanonicalRequest): boolean =>
  r.targets.length <= CARD_TARGETS &&
  r.targets.every((t) => t.name.length <= CARD_TEXT && t.addresses.join(' ').length <= CARD_TEXT) &&
  Object.values(r.parameters).every((v) => String(v).length <= CARD_TEXT) &&
  canonicalText(r).length <= 3000;

/** Targets a card lists before it points at the full text. */
export const cardTargets = CARD_TARGETS;
