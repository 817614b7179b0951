// Opaque tokens for buttons and forms: 192 random bits, stored only as SHA-256. Nothing is read back from a message.
import { sha256Hex } from '../audit/canonical.ts';
import type { Store, TokenGrant } from '../store/types.ts';
import { buttonsOf } from '../view/build.ts';
import { maskForm, maskView } from '../view/mask.ts';
import type { Form, Intent, View } from '../view/types.ts';
import type { Conversation, DeliverableForm, DeliverableView } from './types.ts';

/** Name of the note that says where the message of a name stands on a platform. */
export const messageNote = (platform: string, name: string): string => `message/${platform}/${name}`;

/** A conversation in one word: `platform/tenant/id`. */
export const placeOf = (where: Conversation): string => `${where.platform}/${where.tenant}/${where.id}`;

/** What a token gives back: the intent and the only place and person it is good for. */
export interface Granted {
  readonly intent: Intent;
  readonly place: string;
  readonly holder: string | null;
  readonly card: string | null;
  /** Its message was drawn again since; most commands then do nothing. */
  readonly isRevoked: boolean;
}

export class Tokens {
  readonly #store: Store;
  readonly #random: () => string;

  /** `random` gives at least 128 bits as URL-safe text. */
  constructor(store: Store, random: () => string) {
    this.#store = store;
    this.#random = random;
  }

  /** Masks secrets, and gives every button of the view a token that works in this conversation, for this holder alone if one is named. */
  async forView(
    view: View,
    where: { readonly place: string; readonly holder?: string; readonly card?: string },
  ): Promise<DeliverableView> {
    const tokens = buttonsOf(view).map(() => this.#random());
    const grants = buttonsOf(view).map((b, i) => this.#grant(tokens[i] as string, b.intent, where));
    if (where.card !== undefined) await this.#store.revokeCard(where.card);
    if (grants.length > 0) await this.#store.grant(grants);
    return { view: maskView(view), tokens };
  }

  async forForm(form: Form, where: { readonly place: string; readonly holder: string }): Promise<DeliverableForm> {
    const token = this.#random();
    await this.#store.grant([this.#grant(token, form.intent, where)]);
    return { form: maskForm(form), token };
  }

  /** The grant behind a token, or null when there is none. */
  async read(token: string): Promise<Granted | null> {
    const grant = await this.#store.token(sha256Hex(token));
    return grant
      ? {
          intent: JSON.parse(grant.intent) as Intent,
          place: grant.place,
          holder: grant.holder,
          card: grant.card,
          isRevoked: grant.isRevoked === true,
        }
      : null;
  }

  #grant(
    token: string,
    intent: Intent,
    where: { readonly place: string; readonly holder?: string; readonly card?: string },
  ): TokenGrant {
    return {
      tokenHash: sha256Hex(token),
      intent: JSON.stringify(intent),
      place: where.place,
      holder: where.holder ?? null,
      card: where.card ?? null,
    };
  }
}
