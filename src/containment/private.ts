// What a person was asked in private about a request, and what came of it: the same message, edited in place.
import { actions, button, context, notice, person, strong, text, time, untrusted, view } from '../view/build.ts';
import type { View } from '../view/types.ts';
import type { Containment } from './types.ts';
import { type Shown, shortName, stateNotice } from './view-body.ts';

/** Why somebody was written to: asked, asked again, or named to carry it out. */
export type Why = 'ask' | 'again' | 'carry-out';

const WHYS: readonly Why[] = ['ask', 'again', 'carry-out'];

const LEAD = {
  ask: 'Your approval is asked for',
  again: 'Half the time is over and it still waits for an approval',
} as const;

/** Subject of the live message: `CA-1/ask/ife`. `human` is the key of a person of the organisation's file. */
export const privateSubject = (request: string, why: Why, human: string): string => `${request}/${why}/${human}`;

/** Reads a subject back; null when it is none. */
export function readPrivateSubject(
  subject: string,
): { readonly request: string; readonly why: Why; readonly human: string } | null {
  const [request = '', said = '', ...human] = subject.split('/');
  const why = WHYS.find((w) => w === said);
  return why ? { request, why, human: human.join('/') } : null;
}

/** Name of the message, so that it is found again. */
export const privateName = (incident: string, subject: string): string => `private/${incident}/${subject}`;

const argsOf = (c: Containment) => ({ incident: c.request.incident, request: c.key, digest: c.digest });

/** The message as it should stand now. Only what can still be done has a button. */
export function privateView(shown: Shown, c: Containment, why: Why, human: string): View {
  const what = `${c.key} ${shortName(shown.org, c)}`;
  if (why === 'carry-out') return carryOut(shown, c, what);
  if (c.state !== 'pending')
    return view(`${shown.incident.key}: ${what} is settled`, [
      text(`Your approval was asked for in ${shown.incident.key}: `, strong(what), '.'),
      stateNotice(shown, c),
      context('Nothing is asked of you here any more.'),
    ]);
  if (c.votes.some((v) => v.human === human))
    return view(`${shown.incident.key}: you approved ${what}`, [
      notice(
        'info',
        `You approved it in ${shown.incident.key}: `,
        strong(what),
        `. It has ${c.votes.length} of ${c.quorum} approvals and waits for more until `,
        time(c.request.expiresAt, 'time'),
        '. Nothing has run.',
      ),
    ]);
  return view(
    `${shown.incident.key}: ${what} waits for you`,
    [
      notice(
        'warning',
        `${LEAD[why]} in ${shown.incident.key}: `,
        strong(what),
        ', until ',
        time(c.request.expiresAt, 'time'),
        '.',
      ),
      text('Proposed by ', person(c.proposer), ': ', untrusted(c.reason)),
      actions(button('Read it and decide', 'contain view', argsOf(c), { style: 'primary' })),
    ],
    'warning',
  );
}

function carryOut(shown: Shown, c: Containment, what: string): View {
  if (c.state === 'granted')
    return view(
      `${what} is approved: carry it out`,
      [
        notice(
          'warning',
          strong(what),
          ' is approved. You are named to carry it out, by ',
          time(c.grant?.startBy ?? '', 'time'),
          '.',
        ),
        text('First press the button: it checks that the approval still holds. Then do it, then record the outcome.'),
        actions(
          button('I carry it out now', 'contain start', argsOf(c), { style: 'primary' }),
          button('Full text', 'contain view', argsOf(c)),
        ),
      ],
      'warning',
    );
  const isOver = c.state !== 'executing' && c.state !== 'unknown';
  return view(`${what}: ${isOver ? 'nothing is left to carry out' : 'record the outcome'}`, [
    text('You were named to carry out ', strong(what), ` in ${shown.incident.key}.`),
    stateNotice(shown, c),
    ...(c.state === 'executing'
      ? [actions(button('Record the outcome', 'contain outcome', argsOf(c), { style: 'primary' }))]
      : []),
  ]);
}
