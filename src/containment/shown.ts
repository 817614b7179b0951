// The record that a card stood before people's eyes, and where.
import { systemActor } from '../chat/actor.ts';
import type { Content } from '../chat/outbox.ts';
import { placeOf } from '../chat/tokens.ts';
import type { MessageRef } from '../chat/types.ts';
import type { Services } from '../commands/types.ts';
import { containmentOf } from './types.ts';

/** Records where the card of a request was posted. Does nothing for other content. */
export async function recordShown(
  services: Services,
  content: Extract<Content, { kind: 'live' }>,
  at: MessageRef,
): Promise<void> {
  if (content.show !== 'containment-card') return;
  await services.act(content.incident, systemActor, ({ containment }) => {
    const c = containmentOf(containment, content.subject);
    return {
      records: c
        ? [
            {
              type: 'containment.shown',
              subject: c.key,
              body: { request: c.key, digest: c.digest, place: placeOf(at.conversation), message: at.id },
            },
          ]
        : [],
    };
  });
}
