// Slack Connect: every event says whether its channel is shared with another organisation. A change is heard once.
import type { Notes } from '../options.ts';
import { isId } from '../parse/envelope.ts';
import type { Heard } from '../parse/hear.ts';
import { flagAt, type Payload, textAt } from '../parse/payload.ts';

export interface Sharing {
  /** What changed for the channel of a delivery, or null. */
  look(body: Payload): Promise<Heard | null>;
}

const CHANNELS_KEPT = 2000;

export function createSharing(notes: Notes): Sharing {
  const known = new Map<string, boolean>();
  return {
    async look(body) {
      const channel = textAt(body, 'event', 'channel');
      if (textAt(body, 'type') !== 'event_callback' || !isId(channel) || channel.startsWith('D')) return null;
      const isShared = flagAt(body, 'is_ext_shared_channel');
      const name = `slack/shared/${channel}`;
      const was = known.get(channel) ?? (await notes.note(name)) === 'yes';
      known.set(channel, isShared);
      if (known.size > CHANNELS_KEPT) known.delete(known.keys().next().value as string);
      if (was === isShared) return null;
      await notes.setNote(name, isShared ? 'yes' : 'no');
      return {
        id: `slack:shared:${channel}:${textAt(body, 'event_id')}`,
        sender: null,
        channel,
        what: { kind: 'conversation-changed', change: isShared ? 'shared' : 'unshared' },
        ways: { isDirect: false },
      };
    },
  };
}
