// Decisions on notices. Pure. Review is not sending: two acts, two records, and two people for outsiders.
import { canonicalBytes, sha256Hex } from '../audit/canonical.ts';
import type { Actor } from '../audit/record.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { View } from '../view/types.ts';
import type { Audience, Reviewer } from './audiences.ts';
import type { Checked } from './check.ts';
import type { Draft } from './draft.ts';
import type { Delivery, Notice, NoticeBody, NoticeRecord, Notices } from './types.ts';

/** What an actor may do with notices of this incident. */
export type Power = Reviewer | 'command';

export interface Releasing {
  readonly audience: Audience;
  readonly isExternal: boolean;
  readonly checked: Checked;
  readonly powers: readonly Power[];
  /** Whether two accounts belong to one human. */
  readonly isSameHuman: (a: Actor, b: Actor) => boolean;
  /** Names of those who may review for this audience, to say in a refusal. */
  readonly reviewersNamed: string;
}

export type NoticeCommand =
  | { readonly do: 'draft'; readonly audience: Audience; readonly draft: Draft; readonly template: string | null }
  | { readonly do: 'edit'; readonly key: string; readonly body: NoticeBody }
  | {
      readonly do: 'review';
      readonly key: string;
      readonly digest: string;
      readonly note: string;
      readonly releasing: Releasing;
    }
  | {
      readonly do: 'send';
      readonly key: string;
      readonly digest: string;
      readonly deliveries: readonly Delivery[];
      readonly shown: View;
      readonly releasing: Releasing;
    }
  | { readonly do: 'retract'; readonly key: string; readonly reason: string; readonly correction: string };

/** What exactly was read: changes with any word of the notice. 64 hex digits. */
export const digestOf = (notice: Pick<Notice, 'audience' | 'version' | 'body'>): string =>
  sha256Hex(canonicalBytes({ audience: notice.audience, version: notice.version, body: notice.body as never }));

export const noticeNamed = (all: Notices, key: string): Notice | Refusal =>
  all.notices.find((n) => n.key === key.toUpperCase()) ??
  refuse(
    'no-notice',
    `There is no notice ${key.slice(0, 12) || 'of that key'}. "notice" lists them; "notice draft <audience>" makes one.`,
  );

const sentTo = (all: Notices, audience: string): readonly Notice[] =>
  all.notices.filter((n) => n.audience === audience && n.sent !== null);

/** The last notice an audience has in hand; a retracted one counts, as they have read it. */
export const lastSent = (all: Notices, audience: string): Notice | null => sentTo(all, audience).at(-1) ?? null;

const found = (all: Notices, key: string): Notice | null =>
  all.notices.find((n) => n.key === key.toUpperCase()) ?? null;
const missing = (all: Notices, key: string): Refusal => noticeNamed(all, key) as Refusal;

/** What a command records, or why not. */
export function decideNotice(command: NoticeCommand, all: Notices, actor: Actor): readonly NoticeRecord[] | Refusal {
  if (command.do === 'draft') {
    const key = `NO-${all.nextNumber}`;
    const version = sentTo(all, command.audience.key).length + 1;
    return [
      {
        type: 'notice.drafted',
        body: {
          ...command.draft,
          key,
          audience: command.audience.key,
          version,
          ...(command.template ? { template: command.template } : {}),
        },
        subject: key,
      },
    ];
  }
  const notice = found(all, command.key);
  if (!notice) return missing(all, command.key);
  const { key } = notice;
  switch (command.do) {
    case 'edit':
      if (notice.sent)
        return refuse(
          'sent',
          `${key} was sent and stays as it is. Draft the next version: notice draft ${notice.audience}`,
        );
      return [{ type: 'notice.edited', body: { key, body: command.body }, subject: key }];
    case 'review':
      return review(command, notice, actor);
    case 'send':
      return send(command, notice, actor);
    case 'retract':
      if (!notice.sent)
        return refuse('not-sent', `${key} was not sent, so there is nothing to take back. Edit it instead.`);
      if (notice.retraction) return refuse('no-change', `${key} was retracted by ${notice.retraction.by.label}.`);
      if (command.reason.trim() === '' || command.correction.trim() === '')
        return refuse('reason-missing', 'Say why it is taken back, and what readers should know instead.');
      return [
        {
          type: 'notice.retracted',
          body: { key, version: notice.version, reason: command.reason, correction: command.correction },
          subject: key,
        },
      ];
  }
}

const person = (actor: Actor): Refusal | null =>
  actor.kind === 'human' ? null : refuse('not-human', 'Only a named person reviews and sends notices.');

const blocked = (key: string, problems: readonly string[]): Refusal =>
  refuse(
    'blocked',
    `${key} cannot be released yet. ${problems.slice(0, 6).join('. ')}.${problems.length > 6 ? ` And ${problems.length - 6} more.` : ''}`,
  );

function review(
  command: Extract<NoticeCommand, { readonly do: 'review' }>,
  notice: Notice,
  actor: Actor,
): readonly NoticeRecord[] | Refusal {
  const { key } = notice;
  const { releasing } = command;
  const no = person(actor);
  if (no) return no;
  if (notice.sent) return refuse('no-change', `${key} was sent already.`);
  if (notice.state === 'reviewed')
    return refuse('no-change', `${key} was reviewed by ${notice.review?.by.label}. Sending is a second act.`);
  const may: readonly Power[] = ['command', ...releasing.audience.reviewers];
  if (!releasing.powers.some((p) => may.includes(p)))
    return refuse(
      'not-reviewer',
      `Notices to ${releasing.audience.title.toLowerCase()} are reviewed by ${releasing.reviewersNamed}.`,
    );
  if (command.digest !== digestOf(notice))
    return refuse('changed', `${key} has changed since you read it. Read it again; nothing was reviewed.`);
  if (releasing.checked.problems.length > 0) return blocked(key, releasing.checked.problems);
  if (releasing.checked.warnings.length > 0 && command.note.trim() === '')
    return refuse('note-missing', 'Say why the words that were flagged may stay, or edit them out.');
  return [
    {
      type: 'notice.reviewed',
      body: { key, digest: command.digest, note: command.note, warnings: releasing.checked.warnings },
      subject: key,
    },
  ];
}

function send(
  command: Extract<NoticeCommand, { readonly do: 'send' }>,
  notice: Notice,
  actor: Actor,
): readonly NoticeRecord[] | Refusal {
  const { key } = notice;
  const { releasing } = command;
  const no = person(actor);
  if (no) return no;
  if (notice.sent) return refuse('no-change', `${key} was sent by ${notice.sent.by.label} already.`);
  if (notice.state !== 'reviewed' || !notice.review)
    return refuse(
      'not-reviewed',
      `${key} has not been reviewed. Review comes first, by ${releasing.reviewersNamed}: notice review ${key}`,
    );
  if (command.digest !== digestOf(notice))
    return refuse('changed', `${key} has changed since you read it. Read it again; nothing was sent.`);
  if (releasing.isExternal && releasing.isSameHuman(notice.review.by, actor))
    return refuse(
      'second-person',
      `You reviewed ${key}, and ${releasing.audience.title.toLowerCase()} are outside: a second person has to send it.`,
    );
  // What was true at the review may have been refuted or challenged since.
  if (releasing.checked.problems.length > 0) return blocked(key, releasing.checked.problems);
  if (command.deliveries.length === 0)
    return refuse(
      'no-recipients',
      'Say how it goes out: no channel and no address is set for this audience in countersign.yml.',
    );
  return [
    {
      type: 'notice.sent',
      body: {
        key,
        version: notice.version,
        digest: command.digest,
        deliveries: command.deliveries,
        shown: command.shown,
      },
      subject: key,
    },
  ];
}
