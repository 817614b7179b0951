import type { LedgerRecord } from '../audit/record.ts';
import { milestoneOf } from './milestones.ts';
import { type Notice, type NoticeRecord, type Notices, noReminder } from './types.ts';

const change = (all: Notices, key: string, to: (notice: Notice) => Notice): Notices => ({
  ...all,
  notices: all.notices.map((n) => (n.key === key ? to(n) : n)),
});

/** Folds one record; records of other nouns leave it as it is, but closing stops every reminder. */
export function evolveNotices(before: Notices, stored: LedgerRecord): Notices {
  const milestone = milestoneOf(stored);
  const all = milestone ? { ...before, milestones: [...before.milestones, milestone] } : before;
  const record = stored as unknown as NoticeRecord | { readonly type: 'incident.closed' | 'incident.severity-changed' };
  const { actor: by, ts: at } = stored;
  const settled = { ...noReminder, given: all.reminder.given };
  switch (record.type) {
    case 'notice.drafted': {
      const drafted: Notice = {
        ...record.body,
        template: record.body.template ?? null,
        state: 'draft',
        draftedBy: by,
        draftedAt: at,
        editedBy: by,
        review: null,
        sent: null,
        undelivered: [],
        retraction: null,
      };
      // A fresh draft for the same audience takes the place of one that was not sent.
      const kept = all.notices.filter(
        (n) => n.audience !== drafted.audience || n.state === 'sent' || n.state === 'retracted',
      );
      return { ...all, notices: [...kept, drafted], nextNumber: all.nextNumber + 1 };
    }
    case 'notice.edited': {
      const { key, body } = record.body;
      return change(all, key, (n) => ({ ...n, body, state: 'draft', review: null, editedBy: by }));
    }
    case 'notice.reviewed': {
      const { key, note } = record.body;
      return change(all, key, (n) => ({ ...n, state: 'reviewed', review: { by, at, note } }));
    }
    case 'notice.sent': {
      const { key, version, deliveries, shown } = record.body;
      return change(all, key, (n) => ({ ...n, state: 'sent', version, sent: { by, at, deliveries, shown } }));
    }
    case 'notice.retracted': {
      const { key, reason, correction } = record.body;
      return change(all, key, (n) => ({ ...n, state: 'retracted', retraction: { by, at, reason, correction } }));
    }
    case 'notice.undelivered': {
      const { key, to } = record.body;
      return change(all, key, (n) => ({ ...n, undelivered: [...n.undelivered, to] }));
    }
    case 'notice.delivered-late': {
      const { key, to } = record.body;
      return change(all, key, (n) => ({ ...n, undelivered: n.undelivered.filter((u) => u !== to) }));
    }
    case 'briefing.due':
      return {
        ...all,
        briefingDraft: record.body.draft,
        reminder: { ...noReminder, openSinceAt: at, given: all.reminder.given + 1 },
      };
    case 'briefing.posted': {
      const { key, body } = record.body;
      return {
        ...all,
        briefings: [...all.briefings, { key, body, by, at }],
        briefingDraft: null,
        reminder: settled,
      };
    }
    case 'briefing.snoozed':
      return { ...all, reminder: { ...settled, snoozedUntilAt: record.body.untilAt } };
    case 'briefing.escalated':
      return { ...all, reminder: { ...all.reminder, escalatedTo: [...all.reminder.escalatedTo, record.body.to] } };
    case 'incident.severity-changed':
      return { ...all, severityChangedAt: at };
    case 'incident.closed':
      return { ...all, briefingDraft: null, reminder: settled };
  }
  return all;
}
