// Briefings: when the next one is due, and its draft, written by code from what is recorded.
import { defangText } from '../evidence/defang.ts';
import { isCitable } from '../finding/confidence.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { Organisation } from '../organisation/schema.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import { hasIndicator } from './check.ts';
import { statusLine, workFacts } from './facts.ts';
import { eventLine, putForward } from './highlights.ts';
import { splitCites, withCites } from './lines.ts';
import type { BriefingBody } from './types.ts';

const MINUTE_MS = 60_000;

/** Minutes between briefings at the severity now. */
export const cadenceMinutes = (dossier: Dossier, org: Organisation): number =>
  org.severities[dossier.incident.severity].briefing_minutes;

const later = (at: string, minutes: number): string => new Date(Date.parse(at) + minutes * MINUTE_MS).toISOString();

/**
 * When the next briefing is due, UTC ISO 8601: what the last one promised, or one cadence after the incident was opened; sooner
 * when the severity has risen since. Null when the incident is closed or the last briefing said, with a reason, that none follows.
 */
export function briefingDueAt(dossier: Dossier, org: Organisation): string | null {
  const { incident, notice } = dossier;
  if (incident.phase === 'closed' || incident.declaredAt === '') return null;
  const last = notice.briefings.at(-1);
  const since = last?.at ?? incident.declaredAt;
  const promised = last ? last.body.nextUpdateAt : later(incident.declaredAt, cadenceMinutes(dossier, org));
  const changedAt = notice.severityChangedAt;
  // Readers were promised the later time, but the situation is not the one they were told of.
  const bySeverity = changedAt !== null && changedAt > since ? later(changedAt, cadenceMinutes(dossier, org)) : null;
  if (promised === null) return bySeverity;
  return bySeverity !== null && bySeverity < promised ? bySeverity : promised;
}

/** What has changed since a time, for managers: verified findings, milestones, answers; each cites its source. */
export function changesSince(dossier: Dossier, org: Organisation, sinceAt: string): readonly string[] {
  const { finding, notice } = dossier;
  const lines: { readonly at: string; readonly line: string }[] = notice.milestones
    .filter((m) => m.at > sinceAt)
    .map((m) => ({ at: m.at, line: withCites(defangText(m.text), m.cite === '' ? [] : [m.cite]) }));
  for (const f of finding.findings) {
    const settledAt = f.refutation?.at ?? f.verification?.confirmedAt ?? f.verification?.at ?? f.at;
    const words = f.plain ?? f.claim;
    // Managers are not helped by an address; the finding's own card has it.
    if (settledAt <= sinceAt || hasIndicator(words, org)) continue;
    if (f.state === 'refuted')
      lines.push({ at: settledAt, line: `What we thought before is not so: ${words} (${f.key} is refuted)` });
    else if (isCitable(f)) lines.push({ at: settledAt, line: withCites(defangText(words), [f.key]) });
  }
  for (const q of finding.questions)
    if (q.answer && q.answer.at > sinceAt && !hasIndicator(`${q.text} ${q.answer.text}`, org))
      lines.push({ at: q.answer.at, line: withCites(`${q.text} ${q.answer.text}`, [q.key]) });
  return lines.toSorted((a, b) => (a.at < b.at ? -1 : 1)).map((l) => l.line);
}

/** Events that people put forward and no briefing has told yet; those that name an address stay on the timeline. */
function newHighlights(dossier: Dossier, org: Organisation, events: readonly TimelineEvent[]): readonly string[] {
  const told = new Set(dossier.notice.briefings.flatMap((b) => b.body.changed.flatMap((l) => splitCites(l).cites)));
  return putForward(events)
    .filter((e) => !told.has(e.key) && !hasIndicator(e.text, org))
    .map((e) => eventLine(e, dossier.incident.zone ?? org.zone));
}

/** The draft of the briefing that is due. A person reads it, changes it and posts it. */
export function draftBriefing(
  dossier: Dossier,
  org: Organisation,
  nowAt: string,
  events: readonly TimelineEvent[],
): BriefingBody {
  const last = dossier.notice.briefings.at(-1);
  const changed = [...changesSince(dossier, org, last?.at ?? ''), ...newHighlights(dossier, org, events)];
  return {
    state: statusLine(dossier.incident, org),
    changed: changed.length > 0 ? changed : ['Nothing that was verified has changed.'],
    impact: last?.body.impact ?? 'Not known yet.',
    // What names an address says nothing to managers; the containment's own card has it.
    actions: workFacts(dossier, org, true).filter((l) => !hasIndicator(l, org)),
    decisions: 'None now.',
    nextUpdateAt: later(nowAt, cadenceMinutes(dossier, org)),
    noReminder: '',
  };
}
