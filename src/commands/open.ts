// open: declares an incident, in a conversation of its own where the platform can make one.

import type { Json } from '../audit/record.ts';
import { refOf } from '../chat/actor.ts';
import { fixed, outgoing } from '../chat/outbox.ts';
import { placeOf } from '../chat/tokens.ts';
import type { Conversation } from '../chat/types.ts';
import { emptyDossier, evolveDossier } from '../incident/dossier.ts';
import { type Opening, openForm, readOpening } from '../incident/opening.ts';
import type { IncidentRecord } from '../incident/types.ts';
import { watermarked, welcomeView } from '../incident/view.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { type OutboxEntry, VersionConflict } from '../store/types.ts';
import { actions, button, channel, notice, view } from '../view/build.ts';
import type { Inline } from '../view/types.ts';
import { cardEdit } from './services.ts';
import { type Answer, type Call, type Command, one } from './types.ts';
import { firstIncidentView } from './welcome.ts';

/** Where an incident was opened; `channel` is the name of its own channel, or null. */
export interface Opened {
  readonly key: string;
  readonly conversation: Conversation;
  readonly channel: string | null;
}

/** Opens an incident: a conversation where the platform can make one, the records, the pinned card and what to do first, all in one transaction; `also` are more messages. */
export async function openIncident(
  call: Call,
  asked: Opening,
  also: (opened: Pick<Opened, 'key' | 'conversation'>) => readonly OutboxEntry[] = () => [],
): Promise<Opened | Refusal> {
  const { services, event } = call;
  const { isExerciseOnly } = services.capabilities(event.conversation.platform);
  const opening: Opening = isExerciseOnly ? { ...asked, kind: 'exercise' } : asked;
  for (;;) {
    const prefix = opening.kind === 'exercise' ? 'EX' : 'INC';
    const taken = (await services.incidentKeys())
      .filter((k) => k.startsWith(`${prefix}-`))
      .map((k) => Number(k.split('-')[1]));
    const key = `${prefix}-${Math.max(0, ...taken) + 1}`;
    const isOwnRoom = services.capabilities(event.conversation.platform).canCreateConversation;
    if (!isOwnRoom && (await services.incidentIn(event.conversation))) {
      return refuse(
        'conversation-taken',
        'This channel already has an incident. Make a new channel, add Countersign to it, and open the incident there.',
      );
    }
    const name = channelName(key, opening);
    const conversation = isOwnRoom
      ? await services.createConversation(event.conversation.platform, name, {
          isPrivate: opening.isPrivate,
          members: [call.actor],
        })
      : event.conversation;
    const { isCommander, ...facts } = opening;
    const me = refOf(call.actor);
    const records: IncidentRecord[] = [
      { type: 'incident.declared', body: { ...facts, key, conversation }, subject: key },
      isCommander
        ? { type: 'role.assigned', body: { role: 'commander', person: me } }
        : { type: 'member.joined', body: { person: me } },
    ];
    // The card needs the state after these records: fold them once ahead of the commit.
    const ahead = records.reduce(
      (d, r, i) =>
        evolveDossier(d, {
          seq: 0,
          ts: call.nowAt,
          stream: key,
          version: i + 1,
          actor: call.recordActor,
          incident: key,
          subject: null,
          type: r.type,
          body: r.body as unknown as Json,
        }),
      emptyDossier,
    );
    const welcome = outgoing(`welcome/${key}`, {
      op: 'post',
      to: conversation,
      content: fixed(watermarked(ahead.incident, welcomeView(ahead.incident))),
    });
    const isFirst = taken.length === 0 && opening.kind === 'live';
    const first = isFirst
      ? [
          outgoing('onboarding/first-incident', {
            op: 'post',
            to: conversation,
            content: fixed(firstIncidentView(key)),
          }),
        ]
      : [];
    try {
      await services.store.append(
        [
          {
            stream: key,
            expectedVersion: 0,
            incident: key,
            actor: call.recordActor,
            records,
            // Without it the channel would be nobody's.
            notes: { [`incident-in/${placeOf(conversation)}`]: key },
          },
        ],
        [...cardEdit(ahead, records.length), welcome, ...first, ...also({ key, conversation })],
      );
    } catch (error) {
      // Somebody opened one at the same moment: take the next number.
      if (error instanceof VersionConflict) continue;
      throw error;
    }
    return { key, conversation, channel: isOwnRoom ? name : null };
  }
}

const channelName = (key: string, opening: Opening): string => {
  const words = (opening.codename ?? opening.title).toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `${key.toLowerCase()}-${words.replace(/^-|-$/g, '').slice(0, 40)}`.replace(/-$/, '');
};

async function declare(call: Call): Promise<Answer> {
  const opening = readOpening(call.args, call.services.organisation.organisation, call.nowAt);
  if ('errors' in opening) return { kind: 'errors', errors: opening.errors };
  const opened = await openIncident(call, opening);
  if (isRefusal(opened)) return opened;
  const incident = opened.key;
  const where: readonly (string | Inline)[] = opened.channel
    ? ['Its channel is ', channel(opened.conversation, `#${opened.channel}`), '.']
    : ['It lives in the channel or chat you opened it from.'];
  return {
    kind: 'private',
    view: view(
      `${incident} is open.`,
      [
        notice('good', `${incident} is open. `, ...where),
        actions(button('Start a playbook', 'step start', { incident }), button('Add logs', 'log', { incident })),
      ],
      'good',
    ),
  };
}

export const open: readonly Command[] = [
  {
    name: 'open',
    summary: 'Open an incident with its own channel and pinned card',
    args: [{ name: 'title', summary: 'What is wrong, in a few words', isRequired: false, isRest: true }],
    examples: ['open', 'open Logins to the bastion from abroad', 'open exercise Lost laptop'],
    effect: 'record',
    who: 'responder',
    needsIncident: false,
    async run(call) {
      const title = one(call.args, 'title');
      const isExercise = /^exercise\b/i.test(title);
      return {
        kind: 'form',
        form: openForm(call.services.organisation.organisation, {
          title: title.replace(/^exercise\s*/i, ''),
          kind: isExercise ? 'exercise' : 'live',
        }),
      };
    },
  },
  {
    name: 'open declare',
    summary: 'Declare the incident of the filled-in form',
    args: [],
    examples: [],
    effect: 'record',
    who: 'responder',
    needsIncident: false,
    isHidden: true,
    run: declare,
  },
];
