// Who comes into an incident's channel, and who let them in. A private incident keeps both on record and says so in the channel.
import { isSameAccount, refOf } from '../chat/actor.ts';
import { fixed } from '../chat/outbox.ts';
import type { Principal } from '../chat/types.ts';
import { decideIncident, insidersOf } from '../incident/decide.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { IncidentRecord } from '../incident/types.ts';
import { personOf } from '../organisation/people.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { notice, person, view } from '../view/build.ts';
import { shownTo } from './catchup.ts';
import { isInside } from './permission.ts';
import type { Answer, Call, Command, Message } from './types.ts';

/** Says to everybody inside who reads along from now on. */
function saidOf(dossier: Dossier, records: readonly IncidentRecord[]): readonly Message[] {
  const { key, conversation } = dossier.incident;
  const invited = records.find((r) => r.type === 'member.invited');
  if (!invited || !conversation) return [];
  const { person: who, by, isInside: isIn } = invited.body;
  const words = isIn
    ? `${by?.label ?? ''} let ${who.label} into this private channel. They read everything in it from now on.`
    : `${who.label} came into this private channel, and nobody inside let them in. They can read it, and have no say in ${key}. Take them out, or go on elsewhere.`;
  const told =
    isIn && by
      ? notice(
          'info',
          person(by),
          ' let ',
          person(who),
          ' into this private channel. They read everything in it from now on.',
        )
      : notice('danger', words);
  return [
    {
      key: `invited/${key}/${dossier.version}`,
      lane: 'decision',
      message: { op: 'post', to: conversation, content: fixed(view(words, [told], isIn ? 'info' : 'danger')) },
    },
  ];
}

function invitation(
  call: Call,
  dossier: Dossier,
  who: Principal,
  by: Principal | null,
): readonly IncidentRecord[] | Refusal {
  const org = call.services.organisation.organisation;
  return decideIncident(
    {
      do: 'invite',
      person: refOf(who),
      by: by ? refOf(by) : null,
      isInside: by !== null && isInside(org, dossier, by, personOf(org, by)),
    },
    dossier.incident,
  );
}

/** The desk has let only people inside come here. A channel without a private incident keeps no such record. */
async function invited(call: Call): Promise<Answer> {
  const { event, dossier } = call;
  if (event.kind !== 'invited' || !dossier?.incident.isPrivate) return { kind: 'none' };
  const done = await call.services.act(dossier.incident.key, call.recordActor, (now) => {
    const records = invitation(call, now, event.person, event.actor);
    return isRefusal(records) ? records : { records, say: saidOf(now, records) };
  });
  return isRefusal(done) ? done : { kind: 'none' };
}

/** The platform says that somebody is there: on record even when they have no business in a private incident. */
async function joined(call: Call): Promise<Answer> {
  const { event, dossier, services } = call;
  if (!dossier || event.kind !== 'joined') return { kind: 'none' };
  const org = services.organisation.organisation;
  const me = refOf(call.actor);
  let isNew = false;
  const done = await services.act(dossier.incident.key, call.recordActor, (now) => {
    const isKnown = insidersOf(now.incident).some((p) => isSameAccount(p, me));
    const came = now.incident.isPrivate && !isKnown ? invitation(call, now, call.actor, event.by ?? null) : [];
    if (isRefusal(came)) return came;
    const isLetIn = came.some((r) => r.type === 'member.invited' && r.body.isInside);
    const mayJoin = call.person !== null && call.actor.standing === 'member';
    const isIn = mayJoin && (isLetIn || isInside(org, now, call.actor, call.person));
    const join = isIn ? decideIncident({ do: 'join', person: me }, now.incident) : [];
    if (isRefusal(join)) return join;
    isNew = join.length > 0;
    return { records: [...came, ...join], say: saidOf(now, came) };
  });
  return isRefusal(done) || !isNew
    ? { kind: 'none' }
    : { kind: 'private', view: await shownTo(call, done.state, null) };
}

const hidden = {
  args: [],
  examples: [],
  effect: 'record',
  who: 'participant',
  needsIncident: false,
  isHidden: true,
} as const;

export const membership: readonly Command[] = [
  { ...hidden, name: 'status invited', summary: 'Somebody let another person into the private channel', run: invited },
  { ...hidden, name: 'status joined', summary: 'Somebody came into the channel', isSelfJudged: true, run: joined },
];
