// One message, as it stands in Slack now.
import { listAt, objectAt, type Payload, textAt } from '../parse/payload.ts';
import type { Call } from '../send/clients.ts';

/** The message of a channel or of a thread in it with that timestamp; null when it is gone. */
export async function messageAt(call: Call, channel: string, ts: string): Promise<Payload | null> {
  const range = { channel, latest: ts, oldest: ts, inclusive: true, limit: 1 };
  const top = listAt(await call('conversations.history', range), 'messages');
  const found = top.find((m) => textAt(m, 'ts') === ts);
  if (found) return objectAt({ found }, 'found');
  const replies = listAt(await call('conversations.replies', { channel, ts, latest: ts, inclusive: true }), 'messages');
  const reply = replies.find((m) => textAt(m, 'ts') === ts);
  return reply ? objectAt({ reply }, 'reply') : null;
}
