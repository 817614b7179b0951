// Decisions on the review. Pure. A draft is anybody's words; a published version is frozen, and a correction is a new one.
import { canonicalBytes, sha256Hex } from '../audit/canonical.ts';
import type { Actor } from '../audit/record.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type Corrected, type Published, type ReviewBody, type ReviewRecord, type Reviews, SECTIONS } from './types.ts';

/** Begins a line that somebody has to answer before the review can be published. */
export const TO_DISCUSS = 'To discuss: ';

export type ReviewCommand =
  | { readonly do: 'draft'; readonly body: ReviewBody; readonly isAgain: boolean }
  /** `base` is the digest of the draft the words were typed over. */
  | { readonly do: 'edit'; readonly body: ReviewBody; readonly base: string }
  /** `read` is the digest of the draft that was read. */
  | { readonly do: 'publish'; readonly incident: string; readonly read: string }
  | { readonly do: 'correct'; readonly reason: string };

/** What exactly a draft says: changes with any word. 64 hex digits. */
export const draftDigest = (body: ReviewBody): string => sha256Hex(canonicalBytes(body as never));

/** What exactly a version says, of which incident, and what it corrects. 64 hex digits. */
export const reviewDigest = (
  incident: string,
  review: { readonly version: number; readonly body: ReviewBody; readonly corrects: Corrected | null },
): string =>
  sha256Hex(
    canonicalBytes({ incident, version: review.version, body: review.body, corrects: review.corrects } as never),
  );

/** What a draft still lacks, a sentence each. */
export function gapsOf(body: ReviewBody): readonly string[] {
  return SECTIONS.flatMap(({ name, title }) => {
    const open = body[name].filter((line) => line.startsWith(TO_DISCUSS)).length;
    if (body[name].length === 0) return [`"${title}" is empty. Write "None" and why, if there is nothing to say.`];
    return open === 0
      ? []
      : [
          `"${title}" has ${open === 1 ? 'a line' : `${open} lines`} to discuss: write what came of it, or take it out.`,
        ];
  });
}

/** The version of a key or number, the newest for an empty one. */
export const versionNamed = (all: Reviews, named: string): Published | Refusal =>
  (named === ''
    ? all.published.at(-1)
    : all.published.find((p) => p.key === named.toUpperCase() || String(p.version) === named)) ??
  refuse(
    'no-review',
    all.published.length === 0
      ? 'No review is published yet. "review" shows where it stands.'
      : `There is no version ${named.slice(0, 12)}. There are ${all.published.map((p) => p.key).join(', ')}.`,
  );

const noDraft = refuse('no-draft', 'There is no draft. "review draft" makes one from the record.');
const changed = (all: Reviews): Refusal =>
  refuse(
    'changed',
    `${all.draft?.editedBy.label ?? 'Somebody'} changed the draft meanwhile. Copy what you typed, look at it with "review", and edit it again.`,
  );

/** What a command records, or why not. */
export function decideReview(command: ReviewCommand, all: Reviews, actor: Actor): readonly ReviewRecord[] | Refusal {
  if (actor.kind !== 'human') return refuse('not-human', 'Only a named person writes and publishes a review.');
  switch (command.do) {
    case 'draft':
      if (all.draft && !command.isAgain)
        return refuse(
          'draft-exists',
          'There is a draft already: "review" shows it, "review edit" changes it. "review draft again" starts over; what was typed stays in the record.',
        );
      if (all.published.length > 0 && !all.draft)
        return refuse(
          'published',
          `${all.published.at(-1)?.key} is published and stays as it is. "review correct <why>" begins a correction.`,
        );
      return [{ type: 'review.drafted', body: { body: command.body, corrects: all.draft?.corrects ?? null } }];
    case 'edit':
      if (!all.draft) return noDraft;
      if (draftDigest(all.draft.body) !== command.base) return changed(all);
      if (draftDigest(command.body) === command.base) return refuse('no-change', 'Nothing was changed.');
      return [{ type: 'review.edited', body: { body: command.body } }];
    case 'publish': {
      if (!all.draft) return noDraft;
      const { body, corrects } = all.draft;
      const [gap] = gapsOf(body);
      if (gap) return refuse('incomplete', `It cannot be published yet: ${gap}`);
      if (draftDigest(body) !== command.read) return changed(all);
      if (corrects && draftDigest(all.published.at(-1)?.body ?? body) === command.read)
        return refuse('no-change', `It says what ${corrects.key} says. Change what is wrong in it first.`);
      const version = all.published.length + 1;
      const key = `RV-${version}`;
      const digest = reviewDigest(command.incident, { version, body, corrects });
      return [{ type: 'review.published', body: { key, version, body, digest, corrects }, subject: key }];
    }
    case 'correct': {
      const last = all.published.at(-1);
      if (!last) return refuse('no-review', 'No review is published, so there is nothing to correct. Edit the draft.');
      if (all.draft) return refuse('draft-exists', 'A draft is open already: edit it, and publish it.');
      const reason = command.reason.trim();
      if (reason === '')
        return refuse('reason-missing', `Say what is wrong in ${last.key}: it stands in the correction.`);
      return [
        {
          type: 'review.drafted',
          body: { body: last.body, corrects: { key: last.key, digest: last.digest, reason } },
        },
      ];
    }
  }
}
