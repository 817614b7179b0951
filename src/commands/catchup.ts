// status catchup: where things stand, only to whoever asks.
import type { Dossier } from '../incident/dossier.ts';
import { readWhen } from '../incident/when.ts';
import { catchUpView } from '../notice/catch-up.ts';
import { isRefusal } from '../refusal.ts';
import type { View } from '../view/types.ts';
import { eventsOf } from './events.ts';
import { namesIn } from './names.ts';
import { type Call, type Command, one } from './types.ts';

/** Readers whose standing is management alone get no log lines. */
const isPlain = (call: Call): boolean => {
  const roles = call.person?.roles ?? [];
  return roles.includes('manager') && !roles.some((r) => r === 'responder' || r === 'commander');
};

/** Where things stand, for whoever calls. */
export const shownTo = async (call: Call, dossier: Dossier, sinceAt: string | null): Promise<View> =>
  catchUpView(dossier, {
    org: call.services.organisation.organisation,
    events: await eventsOf(call.services, dossier),
    sinceAt,
    nowAt: call.nowAt,
    isPlain: isPlain(call),
    nameOf: namesIn(call.services),
  });

export const catchup: readonly Command[] = [
  {
    name: 'status catchup',
    summary: 'What is verified, what is only said, and what nobody knows; only for you',
    args: [
      {
        name: 'since',
        summary: '-30m, 14:05 or 2026-11-20T08:15Z; everything when left out',
        isRequired: false,
        isRest: true,
      },
    ],
    examples: ['status catchup', 'status catchup -30m'],
    effect: 'read',
    who: 'participant',
    needsIncident: true,
    async run(call) {
      const dossier = call.dossier as Dossier;
      const typed = one(call.args, 'since').trim();
      const zone = dossier.incident.zone ?? call.services.organisation.organisation.zone;
      const since = typed === '' ? null : readWhen(typed, { nowAt: call.nowAt, zone });
      if (isRefusal(since)) return since;
      return { kind: 'private', view: await shownTo(call, dossier, since?.at ?? null) };
    },
  },
];
