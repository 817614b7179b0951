// Who may approve what, read from the organisation's file. Pure: the same file and the same moment give the same answer.
import type { Principal } from '../chat/types.ts';
import type { ApproverList } from '../organisation/containment.ts';
import { DAYS } from '../organisation/containment.ts';
import type { Organisation, Person } from '../organisation/schema.ts';
import type { Refusal } from '../refusal.ts';
import { no, type ReasonCode } from './reasons.ts';
import type { Executor, Reversibility } from './types.ts';

/** Distinct people a list asks for. */
export const quorumOf = (list: ApproverList): number =>
  list.quorum ?? (list.reversibility.includes('irreversible') ? 2 : 1);

/** The list that rules an action: the one that names it, else the one for `*`. Null means nobody may approve. */
export function listFor(org: Organisation, action: string, reversibility: Reversibility): ApproverList | null {
  const matching = org.approvers.filter((l) => l.reversibility.includes(reversibility));
  return matching.find((l) => l.actions.includes(action)) ?? matching.find((l) => l.actions.includes('*')) ?? null;
}

/** Distinct people needed for an action of this class under the list that rules it. */
export const quorumFor = (list: ApproverList, reversibility: Reversibility): number =>
  list.quorum ?? (reversibility === 'irreversible' ? 2 : 1);

/** Everybody on the list, by name or by role. */
export const peopleOn = (org: Organisation, list: ApproverList): readonly Person[] =>
  org.people.filter((p) => list.people.includes(p.key) || p.roles.some((r) => list.roles.includes(r)));

/** What makes somebody on the list not count for one request. */
export interface Apart {
  /** Keys of humans: proposer and whoever changed it before. */
  readonly excluded: readonly string[];
  readonly executor: Executor;
  /** Key of the human who commands, or null. */
  readonly commander: string | null;
  /** Whether somebody can see the incident. */
  readonly isInside: (person: Person) => boolean;
}

/** People who may approve it, now or in their hours. */
export function eligibleFor(org: Organisation, list: ApproverList | null, apart: Apart): readonly Person[] {
  if (!list) return [];
  return peopleOn(org, list).filter(
    (p) => !apart.excluded.includes(p.key) && !isKeptApart(list, p.key, apart) && apart.isInside(p),
  );
}

const isKeptApart = (list: ApproverList, human: string, apart: Apart): boolean =>
  (list.distinct_from.includes('executor') && apart.executor.kind === 'manual' && apart.executor.person === human) ||
  (list.distinct_from.includes('commander') && apart.commander === human);

/** Somebody who wants to approve, as the event and the directory describe them. */
export interface Candidate {
  readonly human: string;
  readonly person: Person | null;
  readonly platform: string;
  readonly tenant: string;
  readonly id: string;
  readonly standing: Principal['standing'];
}

const NOBODY = new Set(['', 'unknown', 'undefined', 'null', 'none', '0']);

/** Whether this is one human the chat vouches for. Refuses with the reason. */
export function judgeIdentity(who: Candidate, list: ApproverList | null): Refusal<ReasonCode> | null {
  if (who.standing === 'bot') return no('not-human');
  if (NOBODY.has(who.id.trim().toLowerCase()) || NOBODY.has(who.tenant.trim().toLowerCase()) || who.platform === '')
    return no('unverified-identity');
  if (who.standing === 'unknown') return no('unverified-identity');
  if (who.standing === 'deactivated') return no('not-eligible', 'This account is deactivated.');
  if ((who.standing === 'guest' || who.standing === 'external') && !list?.admits.includes(who.standing))
    return no('external');
  return null;
}

/** Whether this human may approve this request at this moment. `names` tells a refused person who may. */
export function judgeApprover(
  org: Organisation,
  list: ApproverList | null,
  who: Candidate,
  apart: Apart,
  nowAt: string,
): Refusal<ReasonCode> | null {
  const unsure = judgeIdentity(who, list);
  if (unsure) return unsure;
  const eligible = eligibleFor(org, list, apart);
  const names = eligible.length > 0 ? `They are: ${eligible.map((p) => p.name).join(', ')}.` : 'At present nobody is.';
  if (apart.excluded.includes(who.human)) return no('self', names);
  if (!list || peopleOn(org, list).length === 0) return no('no-approvers');
  if (!who.person || !eligible.some((p) => p.key === who.person?.key)) return no('not-eligible', names);
  if (list.hours.length > 0 && !list.hours.some((h) => isWithin(h, nowAt)))
    return no('not-eligible', `These approvers may approve only ${hoursText(list)}.`);
  return null;
}

type Hours = ApproverList['hours'][number];

/** Whether a UTC instant falls into hours of the week as a clock on the wall of their zone shows them. */
export function isWithin(hours: Hours, at: string): boolean {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: hours.zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(at));
  const part = (type: string): string => parts.find((p) => p.type === type)?.value ?? '';
  const day = DAYS.indexOf(part('weekday').toLowerCase() as (typeof DAYS)[number]);
  const clock = `${part('hour')}:${part('minute')}`;
  const has = (index: number): boolean => hours.days.includes(DAYS[(index + 7) % 7] as (typeof DAYS)[number]);
  if (hours.from <= hours.to) return has(day) && clock >= hours.from && clock < hours.to;
  // Over midnight: the part after midnight belongs to the day before.
  return (has(day) && clock >= hours.from) || (has(day - 1) && clock < hours.to);
}

/** Hours of a list in words. */
export const hoursText = (list: ApproverList): string =>
  list.hours.map((h) => `${h.days.join(' ')} ${h.from} to ${h.to} (${h.zone})`).join(' or ');
