// Decisions on the incident itself: severity, phase, roles, handover, close. Pure.

import { isSameAccount } from '../chat/actor.ts';
import type { Severity } from '../organisation/schema.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { PersonRef } from '../view/types.ts';
import { type Incident, type IncidentRecord, type KeyTime, PHASES, type Phase, ROLES, type Role } from './types.ts';

export type IncidentCommand =
  | { readonly do: 'set-severity'; readonly severity: Severity; readonly reason: string }
  | { readonly do: 'set-phase'; readonly phase: Phase; readonly reason: string }
  | { readonly do: 'set-time'; readonly which: KeyTime; readonly at: string }
  | { readonly do: 'set-summary'; readonly summary: string }
  | { readonly do: 'assign'; readonly role: Role; readonly person: PersonRef }
  | { readonly do: 'release'; readonly role: Role; readonly person: PersonRef }
  | { readonly do: 'offer-handover'; readonly from: PersonRef; readonly to: PersonRef }
  | { readonly do: 'acknowledge-handover'; readonly by: PersonRef }
  | { readonly do: 'join'; readonly person: PersonRef }
  | {
      readonly do: 'invite';
      readonly person: PersonRef;
      readonly by: PersonRef | null;
      readonly isInside: boolean;
    }
  | { readonly do: 'waive'; readonly blocker: string; readonly reason: string }
  | { readonly do: 'close'; readonly outcome: string; readonly blockers: readonly Blocker[] }
  | { readonly do: 'reopen'; readonly reason: string };

/** Something that keeps an incident open, and who may waive it. */
export interface Blocker {
  readonly key: string;
  readonly what: string;
  readonly waivedBy: string;
}

const closed = (incident: Incident): Refusal =>
  refuse('incident-closed', `${incident.key} is closed. Its commander can reopen it with "status reopen <why>".`);
const wantsReason = (what: string): Refusal =>
  refuse('reason-missing', `Say why: ${what} goes on record with a reason.`);

/** People come to read a closed incident too. */
const OPEN_AFTER_CLOSING: ReadonlySet<IncidentCommand['do']> = new Set(['reopen', 'join', 'invite']);

/** Everybody who may see a private incident: who takes part, and who was let in and has not come yet. */
export const insidersOf = (incident: Pick<Incident, 'members' | 'invited'>): readonly PersonRef[] => [
  ...incident.members,
  ...incident.invited,
];

/** What a command on the incident records, or why not. */
export function decideIncident(command: IncidentCommand, incident: Incident): readonly IncidentRecord[] | Refusal {
  if (incident.phase === 'closed' && !OPEN_AFTER_CLOSING.has(command.do)) return closed(incident);
  switch (command.do) {
    case 'set-severity':
      if (command.severity === incident.severity)
        return refuse('no-change', `${incident.key} is ${command.severity} already.`);
      if (command.reason.trim() === '') return wantsReason('a change of severity');
      return [
        {
          type: 'incident.severity-changed',
          body: { from: incident.severity, to: command.severity, reason: command.reason },
        },
      ];
    case 'set-phase':
      if (!PHASES.includes(command.phase) || command.phase === 'closed')
        return refuse('bad-argument', `Use one of ${PHASES.slice(0, -1).join(', ')}; to close, use "status close".`);
      if (command.phase === incident.phase)
        return refuse('no-change', `${incident.key} is in ${command.phase} already.`);
      return [
        { type: 'incident.phase-changed', body: { from: incident.phase, to: command.phase, reason: command.reason } },
      ];
    case 'set-time':
      return [
        {
          type: 'incident.time-set',
          body: { which: command.which, at: command.at, was: incident.times[command.which] ?? null },
        },
      ];
    case 'set-summary':
      return [{ type: 'incident.summary-changed', body: { summary: command.summary } }];
    case 'assign':
      if (!ROLES.includes(command.role)) return refuse('bad-argument', `Roles are ${ROLES.join(', ')}.`);
      if ((incident.roles[command.role] ?? []).some((p) => isSameAccount(p, command.person)))
        return refuse('no-change', `${command.person.label} is ${command.role} already.`);
      return [{ type: 'role.assigned', body: { role: command.role, person: command.person } }];
    case 'release':
      if (!(incident.roles[command.role] ?? []).some((p) => isSameAccount(p, command.person)))
        return refuse('no-change', `${command.person.label} is not ${command.role}.`);
      return [{ type: 'role.released', body: { role: command.role, person: command.person } }];
    case 'offer-handover':
      if (isSameAccount(command.from, command.to)) return refuse('bad-argument', 'Hand over to somebody else.');
      return [{ type: 'handover.offered', body: { from: command.from, to: command.to } }];
    case 'acknowledge-handover':
      if (!incident.handover) return refuse('no-handover', 'No handover is waiting.');
      if (!isSameAccount(incident.handover.to, command.by))
        return refuse('not-receiver', `Only ${incident.handover.to.label} can acknowledge this handover.`);
      return [{ type: 'handover.acknowledged', body: incident.handover }];
    case 'join':
      return incident.members.some((p) => isSameAccount(p, command.person))
        ? []
        : [{ type: 'member.joined', body: { person: command.person } }];
    case 'invite': {
      const { do: _, ...body } = command;
      return insidersOf(incident).some((p) => isSameAccount(p, command.person))
        ? []
        : [{ type: 'member.invited', body }];
    }
    case 'waive':
      if (command.reason.trim() === '') return wantsReason('a waiver');
      return [{ type: 'blocker.waived', body: { blocker: command.blocker, reason: command.reason } }];
    case 'close': {
      const waived = new Set(incident.waivers.map((w) => w.blocker));
      const left = command.blockers.filter((b) => !waived.has(b.key));
      if (left.length > 0)
        return refuse('blocked', `${incident.key} cannot close yet: ${left.map((b) => b.what).join('; ')}.`);
      if (command.outcome.trim() === '') return wantsReason('closing');
      return [{ type: 'incident.closed', body: { outcome: command.outcome } }];
    }
    case 'reopen':
      if (incident.phase !== 'closed') return refuse('no-change', `${incident.key} is open.`);
      if (command.reason.trim() === '') return wantsReason('reopening');
      return [{ type: 'incident.reopened', body: { reason: command.reason } }];
  }
}
