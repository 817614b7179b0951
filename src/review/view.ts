// The review as people see it: the draft with what it lacks, and the versions that were published.
import { said } from '../finding/said.ts';
import type { Incident } from '../incident/types.ts';
import { exerciseBanner } from '../incident/view.ts';
import {
  actions,
  button,
  code,
  context,
  fields,
  heading,
  list,
  notice,
  prose,
  text,
  time,
  view,
} from '../view/build.ts';
import type { Button, Element, Field, Form, View } from '../view/types.ts';
import { draftDigest, gapsOf } from './decide.ts';
import { LONGEST_SECTION } from './draft.ts';
import { type Published, type ReviewBody, type Reviews, SECTIONS, type SectionName } from './types.ts';

/** The sections as text; an empty one says so. */
const bodyElements = (body: ReviewBody): readonly Element[] =>
  SECTIONS.flatMap(({ name, title }): readonly Element[] => {
    const lines = body[name];
    return [
      heading(title),
      lines.length === 0
        ? context('Nothing yet.')
        : lines.length === 1
          ? text(said(lines[0] ?? ''))
          : list(lines.map((line) => prose(said(line)))),
    ];
  });

/** It publishes the very words it stands under, and nothing else. */
const publishButton = (incident: Incident, body: ReviewBody): Button =>
  button(
    'Publish',
    'review publish',
    { incident: incident.key, read: draftDigest(body) },
    {
      style: 'primary',
      confirm: {
        title: 'Publish the review?',
        text: 'You have read it. A published version cannot be changed: a mistake is put right by a correction that names it.',
        button: 'Publish it',
      },
    },
  );

/** Where the review stands, whole: the draft when there is one, else the newest version. */
export function reviewView(incident: Incident, all: Reviews): View {
  const args = { incident: incident.key };
  const last = all.published.at(-1);
  if (all.draft) {
    const gaps = gapsOf(all.draft.body);
    return view(`Review of ${incident.key}: draft`, [
      ...exerciseBanner(incident),
      heading(`Review of ${incident.key} \u00b7 DRAFT, not published`),
      ...(all.draft.corrects
        ? [notice('info', `It corrects ${all.draft.corrects.key}: `, said(all.draft.corrects.reason))]
        : []),
      context(`Last changed by ${all.draft.editedBy.label}, `, time(all.draft.editedAt)),
      ...bodyElements(all.draft.body),
      ...(gaps.length > 0 ? [notice('warning', 'Before it can be published:'), list(gaps)] : []),
      actions(
        button('Edit', 'review edit', args, { style: gaps.length > 0 ? 'primary' : 'normal' }),
        ...(gaps.length === 0 ? [publishButton(incident, all.draft.body)] : []),
      ),
    ]);
  }
  if (last) return versionView(incident, last, all);
  return view(`Review of ${incident.key}: none yet`, [
    ...exerciseBanner(incident),
    heading(`Review of ${incident.key}`),
    text(
      'Nothing is written yet. A draft takes what is on record: verified findings, what was done and by whom, the highlights of the timeline. What only people can say it asks.',
    ),
    actions(button('Draft it from the record', 'review draft', args, { style: 'primary' })),
  ]);
}

/** A published version, with those before and after it. */
export function versionView(incident: Incident, shown: Published, all: Reviews): View {
  const args = { incident: incident.key, version: shown.key };
  const after = all.published.find((p) => p.corrects?.key === shown.key);
  return view(`Review of ${incident.key}: ${shown.key}, published`, [
    ...exerciseBanner(incident),
    heading(`Review of ${incident.key} \u00b7 ${shown.key}, version ${shown.version}`),
    ...(after ? [notice('warning', `Corrected by ${after.key}: `, said(after.corrects?.reason ?? ''))] : []),
    ...(shown.corrects ? [notice('info', `It corrects ${shown.corrects.key}: `, said(shown.corrects.reason))] : []),
    fields({ Published: prose(`${shown.by.label}, `, time(shown.at)), 'SHA-256': code(shown.digest) }),
    ...bodyElements(shown.body),
    actions(
      button('Markdown', 'review export', { ...args, format: 'md' }),
      button('HTML', 'review export', { ...args, format: 'html' }),
      ...(after ? [] : [button('Correct it', 'review correct', { incident: incident.key })]),
    ),
    ...(all.published.length > 1
      ? [
          actions(
            ...all.published
              .filter((p) => p.key !== shown.key)
              .slice(-4)
              .map((p) => button(`Read ${p.key}`, 'review', { incident: incident.key, version: p.key })),
          ),
        ]
      : []),
  ]);
}

/** What the channel is told when a version is published. */
export const publishedView = (incident: Incident, published: Published): View =>
  view(`${published.key}: the review of ${incident.key} is published`, [
    ...exerciseBanner(incident),
    notice('good', `${published.key}: the review of ${incident.key} is published by ${published.by.label}.`),
    ...(published.corrects ? [text(`It corrects ${published.corrects.key}: `, said(published.corrects.reason))] : []),
    context('SHA-256 ', code(published.digest)),
    actions(button('Read it', 'review', { incident: incident.key, version: published.key })),
  ]);

/** What the pinned card says: from the phase of review on, or once somebody has begun. */
export function reviewSection(incident: Incident, all: Reviews): readonly Element[] {
  const isTime = incident.phase === 'review' || incident.phase === 'closed';
  const last = all.published.at(-1);
  if (!isTime && !all.draft && !last) return [];
  const stands = [
    ...(last ? [`${last.key} published by ${last.by.label}`] : []),
    ...(all.draft ? [last ? 'a correction is being written' : 'a draft is being written'] : []),
  ].join('; ');
  return [
    fields({ Review: stands === '' ? 'not written yet' : stands }),
    actions(button('Review', 'review', { incident: incident.key })),
  ];
}

/** The form of some sections, as text with a line a point. */
export const editForm = (incident: string, body: ReviewBody, names: readonly SectionName[]): Form => ({
  title: `Review of ${incident}`,
  submitLabel: 'Save',
  intent: {
    verb: 'review edit',
    args: { incident, isFilled: 'yes', base: draftDigest(body), sections: names.join(' ') },
  },
  intro: [context('A line a point. "To discuss:" marks what waits for words; without it the line counts as said.')],
  fields: SECTIONS.filter(({ name }) => names.includes(name)).map(
    ({ name, title, hint }): Field => ({
      kind: 'paragraph',
      name,
      label: title,
      hint,
      isRequired: false,
      isNeeded: true,
      maxLength: LONGEST_SECTION,
      value: body[name].join('\n'),
    }),
  ),
});

export const correctForm = (incident: string, last: Published): Form => ({
  title: `Correct ${last.key}`,
  submitLabel: 'Begin the correction',
  intent: { verb: 'review correct', args: { incident } },
  intro: [text(`${last.key} stays as it is. The correction starts from its words, names it, and says what was wrong.`)],
  fields: [{ kind: 'paragraph', name: 'reason', label: 'What is wrong in it', isRequired: true, maxLength: 500 }],
});
