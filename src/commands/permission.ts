// Who may run what by default. Approving containment is not decided here.
import type { Principal } from '../chat/types.ts';
import { insidersOf } from '../incident/decide.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { Role } from '../incident/types.ts';
import { humanKey } from '../organisation/people.ts';
import type { Organisation, Person } from '../organisation/schema.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Command, Permission } from './types.ts';

/** What each permission asks for, in words: used in refusals and in the generated matrix. */
export const permissionMeaning: Readonly<Record<Permission, string>> = {
  anyone: "everybody the organisation's file lists",
  participant: 'everybody in the incident, observers too',
  responder: 'responders in the incident',
  command: 'the commander or the deputy',
  liaison: 'the liaison, the commander or the deputy',
  legal: "the commander, the deputy, or those the organisation's file lists as legal",
  export: 'the commander, the deputy, the scribe, or an auditor',
};

/** Whether a person holds a role in the incident, over all their linked accounts. */
export function holdsRole(org: Organisation, dossier: Dossier, who: Principal, role: Role): boolean {
  const me = humanKey(org, who);
  return (dossier.incident.roles[role] ?? []).some((p) => humanKey(org, p) === me);
}

/** Whether somebody can see an incident at all. */
export function isInside(org: Organisation, dossier: Dossier, who: Principal, person: Person | null): boolean {
  if (!person || who.standing !== 'member') return false;
  if (!dossier.incident.isPrivate) return true;
  const me = humanKey(org, who);
  return person.roles.includes('auditor') || insidersOf(dossier.incident).some((p) => humanKey(org, p) === me);
}

/** Null when they may; else a refusal that names who can. */
export function permit(
  org: Organisation,
  command: Command,
  who: Principal,
  person: Person | null,
  dossier: Dossier | null,
): Refusal | null {
  if (!person || who.standing !== 'member') {
    return refuse(
      'not-listed',
      "You are not listed in the organisation's file, so Countersign cannot act for you. Ask whoever keeps countersign.yml to add your account.",
    );
  }
  if (dossier && !isInside(org, dossier, who, person))
    return refuse('not-inside', 'There is no such incident for you here. Somebody inside can let you in.');
  const holds = (...roles: readonly Role[]): boolean =>
    dossier !== null && roles.some((r) => holdsRole(org, dossier, who, r));
  const stands = (...roles: readonly Person['roles'][number][]): boolean => roles.some((r) => person.roles.includes(r));
  const allowed = ((): boolean => {
    switch (command.who) {
      case 'anyone':
      case 'participant':
        return true;
      case 'responder':
        return (
          stands('commander', 'responder', 'legal') ||
          holds('commander', 'deputy', 'scribe', 'liaison', 'responder', 'challenger')
        );
      case 'command':
        return holds('commander', 'deputy');
      case 'liaison':
        return holds('liaison', 'commander', 'deputy');
      case 'legal':
        return stands('legal') || holds('commander', 'deputy');
      case 'export':
        return stands('auditor') || holds('commander', 'deputy', 'scribe');
    }
  })();
  if (allowed) return null;
  return refuse(
    'not-permitted',
    `"${command.name}" is for ${permissionMeaning[command.who]}.${dossier ? ` ${whoIs(dossier)}` : ''}`,
  );
}

function whoIs(dossier: Dossier): string {
  const names = (['commander', 'deputy', 'liaison', 'scribe'] as const).flatMap((role) =>
    (dossier.incident.roles[role] ?? []).map((p) => `${p.label} (${role})`),
  );
  return names.length > 0
    ? `Here that is ${names.join(', ')}.`
    : 'Nobody holds these roles yet: claim one with "status claim commander".';
}
