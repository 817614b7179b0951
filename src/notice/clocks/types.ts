// Regulatory clocks. A person starts every clock and says whether a regime applies; the code only computes and reminds.
import type { Refusal } from '../../refusal.ts';

/** Whether a row may be used as it is: `confirm` waits for counsel, `not-in-force` waits for the law. Both ship switched off. */
type RegimeStatus = 'ready' | 'confirm' | 'not-in-force';

/** A moment a person sets, such as aware or classified; `submitted:<deadline>` is set by recording a submission. */
export type AnchorId = string;

/** How a deadline follows from its anchor. Hours run in UTC; days and months end with the local day. */
export type Computation =
  | { readonly kind: 'hours'; readonly from: AnchorId; readonly hours: number }
  /** Hours after `from`, at latest `cap`; a `from` that is later than the cap itself runs its own hours. */
  | {
      readonly kind: 'cappedHours';
      readonly from: AnchorId;
      readonly hours: number;
      readonly cap: { readonly from: AnchorId; readonly hours: number };
    }
  | { readonly kind: 'days'; readonly from: AnchorId; readonly days: number }
  | { readonly kind: 'months'; readonly from: AnchorId; readonly months: number }
  | {
      readonly kind: 'businessDays';
      readonly from: AnchorId;
      readonly days: number;
      readonly calendar: CalendarId;
      /** The regulator's own zone; its cut-off on the last day as minutes after midnight, or the end of the day. */
      readonly zone: string;
      readonly cutOffMinutes?: number;
    }
  /** So many days after the end of the calendar year of the anchor. */
  | { readonly kind: 'daysAfterYear'; readonly from: AnchorId; readonly days: number }
  /** Without undue delay: no fixed time, and still owed. */
  | { readonly kind: 'prompt'; readonly from: AnchorId };

/** Names of the holiday tables. */
export type CalendarId = 'us-federal' | 'au-national';

/** One thing owed under a regime. */
export interface ClockRule {
  readonly id: string;
  readonly to: string;
  readonly what: string;
  readonly computation: Computation;
  /** When it is owed at all, in words for a person. */
  readonly onlyIf?: string;
  /** The statute that may defer it; without one it cannot be deferred. */
  readonly deferral?: string;
}

/** One row of the clock table, with its source and the day it must be looked at again. */
export interface Regime {
  readonly id: string;
  readonly name: string;
  readonly anchors: readonly { readonly id: AnchorId; readonly ask: string }[];
  readonly rules: readonly ClockRule[];
  readonly reference: string;
  readonly source: string;
  readonly note: string;
  readonly status: RegimeStatus;
  /** ISO date when the row expires and the build fails: counsel reads the source again before then. */
  readonly expiresOn: string;
}

/** A moment with the IANA zone of the place where it counts. `at` is epoch milliseconds. */
export interface Anchor {
  readonly at: number;
  readonly zone: string;
}

/** What a rule comes to with the anchors set so far. */
export type Deadline =
  | { readonly kind: 'waiting'; readonly forAnchor: AnchorId }
  | { readonly kind: 'prompt'; readonly since: number }
  | {
      readonly kind: 'due';
      readonly since: number;
      /** Epoch milliseconds; for a period in days the last second of the last local day. */
      readonly dueAt: number;
      /** The last local day (ISO date) when the period is in days or months. */
      readonly lastDay: string | null;
      /** How it was computed, in words. */
      readonly basis: string;
    }
  | { readonly kind: 'unknown'; readonly why: string };

/** Whether a regime applies, as a person said. Unknown keeps ticking. */
export type RegimeMark = 'applies' | 'does-not-apply' | 'unknown';

/** What is asked of the clocks of an incident. */
export type ClockCommand =
  | {
      readonly kind: 'mark';
      readonly regime: string;
      readonly mark: RegimeMark;
      readonly reason: string;
    }
  | {
      readonly kind: 'setTrigger';
      readonly regime: string;
      readonly anchor: AnchorId;
      readonly at: number;
      readonly zone: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'submit';
      readonly rule: string;
      readonly at: number;
      readonly zone: string;
      readonly reference: string;
    }
  | { readonly kind: 'defer'; readonly rule: string; readonly until: number; readonly basis: string };

interface Stamp {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Principal key. */
  readonly by: string;
}

/** What the ledger keeps of the clocks. Times inside are ISO 8601 UTC. */
export type ClockRecord =
  | {
      readonly type: 'clock.regime-marked';
      readonly body: Stamp & { readonly regime: string; readonly mark: RegimeMark; readonly reason: string };
    }
  | {
      readonly type: 'clock.started' | 'clock.trigger-corrected';
      readonly body: Stamp & {
        readonly regime: string;
        readonly anchor: AnchorId;
        readonly triggerAt: string;
        readonly zone: string;
        readonly reason: string;
      };
    }
  | {
      readonly type: 'clock.submitted';
      readonly body: Stamp & {
        readonly rule: string;
        readonly submittedAt: string;
        readonly zone: string;
        readonly reference: string;
      };
    }
  | {
      readonly type: 'clock.deferred';
      readonly body: Stamp & { readonly rule: string; readonly until: string; readonly basis: string };
    };

/** One setting of a trigger; the last one counts, all are kept. */
export interface Trigger extends Anchor {
  readonly reason: string;
  readonly by: string;
  readonly recordedAt: string;
}

/** The clocks of one incident, by regime and by rule. */
export interface ClockState {
  readonly marks: Readonly<Record<string, { readonly mark: RegimeMark; readonly reason: string; readonly by: string }>>;
  readonly triggers: Readonly<Record<string, Readonly<Record<AnchorId, readonly Trigger[]>>>>;
  readonly submissions: Readonly<Record<string, Trigger & { readonly reference: string }>>;
  readonly deferrals: Readonly<Record<string, { readonly until: number; readonly basis: string; readonly by: string }>>;
}

/** Beside the command: the clock, the verified actor, their roles, and the switched-off rows the organisation switched on. */
export interface ClockContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly actor: { readonly kind: 'human' | 'bot' | 'system'; readonly key: string };
  readonly roles: readonly string[];
  readonly enabled: ReadonlySet<string>;
}

/** Why a command about clocks is refused. */
type ClockRefusalCode =
  | 'not-human'
  | 'not-allowed'
  | 'no-such-clock'
  | 'switched-off'
  | 'in-the-future'
  | 'bad-zone'
  | 'bad-time'
  | 'reason-missing'
  | 'not-started'
  | 'cannot-defer'
  | 'unchanged';

/** An expected no, with what to do about it. */
export type ClockRefusal = Refusal<ClockRefusalCode>;
