// Notices as the response team sees them: state, what is left out, what keeps them from going out, what changed.
import { said } from '../finding/said.ts';
import {
  actions,
  notice as banner,
  button,
  context,
  divider,
  fields,
  heading,
  list,
  prose,
  strong,
  text,
  view,
} from '../view/build.ts';
import type { Button, Element, Prose, View } from '../view/types.ts';
import type { Audience } from './audiences.ts';
import type { Checked } from './check.ts';
import type { Change } from './difference.ts';
import type { Notice } from './types.ts';

/** Where a notice stands, in words that cannot be mistaken for sent. */
export const stateWords = (notice: Notice): string => {
  switch (notice.state) {
    case 'draft':
      return 'DRAFT, not reviewed, not sent';
    case 'reviewed':
      return `REVIEWED by ${notice.review?.by.label ?? ''}, NOT SENT`;
    case 'sent':
      return `SENT by ${notice.sent?.by.label ?? ''}`;
    case 'retracted':
      return `RETRACTED by ${notice.retraction?.by.label ?? ''}`;
  }
};

function buttonsFor(notice: Notice, incident: string): readonly Button[] {
  const args = { incident, notice: notice.key };
  switch (notice.state) {
    case 'draft':
      return [
        button('Read', 'notice show', args),
        button('Edit', 'notice edit', args),
        button('Review', 'notice review', args, { style: 'primary' }),
      ];
    case 'reviewed':
      return [
        button('Read', 'notice show', args),
        button('Edit again', 'notice edit', args),
        button('Send', 'notice send', args, { style: 'primary' }),
      ];
    case 'sent':
      return [
        button('Read', 'notice show', args),
        button('Next version', 'notice draft', { incident, audience: notice.audience }),
        button('Retract', 'notice retract', args, { style: 'danger' }),
      ];
    case 'retracted':
      return [
        button('Read', 'notice show', args),
        button('Next version', 'notice draft', { incident, audience: notice.audience }),
      ];
  }
}

/** The card in the incident's channel: one message, edited in place. */
export const noticeCard = (notice: Notice, audience: Audience, incident: string, checked: Checked): View =>
  view(
    `${notice.key} to ${audience.title.toLowerCase()}, version ${notice.version}: ${stateWords(notice)}`,
    [
      heading(`${notice.key} \u00b7 ${audience.title}, version ${notice.version}`),
      text(strong(stateWords(notice)), ` \u00b7 TLP:${notice.body.tlp}`),
      ...(notice.sent
        ? [
            fields({
              'Went to': notice.sent.deliveries
                .map((d) => (d.how === 'by-hand' ? `by hand: ${d.to}` : d.to))
                .join(', '),
            }),
          ]
        : []),
      ...(notice.undelivered.length > 0
        ? [
            banner(
              'danger',
              `NOT ARRIVED at ${notice.undelivered.join(', ')}. It is tried again; if it is urgent, tell them another way.`,
            ),
          ]
        : []),
      ...(notice.retraction ? [banner('danger', 'Withdrawn: ', said(notice.retraction.reason))] : []),
      ...(notice.sent === null && checked.problems.length > 0
        ? [
            banner(
              'warning',
              `${checked.problems.length} ${checked.problems.length === 1 ? 'thing keeps' : 'things keep'} it from going out. "Read" names ${checked.problems.length === 1 ? 'it' : 'them'}.`,
            ),
          ]
        : []),
      actions(...buttonsFor(notice, incident)),
    ],
    notice.state === 'sent' ? 'good' : notice.state === 'retracted' ? 'danger' : 'info',
  );

const changeProse = (c: Change): Prose => prose(c.kind === 'added' ? '+ ' : '\u2212 ', said(c.line));

/** The whole notice with everything its reviewer needs beside it. */
export function noticeDesk(
  notice: Notice,
  audience: Audience,
  incident: string,
  parts: {
    readonly shown: View;
    readonly checked: Checked;
    readonly changes: readonly Change[] | null;
    readonly isExternal: boolean;
  },
): View {
  const { checked, changes } = parts;
  return view(`${notice.key}: ${stateWords(notice)}`, [
    heading(`${notice.key} \u00b7 ${stateWords(notice)}`),
    ...(notice.sent === null && checked.problems.length > 0
      ? [banner('warning', 'Cannot go out yet:'), list(checked.problems.map((p) => prose(said(p))))]
      : []),
    ...(notice.sent === null && checked.warnings.length > 0
      ? [banner('info', 'Look at these twice:'), list(checked.warnings.map((w) => prose(said(w))))]
      : []),
    ...(notice.leftOut.length > 0
      ? [
          text(strong('Left out of the draft, and why')),
          list(notice.leftOut.map((l) => prose(said(l.what), ` \u2014 ${l.why}.`))),
        ]
      : []),
    ...(changes === null
      ? [context(`Nothing was sent to ${audience.title.toLowerCase()} before.`)]
      : [
          text(strong('Changed since the version they have')),
          changes.length > 0 ? list(changes.map(changeProse)) : text('Nothing.'),
        ]),
    ...(parts.isExternal && notice.sent === null
      ? [context('Outside our organisation: one person reviews it, another sends it, and only verified facts go out.')]
      : []),
    divider,
    ...parts.shown.elements,
    divider,
    actions(...buttonsFor(notice, incident)),
  ]);
}

/** Every notice, newest first. */
export const noticeList = (notices: readonly Notice[], title: (key: string) => string, incident: string): View =>
  view(`Notices of ${incident}`, [
    heading(`Notices of ${incident}`),
    ...(notices.length === 0
      ? [text('None yet. A draft is written from what is on record; a person reviews it, and a person sends it.')]
      : notices
          .toReversed()
          .flatMap((n): Element[] => [
            text(strong(`${n.key} `), `${title(n.audience)}, version ${n.version}: ${stateWords(n)}`),
            actions(...buttonsFor(n, incident)),
          ])),
    actions(
      button('Draft a notice', 'notice draft', { incident }, { style: 'primary' }),
      button('Briefing', 'notice brief', { incident }),
    ),
  ]);
