// What happens to an incident's conversation itself: renamed, archived, deleted, shared, the bot taken out, the platform out of reach.
import type { ConnectionChange } from '../adapter.ts';
import { systemActor } from '../chat/actor.ts';
import { fixed } from '../chat/outbox.ts';
import type { Conversation, ConversationChange } from '../chat/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import { displayName } from '../incident/view.ts';
import { isRefusal } from '../refusal.ts';
import { notice, view } from '../view/build.ts';
import type { Command, Message, Services } from './types.ts';

/** Notes in every open incident of a platform that it went away or came back. */
export async function noteConnection(services: Services, change: ConnectionChange): Promise<void> {
  for (const key of await services.incidentKeys()) {
    const { incident } = (await services.incidents.load(key)).state;
    if (incident.phase === 'closed' || incident.conversation?.platform !== change.platform) continue;
    await services.act(key, systemActor, () => ({
      records: [
        {
          type: `incident.connection-${change.state}`,
          body: {
            platform: change.platform,
            sinceAt: new Date(change.sinceMs).toISOString(),
            because: change.because.slice(0, 300),
          },
        },
      ],
    }));
  }
}

const GONE: Readonly<Partial<Record<ConversationChange, string>>> = {
  archived: 'was archived. Unarchive it to go on there',
  deleted: 'was deleted',
  'bot-removed': 'does not have Countersign any more. Invite it again to go on there',
};

/** Whom a change concerns hears of it where they can still hear. */
function said(dossier: Dossier, conversation: Conversation, change: ConversationChange): readonly Message[] {
  const { key, roles } = dossier.incident;
  if (change === 'shared') {
    const words =
      'Somebody of another organisation can read this channel now (Slack Connect). Incidents are TLP:AMBER+STRICT unless somebody says otherwise: do not post here what they must not have, and take them out or go on elsewhere.';
    const content = fixed(view(words, [notice('danger', words)], 'danger'));
    return [
      { key: `shared/${key}/${dossier.version}`, lane: 'decision', message: { op: 'post', to: conversation, content } },
    ];
  }
  const gone = GONE[change];
  if (gone === undefined) return [];
  const words = `The channel of ${key} (${displayName(dossier.incident)}) ${gone}. Nothing is lost: the incident goes on in the web workspace, and here with "${key} status".`;
  const content = fixed(view(words, [notice('warning', words)], 'warning'));
  return (roles.commander ?? []).map((to) => ({
    key: `channel-${change}/${key}/${dossier.version}`,
    message: { op: 'tell' as const, to, content },
  }));
}

/** Kept whoever did it: it is what the platform says, not what somebody asks for. */
export const conversationChanged: Command = {
  name: 'status conversation-changed',
  summary: 'The channel was renamed, archived, deleted or shared, or the bot was taken out',
  args: [],
  examples: [],
  effect: 'record',
  who: 'participant',
  needsIncident: false,
  isHidden: true,
  isSelfJudged: true,
  async run(call) {
    const { event, dossier } = call;
    if (!dossier || event.kind !== 'conversation-changed') return { kind: 'none' };
    const { change, conversation } = event;
    const done = await call.services.act(dossier.incident.key, call.recordActor, (now) => ({
      records: [{ type: 'incident.conversation-changed', body: { change } }],
      say: said(now, conversation, change),
    }));
    return isRefusal(done) ? done : { kind: 'none' };
  },
};
