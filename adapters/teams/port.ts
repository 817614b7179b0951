// Teams as a platform: what the outbox calls. Every message goes out through a stored reference, so a restart changes nothing.

import { placeOf } from '../../src/chat/tokens.ts';
import { TryLater } from '../../src/chat/try-later.ts';
import type { ChatPort, Conversation, MessageRef } from '../../src/chat/types.ts';
import { ConnectorError } from './connector.ts';
import type { Outbound } from './files.ts';
import type { TeamsOptions } from './options.ts';
import type { People } from './people.ts';
import type { Sender } from './send.ts';

export interface PortParts {
  readonly options: TeamsOptions;
  readonly sender: Sender;
  readonly people: People;
  readonly outbound: Outbound;
}

/** The ChatPort of Teams. */
export function createTeamsPort({ options, sender, people, outbound }: PortParts): ChatPort {
  const mine = (to: Conversation): void => {
    if (to.platform !== 'teams' || !options.tenants.includes(to.tenant))
      throw new Error(`the conversation belongs to a tenant that is not listed in COUNTERSIGN_TEAMS_TENANT`);
  };
  /** When Teams asks to wait, the outbox waits, and other conversations go on. */
  const orLater = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof ConnectorError && error.afterMs !== null) throw new TryLater(error.afterMs, error.message);
      throw error;
    }
  };
  return {
    platform: 'teams',
    capabilities: {
      hasEphemeral: false,
      hasThreads: true,
      hasForms: true,
      canCreateConversation: false,
      hasChannelFiles: false,
      maxFileBytes: options.maxFileBytes,
      hasPictures: 'png',
      ...(options.isDevelopment ? { isExerciseOnly: true } : {}),
    },
    async post(to, view, { key, thread }) {
      mine(to);
      const id = await orLater(sender.show(to.id, view, { key, ...(thread === undefined ? {} : { thread }) }));
      return { conversation: to, id };
    },
    async edit(message: MessageRef, view) {
      mine(message.conversation);
      await orLater(sender.change(message.conversation.id, message.id, view));
    },
    async tellPrivately(person, view, { key }) {
      const direct = await orLater(sender.direct(person.tenant, person.id));
      const conversation = { platform: 'teams', tenant: person.tenant, id: direct };
      mine(conversation);
      return { conversation, id: await orLater(sender.show(direct, view, { key })) };
    },
    async upload(to, file, { key, thread }) {
      mine(to);
      const id = options.randomId();
      const waiting = await outbound.keep(id, file, { place: placeOf(to), holder: null });
      return {
        conversation: to,
        id: await orLater(sender.announce(to.id, id, waiting, { key, ...(thread === undefined ? {} : { thread }) })),
      };
    },
    async createConversation() {
      throw new Error(
        'Countersign makes no channels in Teams: make one, add Countersign to it, and open the incident there',
      );
    },
    resolvePerson: (who) => people.resolve(who),
  };
}
