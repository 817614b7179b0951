// Approving and denying: the one place where an approval can come into being. Pure.

import type { Principal } from '../chat/types.ts';
import { humanKey, personOf } from '../organisation/people.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { PersonRef } from '../view/types.ts';
import { challengeLack } from './challenge.ts';
import {
  about,
  apartOf,
  blocked,
  closedState,
  plusMinutes,
  type Ruling,
  refused,
  type Setting,
  voidOf,
} from './decide.ts';
import { type Candidate, judgeApprover, judgeIdentity, listFor } from './policy.ts';
import { no, type ReasonCode } from './reasons.ts';
import { digestOf, isCardComplete } from './request.ts';
import type { CanonicalRequest, Containment, ContainmentRecord, Vote } from './types.ts';

/** What the directory said just now of somebody. `gone`: nobody has that id any more. */
export type DirectoryFact = Principal['standing'] | 'gone' | 'unavailable';

/** A press of a button of a request, with everything known of it besides the state. */
export interface Press {
  readonly by: PersonRef;
  readonly standing: Principal['standing'];
  /** What came with the button's token: the digest it was made for, and whether it stood on the full text. */
  readonly digest: string;
  readonly isFullText: boolean;
  /** Null when the button stood where it was put; else why it counts for nothing. */
  readonly misplaced: string | null;
  /** Directory facts by `platform/tenant/id`. */
  readonly directory: (who: PersonRef) => DirectoryFact;
  readonly isSourceCurrent: (request: CanonicalRequest) => boolean;
  readonly via: string;
}

export interface ApprovePress extends Press {
  /** The target's name as typed; asked for where it cannot be undone. */
  readonly typedTarget: string;
  readonly stepUp: 'not-asked' | 'passed' | 'failed';
}

/** The name somebody types to show that they read what it is done to. */
export const confirmName = (request: CanonicalRequest): string => request.targets[0]?.name ?? '';

/** Whether this request asks for a step-up code. */
export const needsStepUp = (s: Pick<Setting, 'org'>, r: CanonicalRequest): boolean =>
  s.org.containment.step_up === 'always' ||
  (s.org.containment.step_up === 'irreversible' && r.reversibility === 'irreversible');

const candidate = (s: Setting, by: PersonRef, standing: Principal['standing']): Candidate => ({
  human: humanKey(s.org, by),
  person: personOf(s.org, by),
  platform: by.platform,
  tenant: by.tenant,
  id: by.id,
  standing,
});

/** Everything that is asked of whoever decides, for approving and for denying alike. Null: they may. */
function judgePress(
  s: Setting,
  c: Containment,
  press: Press,
): { readonly refusal: Refusal<ReasonCode>; readonly records: readonly ContainmentRecord[] } | null {
  const plain = (refusal: Refusal<ReasonCode>) => ({ refusal, records: [] });
  const list = listFor(s.org, c.request.action, c.request.reversibility);
  const unsure = judgeIdentity(candidate(s, press.by, press.standing), list);
  if (unsure) return plain(unsure);
  if (press.misplaced !== null) return plain(no('wrong-context', press.misplaced));
  if (c.state !== 'pending') return plain(closedState(c));
  const end = voidOf(s, c, press.isSourceCurrent);
  if (end) {
    const stop = blocked(s);
    const refusal =
      stop ??
      (end.type === 'containment.expired' ? no('expired') : no('superseded', (end.body as { reason: string }).reason));
    return { refusal, records: [end] };
  }
  if (press.digest !== c.digest || digestOf(c.request) !== c.digest) return plain(no('changed'));
  const fact = press.directory(press.by);
  if (fact === 'unavailable') return plain(no('directory-unavailable'));
  const standing = fact === 'gone' ? 'deactivated' : fact;
  const judged = judgeApprover(s.org, list, candidate(s, press.by, standing), apartOf(s, c), s.nowAt);
  return judged ? plain(judged) : null;
}

/** Counts an approval, and grants when enough distinct humans, all still eligible, have given theirs. */
export function decideApprove(s: Setting, c: Containment, press: ApprovePress): Ruling {
  const stopped = judgePress(s, c, press);
  if (stopped) return refused(c, 'approve', stopped.refusal, press.via, stopped.records);
  const human = humanKey(s.org, press.by);
  if (c.votes.some((v) => v.human === human)) return refused(c, 'approve', no('already-voted'), press.via);
  if (!isCardComplete(c.request) && !(press.isFullText && c.viewers.includes(human)))
    return refused(c, 'approve', no('not-fully-viewed'), press.via);
  const lack = challengeLack(s, c);
  if (lack !== null) return refused(c, 'approve', no('challenge-missing', lack), press.via);
  if (
    c.request.reversibility === 'irreversible' &&
    press.typedTarget.normalize('NFC').trim() !== confirmName(c.request)
  )
    return refused(
      c,
      'approve',
      refuse('not-fully-viewed', "This cannot be undone: type the target's name exactly as it is shown to approve it."),
      press.via,
    );
  const isSteppedUp = needsStepUp(s, c.request);
  if (isSteppedUp && press.stepUp !== 'passed') return refused(c, 'approve', no('step-up-failed'), press.via);

  const vote: Omit<Vote, 'at'> = { human, person: press.by, isSteppedUp };
  const voted: ContainmentRecord = {
    type: 'approval.voted',
    subject: c.key,
    body: { ...about(c), vote, via: press.via },
  };
  const { standing, voided } = recount(s, c, press);
  const humans = [...standing.map((v) => v.human), human];
  const records: ContainmentRecord[] = [voted, ...voided];
  const isGranted = new Set(humans).size >= c.quorum && hasNeededRole(s, c, humans);
  if (isGranted)
    records.push({
      type: 'approval.granted',
      subject: c.key,
      body: {
        ...about(c),
        humans,
        startBy: plusMinutes(s.nowAt, c.request.windowMinutes),
        policy: s.policy,
        brokenGlass: null,
      },
    });
  return { records, refusal: null, request: c.key };
}

function hasNeededRole(s: Setting, c: Containment, humans: readonly string[]): boolean {
  const roles = [listFor(s.org, c.request.action, c.request.reversibility)?.needs_role, c.needsRole].filter(Boolean);
  const rolesOf = (human: string): readonly string[] => s.org.people.find((p) => p.key === human)?.roles ?? [];
  return roles.every((role) => humans.some((h) => rolesOf(h).includes(role as string)));
}

/** Votes given before that still count, and records for those that no longer do. An unanswered directory voids nothing but counts nothing. */
function recount(
  s: Setting,
  c: Containment,
  press: Pick<Press, 'directory'>,
): { readonly standing: readonly Vote[]; readonly voided: readonly ContainmentRecord[] } {
  const list = listFor(s.org, c.request.action, c.request.reversibility);
  const standing: Vote[] = [];
  const voided: ContainmentRecord[] = [];
  for (const vote of c.votes) {
    const fact = press.directory(vote.person);
    if (fact === 'unavailable') continue;
    const judged = judgeApprover(
      s.org,
      list,
      candidate(s, vote.person, fact === 'gone' ? 'deactivated' : fact),
      apartOf(s, c),
      s.nowAt,
    );
    if (judged)
      voided.push({
        type: 'approval.voided',
        subject: c.key,
        body: { ...about(c), human: vote.human, code: judged.code },
      });
    else standing.push(vote);
  }
  return { standing, voided };
}

/** Denies: one denial is final, and has a reason. */
export function decideDeny(s: Setting, c: Containment, press: Press, reason: string): Ruling {
  const stopped = judgePress(s, c, press);
  if (stopped) return refused(c, 'deny', stopped.refusal, press.via, stopped.records);
  return {
    records: [{ type: 'approval.denied', subject: c.key, body: { ...about(c), by: press.by, reason } }],
    refusal: null,
    request: c.key,
  };
}

/** Whether every approver of a granted request could still give their approval now: null, or why not. */
export function judgeGrant(s: Setting, c: Containment, directory: Press['directory']): Refusal<ReasonCode> | null {
  if (!c.grant) return no('already-decided', 'It is not approved.');
  if (c.grant.brokenGlass) {
    const fact = directory(c.grant.brokenGlass.by);
    if (fact === 'unavailable') return no('directory-unavailable');
    return fact === 'member' ? null : no('not-eligible', `${c.grant.brokenGlass.by.label} is no longer a member.`);
  }
  if (c.votes.some((v) => directory(v.person) === 'unavailable')) return no('directory-unavailable');
  const { standing, voided } = recount(s, c, { directory });
  const humans = standing.map((v) => v.human);
  if (new Set(humans).size < c.quorum || !hasNeededRole(s, c, humans))
    return no('not-eligible', `${voided.length} of its approvers may no longer approve it.`);
  return null;
}

/** Breaks the glass: one named person grants something that can be undone, alone, with a reason everybody sees. */
export function decideBreakGlass(s: Setting, c: Containment, press: ApprovePress, reason: string): Ruling {
  const glass = s.org.containment.break_glass;
  const stop = (refusal: Refusal<ReasonCode>, records: readonly ContainmentRecord[] = []) =>
    refused(c, 'break-glass', refusal, press.via, records);
  const unsure = judgeIdentity(candidate(s, press.by, press.standing), null);
  if (unsure) return stop(unsure);
  if (press.misplaced !== null) return stop(no('wrong-context', press.misplaced));
  if (c.state !== 'pending') return stop(closedState(c));
  const end = voidOf(s, c, press.isSourceCurrent);
  if (end) return stop(blocked(s) ?? (end.type === 'containment.expired' ? no('expired') : no('superseded')), [end]);
  if (press.digest !== c.digest || digestOf(c.request) !== c.digest) return stop(no('changed'));
  const human = humanKey(s.org, press.by);
  if (!glass.enabled) return stop(no('not-eligible', "Break-glass is off in the organisation's file."));
  if (c.request.reversibility === 'irreversible')
    return stop(no('not-eligible', 'Break-glass never covers what cannot be undone.'));
  if (!glass.people.includes(human)) return stop(no('not-eligible', `Break-glass is for ${glass.people.join(', ')}.`));
  const fact = press.directory(press.by);
  if (fact === 'unavailable') return stop(no('directory-unavailable'));
  if (fact !== 'member') return stop(no('not-eligible'));
  if (needsStepUp(s, c.request) && press.stepUp !== 'passed') return stop(no('step-up-failed'));
  if (reason.trim().length < 20)
    return stop(no('not-eligible', 'Breaking the glass needs a reason of at least 20 characters.'));
  return {
    records: [
      {
        type: 'approval.granted',
        subject: c.key,
        body: {
          ...about(c),
          humans: [human],
          startBy: plusMinutes(s.nowAt, c.request.windowMinutes),
          policy: s.policy,
          brokenGlass: { by: press.by, reason },
        },
      },
    ],
    refusal: null,
    request: c.key,
  };
}
