// An activity as Teams sends it, read after its sender and its tenant were checked. What is not named here is not used.
import { z } from 'zod';
import type { Conversation } from '../../../src/chat/types.ts';
import type { Reference } from '../memory.ts';

const account = z.object({
  id: z.string().max(300),
  aadObjectId: z.string().max(100).optional(),
  name: z.string().optional(),
  role: z.string().optional(),
  /** A slash entry: only its sender and the bot see the message. */
  isTargeted: z.boolean().optional(),
});

const activitySchema = z.object({
  type: z.string().max(60),
  id: z.string().max(300).optional(),
  timestamp: z.string().optional(),
  serviceUrl: z.string().max(500),
  name: z.string().max(100).optional(),
  from: account.optional(),
  recipient: account.optional(),
  conversation: z.object({
    id: z.string().min(1).max(500),
    conversationType: z.string().optional(),
    tenantId: z.string().optional(),
    isGroup: z.boolean().optional(),
  }),
  channelData: z
    .object({
      tenant: z.object({ id: z.string() }).optional(),
      eventType: z.string().optional(),
    })
    .optional(),
  text: z.string().optional(),
  replyToId: z.string().max(300).optional(),
  action: z.string().optional(),
  attachments: z
    .array(
      z.object({
        contentType: z.string(),
        contentUrl: z.string().optional(),
        name: z.string().optional(),
        content: z.unknown().optional(),
      }),
    )
    .max(50)
    .optional(),
  entities: z
    .array(
      z.object({
        type: z.string(),
        text: z.string().optional(),
        mentioned: account.partial().optional(),
      }),
    )
    .max(500)
    .optional(),
  reactionsAdded: z
    .array(z.object({ type: z.string().max(100) }))
    .max(50)
    .optional(),
  reactionsRemoved: z
    .array(z.object({ type: z.string().max(100) }))
    .max(50)
    .optional(),
  membersAdded: z.array(account).max(500).optional(),
  membersRemoved: z.array(account).max(500).optional(),
  value: z.unknown().optional(),
});

export type TeamsActivity = z.infer<typeof activitySchema>;

/** Reads a body; null when it is no activity of a shape we know. */
export function readActivity(body: unknown): TeamsActivity | null {
  const parsed = activitySchema.safeParse(body);
  return parsed.success ? parsed.data : null;
}

const THREAD = ';messageid=';

/** The tenant of an activity; the front has checked that it is one of ours and stated without contradiction. */
export const tenantOf = (activity: TeamsActivity): string =>
  (activity.conversation.tenantId ?? activity.channelData?.tenant?.id ?? '').toLowerCase();

/** The channel or chat, without the thread, which Teams writes into the id. */
export function conversationOf(activity: TeamsActivity, tenant: string): Conversation {
  const { id } = activity.conversation;
  const cut = id.indexOf(THREAD);
  return { platform: 'teams', tenant, id: cut < 0 ? id : id.slice(0, cut) };
}

/** Message id of the root of the thread, in a channel. */
export function threadOf(activity: TeamsActivity): string | undefined {
  const { id } = activity.conversation;
  const cut = id.indexOf(THREAD);
  return cut < 0 ? undefined : id.slice(cut + THREAD.length);
}

/** The id of a conversation as a thread in it has it. */
export const inThread = (conversation: string, thread: string | undefined): string =>
  thread === undefined ? conversation : `${conversation}${THREAD}${thread}`;

/** What kind of place it is; anything not known to be shared counts as shared. */
export const kindOf = (activity: TeamsActivity): Reference['kind'] =>
  activity.conversation.conversationType === 'personal'
    ? 'personal'
    : activity.conversation.conversationType === 'groupChat'
      ? 'groupChat'
      : 'channel';
