// Microsoft Teams: the Bot Connector posts activities to us, and we call it back. docs/teams.md says how to set it up.
import type { Adapter } from '../../src/adapter.ts';
import { ROUND_EVERY_MS } from '../../src/chat/arrivals.ts';
import type { Desk } from '../../src/chat/types.ts';
import { createConnector } from './connector.ts';
import { doctorRows } from './doctor.ts';
import { Outbound } from './files.ts';
import { createFront, isServiceUrl } from './front.ts';
import { Inbox } from './inbox.ts';
import { Marks } from './marks.ts';
import { Memory } from './memory.ts';
import { checkedOptions, type TeamsOptions } from './options.ts';
import { People } from './people.ts';
import { createTeamsPort } from './port.ts';
import { Replies } from './reply.ts';
import { Seen } from './seen.ts';
import { Sender } from './send.ts';
import { createTrust, MICROSOFT, noTrust } from './trust.ts';
import { Turns } from './turn.ts';

export { type Network, type TeamsOptions, TeamsSettingsError } from './options.ts';

/** Path of the bot's endpoint on the one HTTP server. */
export const TEAMS_PATH = '/api/messages';

const BANNER = 'DEVELOPMENT: nobody is checked here. Everything is an exercise and nothing is carried out.';

/** Makes the adapter. Throws TeamsSettingsError without app id, secret and tenant: there is no start without authentication. */
export function createTeamsAdapter(given: TeamsOptions): Adapter {
  const options = checkedOptions(given);
  const network = options.network ?? MICROSOFT;
  const trust = options.isDevelopment ? noTrust : createTrust(options, network);
  let desk: Desk | null = null;
  let rounds: NodeJS.Timeout | null = null;
  const memory = new Memory(options.notes);
  const connector = createConnector({
    token: () => trust.token(),
    now: options.now,
    isAllowed: (serviceUrl) => isServiceUrl(serviceUrl, network, options.isDevelopment),
  });
  const people = new People({
    memory,
    connector,
    tenants: options.tenants,
    isDevelopment: options.isDevelopment,
    now: options.now,
  });
  const sender = new Sender({
    memory,
    connector,
    bot: `28:${options.appId}`,
    banner: options.isDevelopment ? BANNER : null,
  });
  const outbound = new Outbound(options.folder, memory, network);
  const replies = new Replies({
    options,
    memory,
    sender,
    people,
    outbound,
    blob: async (sha256) => (await desk?.blob(sha256)) ?? null,
  });
  const marks = new Marks({ seen: new Seen(options.notes, options.now), people, now: options.now });
  const inbox = new Inbox(options.arrivals);
  const turns = new Turns({ options, network, memory, people, sender, outbound, replies, marks, inbox });
  const front = createFront({ options, network, trust, turns, desk: () => desk });
  return {
    port: createTeamsPort({ options, sender, people, outbound }),
    paths: [TEAMS_PATH],
    listener: (request, response) => void front(request, response),
    ready: options.isDevelopment
      ? `Teams is on in DEVELOPMENT at ${TEAMS_PATH}: nobody is checked, only this machine gets in, and every incident there is an exercise.`
      : `Teams is on at ${TEAMS_PATH} for app ${options.appId} and ${options.tenants.length === 1 ? 'one tenant' : `${options.tenants.length} tenants`}. Messages without a mention are ${options.capturesAll ? 'held in channels of an incident, where consent was given' : 'ignored'}.`,
    async attach(given) {
      desk = given;
      await outbound.sweep(options.now());
      const resume = turns.rounds(given);
      const round = (): void =>
        void resume().catch((error: unknown) => {
          options.log.error({ err: error }, 'what waits could not be taken up');
        });
      rounds = setInterval(round, ROUND_EVERY_MS);
      rounds.unref();
      round();
    },
    doctor: () => doctorRows(options, trust),
    async stop() {
      desk = null;
      if (rounds) clearInterval(rounds);
    },
  };
}
