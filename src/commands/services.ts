// What commands work with, over the store: made once in main.ts, and by tests with a fixed clock.
import type { Logger } from 'pino';
import { live, outgoing } from '../chat/outbox.ts';
import { placeOf } from '../chat/tokens.ts';
import type { ChatPort } from '../chat/types.ts';
import type { EvidenceBlobs } from '../evidence/blobs.ts';
import { type Dossier, emptyDossier, evolveDossier } from '../incident/dossier.ts';
import type { LoadedOrganisation } from '../organisation/load.ts';
import { isRefusal } from '../refusal.ts';
import { Ledger } from '../store/ledger.ts';
import type { OutboxEntry, Store } from '../store/types.ts';
import type { Services } from './types.ts';

export interface ServiceParts {
  readonly store: Store;
  readonly blobs: EvidenceBlobs;
  readonly organisation: LoadedOrganisation;
  readonly ports: ReadonlyMap<string, ChatPort>;
  readonly log: Logger;
  readonly now: () => number;
  readonly randomId: () => string;
}

/** Streams of incidents and exercises; every other stream is the workspace's own. */
const INCIDENT_KEY = /^(INC|EX)-\d+$/;

/** Name of the pinned card's message. */
export const cardName = (incident: string): string => `card/${incident}`;

/** The edit of the pinned card that goes with every commit of an incident. */
export function cardEdit(dossier: Dossier, version: number): readonly OutboxEntry[] {
  const { key, conversation } = dossier.incident;
  if (!conversation) return [];
  return [
    outgoing(`${cardName(key)}/${version}`, {
      op: 'put',
      name: cardName(key),
      to: conversation,
      content: live('incident-card', key),
    }),
  ];
}

/** The services over real parts. */
export function createServices(parts: ServiceParts): Services {
  const incidents = new Ledger<Dossier>(parts.store, { initial: emptyDossier, evolve: evolveDossier });
  const port = (platform: string): ChatPort => {
    const found = parts.ports.get(platform);
    if (!found) throw new Error(`no adapter for ${platform} is running`);
    return found;
  };
  const services: Services = {
    store: parts.store,
    incidents,
    blobs: parts.blobs,
    organisation: parts.organisation,
    log: parts.log,
    now: parts.now,
    randomId: parts.randomId,
    async act(incident, actor, decide) {
      return incidents.decide(incident, { actor, incident }, async (dossier, version) => {
        const resolution = await decide(dossier);
        if (isRefusal(resolution)) return resolution;
        const said = (resolution.say ?? []).map((m) => outgoing(m.key, m.message, m.lane));
        const card = resolution.records.length > 0 ? cardEdit(dossier, version + resolution.records.length) : [];
        return { records: resolution.records, outbox: [...said, ...card] };
      });
    },
    async incidentIn(where) {
      return parts.store.note(`incident-in/${placeOf(where)}`);
    },
    async incidentKeys() {
      return (await parts.store.streams())
        .filter((s) => INCIDENT_KEY.test(s))
        .sort((a, b) => Number(a.split('-')[1]) - Number(b.split('-')[1]));
    },
    capabilities: (platform) => port(platform).capabilities,
    createConversation: (platform, name, options) => port(platform).createConversation(name, options),
  };
  return services;
}
