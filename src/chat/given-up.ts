// A delivery that could not be handled: on record, and its author is asked to say it again.
import type { Services } from '../commands/types.ts';
import { context, notice, time, untrusted, view } from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { PersonRef } from '../view/types.ts';
import { systemActor } from './actor.ts';
import type { Spent } from './arrivals.ts';
import { fixed, outgoing } from './outbox.ts';
import { isMeant } from './shortcuts.ts';
import { placeOf } from './tokens.ts';
import type { ChatEvent, Conversation } from './types.ts';

/** What is known of a delivery that nobody tries any more. */
export interface LostDelivery {
  readonly platform: string;
  /** Key of the delivery, the same for a repetition. */
  readonly id: string;
  /** Id of the event that it was to become. */
  readonly event: string;
  readonly kind: ChatEvent['kind'] | 'unknown';
  /** Null when it names nobody who can be told. */
  readonly author: PersonRef | null;
  readonly conversation: Conversation | null;
  /** What they wrote, where it is words; the name of an emoji. */
  readonly words: string;
  readonly atMs: number;
  readonly tries: number;
  readonly why: Spent;
}

/** What somebody did by it; a kind that is not here was nobody's wish, so nobody is told. */
const DID: Partial<Record<LostDelivery['kind'], string>> = {
  command: 'command',
  click: 'press of a button',
  submit: 'form',
  shortcut: 'shortcut',
  reaction: 'emoji',
};

/** Records the loss and tells its author what stands and what does not, in one transaction. */
export async function recordGivenUp(services: Services, lost: LostDelivery): Promise<void> {
  const { author } = lost;
  const at = new Date(lost.atMs).toISOString();
  const did = lost.kind === 'reaction' && !isMeant(lost.words) ? undefined : DID[lost.kind];
  const work = (await services.store.workOf(lost.event)) ?? [];
  const body = {
    platform: lost.platform,
    delivery: lost.id,
    kind: lost.kind,
    author,
    place: lost.conversation ? placeOf(lost.conversation) : null,
    at,
    tries: lost.tries,
    because: lost.why,
    stands: work.map(({ record }) => record.seq),
  };
  const stands = work.map(({ record }) => record.type.replace(/[.-]/g, ' ')).slice(0, 10);
  const why =
    lost.why === 'age' ? 'it waited for more than a day' : `each of ${lost.tries} tries failed or was cut off`;
  const next =
    stands.length === 0
      ? 'Nothing of it is on record. Say it again if it still matters.'
      : `Of it is on record: ${stands.join(', ')}. Look at the newest card before you say it again.`;
  const lead = `Countersign could not handle your ${did}: ${why}.`;
  const shown = view(
    lead,
    [
      notice('warning', `${lead} It came at `, time(at), lost.words ? ': ' : '.', untrusted(clip(lost.words, 200))),
      notice('info', next),
      context(`If that fails too, show whoever runs Countersign "help doctor" and this: ${clip(lost.id, 120)}`),
    ],
    'warning',
  );
  await services.incidents.decide('workspace', { actor: systemActor, incident: null }, () => ({
    records: [{ type: 'delivery.given-up', body }],
    outbox:
      author && did
        ? [outgoing(`given-up/${lost.id}`, { op: 'tell', to: author, content: fixed(shown) }, 'decision')]
        : [],
  }));
}
