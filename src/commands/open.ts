// open: declares an incident, in a conversation of its own where the platform can make one.
import { refOf } from '../chat/actor.ts';
import { fixed, outgoing } from '../chat/outbox.ts';
import { placeOf } from '../chat/tokens.ts';
import { emptyDossier, evolveDossier } from '../incident/dossier.ts';
import { openForm, readOpening } from '../incident/opening.ts';
import type { IncidentRecord } from '../incident/types.ts';
import { welcomeView } from '../incident/view.ts';
import { isRefusal } from '../refusal.ts';
import { VersionConflict } from '../store/types.ts';
import { actions, button, text, view } from '../view/build.ts';
import { cardEdit } from './services.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

async function declare(call: Call): Promise<Answer> {
  const { services, event } = call;
  const opening = readOpening(call.args, services.organisation.organisation, call.nowAt);
  if (isRefusal(opening)) return opening;
  if ('errors' in opening) return { kind: 'errors', errors: opening.errors };
  for (;;) {
    const prefix = opening.kind === 'exercise' ? 'EX' : 'INC';
    const taken = (await services.incidentKeys())
      .filter((k) => k.startsWith(`${prefix}-`))
      .map((k) => Number(k.split('-')[1]));
    const key = `${prefix}-${Math.max(0, ...taken) + 1}`;
    const isOwnRoom = services.capabilities(event.conversation.platform).canCreateConversation;
    if (!isOwnRoom && (await services.incidentIn(event.conversation))) {
      return {
        kind: 'refused',
        code: 'conversation-taken',
        message:
          'This channel already has an incident. Make a new channel, add Countersign to it, and open the incident there.',
      };
    }
    const name = `${key.toLowerCase()}-${(opening.codename ?? opening.title)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 40)}`;
    const conversation = isOwnRoom
      ? await services.createConversation(event.conversation.platform, name, {
          isPrivate: opening.isPrivate,
          members: [call.actor],
        })
      : event.conversation;
    const records: IncidentRecord[] = [
      { type: 'incident.declared', body: { ...opening, key, conversation }, subject: key },
      ...(opening.isCommander
        ? [{ type: 'role.assigned' as const, body: { role: 'commander' as const, person: refOf(call.actor) } }]
        : [{ type: 'member.joined' as const, body: { person: refOf(call.actor) } }]),
    ];
    try {
      // The card needs the state after these records: fold them once ahead of the commit.
      const ahead = records.reduce(
        (d, r, i) =>
          evolveDossier(d, {
            ...r,
            seq: 0,
            ts: call.nowAt,
            stream: key,
            version: i + 1,
            actor: call.recordActor,
            incident: key,
            subject: null,
          } as never),
        emptyDossier,
      );
      await services.store.append(
        [{ stream: key, expectedVersion: 0, incident: key, actor: call.recordActor, records }],
        [
          ...cardEdit(ahead, records.length),
          outgoing(`welcome/${key}`, { op: 'post', to: conversation, content: fixed(welcomeView(ahead.incident)) }),
        ],
      );
      await services.store.setNote(`incident-in/${placeOf(conversation)}`, key);
      return {
        kind: 'private',
        view: view(
          `${key} is open in its own channel.`,
          [
            text(`${key} is open. Its channel is ${isOwnRoom ? `#${name}` : 'this one'}.`),
            actions(
              button('Start a playbook', 'step start', { incident: key }),
              button('Add logs', 'log', { incident: key }),
            ),
          ],
          'good',
        ),
      };
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
    }
  }
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
