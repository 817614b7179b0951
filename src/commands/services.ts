// What commands work with, over the store: made once in main.ts, and by tests with a fixed clock.
import type { Logger } from 'pino';
import { createPending } from '../assist/pending.ts';
import type { Assistant } from '../assist/types.ts';
import type { AuditLog } from '../audit/log.ts';
import { fixed, live, outgoing } from '../chat/outbox.ts';
import { placeOf } from '../chat/tokens.ts';
import type { ChatPort } from '../chat/types.ts';
import { standingOf } from '../containment/directory.ts';
import { noStepUp, type StepUp } from '../containment/step-up.ts';
import type { EvidenceBlobs } from '../evidence/blobs.ts';
import { Intake, type IntakeParts, receiptMessage } from '../evidence/intake.ts';
import { type Dossier, emptyDossier, evolveDossier } from '../incident/dossier.ts';
import type { Incident } from '../incident/types.ts';
import { watermarked } from '../incident/view.ts';
import type { PolicyFile } from '../organisation/live.ts';
import type { LoadedOrganisation } from '../organisation/load.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { Ledger } from '../store/ledger.ts';
import type { OutboxEntry, Store } from '../store/types.ts';
import { cardMessage } from './assist-card.ts';
import type { Message, Services } from './types.ts';

export interface ServiceParts {
  readonly store: Store;
  readonly blobs: EvidenceBlobs;
  readonly organisation: LoadedOrganisation;
  /** How a changed file is taken up; without it none ever is. */
  readonly policy?: (services: Services) => PolicyFile;
  readonly ports: ReadonlyMap<string, ChatPort>;
  readonly log: Logger;
  readonly now: () => number;
  readonly randomId: () => string;
  readonly auditLog: AuditLog;
  readonly playbooks: Services['playbooks'];
  readonly commands: Services['commands'];
  readonly read: IntakeParts['read'];
  readonly unpack: IntakeParts['unpack'];
  readonly search: Services['search'];
  readonly nudgeExecutions?: (incident: string) => void;
  readonly stepUp?: StepUp;
  /** Rows of the self test from the adapters. */
  readonly chatRows?: Services['chatRows'];
  readonly directoryTimeoutMs?: number;
  /** Whether a mail server is set. */
  readonly canMail?: boolean;
  readonly model?: Assistant | null;
  readonly assistantTokens?: number;
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
      isPinned: true,
      to: conversation,
      content: live('incident-card', key),
    }),
  ];
}

const unchanging: PolicyFile = { look: () => ({ kind: 'same' }), reload: async () => ({ kind: 'same' }) };

/** Records that change nothing the pinned card says. */
const UNSEEN = new Set(['approval.refused', 'containment.viewed', 'containment.shown', 'command.refused']);

/** What is written now says that it is of an exercise; what is live says it when it is rendered. */
function marked(incident: Incident, m: Message): Message {
  if (!('content' in m.message) || m.message.content.kind !== 'view') return m;
  const content = fixed(watermarked(incident, m.message.content.view));
  return { ...m, message: { ...m.message, content } };
}

const entriesOf = (messages: readonly Message[]): readonly OutboxEntry[] =>
  messages.map((m) => outgoing(m.key, m.message, m.lane));

/** The services over real parts. */
export function createServices(parts: ServiceParts): Services {
  const incidents = new Ledger<Dossier>(parts.store, { initial: emptyDossier, evolve: evolveDossier });
  const port = (platform: string): ChatPort => {
    const found = parts.ports.get(platform);
    if (!found) throw new Error(`no adapter for ${platform} is running`);
    return found;
  };
  const lastRefresh = new Map<string, number>();
  const act: Services['act'] = (incident, actor, decide) =>
    incidents.decide(incident, { actor, incident }, async (dossier, version) => {
      const resolution = await decide(dossier);
      if (isRefusal(resolution)) return resolution;
      const isShown = resolution.records.some((r) => !UNSEEN.has(r.type));
      const card = isShown ? cardEdit(dossier, version + resolution.records.length) : [];
      const say = (resolution.say ?? []).map((m) => marked(dossier.incident, m));
      return { records: resolution.records, outbox: [...entriesOf(say), ...card] };
    });
  const load = async (incident: string): Promise<Dossier> => (await incidents.load(incident)).state;
  const intake = new Intake({
    blobs: parts.blobs,
    log: parts.log,
    act,
    load,
    read: parts.read,
    unpack: parts.unpack,
    refresh(incident, evidence, progress) {
      // One edit a second is enough to see it count up.
      const id = `${incident}/${evidence}`;
      const now = parts.now();
      if (now - (lastRefresh.get(id) ?? 0) < 1000) return;
      lastRefresh.set(id, now);
      void load(incident).then((dossier) =>
        parts.store.enqueue(entriesOf(receiptMessage(dossier, evidence, `at-${progress}`))),
      );
    },
  });
  /** Edits the card of an answer of the assistant, by `INC-1/AR-2`. */
  const redraw = (id: string, stage: string): void => {
    const [incident = '', answer = ''] = id.split('/');
    void load(incident)
      .then(({ incident: { conversation }, assist }) =>
        conversation && assist.answers.some((a) => a.key === answer)
          ? parts.store.enqueue(entriesOf([cardMessage(incident, answer, conversation, stage)]))
          : undefined,
      )
      .catch((err: unknown) => parts.log.warn({ err, id }, 'the card of an answer could not be drawn anew'));
  };
  const services: Services = {
    auditLog: parts.auditLog,
    playbooks: parts.playbooks,
    commands: parts.commands,
    commandNamed: (name) => parts.commands.find((c) => c.name === name) ?? null,
    intake,
    act,
    search: parts.search,
    receiptAgain: (dossier, evidence, stage) => receiptMessage(dossier, evidence, `${stage}-${dossier.version}`),
    store: parts.store,
    incidents,
    blobs: parts.blobs,
    organisation: parts.organisation,
    get policy() {
      return policy;
    },
    log: parts.log,
    now: parts.now,
    randomId: parts.randomId,
    canMail: parts.canMail ?? false,
    async incidentIn(where) {
      return parts.store.note(`incident-in/${placeOf(where)}`);
    },
    async incidentKeys() {
      return (await parts.store.streams())
        .filter((s) => INCIDENT_KEY.test(s))
        .sort((a, b) => Number(a.split('-')[1]) - Number(b.split('-')[1]));
    },
    standingOf: (who) => standingOf(parts.ports.get(who.platform), who, parts.directoryTimeoutMs ?? 3000),
    nudgeExecutions: (incident) => parts.nudgeExecutions?.(incident),
    stepUp: parts.stepUp ?? noStepUp,
    chatRows: parts.chatRows ?? (async () => []),
    model: parts.model ?? null,
    asking: createPending({
      now: parts.now,
      seen: (id, characters) => redraw(id, `at-${characters}`),
      failed(id, err) {
        parts.log.error({ err, id }, 'an answer of the assistant could not be put on record');
        redraw(id, 'failed');
      },
    }),
    assistantTokens: parts.assistantTokens ?? 0,
    capabilities: (platform) => port(platform).capabilities,
    forget: async (conversation, disposed) =>
      (await parts.ports.get(conversation.platform)?.forget?.(conversation, disposed)) ?? null,
    async isShared(conversation) {
      try {
        return (await parts.ports.get(conversation.platform)?.isShared?.(conversation)) ?? false;
      } catch (error) {
        parts.log.warn({ err: error }, 'whether a channel is shared outside could not be asked');
        return 'unknown';
      }
    },
    filesOf: async (message) =>
      (await port(message.conversation.platform).filesOf?.(message)) ??
      refuse('no-file', 'Files of a message cannot be fetched here. Send it again together with "log".'),
    createConversation: (platform, name, options) => port(platform).createConversation(name, options),
  };
  const policy = parts.policy?.(services) ?? unchanging;
  return services;
}
