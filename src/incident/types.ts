// An incident: what it is, where it stands, who does what.
import type { Actor, NewRecord } from '../audit/record.ts';
import type { Conversation, ConversationChange } from '../chat/types.ts';
import type { Severity } from '../organisation/schema.ts';
import type { PersonRef } from '../view/types.ts';

export const PHASES = ['triage', 'containment', 'eradication', 'recovery', 'review', 'closed'] as const;
export type Phase = (typeof PHASES)[number];

export const ROLES = ['commander', 'deputy', 'scribe', 'liaison', 'responder', 'challenger', 'observer'] as const;
export type Role = (typeof ROLES)[number];

/** Key times of an incident; UTC ISO 8601. */
export const KEY_TIMES = ['startedAt', 'detectedAt', 'acknowledgedAt', 'containedAt', 'recoveredAt'] as const;
export type KeyTime = (typeof KEY_TIMES)[number];

export interface Incident {
  /** `INC-42`, or `EX-3` for an exercise. Empty until declared. */
  readonly key: string;
  readonly title: string;
  readonly codename: string | null;
  readonly kind: 'live' | 'exercise';
  readonly severity: Severity;
  readonly phase: Phase;
  readonly summary: string;
  /** IANA zone for times without one; null: the organisation's. */
  readonly zone: string | null;
  readonly isPrivate: boolean;
  readonly conversation: Conversation | null;
  /** People of another organisation read its channel too. */
  readonly isShared: boolean;
  readonly declaredAt: string;
  readonly declaredBy: Actor | null;
  readonly roles: Readonly<Partial<Record<Role, readonly PersonRef[]>>>;
  readonly members: readonly PersonRef[];
  /** Let into its private channel by somebody inside; members once they came. */
  readonly invited: readonly PersonRef[];
  /** A handover that the receiver has not acknowledged. */
  readonly handover: { readonly from: PersonRef; readonly to: PersonRef } | null;
  readonly times: Readonly<Partial<Record<KeyTime, string>>>;
  readonly waivers: readonly { readonly blocker: string; readonly reason: string }[];
}

export const noIncident: Incident = {
  key: '',
  title: '',
  codename: null,
  kind: 'live',
  severity: 'SEV3',
  phase: 'triage',
  summary: '',
  zone: null,
  isPrivate: false,
  conversation: null,
  isShared: false,
  declaredAt: '',
  declaredBy: null,
  roles: {},
  members: [],
  invited: [],
  handover: null,
  times: {},
  waivers: [],
};

export type IncidentRecord =
  | NewRecord<
      'incident.declared',
      Pick<Incident, 'key' | 'title' | 'codename' | 'kind' | 'severity' | 'summary' | 'zone' | 'isPrivate'> & {
        readonly conversation: Conversation;
        readonly detectedAt: string | null;
      }
    >
  | NewRecord<'incident.severity-changed', { readonly from: Severity; readonly to: Severity; readonly reason: string }>
  | NewRecord<'incident.phase-changed', { readonly from: Phase; readonly to: Phase; readonly reason: string }>
  | NewRecord<'incident.time-set', { readonly which: KeyTime; readonly at: string; readonly was: string | null }>
  | NewRecord<'incident.zone-set', { readonly zone: string }>
  | NewRecord<'incident.summary-changed', { readonly summary: string }>
  | NewRecord<'role.assigned', { readonly role: Role; readonly person: PersonRef }>
  | NewRecord<'role.released', { readonly role: Role; readonly person: PersonRef }>
  | NewRecord<'handover.offered', { readonly from: PersonRef; readonly to: PersonRef }>
  | NewRecord<'handover.acknowledged', { readonly from: PersonRef; readonly to: PersonRef }>
  | NewRecord<'member.joined', { readonly person: PersonRef }>
  | NewRecord<
      'member.invited',
      {
        readonly person: PersonRef;
        /** Who let them into the private channel; null: its platform does not say. */
        readonly by: PersonRef | null;
        /** Whether that somebody was inside themselves. Else the person sees the channel and has no say in the incident. */
        readonly isInside: boolean;
      }
    >
  | NewRecord<'blocker.waived', { readonly blocker: string; readonly reason: string }>
  | NewRecord<
      'incident.connection-lost' | 'incident.connection-regained',
      { readonly platform: string; readonly sinceAt: string; readonly because: string }
    >
  | NewRecord<'incident.conversation-changed', { readonly change: ConversationChange }>
  | NewRecord<'incident.closed', { readonly outcome: string }>
  | NewRecord<'incident.reopened', { readonly reason: string }>;
