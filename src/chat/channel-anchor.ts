// A channel as an anchor: checkpoints where people see them and the machine's owner cannot take them back unnoticed.
import type { Anchor } from '../audit/anchors.ts';
import type { Store } from '../store/types.ts';
import { codeBlock, context, view } from '../view/build.ts';
import { fixed, outgoing } from './outbox.ts';
import type { Conversation } from './types.ts';

/** Reads `platform/tenant/channel`; null for anything else. */
export function conversationOf(text: string): Conversation | null {
  const [, platform, tenant, id] = /^([a-z]+)\/([^/]+)\/(.+)$/.exec(text) ?? [];
  return platform && tenant && id ? { platform, tenant, id } : null;
}

/**
 * Posts every signed checkpoint to a channel, best one where only the bot writes. It goes through the outbox, so an outage
 * delays it and loses none. It cannot be read back: hand a posted note to `countersign audit verify --checkpoint`.
 */
export function channelAnchor(to: Conversation, store: Pick<Store, 'enqueue'>): Anchor {
  return {
    name: `channel ${to.platform}/${to.tenant}/${to.id}`,
    async write({ size, note }) {
      const shown = view(`Checkpoint over ${size} records`, [
        codeBlock(note),
        context(`The signed head over ${size} records. Keep it: an export that contradicts it was changed.`),
      ]);
      await store.enqueue([outgoing(`checkpoint/${to.platform}/${size}`, { op: 'post', to, content: fixed(shown) })]);
    },
    newest: async () => null,
  };
}
