// Notices to stakeholders: drafted by code from what is recorded, edited, reviewed and sent by people, retracted by version.
import type { Actor, NewRecord } from '../audit/record.ts';
import type { Conversation } from '../chat/types.ts';
import type { View } from '../view/types.ts';
import type { Milestone } from './milestones.ts';
import type { Tlp } from './tlp.ts';

/** What a notice says, in lines; each may end in citations in brackets: `... [FI-2, EV-1:14]`. `answers` holds what its audience needs beyond the skeleton, by the need's name. */
export interface NoticeBody {
  readonly status: string;
  /** UTC ISO 8601: what is written was true then. */
  readonly asOfAt: string;
  readonly known: readonly string[];
  readonly notKnown: readonly string[];
  readonly beingDone: readonly string[];
  readonly asked: readonly string[];
  readonly answers: Readonly<Record<string, string>>;
  readonly nextUpdateAt: string | null;
  readonly contact: string;
  readonly tlp: Tlp;
}

/** Something recorded that a draft does not say, and why. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

export interface Delivery {
  /** `web/local/announcements`, or an e-mail address. */
  readonly to: string;
  readonly how: 'channel' | 'mail' | 'by-hand';
}

export interface Notice {
  /** `NO-3`. */
  readonly key: string;
  readonly audience: string;
  /** Template of the organisation it was drafted with, beside the one named like its audience; null for none. */
  readonly template: string | null;
  /** Counts the notices sent to this audience; a draft carries the number it would get. */
  readonly version: number;
  readonly state: 'draft' | 'reviewed' | 'sent' | 'retracted';
  readonly body: NoticeBody;
  readonly leftOut: readonly LeftOut[];
  readonly draftedBy: Actor;
  readonly draftedAt: string;
  /** Last person who changed its words, or who asked for the draft. */
  readonly editedBy: Actor;
  readonly review: { readonly by: Actor; readonly at: string; readonly note: string } | null;
  /** Where the notice, or its correction, has not arrived; it is still being tried. */
  readonly undelivered: readonly string[];
  /** `shown` is the message exactly as it went out: what it rests on can change later, what was said cannot. */
  readonly sent: {
    readonly by: Actor;
    readonly at: string;
    readonly deliveries: readonly Delivery[];
    readonly shown: View;
  } | null;
  readonly retraction: {
    readonly by: Actor;
    readonly at: string;
    readonly reason: string;
    readonly correction: string;
  } | null;
}

/** A briefing that a person posted. */
export interface Briefing {
  /** `BR-2`. */
  readonly key: string;
  readonly by: Actor;
  readonly at: string;
  readonly body: BriefingBody;
}

export interface BriefingBody {
  readonly state: string;
  readonly changed: readonly string[];
  readonly impact: string;
  readonly actions: readonly string[];
  readonly decisions: string;
  readonly nextUpdateAt: string | null;
  /** Why no next update is promised; empty otherwise. */
  readonly noReminder: string;
}

/** Where the reminder for the next briefing stands: one at a time. */
export interface Reminder {
  /** When the open reminder was given; null: none is open. */
  readonly openSinceAt: string | null;
  readonly snoozedUntilAt: string | null;
  readonly escalatedTo: readonly ('commander' | 'deputy')[];
  /** Reminders given in this incident so far. */
  readonly given: number;
}

export interface Notices {
  readonly notices: readonly Notice[];
  readonly briefings: readonly Briefing[];
  readonly reminder: Reminder;
  /** Draft of the briefing that is due; a person reads and posts it. */
  readonly briefingDraft: BriefingBody | null;
  readonly nextNumber: number;
  /** When the severity last changed; null: never. */
  readonly severityChangedAt: string | null;
  readonly milestones: readonly Milestone[];
}

export const noReminder: Reminder = { openSinceAt: null, snoozedUntilAt: null, escalatedTo: [], given: 0 };
export const noNotices: Notices = {
  notices: [],
  briefings: [],
  reminder: noReminder,
  briefingDraft: null,
  nextNumber: 1,
  severityChangedAt: null,
  milestones: [],
};

export type NoticeRecord =
  | NewRecord<
      'notice.drafted',
      Pick<Notice, 'key' | 'audience' | 'version' | 'body' | 'leftOut'> & { readonly template?: string }
    >
  | NewRecord<'notice.edited', { readonly key: string; readonly body: NoticeBody }>
  | NewRecord<
      'notice.reviewed',
      { readonly key: string; readonly digest: string; readonly note: string; readonly warnings: readonly string[] }
    >
  | NewRecord<
      'notice.sent',
      {
        readonly key: string;
        readonly version: number;
        readonly digest: string;
        readonly deliveries: readonly Delivery[];
        readonly shown: View;
      }
    >
  | NewRecord<
      'notice.retracted',
      { readonly key: string; readonly version: number; readonly reason: string; readonly correction: string }
    >
  | NewRecord<'notice.undelivered' | 'notice.delivered-late', { readonly key: string; readonly to: string }>
  | NewRecord<'briefing.due', { readonly dueAt: string; readonly draft: BriefingBody }>
  | NewRecord<'briefing.posted', { readonly key: string; readonly body: BriefingBody }>
  | NewRecord<'briefing.snoozed', { readonly untilAt: string; readonly reason: string }>
  | NewRecord<'briefing.escalated', { readonly to: 'commander' | 'deputy' }>;

/** A channel a notice may be posted in, as the organisation's file writes it: `platform/tenant/channel id`. */
export function channelOf(written: string): Conversation | null {
  const [platform, tenant, ...id] = written.split('/');
  return platform && tenant && id.length > 0 && id.join('/') !== '' ? { platform, tenant, id: id.join('/') } : null;
}
