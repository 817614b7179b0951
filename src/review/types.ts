// The review after an incident: drafted from records, completed by people, frozen when it is published.
import type { Actor, NewRecord } from '../audit/record.ts';

export const SECTIONS = [
  { name: 'summary', title: 'Summary', hint: 'What happened, for somebody who was not there' },
  { name: 'impact', title: 'Impact', hint: 'What it meant for customers, data and the business, in numbers' },
  { name: 'factors', title: 'Contributing factors', hint: 'Why it could happen, and why it was not seen earlier' },
  { name: 'done', title: 'What was done', hint: 'By whom and when; the record is cited in brackets' },
  { name: 'learned', title: 'What we learned', hint: 'What went well, what did not, where we were lucky' },
  { name: 'followUps', title: 'Follow-ups', hint: 'What changes, who does it, by when' },
  { name: 'highlights', title: 'Timeline highlights', hint: 'The moments that tell the story' },
] as const;

export type SectionName = (typeof SECTIONS)[number]['name'];

/** One line a paragraph or point; a line that starts with `To discuss:` waits for somebody's words. */
export type ReviewBody = Readonly<Record<SectionName, readonly string[]>>;

/** A published version that a correction names. */
export interface Corrected {
  readonly key: string;
  readonly digest: string;
  readonly reason: string;
}

/** A version as it was published; nothing changes it. */
export interface Published {
  /** `RV-2`. */
  readonly key: string;
  readonly version: number;
  readonly body: ReviewBody;
  /** SHA-256 over the canonical bytes of incident, version, body and what it corrects; 64 hex digits. */
  readonly digest: string;
  readonly corrects: Corrected | null;
  readonly by: Actor;
  readonly at: string;
}

export interface ReviewDraft {
  readonly body: ReviewBody;
  readonly corrects: Corrected | null;
  /** Who asked for it or changed it last. */
  readonly editedBy: Actor;
  readonly editedAt: string;
}

export interface Reviews {
  readonly draft: ReviewDraft | null;
  readonly published: readonly Published[];
}

export const noReviews: Reviews = { draft: null, published: [] };

export type ReviewRecord =
  | NewRecord<'review.drafted', { readonly body: ReviewBody; readonly corrects: Corrected | null }>
  | NewRecord<'review.edited', { readonly body: ReviewBody }>
  | NewRecord<'review.published', Pick<Published, 'key' | 'version' | 'body' | 'digest' | 'corrects'>>
  | NewRecord<
      'review.exported',
      {
        readonly key: string;
        readonly format: string;
        readonly name: string;
        readonly sha256: string;
        readonly to: string;
      }
    >;
