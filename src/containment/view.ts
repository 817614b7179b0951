// The card of a containment, written from the object that was hashed. No word of a model ever comes into it.
import { exerciseBanner } from '../incident/view.ts';
import {
  actions,
  button,
  code,
  codeBlock,
  context,
  divider,
  heading,
  list,
  notice,
  person,
  prose,
  strong,
  text,
  time,
  untrusted,
  view,
} from '../view/build.ts';
import type { Button, Element, View } from '../view/types.ts';
import { challengeLack } from './challenge.ts';
import { needsStepUp } from './decide-approval.ts';
import { canonicalText, isCardComplete } from './request.ts';
import { showAll } from './show-all.ts';
import type { Containment, Containments } from './types.ts';
import { approverAccounts, bodyOf, type Shown, shortName, stateNotice, titleOf } from './view-body.ts';

const args = (c: Containment, more: Readonly<Record<string, string>> = {}) => ({
  incident: c.request.incident,
  request: c.key,
  digest: c.digest,
  ...more,
});

function approveButton(shown: Shown, c: Containment, isFull: boolean): Button {
  const what = shortName(shown.org, c);
  const isForm = c.request.reversibility === 'irreversible' || needsStepUp(shown, c.request);
  return button(`Approve ${what}`, 'contain approve', args(c, isFull ? { full: 'yes' } : {}), {
    style: c.request.reversibility === 'irreversible' ? 'danger' : 'primary',
    meantFor: approverAccounts(shown, c),
    ...(isForm
      ? {}
      : {
          confirm: {
            title: `Approve ${what}?`,
            text: `It runs on ${c.request.targets.length === 1 ? 'this target' : `all ${c.request.targets.length} targets`} as the card says. Your name goes on record.`,
            button: 'Approve',
          },
        }),
  });
}

function buttonsFor(shown: Shown, c: Containment): readonly Button[] {
  const { org } = shown;
  switch (c.state) {
    case 'pending':
      return [
        ...(isCardComplete(c.request) && challengeLack(shown, c) === null ? [approveButton(shown, c, false)] : []),
        button('Deny', 'contain deny', args(c), { style: 'danger' }),
        button('Ask for changes', 'contain ask', args(c)),
        button(isCardComplete(c.request) ? 'Full text' : 'Open the full text to approve', 'contain view', args(c)),
        ...(challengeLack(shown, c) !== null
          ? [
              ...(c.challenge ? [] : [button('Challenge it', 'contain challenge', args(c))]),
              button('Waive the challenge', 'contain challenge', args(c, { waive: 'yes' })),
            ]
          : []),
      ];
    case 'granted':
      return c.request.executor.kind === 'manual'
        ? [button('I carry it out now', 'contain start', args(c), { style: 'primary' })]
        : [];
    case 'executing':
      return c.request.executor.kind === 'manual'
        ? [button('Record the outcome', 'contain outcome', args(c), { style: 'primary' })]
        : [];
    case 'unknown':
      return [button('Record what really happened', 'contain outcome', args(c), { style: 'danger' })];
    case 'executed':
      return org.actions[c.request.action]?.undo_action
        ? [button('Propose undoing it', 'contain rollback', args(c), c.contested ? { style: 'danger' } : {})]
        : [];
    case 'failed':
    case 'denied':
    case 'withdrawn':
    case 'superseded':
    case 'expired':
    case 'lapsed':
    case 'disputed':
      return [];
  }
}

const toneOf = (c: Containment): View['tone'] =>
  c.state === 'unknown' || c.state === 'failed' || c.contested
    ? 'danger'
    : c.state === 'pending' || c.state === 'executing'
      ? 'warning'
      : c.state === 'executed'
        ? 'good'
        : 'info';

const summaryOf = (shown: Shown, c: Containment): string =>
  `${shown.incident.kind === 'exercise' ? 'EXERCISE ' : ''}${c.key} ${shortName(shown.org, c)}: ${stateWords[c.state]}`;

/** States in words, the same everywhere. */
export const stateWords: Readonly<Record<Containment['state'], string>> = {
  pending: 'waiting for approval',
  granted: 'approved, not started',
  executing: 'started, no outcome yet',
  executed: 'done',
  failed: 'failed',
  unknown: 'outcome UNKNOWN',
  denied: 'denied',
  withdrawn: 'withdrawn',
  superseded: 'made void',
  expired: 'expired without a decision',
  lapsed: 'approved, never started',
  disputed: 'disputed',
};

function challengeNotice(shown: Shown, c: Containment): readonly Element[] {
  const lack = c.state === 'pending' ? challengeLack(shown, c) : null;
  if (lack === null) return [];
  const first =
    'It cannot be undone, so at this severity the challenger looks first, at it or at a finding it rests on. Then the button to approve appears.';
  return [notice('warning', lack === '' ? first : `${lack} Then the button to approve appears.`)];
}

/** The card in the channel: edited in place, it keeps the whole action when it is settled. */
export function containmentCard(shown: Shown, c: Containment): View {
  const buttons = buttonsFor(shown, c);
  return view(
    summaryOf(shown, c),
    [
      ...exerciseBanner(shown.incident),
      heading(`${c.key} ${titleOf(shown.org, c)}`),
      stateNotice(shown, c),
      ...challengeNotice(shown, c),
      ...bodyOf(shown, c, false),
      ...(c.contested
        ? [
            notice(
              'danger',
              strong('Contested by '),
              ...(c.contested.by ? [person(c.contested.by)] : []),
              ', who approved it: ',
              untrusted(c.contested.reason),
            ),
          ]
        : []),
      ...(c.grant?.brokenGlass && !c.review
        ? [
            notice('danger', 'The use of break-glass waits for its review.'),
            actions(button('Review it', 'contain review', args(c))),
          ]
        : []),
      ...(buttons.length > 0 ? [actions(...buttons)] : []),
      ...(c.state === 'pending'
        ? [context('Approving works only with the button on this card or in its full text, opened from here.')]
        : []),
    ],
    toneOf(c),
  );
}

/** Everything, byte for byte; `mayAct` adds the buttons that decide. */
export function fullText(shown: Shown, c: Containment, mayAct: boolean): View {
  return view(
    `${summaryOf(shown, c)}: full text`,
    [
      ...exerciseBanner(shown.incident),
      heading(`${c.key} ${titleOf(shown.org, c)}: full text`),
      stateNotice(shown, c),
      ...bodyOf(shown, c, true),
      divider,
      text(strong('What the approval covers, byte for byte')),
      codeBlock(
        JSON.stringify(JSON.parse(canonicalText(c.request)), null, 2)
          .split('\n')
          .map(showAll)
          .join('\n'),
      ),
      text('SHA-256 of its canonical form: ', code(c.digest)),
      ...(mayAct && c.state === 'pending'
        ? [
            actions(
              ...(challengeLack(shown, c) === null ? [approveButton(shown, c, true)] : []),
              button('Deny', 'contain deny', args(c, { full: 'yes' }), { style: 'danger' }),
              button('Withdraw', 'contain withdraw', args(c)),
            ),
          ]
        : [context(`To decide, use the buttons of the card of ${c.key} in the channel of ${c.request.incident}.`)]),
    ],
    toneOf(c),
  );
}

/** What the pinned card says of containment: what waits, what runs, what nobody knows. */
export function cardLines(shown: Shown, slice: Containments): readonly Element[] {
  const waiting = slice.all.filter((c) => ['pending', 'granted', 'executing', 'unknown'].includes(c.state));
  return [
    ...(slice.stopped
      ? [
          notice(
            'danger',
            strong('Containment is stopped'),
            ...(slice.stopped.by ? [' by ', person(slice.stopped.by)] : []),
            ': ',
            untrusted(slice.stopped.reason),
          ),
        ]
      : []),
    ...(waiting.length > 0
      ? [
          text(strong('Containment')),
          list(
            waiting
              .slice(0, 8)
              .map((c) =>
                prose(
                  `${c.key} ${shortName(shown.org, c)}: `,
                  strong(stateWords[c.state]),
                  ...(c.state === 'pending'
                    ? [`, ${c.votes.length} of ${c.quorum}, until `, time(c.request.expiresAt, 'time')]
                    : []),
                ),
              ),
          ),
          ...(waiting.length > 8 ? [context(`and ${waiting.length - 8} more: "contain list"`)] : []),
        ]
      : []),
  ];
}
