import type { LedgerRecord } from '../audit/record.ts';
import { isSameAccount } from '../chat/actor.ts';
import type { PersonRef } from '../view/types.ts';
import type { Incident, IncidentRecord, Role } from './types.ts';

const SINGLE_HOLDER: ReadonlySet<Role> = new Set<Role>(['commander', 'deputy', 'scribe', 'liaison']);

function withRole(incident: Incident, role: Role, person: PersonRef, isAdded: boolean): Incident {
  const others = (incident.roles[role] ?? []).filter((p) => !isSameAccount(p, person));
  const holders = isAdded ? (SINGLE_HOLDER.has(role) ? [person] : [...others, person]) : others;
  const members = incident.members.some((p) => isSameAccount(p, person))
    ? incident.members
    : [...incident.members, person];
  return { ...incident, members, roles: { ...incident.roles, [role]: holders } };
}

/** Folds one record of the stream; records of other nouns leave it as it is. */
export function evolveIncident(incident: Incident, stored: LedgerRecord): Incident {
  const record = stored as unknown as IncidentRecord;
  switch (record.type) {
    case 'incident.declared': {
      const { detectedAt, ...body } = record.body;
      return {
        ...incident,
        ...body,
        declaredAt: stored.ts,
        declaredBy: stored.actor,
        times: { acknowledgedAt: stored.ts, ...(detectedAt ? { detectedAt } : {}) },
      };
    }
    case 'incident.severity-changed':
      return { ...incident, severity: record.body.to };
    case 'incident.phase-changed':
      return { ...incident, phase: record.body.to };
    case 'incident.time-set':
      return { ...incident, times: { ...incident.times, [record.body.which]: record.body.at } };
    case 'incident.zone-set':
      return { ...incident, zone: record.body.zone };
    case 'incident.summary-changed':
      return { ...incident, summary: record.body.summary };
    case 'role.assigned':
      return withRole(incident, record.body.role, record.body.person, true);
    case 'role.released':
      return withRole(incident, record.body.role, record.body.person, false);
    case 'handover.offered':
      return { ...incident, handover: record.body };
    case 'handover.acknowledged':
      return { ...withRole(incident, 'commander', record.body.to, true), handover: null };
    case 'member.joined':
      return incident.members.some((p) => isSameAccount(p, record.body.person))
        ? incident
        : { ...incident, members: [...incident.members, record.body.person] };
    case 'member.invited':
      return record.body.isInside ? { ...incident, invited: [...incident.invited, record.body.person] } : incident;
    case 'incident.conversation-changed': {
      const { change } = record.body;
      return change === 'shared' || change === 'unshared' ? { ...incident, isShared: change === 'shared' } : incident;
    }
    case 'blocker.waived':
      return { ...incident, waivers: [...incident.waivers, record.body] };
    case 'incident.closed':
      return { ...incident, phase: 'closed' };
    case 'incident.reopened':
      return { ...incident, phase: 'review' };
  }
  return incident;
}
