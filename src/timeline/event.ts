// The incident's timeline: what people put on it from logs, by hand, from messages, and what our own decisions put there.
import type { Actor, NewRecord } from '../audit/record.ts';
import type { DerivedEvent, Precision, ReadOptions, ZoneBasis } from './types.ts';

/** Events added from one piece of evidence: which result, and which of its events by their first line. */
export interface Addition {
  readonly evidence: string;
  /** Blob of the derived timeline. */
  readonly result: string;
  /** Places (spot.ts) of the chosen events; null for all of them. */
  readonly lines: readonly number[] | null;
  /** The rows of an export rather than the lines of a log. */
  readonly isImport?: boolean;
}

/** What was read back from an export: evidence that holds it, the rows as a derived timeline, and what people had hung on them by row. */
export interface Import {
  readonly evidence: string;
  readonly result: string;
  readonly marks: readonly {
    readonly row: number;
    readonly isStarred: boolean;
    readonly tags: readonly string[];
    readonly comments: readonly { readonly author: string; readonly at: string; readonly text: string }[];
  }[];
}

/** Platform of people who are known from an export alone: nobody here is that person. */
export const IMPORTED = 'import';

/** An event that stands in the ledger itself: manual, captured, or a decision of ours. */
export interface WrittenEvent {
  readonly key: string;
  readonly occurredAt: string;
  readonly precision: Precision;
  readonly zoneBasis: ZoneBasis;
  readonly text: string;
  readonly provenance: 'human' | 'message' | 'decision';
  readonly by: Actor;
  readonly recordedAt: string;
  /** Message it was captured from, as `platform/tenant/conversation/message`. */
  readonly message: string | null;
  readonly isSourceDeleted: boolean;
}

/** Evidence that was read under other assumptions: the timeline follows, and the reading before stays on record. */
export interface Rereading {
  readonly evidence: string;
  /** Blobs of the derived timelines before and since. */
  readonly was: string;
  readonly result: string;
  readonly options: ReadOptions;
  /** Events on the timeline whose time is another since. */
  readonly moved: number;
  readonly reason: string;
  readonly by: Actor;
  readonly at: string;
}

/** What a revision changes; what is left out stays. */
export interface Revision {
  readonly occurredAt?: string;
  readonly text?: string;
  readonly isRetracted?: boolean;
  readonly reason: string;
  readonly by: Actor;
  readonly at: string;
}

/** What people hung on an event. */
export interface Marks {
  readonly isStarred: boolean;
  readonly tags: readonly string[];
  readonly comments: readonly { readonly text: string; readonly by: Actor; readonly at: string }[];
}

export interface TimelineState {
  readonly additions: readonly Addition[];
  readonly written: readonly WrittenEvent[];
  /** Revisions by event key, oldest first. */
  readonly revisions: Readonly<Record<string, readonly Revision[]>>;
  readonly marks: Readonly<Record<string, Marks>>;
  /** Oldest first. */
  readonly rereadings: readonly Rereading[];
  readonly nextNumber: number;
}

export const noTimeline: TimelineState = {
  additions: [],
  written: [],
  revisions: {},
  marks: {},
  rereadings: [],
  nextNumber: 1,
};

/** One event as the incident shows it, whatever it came from. `TE-7` is written; `EV-2:118` is line 118 of evidence EV-2. */
export interface TimelineEvent {
  readonly key: string;
  readonly occurredAt: string;
  readonly lastAt: string;
  readonly precision: Precision;
  readonly zoneBasis: ZoneBasis;
  readonly text: string;
  readonly count: number;
  readonly provenance: 'log' | WrittenEvent['provenance'];
  readonly evidence: string | null;
  readonly lines: readonly number[];
  readonly derived: DerivedEvent | null;
  readonly severity: number;
  readonly by: Actor | null;
  /** Message it was captured from, as `platform/tenant/conversation/message`. */
  readonly message: string | null;
  readonly revisions: readonly Revision[];
  readonly isRetracted: boolean;
  readonly isSourceDeleted: boolean;
  readonly marks: Marks;
}

/** Worth a look by default: severe, ranked, or rare enough that somebody should see it. */
export const isWorthALook = (event: DerivedEvent): boolean =>
  event.severity >= 5 || event.score >= 5 || event.flags.length > 0;

/** Worth reading first: severe, telling by its place in the story, starred, or put there by a person. */
export const isImportant = (e: TimelineEvent): boolean =>
  e.provenance !== 'log' || e.marks.isStarred || (e.derived !== null && isWorthALook(e.derived));

export const noMarks: Marks = { isStarred: false, tags: [], comments: [] };

export type TimelineRecord =
  | NewRecord<'timeline.added', Addition>
  | NewRecord<'timeline.imported', Import>
  | NewRecord<
      'timeline.restamped',
      Omit<Rereading, 'by' | 'at'> & {
        /** The places of the chosen events, where other assumptions collapse them into others. */
        readonly lines?: readonly number[];
      }
    >
  | NewRecord<
      'timeline.event-added',
      Pick<WrittenEvent, 'key' | 'occurredAt' | 'precision' | 'zoneBasis' | 'text'> & { readonly reading: string }
    >
  | NewRecord<
      'timeline.message-captured',
      Pick<WrittenEvent, 'key' | 'occurredAt' | 'text'> & { readonly message: string; readonly author: Actor }
    >
  | NewRecord<'timeline.message-released', { readonly key: string; readonly message: string }>
  | NewRecord<'timeline.source-changed', { readonly key: string; readonly change: 'deleted' | 'edited' }>
  | NewRecord<
      'timeline.event-revised',
      { readonly key: string; readonly occurredAt?: string; readonly text?: string; readonly reason: string }
    >
  | NewRecord<'timeline.event-retracted', { readonly key: string; readonly reason: string }>
  | NewRecord<'timeline.event-starred', { readonly key: string; readonly isStarred: boolean }>
  | NewRecord<'timeline.event-tagged', { readonly key: string; readonly tag: string; readonly isAdded: boolean }>
  | NewRecord<'timeline.event-commented', { readonly key: string; readonly text: string }>;
