// Decisions on briefings: one reminder at a time, put off with a reason, escalated once to each, and none after the close. Pure.
import { type Refusal, refuse } from '../refusal.ts';
import type { BriefingBody, NoticeRecord, Notices } from './types.ts';

export const SNOOZE_MINUTES = [15, 30, 60] as const;

export type BriefingCommand =
  | { readonly do: 'post'; readonly body: BriefingBody }
  | { readonly do: 'snooze'; readonly minutes: number; readonly reason: string };

/** What a person's command records, or why not. */
export function decideBriefing(
  command: BriefingCommand,
  all: Notices,
  nowAt: string,
): readonly NoticeRecord[] | Refusal {
  switch (command.do) {
    case 'post': {
      const { body } = command;
      if (body.state.trim() === '') return refuse('state-missing', 'Say in one line where we stand.');
      if (body.nextUpdateAt === null && body.noReminder.trim() === '')
        return refuse('next-missing', 'Say when the next update comes. If none comes, say why: readers rely on it.');
      if (body.nextUpdateAt !== null && body.nextUpdateAt <= nowAt)
        return refuse('next-passed', 'The time of the next update has passed. Name one ahead, such as +30m.');
      const key = `BR-${all.briefings.length + 1}`;
      return [{ type: 'briefing.posted', body: { key, body }, subject: key }];
    }
    case 'snooze': {
      if (!SNOOZE_MINUTES.some((m) => m === command.minutes))
        return refuse('bad-argument', `A reminder can wait ${SNOOZE_MINUTES.join(', ')} minutes.`);
      if (command.reason.trim() === '')
        return refuse('reason-missing', 'Say why the briefing waits: managers were promised a time.');
      if (all.reminder.openSinceAt === null)
        return refuse('no-change', 'No briefing is due now, so there is nothing to put off.');
      const untilAt = new Date(Date.parse(nowAt) + command.minutes * 60_000).toISOString();
      return [{ type: 'briefing.snoozed', body: { untilAt, reason: command.reason } }];
    }
  }
}

/** How long an open reminder waits before it goes on to the commander, and again before the deputy: a quarter of the cadence, 5 to 15 minutes. */
export const escalateAfterMinutes = (cadence: number): number => Math.min(15, Math.max(5, Math.round(cadence / 4)));

export type BriefingDuty =
  | { readonly kind: 'remind'; readonly dueAt: string }
  | { readonly kind: 'escalate'; readonly to: 'commander' | 'deputy' };

/** What is due about the briefing now, or null. Asked again after it was recorded, it answers null. */
export function briefingDuty(all: Notices, dueAt: string | null, cadence: number, nowAt: string): BriefingDuty | null {
  if (dueAt === null) return null;
  const { reminder } = all;
  if (reminder.openSinceAt === null) {
    const from = reminder.snoozedUntilAt !== null && reminder.snoozedUntilAt > dueAt ? reminder.snoozedUntilAt : dueAt;
    return nowAt >= from ? { kind: 'remind', dueAt } : null;
  }
  const steps = ['commander', 'deputy'] as const;
  const next = steps[reminder.escalatedTo.length];
  if (!next) return null;
  const wait = escalateAfterMinutes(cadence) * (reminder.escalatedTo.length + 1) * 60_000;
  return Date.parse(nowAt) >= Date.parse(reminder.openSinceAt) + wait ? { kind: 'escalate', to: next } : null;
}
