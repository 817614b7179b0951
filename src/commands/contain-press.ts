// What every press on a containment shares: where it came from, what the directory says, and one way to the ledger.
import { refOf } from '../chat/actor.ts';
import { placeOf } from '../chat/tokens.ts';
import { askDirectory, type Ruled, rule, votersOf } from '../containment/act.ts';
import { type Ruling, refused, type Setting } from '../containment/decide.ts';
import type { Press } from '../containment/decide-approval.ts';
import { no } from '../containment/reasons.ts';
import { isSourceCurrent } from '../containment/source.ts';
import { type Attempt, type Containment, cardNameOf, containmentOf } from '../containment/types.ts';
import type { Shown } from '../containment/view-body.ts';
import type { Dossier } from '../incident/dossier.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { notice, view } from '../view/build.ts';
import { isInside } from './permission.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, one } from './types.ts';

/** The key of the request a call names. */
export const keyOf = (call: Call): string => one(call.args, 'request').trim().toUpperCase();

/** The request a call names as an incident has it, or null. */
export const requestIn = (call: Call, dossier: Dossier | null): Containment | null =>
  dossier ? containmentOf(dossier.containment, keyOf(call)) : null;

/** The request a call names as it stood when the call came, or null. */
export const requestOf = (call: Call): Containment | null => requestIn(call, call.dossier);

/** How the call came, for the record. */
export const viaOf = (call: Call): string => `${call.origin.kind} in ${placeOf(call.event.conversation)}`;

/** Why a decision's button counts for nothing where it was pressed, or null. */
export function misplacedOf(call: Call): string | null {
  const { origin } = call;
  if (origin.kind === 'typed') return 'Typing it does not count.';
  if (!origin.isInPlace) return 'This one came from another conversation.';
  if (!origin.isHolder) return 'This one was shown to somebody else.';
  if (origin.kind === 'form') return origin.isHeldAlone ? null : 'This form was given to nobody in particular.';
  if (origin.isHeldAlone) return null;
  if (origin.card !== cardNameOf(incidentOf(call), keyOf(call))) return 'This one stands on another message.';
  return origin.isOnItsMessage ? null : 'This is a copy of the card.';
}

/** The press of a call, with the directory asked anew for everybody it rests on. */
export async function pressOf(call: Call, c: Containment | null, dossier: Dossier | null): Promise<Press> {
  const by = refOf(call.actor);
  const directory = await askDirectory(call.services, [by, ...votersOf(c)]);
  return {
    by,
    standing: call.actor.standing,
    digest: one(call.args, 'digest'),
    isFullText: one(call.args, 'full') === 'yes',
    misplaced: misplacedOf(call),
    directory,
    isSourceCurrent: (request) => dossier !== null && isSourceCurrent(dossier, request),
    via: viaOf(call),
  };
}

/** Rules on the request a call names; no such request, and nobody outside a private incident, is a recorded refusal. */
export function ruleOn(
  call: Call,
  attempt: Attempt,
  decide: (setting: Setting, c: Containment, dossier: Dossier) => Ruling | Promise<Ruling>,
): Promise<Ruled | Refusal> {
  return rule(call.services, incidentOf(call), call.recordActor, (setting, dossier) => {
    const key = keyOf(call);
    const c = containmentOf(dossier.containment, key);
    if (!isVisible(call)) return refused(c ?? key, attempt, hidden(call), viaOf(call));
    if (!c)
      return refused(
        key,
        attempt,
        no('superseded', `There is no request ${key.slice(0, 20)} in ${setting.incident.key}.`),
        viaOf(call),
      );
    return decide(setting, c, dossier);
  });
}

const isVisible = (call: Call): boolean =>
  call.actor.standing !== 'member' ||
  !call.dossier?.incident.isPrivate ||
  isInside(call.services.organisation.organisation, call.dossier, call.actor, call.person);

const hidden = (_call: Call) => no('not-eligible', 'You are not in this private incident. Its commander can add you.');

/** Tells the actor what came of it: the refusal, or one good line. */
export function told(ruled: Ruled | Refusal, line: (r: Ruled) => string): Answer {
  if (isRefusal(ruled)) return ruled;
  if (ruled.refusal) return ruled.refusal;
  const words = line(ruled);
  return { kind: 'private', view: view(words, [notice('good', words)], 'good') };
}

/** The answer to a key that names nothing here. */
export const missing = (call: Call) =>
  refuse(
    'no-such-request',
    `There is no request ${keyOf(call).slice(0, 20) || 'without a key'} here. "contain list" shows them.`,
  );

/** What cards and texts are drawn from. */
export const shownOf = (call: Call): Shown => ({
  org: call.services.organisation.organisation,
  incident: call.dossier!.incident,
  finding: call.dossier!.finding,
});
