// What happens to an incident's conversation itself: renamed, archived, deleted, the bot taken out, the platform out of reach.
import type { ConnectionChange } from '../adapter.ts';
import { systemActor } from '../chat/actor.ts';
import { isRefusal } from '../refusal.ts';
import type { Command, Services } from './types.ts';

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

/** Kept whoever did it: it is what the platform says, not what somebody asks for. */
export const conversationChanged: Command = {
  name: 'status conversation-changed',
  summary: 'The channel was renamed, archived or deleted, or the bot was taken out',
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
    const done = await call.services.act(dossier.incident.key, call.recordActor, () => ({
      records: [{ type: 'incident.conversation-changed', body: { change: event.change } }],
    }));
    return isRefusal(done) ? done : { kind: 'none' };
  },
};
