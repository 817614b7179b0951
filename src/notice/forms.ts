// The forms of notices, and what comes back from them.
import { isRefusal } from '../refusal.ts';
import { readDue } from '../schedule/due-at.ts';
import { notice as banner, channel, context, list, text } from '../view/build.ts';
import type { Element, Field, Form, Inline } from '../view/types.ts';
import type { Audience } from './audiences.ts';
import { readTlp, TLP_LABELS, tlpMeaning } from './tlp.ts';
import { channelOf, type Delivery, type Notice, type NoticeBody } from './types.ts';

type Values = Readonly<Record<string, string | readonly string[]>>;
const get = (values: Values, name: string): string => {
  const value = values[name];
  return (typeof value === 'string' ? value : (value?.at(-1) ?? '')).trim();
};

const LINES = 'One a line. A fact ends in its finding: [FI-2]';
const paragraph = (name: string, label: string, value: readonly string[], hint?: string): Field => ({
  kind: 'paragraph',
  name,
  label,
  ...(hint ? { hint } : {}),
  isRequired: false,
  maxLength: 3000,
  value: value.join('\n'),
});

/** Which audience, when none was named. */
export const draftForm = (
  incident: string,
  audiences: readonly { readonly key: string; readonly title: string; readonly isExternal: boolean }[],
): Form => ({
  title: 'Draft a notice',
  submitLabel: 'Draft',
  intent: { verb: 'notice draft', args: { incident } },
  intro: [context('The draft is written from what is on record. Nothing is sent by drafting.')],
  fields: [
    {
      kind: 'choice',
      name: 'audience',
      label: 'For whom',
      isRequired: true,
      choices: audiences.map((a) => ({
        value: a.key,
        label: a.isExternal ? `${a.title} (outside: two people, verified facts only)` : a.title,
      })),
    },
  ],
});

export const editForm = (incident: string, notice: Notice, audience: Audience): Form => ({
  title: `Edit ${notice.key}`,
  submitLabel: 'Save the draft',
  intent: { verb: 'notice save', args: { incident, notice: notice.key } },
  intro: [
    context(
      `Version ${notice.version} to ${audience.title.toLowerCase()}. Saving sends nothing; it has to be reviewed again.`,
    ),
  ],
  fields: [
    {
      kind: 'line',
      name: 'status',
      label: 'Where we stand, in one line',
      isRequired: true,
      maxLength: 300,
      value: notice.body.status,
    },
    paragraph('known', 'What we know', notice.body.known, LINES),
    paragraph('notKnown', 'What we do not know', notice.body.notKnown),
    paragraph('beingDone', 'What we are doing', notice.body.beingDone),
    ...audience.needs.map(
      (n): Field => ({
        kind: 'paragraph',
        name: `answer.${n.name}`,
        label: n.label,
        hint: n.hint,
        isRequired: n.isRequired,
        maxLength: 2000,
        value: notice.body.answers[n.name] ?? '',
      }),
    ),
    paragraph('asked', 'What we ask of them', notice.body.asked),
    {
      kind: 'line',
      name: 'next',
      label: 'Next update at',
      hint: '+60m, 16:00, 16:00Z; "none" once it is over',
      isRequired: true,
      maxLength: 40,
      value: notice.body.nextUpdateAt ?? 'none',
    },
    { kind: 'line', name: 'contact', label: 'Contact', isRequired: true, maxLength: 200, value: notice.body.contact },
    {
      kind: 'choice',
      name: 'tlp',
      label: 'TLP',
      isRequired: true,
      value: notice.body.tlp,
      choices: TLP_LABELS.map((l) => ({ value: l, label: `TLP:${l} (${tlpMeaning[l]})` })),
    },
  ],
});

const linesIn = (values: Values, name: string): readonly string[] =>
  get(values, name)
    .split('\n')
    .map((l) => l.trim().replace(/^[-*\u2022]\s+/, ''))
    .filter(Boolean)
    .slice(0, 60);

/** Reads an edited notice over the one it was; errors by field. */
export function readEdit(
  values: Values,
  was: NoticeBody,
  audience: Audience,
  when: { readonly nowAt: string; readonly zone: string },
): NoticeBody | { readonly errors: Readonly<Record<string, string>> } {
  const errors: Record<string, string> = {};
  const tlp = readTlp(get(values, 'tlp') || was.tlp);
  if (isRefusal(tlp)) errors['tlp'] = tlp.message;
  const typed = get(values, 'next');
  const next =
    typed === '' || typed === was.nextUpdateAt
      ? was.nextUpdateAt
      : typed.toLowerCase() === 'none'
        ? null
        : readDue(typed, when);
  if (isRefusal(next)) errors['next'] = next.message;
  if (get(values, 'status') === '') errors['status'] = 'Say in one line where we stand.';
  if (Object.keys(errors).length > 0 || isRefusal(tlp) || isRefusal(next)) return { errors };
  return {
    status: get(values, 'status').replace(/\s+/g, ' ').slice(0, 300),
    asOfAt: when.nowAt,
    known: linesIn(values, 'known'),
    notKnown: linesIn(values, 'notKnown'),
    beingDone: linesIn(values, 'beingDone'),
    asked: linesIn(values, 'asked'),
    answers: Object.fromEntries(audience.needs.map((n) => [n.name, get(values, `answer.${n.name}`).slice(0, 2000)])),
    nextUpdateAt: next,
    contact: get(values, 'contact').slice(0, 200),
    tlp,
  };
}

/** The whole notice to read, then one press. */
export const reviewForm = (
  incident: string,
  notice: Notice,
  digest: string,
  shown: readonly Element[],
  warnings: readonly string[],
): Form => ({
  title: `Review ${notice.key}`,
  submitLabel: 'I have read it and it is right',
  intent: { verb: 'notice review', args: { incident, notice: notice.key, digest } },
  intro: [
    ...shown,
    ...(warnings.length > 0 ? [banner('warning', 'Look at these twice:'), list(warnings)] : []),
    context('Reviewing sends nothing. Sending is a second act.'),
  ],
  fields: [
    {
      kind: 'paragraph',
      name: 'note',
      label: warnings.length > 0 ? 'Why may these words stay' : 'Note',
      isRequired: warnings.length > 0,
      maxLength: 500,
    },
  ],
});

/** A channel by the name people know it by; an address as it is. */
function placeWords({ to, how }: Delivery): string | Inline {
  const place = how === 'channel' ? channelOf(to) : null;
  return place === null ? to : channel(place, place.platform === 'web' ? `#${place.id}` : to);
}

/** Whom it goes to, and one press. */
export const sendForm = (
  incident: string,
  notice: Notice,
  digest: string,
  recipients: readonly Delivery[],
  unreached: readonly string[],
  shown: readonly Element[],
  outside: readonly string[],
): Form => ({
  title: `Send ${notice.key}`,
  submitLabel: 'Send it now',
  intent: { verb: 'notice send', args: { incident, notice: notice.key, digest } },
  intro: [
    ...shown,
    recipients.length > 0
      ? text('It goes to: ', ...recipients.flatMap((one, at) => [at > 0 ? ', ' : '', placeWords(one)]), '.')
      : banner(
          'warning',
          'No channel and no address is set for this audience in countersign.yml. Copy the text above, send it yourself, and say here how.',
        ),
    ...outside.map((words) => banner('danger', words)),
    ...(unreached.length > 0
      ? [
          banner(
            'warning',
            `No mail server is set, so ${unreached.join(', ')} get nothing from here. Send it to them yourself and say so below, or have COUNTERSIGN_SMTP_URL set first.`,
          ),
        ]
      : []),
  ],
  fields: [
    {
      kind: 'line',
      name: 'byHand',
      label: recipients.length > 0 ? 'Also sent by hand to' : 'How you sent it',
      hint: 'Such as: portal of the authority, reference 2026-118',
      isRequired: recipients.length === 0,
      maxLength: 200,
    },
  ],
});

export const retractForm = (incident: string, notice: Notice): Form => ({
  title: `Retract ${notice.key}`,
  submitLabel: 'Retract and correct',
  intent: { verb: 'notice retract', args: { incident, notice: notice.key } },
  intro: [text(`A correction goes to everybody who got version ${notice.version}, and names that version.`)],
  fields: [
    { kind: 'paragraph', name: 'reason', label: 'What was wrong', isRequired: true, maxLength: 500 },
    {
      kind: 'paragraph',
      name: 'correction',
      label: 'What readers should know instead',
      isRequired: true,
      maxLength: 1000,
    },
  ],
});
