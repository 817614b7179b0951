// What else people do to a request before it runs: withdraw, challenge, ask for changes, stop everything. Pure.
import type { PersonRef } from '../view/types.ts';
import { about, closedState, type Ruling, refused, type Setting } from './decide.ts';
import { no } from './reasons.ts';
import { type Containment, type ContainmentRecord, isOpen } from './types.ts';

/** Withdraws a request that has not started: its proposer, or whoever commands. */
export function decideWithdraw(
  c: Containment,
  by: PersonRef,
  human: string,
  mayCommand: boolean,
  reason: string,
): Ruling {
  if (!isOpen(c)) return refused(c, 'withdraw', closedState(c), 'command');
  if (!c.excluded.includes(human) && !mayCommand)
    return refused(
      c,
      'withdraw',
      no('not-eligible', `Its proposer ${c.proposer.label} can withdraw it; an approver can deny it.`),
      'command',
    );
  return {
    records: [{ type: 'containment.withdrawn', subject: c.key, body: { ...about(c), by, reason } }],
    refusal: null,
    request: c.key,
  };
}

/** Puts the challenger's word, or the commander's waiver, on a pending request. */
export function decideChallenge(
  c: Containment,
  by: PersonRef,
  human: string,
  may: { readonly challenge: boolean; readonly waive: boolean },
  isWaived: boolean,
  words: string,
): Ruling {
  if (c.state !== 'pending') return refused(c, 'challenge', closedState(c), 'command');
  if (isWaived ? !may.waive : !may.challenge)
    return refused(
      c,
      'challenge',
      no(
        'not-eligible',
        isWaived
          ? 'Only the commander or deputy can waive the challenge.'
          : 'Only the challenger of this incident can challenge it: "status claim challenger".',
      ),
      'command',
    );
  if (!isWaived && c.excluded.includes(human))
    return refused(c, 'challenge', no('self', 'The challenger is somebody other than the proposer.'), 'command');
  return {
    records: [{ type: 'containment.challenged', subject: c.key, body: { ...about(c), by, isWaived, text: words } }],
    refusal: null,
    request: c.key,
  };
}

/** Asks the proposer for changes; the request and its time stay as they are. */
export function decideAskChanges(c: Containment, by: PersonRef, words: string): Ruling {
  if (c.state !== 'pending') return refused(c, 'ask-changes', closedState(c), 'command');
  return {
    records: [{ type: 'containment.changes-asked', subject: c.key, body: { ...about(c), by, text: words } }],
    refusal: null,
    request: c.key,
  };
}

/** The kill switch of an incident: everything open is void, nothing new is taken until somebody resumes. */
export function decideStop(s: Setting, by: PersonRef, reason: string): readonly ContainmentRecord[] {
  if (s.slice.stopped) return [];
  return [
    { type: 'containment.stopped', body: { by, reason } },
    ...s.slice.all.filter(isOpen).map(
      (c): ContainmentRecord => ({
        type: 'containment.superseded',
        subject: c.key,
        body: { ...about(c), code: 'kill-switch', reason: `${by.label} stopped containment: ${reason}` },
      }),
    ),
  ];
}
