// What must reach people, as it waits in the outbox. Live content is rendered when it is delivered, so that a card never shows an old state.
import type { OutboxEntry } from '../store/types.ts';
import type { PersonRef, View } from '../view/types.ts';
import type { Conversation } from './types.ts';

/** A view written now, or one to be rendered from the state at delivery. */
export type Content =
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'live'; readonly show: string; readonly incident: string; readonly subject: string };

export type Outgoing =
  /** Posts the message of that name, or edits it in place when it stands already. */
  | {
      readonly op: 'put';
      readonly name: string;
      readonly isPinned?: boolean;
      readonly to: Conversation;
      readonly thread?: string;
      readonly content: Content;
    }
  | { readonly op: 'post'; readonly to: Conversation; readonly thread?: string; readonly content: Content }
  /** To one person alone. One with a name is edited in place when it stands already; `isOnlyEdit`: nothing is sent when it does not. */
  | {
      readonly op: 'tell';
      readonly to: PersonRef;
      readonly name?: string;
      readonly isOnlyEdit?: boolean;
      readonly content: Content;
    }
  /** One mail to one address. */
  | { readonly op: 'mail'; readonly to: string; readonly subject: string; readonly text: string }
  | {
      readonly op: 'upload';
      readonly to: Conversation;
      readonly thread?: string;
      readonly file: {
        readonly name: string;
        readonly mediaType: string;
        readonly blob: string;
        readonly altText?: string;
      };
    };

/** An outbox entry. `key` must be the same for the same message; `thread` is the name of a put message. */
export function outgoing(key: string, message: Outgoing, lane: 'decision' | 'traffic' = 'traffic'): OutboxEntry {
  // A live card shows the latest state whenever it is delivered: one waiting edit is enough.
  const fold =
    message.op === 'put' && message.content.kind === 'live'
      ? message.name
      : message.op === 'tell' && message.isOnlyEdit && message.content.kind === 'live'
        ? `edit/${message.name}`
        : null;
  return { key, lane, payload: JSON.stringify(message), ...(fold ? { fold } : {}) };
}

export const live = (show: string, incident: string, subject = ''): Content => ({
  kind: 'live',
  show,
  incident,
  subject,
});
export const fixed = (view: View): Content => ({ kind: 'view', view });
